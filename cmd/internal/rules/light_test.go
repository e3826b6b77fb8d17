package rules

import (
	"slices"
	"testing"
)

// readers are the packages that a program may import to read or write files, and
// that bring nothing else with them.
var readers = []string{
	"waveform", "waveform/mseed", "waveform/sac", "waveform/stationxml", "waveform/quakeml", "waveform/resp",
	"waveform/eventtext", "waveform/css", "waveform/archive",
}

// Of gonum, YAML, SQL, cobra and viper above all.
func TestReadersCompileOnlyTheStandardLibraryAndWaveform(t *testing.T) {
	checked := 0
	for _, p := range list(t) {
		if !slices.Contains(readers, p.ImportPath) {
			continue
		}
		checked++
		for _, d := range p.Deps {
			if d == "database/sql" || !isStandard(d) && !under(ours(d), "waveform") {
				t.Errorf("%s compiles %s", p.ImportPath, d)
			}
			if under(ours(d), "waveform") && !slices.Contains(readers, ours(d)) && !under(ours(d), "waveform/internal") {
				t.Errorf("%s compiles %s", p.ImportPath, d)
			}
		}
	}
	if checked != len(readers) {
		t.Errorf("found %d packages of %d", checked, len(readers))
	}
}
