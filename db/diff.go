package db

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
)

// MeasurementDiff says how one measurement differs between two labels. Differences are
// relative: |a-b| over the greater of |a| and |b|, or over the natural scale of a quantity that may be about
// zero (the mean: the rms; skewness and kurtosis: 1; extremes: the peak). The JSON names are those of `diff --json`.
type MeasurementDiff struct {
	Name     string   `db:"name" json:"measurement"`
	Compared int64    `db:"compared" json:"compared"`
	Equal    int64    `db:"equal" json:"equal"`
	Beyond   int64    `db:"beyond" json:"beyond"` // farther apart than the tolerance
	OnlyA    int64    `db:"only_a" json:"only_a"` // values that the other label does not have
	OnlyB    int64    `db:"only_b" json:"only_b"`
	Median   *float64 `db:"median" json:"median"`
	P95      *float64 `db:"p95" json:"p95"`
	Worst    *float64 `db:"worst" json:"worst"`
}

// StationDiff is the same of all measurements at a station.
type StationDiff struct {
	Network  string   `db:"network" json:"network"`
	Station  string   `db:"station" json:"station"`
	Compared int64    `db:"compared" json:"compared"`
	Beyond   int64    `db:"beyond" json:"beyond"`
	OnlyA    int64    `db:"only_a" json:"only_a"`
	OnlyB    int64    `db:"only_b" json:"only_b"`
	Worst    *float64 `db:"worst" json:"worst"`
}

// Outlier is a value that differs. One of A and B is nil where a label does not have it.
type Outlier struct {
	ItemKey
	Component  string   `db:"component" json:"component"`
	Name       string   `db:"name" json:"measurement"`
	At         string   `db:"at" json:"at"`   // of an array's value: its period, frequency or band, as "0.3 s"; else ""
	Index      int      `db:"i" json:"index"` // in an array, from 1; else 0
	A          *float64 `db:"a" json:"a"`
	B          *float64 `db:"b" json:"b"`
	Difference *float64 `db:"difference" json:"difference"`
}

// Diff is how the measurements of two labels differ.
type Diff struct {
	Measurements []MeasurementDiff // by name
	Stations     []StationDiff     // by code
	Outliers     []Outlier         // the worst first
}

// scalarColumns are the numbers of a row that are compared, with their natural scales.
func scalarColumns() map[string]string {
	columns := map[string]string{"mean": "m.rms", "skewness": "1", "kurtosis": "1", "min": "m.pga", "max": "m.pga"}
	for _, name := range strings.Fields(`rms std snr pga pgv pgd arias cav d5_75 d5_95 sorted_duration stalta_max dominant_frequency
		spectral_centroid spectral_bandwidth usable_low usable_high wood_anderson local_magnitude moment corner_frequency stress_drop kappa
		source_misfit distance azimuth sample_rate highpass lowpass`) {
		columns[name] = "0"
	}
	return columns
}

// arrayColumns are the arrays that are compared value by value, with what the values are at, by
// the axes of label l; values of a label without axes by their number. Dampings are matched in their order: another one is a difference of definition.
func arrayColumns() map[string]string {
	const spectrum = `l.periods[(u.i - 1) % NULLIF(cardinality(l.periods), 0) + 1] || ' s'
		|| COALESCE(', damping number ' || NULLIF((u.i - 1) / NULLIF(cardinality(l.periods), 0) + 1, 1), '')`
	return map[string]string{"psa": spectrum, "sa": spectrum, "sd": spectrum, "sv": spectrum,
		"fas": `l.fas_frequencies[u.i] || ' Hz'`, "band_snr": `l.band_from[u.i] || ' to ' || l.band_until[u.i] || ' Hz'`}
}

// diffPairs is a query for all pairs of values of labels $1 and $2, with their difference.
func diffPairs() string {
	var scalars, arrays, axes []string
	for name, scale := range scalarColumns() {
		scalars = append(scalars, fmt.Sprintf("('%s', m.%s, %s)", name, name, scale))
	}
	for name, at := range arrayColumns() {
		arrays = append(arrays, fmt.Sprintf("('%s', m.%s)", name, name))
		axes = append(axes, fmt.Sprintf("WHEN '%s' THEN %s", name, at))
	}
	const key = "m.event_id, m.network, m.station, m.location, m.instrument, m.component"
	values := func(label string) string {
		return fmt.Sprintf(`SELECT %[1]s, v.name, 0 AS i, '' AS at, v.value, v.scale::double precision AS scale FROM measurement m
			CROSS JOIN LATERAL (VALUES %[2]s) v (name, value, scale) WHERE m.label = %[4]s AND abs(v.value) < 'Infinity'
		UNION ALL
		SELECT %[1]s, s.name, u.i::integer, COALESCE(CASE s.name %[5]s END, 'number ' || u.i), u.value, 0
			FROM measurement m LEFT JOIN label l ON l.name = m.label CROSS JOIN LATERAL (VALUES %[3]s) s (name, list)
			CROSS JOIN LATERAL unnest(s.list) WITH ORDINALITY u (value, i) WHERE m.label = %[4]s AND abs(u.value) < 'Infinity'`,
			key, strings.Join(scalars, ", "), strings.Join(arrays, ", "), label, strings.Join(axes, " "))
	}
	return fmt.Sprintf(`SELECT event_id, network, station, location, instrument, component, name, at, COALESCE(a.i, b.i) AS i, a.value AS a, b.value AS b,
			CASE WHEN a.value IS NULL OR b.value IS NULL THEN NULL WHEN a.value = b.value THEN 0
				ELSE abs(a.value - b.value) / greatest(abs(a.value), abs(b.value), a.scale) END AS difference
		FROM (%s) a FULL JOIN (%s) b USING (event_id, network, station, location, instrument, component, name, at)`, values("$1"), values("$2"))
}

// Compare compares the measurements of two labels. Numbers that do not exist, NaN and infinities are
// no values. Differences up to the tolerance do not
// count as beyond it. At most so many outliers are given. The rows stay in the database.
func Compare(ctx context.Context, q sqlx.QueryerContext, a, b string, tolerance float64, outliers int) (Diff, error) {
	var d Diff
	pairs := diffPairs()
	const counts = `count(difference) AS compared, count(*) FILTER (WHERE difference > $3) AS beyond,
		count(*) FILTER (WHERE b IS NULL) AS only_a, count(*) FILTER (WHERE a IS NULL) AS only_b, max(difference) AS worst`
	for _, part := range []struct {
		into  any
		query string
		last  any
	}{
		{&d.Measurements, `SELECT name, ` + counts + `, count(*) FILTER (WHERE difference = 0) AS equal,
			percentile_cont(0.5) WITHIN GROUP (ORDER BY difference) AS median, percentile_cont(0.95) WITHIN GROUP (ORDER BY difference) AS p95
			FROM (` + pairs + `) p GROUP BY name ORDER BY name`, nil},
		{&d.Stations, `SELECT network, station, ` + counts + ` FROM (` + pairs + `) p GROUP BY network, station ORDER BY network, station`, nil},
		{&d.Outliers, `SELECT * FROM (` + pairs + `) p WHERE difference > $3 OR difference IS NULL
			ORDER BY difference DESC NULLS LAST, event_id, network, station, location, instrument, component, name, i LIMIT $4`, outliers},
	} {
		args := []any{a, b, tolerance}
		if part.last != nil {
			args = append(args, part.last)
		}
		if err := sqlx.SelectContext(ctx, q, part.into, part.query, args...); err != nil {
			return d, fmt.Errorf("comparing labels %s and %s: %w", a, b, err)
		}
	}
	return d, nil
}
