package css_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The formats of CSS 3.0's tables as the schema reference manual gives them, for made
// rows: they know nothing of how the package reads.
var formats = map[string]string{
	"site":        "%-6s %8d %8d %9.4f %9.4f %9.4f %-50s %-4s %-6s %9.4f %9.4f %17.5f",
	"sitechan":    "%-6s %-8s %8d %8d %8d %-4s %9.4f %6.1f %6.1f %-50s %17.5f",
	"affiliation": "%-8s %-6s %17.5f",
	"snetsta":     "%-8s %-6s %-6s %17.5f",
	"schanloc":    "%-6s %-8s %-8s %-8s %17.5f",
	"sensor":      "%-6s %-8s %17.5f %17.5f %8d %8d %8d %16.6f %16.6f %6.2f %-1s %17.5f",
	"instrument":  "%8d %-50s %-6s %-1s %-1s %11.7f %16.6f %16.6f %-64s %-32s %-6s %17.5f",
	"wfdisc":      "%-6s %-8s %17.5f %8d %8d %8d %17.5f %8d %11.7f %16.6f %16.6f %-6s %-1s %-2s %-1s %-64s %-32s %10d %8d %17.5f",
	"origin":      "%9.4f %9.4f %9.4f %17.5f %8d %8d %8d %4d %4d %4d %8d %8d %-7s %9.4f %-1s %7.2f %8d %7.2f %8d %7.2f %8d %-15s %-15s %8d %17.5f",
	"event":       "%8d %-15s %8d %-15s %8d %17.5f",
	"assoc":       "%8d %8d %-6s %-8s %4.2f %8.3f %7.2f %7.2f %8.3f %-1s %7.1f %-1s %7.2f %-1s %7.1f %6.3f %-15s %8d %17.5f",
	"arrival":     "%-6s %17.5f %8d %8d %8d %8d %-8s %-8s %-1s %6.3f %7.2f %7.2f %7.2f %7.2f %7.2f %7.3f %10.1f %7.2f %7.2f %-1s %-2s %10.2f %-1s %-15s %8d %17.5f",
	"netmag":      "%8d %-8s %8d %8d %-6s %8d %7.2f %7.2f %-15s %8d %17.5f",
}

const loaded = 1461715727.61682

// made is a row of a table.
func made(table string, values ...any) string {
	s := fmt.Sprintf(formats[table], values...)
	if strings.Contains(s, "%!") {
		panic(s)
	}
	return s + "\n"
}

func siteRow(sta string, on, off int, lat, lon, elev float64) string {
	return made("site", sta, on, off, lat, lon, elev, "Somewhere in the hills", "ss", "-", 0.0, 0.0, loaded)
}

func sitechanRow(sta, chn string, on, off int, hang, vang float64) string {
	return made("sitechan", sta, chn, on, 7, off, "n", 0.0125, hang, vang, "a seismometer", loaded)
}

func wfdiscRow(sta, chn string, start float64, samples int, rate, calib, calper float64, segtype, datatype, folder, file string, offset int) string {
	return made("wfdisc", sta, chn, start, 1, 7, 1998001, start+float64(samples-1)/rate, samples, rate, calib, calper, "-", segtype, datatype, "-", folder, file, offset, -1, loaded)
}

func originRow(orid, evid int, lat, lon, depth, at float64, etype string, mb, ms, ml float64) string {
	return made("origin", lat, lon, depth, at, orid, evid, 2015363, 21, 10, -1, 37, 3, etype, -999.0, "f", mb, -1, ms, -1, ml, orid+1000, "locsat:iasp91", "BRTT:ken", -1, loaded)
}

func assocRow(arid, orid int, sta, phase string) string {
	return made("assoc", arid, orid, sta, phase, 9.99, 0.288, 28.25, 208.34, -0.306, "d", -999.0, "-", -999.0, "-", -999.0, 1.0, "iasp91", -1, loaded)
}

func arrivalRow(arid int, sta, chn string, at float64, phase string) string {
	return made("arrival", sta, at, arid, 2015363, -1, 454, chn, phase, "-", 0.1, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -999.0, "-", "c.", 21.8, "i", "dbp:vladik:1030", -1, loaded)
}

// database writes tables into a folder of the test and gives their prefix.
func database(t testing.TB, tables map[string]string) string {
	t.Helper()
	prefix := filepath.Join(t.TempDir(), "made")
	for name, content := range tables {
		path := prefix
		if name != "" {
			path += "." + name
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return prefix
}
