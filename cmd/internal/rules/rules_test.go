// Package rules holds the test that keeps the rules of the house: which package
// may import which.
package rules

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/seisbatch/seisbatch/"

// listed is what go list says of a package.
type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Deps       []string
}

func list(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Standard,Imports,Deps", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		p.ImportPath = strings.TrimPrefix(p.ImportPath, module)
		all = append(all, p)
	}
	if len(all) < 15 {
		t.Fatalf("go list found only %d packages", len(all))
	}
	return all
}

// under reports whether path is one of the roots or below one.
func under(path string, roots ...string) bool {
	return slices.ContainsFunc(roots, func(r string) bool { return path == r || strings.HasPrefix(path, r+"/") })
}

// ours gives an import of this module without the module, "" for another's.
func ours(path string) string {
	rest, ok := strings.CutPrefix(path, module)
	if !ok {
		return ""
	}
	return rest
}

func isStandard(path string) bool { return !strings.Contains(strings.SplitN(path, "/", 2)[0], ".") }

// allowed is what each package of the waveform tree may import of the tree; the
// root may be imported by all.
var allowed = map[string][]string{
	"waveform":                    {},
	"waveform/internal/xmlwalk":   {},
	"waveform/internal/textline":  {},
	"waveform/internal/capped":    {},
	"waveform/internal/agree":     {},
	"waveform/internal/agreement": {"waveform/internal/agree"},
	"waveform/mseed":              {},
	"waveform/sac":                {},
	"waveform/stationxml":         {"waveform/internal/capped", "waveform/internal/xmlwalk"},
	"waveform/quakeml":            {"waveform/internal/capped", "waveform/internal/xmlwalk"},
	"waveform/archive":            {"waveform/mseed", "waveform/sac", "waveform/css"},
	"waveform/dsp":                {},
	"waveform/traveltime":         {},
	"waveform/response":           {"waveform/dsp"},
	"waveform/metric":             {"waveform/dsp"},
	"waveform/process":            {"waveform/dsp", "waveform/response", "waveform/metric", "waveform/traveltime"},
	"waveform/recipe":             {"waveform/spectrum", "waveform/source", "waveform/process", "waveform/dsp", "waveform/response", "waveform/metric", "waveform/traveltime"},
	"waveform/resp":               {"waveform/internal/capped"},
	"waveform/eventtext":          {"waveform/internal/capped", "waveform/internal/textline"},
	"waveform/css":                {"waveform/internal/capped", "waveform/internal/textline"},
	"waveform/picker":             {"waveform/dsp"},
	"waveform/spectrum":           {"waveform/dsp"},
	"waveform/source":             {"waveform/dsp", "waveform/spectrum", "waveform/response"},
	"waveform/synth": {"waveform/mseed", "waveform/stationxml", "waveform/quakeml", "waveform/response", "waveform/dsp",
		"waveform/traveltime"},
}

func TestWaveformPackagesImportOnlyWhatIsBelowThem(t *testing.T) {
	for _, p := range list(t) {
		if !under(p.ImportPath, "waveform") {
			continue
		}
		may, known := allowed[p.ImportPath]
		if !known {
			t.Errorf("%s is not in the list of this test: say what it may import", p.ImportPath)
		}
		for _, i := range p.Imports {
			if o := ours(i); o != "" && o != "waveform" && !slices.Contains(may, o) {
				t.Errorf("%s imports %s", p.ImportPath, o)
			}
		}
	}
}

func TestTheLeavesDoNotKnowOneAnother(t *testing.T) {
	leaves := []string{"mtp", "waveform", "db"}
	for _, p := range list(t) {
		for _, leaf := range leaves {
			if !under(p.ImportPath, leaf) {
				continue
			}
			for _, d := range p.Deps {
				if o := ours(d); o != "" && !under(o, leaf) && !(leaf == "db" && o == "migrations") {
					t.Errorf("%s depends on %s", p.ImportPath, o)
				}
			}
		}
	}
}

func TestWhoMayImportWhom(t *testing.T) {
	for _, p := range list(t) {
		forbid := func(why string, bad func(imported string) bool) {
			for _, i := range p.Imports {
				if bad(i) {
					t.Errorf("%s imports %s: %s", p.ImportPath, i, why)
				}
			}
		}
		if p.ImportPath == "waveform" || p.ImportPath == "mtp" || under(p.ImportPath, "waveform/internal") {
			forbid("standard library only", func(i string) bool { return !isStandard(i) && ours(i) == "" })
		}
		if !under(p.ImportPath, "cmd/internal/cli") {
			forbid("only cli reads flags and configuration", func(i string) bool {
				return strings.HasPrefix(i, "github.com/spf13/") || i == "flag" && !under(p.ImportPath, "cmd/internal/bench")
			})
		}
		if !under(p.ImportPath, "db") {
			forbid("only db speaks to PostgreSQL", func(i string) bool { return i == "github.com/lib/pq" })
		}
		if !under(p.ImportPath, "db", "cmd") {
			forbid("SQL is for db and its users", func(i string) bool { return i == "github.com/jmoiron/sqlx" || i == "database/sql" })
		}
		if !under(p.ImportPath, "waveform/dsp", "waveform/response", "waveform/metric", "waveform/spectrum", "waveform/source", "waveform/process", "cmd/internal/figure") {
			forbid("gonum belongs to the kernels and the figure", func(i string) bool { return strings.HasPrefix(i, "gonum.org/") })
		}
		if p.ImportPath != "cmd/internal/metrics" {
			forbid("only metrics knows Prometheus", func(i string) bool { return strings.HasPrefix(i, "github.com/prometheus/") })
		}
		if p.ImportPath == "cmd/internal/export" {
			forbid("it takes rows, from wherever", func(i string) bool { return ours(i) == "db" || ours(i) == "cmd/internal/job" })
		} else {
			forbid("Parquet is for exports", func(i string) bool { return strings.HasPrefix(i, "github.com/parquet-go/") })
		}
		if p.ImportPath != "cmd/seisbatch" {
			forbid("log.Fatal and os.Exit belong to main: use log/slog", func(i string) bool { return i == "log" })
		}
		forbid("nobody imports the program", func(i string) bool { return ours(i) == "cmd/seisbatch" })
		if last := p.ImportPath[strings.LastIndex(p.ImportPath, "/")+1:]; slices.Contains([]string{"util", "utils", "common", "helpers", "models", "types"}, last) {
			t.Errorf("%s: a package of that name is none", p.ImportPath)
		}
	}
}
