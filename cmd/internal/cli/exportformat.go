package cli

import (
	"io"
	"strings"

	"github.com/seisbatch/seisbatch/cmd/internal/export"
)

const exportResultsHelp = `Write the measurements of a label for a selection: one row for each event, instrument and
component, in order of time, with its event and the place of its station. Memory does not
grow with the rows.

  csv      a header and a row a line, by RFC 4180: times are ISO 8601 in UTC, what there
           is none of is an empty cell, and no cell is a formula. Tell a spreadsheet that
           the columns of codes are text: it shows a location 00 as 0
  jsonl    JSON Lines: an object a line, with the same names, and null
  parquet  the same columns; numbers are doubles, times timestamps, flags lists. Units,
           version, label and hash of the recipe are in the file's metadata
  geojson  a Ground Motion Packet (USGS), which is of one event: of several events
           they go to a folder, a file for each, or to stdout, one a line
  quakeml  QuakeML 1.2: events with their preferred origins and magnitudes, and amplitudes
           (PGA, PGV, PGD, PSA with its period ..., RMS, Arias intensity, CAV, durations,
           Wood-Anderson amplitudes with station magnitudes)

Names of columns are those of the database, then what the value is at, then its unit, of
letters, digits and _ only; a decimal point is a p. So pga_m_s2 is in m/s^2, d5_95_s in s,
pga_at is a time, and psa_0p3s_m_s2 is at a period of 0.3 s, with 5 % damping; another damping is
part of the name, as in psa_d2_0p3s_m_s2. The periods, frequencies and bands are those of
the label's recipe. --units g makes accelerations % of g (pga_pct_g), velocities, Arias
intensity, CAV and Fourier amplitudes cm/s (pgv_cm_s), displacements cm, and leaves the
rest. QuakeML has SI units alone.

Of rows that an earlier recipe of the label made, which 'seisbatch run' would replace, the
spectra are left out: at what periods they are is no longer known.

--run writes exactly the rows that a run computed and that are still there: rows that a
later run computed again are that one's. 'seisbatch runs' lists the runs.

-o writes a file, which appears complete or not at all; without it the rows go to stdout.
Without --format, the end of its name tells the format: .csv, .jsonl, .parquet, .geojson or
.xml.
`

// resultFormat is a form of results.
type resultFormat struct {
	name   string
	ends   []string // of names of files
	write  func(io.Writer, *export.Header, export.Rows) error
	onlySI bool
	single bool // a file is of one event
}

func resultFormats() []resultFormat {
	return []resultFormat{
		{name: "csv", ends: []string{".csv"}, write: export.CSV},
		{name: "jsonl", ends: []string{".jsonl", ".ndjson"}, write: export.JSONLines},
		{name: "parquet", ends: []string{".parquet"}, write: export.Parquet},
		{name: "geojson", ends: []string{".geojson", ".json"}, write: export.GeoJSON, single: true},
		{name: "quakeml", ends: []string{".xml", ".quakeml", ".qml"}, write: export.QuakeML, onlySI: true},
	}
}

func resultFormatNames() []string {
	var names []string
	for _, f := range resultFormats() {
		names = append(names, f.name)
	}
	return names
}

// names reports whether a file's name ends as those of the format do.
func (f resultFormat) names(file string) bool {
	for _, end := range f.ends {
		if strings.HasSuffix(strings.ToLower(file), end) {
			return true
		}
	}
	return false
}
