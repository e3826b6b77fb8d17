// Package export writes measurements as files that other tools open: CSV, JSON Lines and
// Parquet, which are tables, GeoJSON Ground Motion Packets, and QuakeML amplitudes. It takes rows
// from an iterator, in SI units, and knows neither the database nor the command line.
//
// Memory does not grow with the rows. Parquet holds a row group, GeoJSON a station.
//
// Names of columns are those of the database, then what the value is at, then its unit, with _
// between: letters, digits and _ alone, so that every language can have them for variables. A decimal
// point is a p. A unit is written as m_s2, m_s, m, s, hz, deg, pct, n_m, pa, or with units of [G]
// pct_g, cm_s, cm; what has no unit has none in its name, and times, which are UTC, end in _at, _time, _start or _end. So
// psa_0p3s_m_s2 is the pseudo-spectral acceleration at 0.3 s, in m/s^2, of 5 % damping; another damping
// is part of the name: psa_d2_0p3s_m_s2.
package export
