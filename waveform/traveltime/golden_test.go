package traveltime

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
)

// golden is what testdata/reference/traveltime.py made with ObsPy's TauP. Times are
// milliseconds.
type golden struct {
	Degrees []float64
	Models  map[string]struct {
		Rows []struct {
			Depth  float64 `json:"depth_km"`
			P, S   []float64
			PPhase string `json:"P_phase"`
			SPhase string `json:"S_phase"`
		}
		Phases []struct {
			Depth                 float64 `json:"depth_km"`
			Degrees               float64
			P, Pdiff, PKP, S, SKS *float64
		}
	}
}

func readGolden(t testing.TB) golden {
	text, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	if len(g.Degrees) < 100 || len(g.Models) != 2 {
		t.Fatalf("golden file of %d distances and %d models", len(g.Degrees), len(g.Models))
	}
	return g
}

func load(t testing.TB, name string) *Earth {
	e, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// metres is the distance along the surface of the models.
func metres(degrees float64) float64 { return degrees * math.Pi / 180 * radius }

// tolerance of the comparison with TauP, s: 0.005 for its sampling of the models, and
// 0.006 for its linear interpolation between the rows of iasp91 (see doc.go), rounded up.
const tolerance = 0.012

// worst keeps the largest deviation and where it is.
type worst struct{ deviation, degrees, depth float64 }

func (w *worst) note(deviation, degrees, depth float64) {
	if math.Abs(deviation) > math.Abs(w.deviation) {
		*w = worst{deviation, degrees, depth}
	}
}

func TestFirstArrivalsAreThoseOfTauP(t *testing.T) {
	g := readGolden(t)
	for name, model := range g.Models {
		e := load(t, name)
		for _, w := range []Wave{P, S} {
			var most worst
			for _, row := range model.Rows {
				times, phases := row.P, strings.Fields(row.PPhase)
				if w == S {
					times, phases = row.S, strings.Fields(row.SPhase)
				}
				for i, d := range g.Degrees {
					want := times[i] / 1e3
					a, ok := e.First(w, metres(d), row.Depth*1e3)
					if !ok {
						t.Errorf("%s %v at %v degrees, %v km: none", name, w, d, row.Depth)
						continue
					}
					most.note(a.Time-want, d, row.Depth)
					if math.Abs(a.Time-want) > tolerance {
						t.Errorf("%s %v at %v degrees, %v km: %s %.3f s, want %s %.3f", name, w, d, row.Depth, a.Phase, a.Time, phases[i], want)
					}
					if string(a.Phase) != phases[i] {
						t.Errorf("%s %v at %v degrees, %v km: phase %s, want %s", name, w, d, row.Depth, a.Phase, phases[i])
					}
				}
			}
			t.Logf("%s %v: at most %+.4f s off, at %v degrees and %v km", name, w, most.deviation, most.degrees, most.depth)
		}
	}
}

func TestPhasesThatAreNotFirstAreThoseOfTauP(t *testing.T) {
	g := readGolden(t)
	for name, model := range g.Models {
		e := load(t, name)
		most := map[Phase]*worst{PhaseP: {}, PhasePdiff: {}, PhasePKP: {}, PhaseS: {}, PhaseSKS: {}}
		for _, row := range model.Phases {
			for phase, want := range map[Phase]*float64{PhaseP: row.P, PhasePdiff: row.Pdiff, PhasePKP: row.PKP, PhaseS: row.S, PhaseSKS: row.SKS} {
				got, ok := e.Time(phase, metres(row.Degrees), row.Depth*1e3)
				switch {
				case ok != (want != nil):
					t.Errorf("%s %s at %v degrees, %v km: %v, %v; TauP has one: %v", name, phase, row.Degrees, row.Depth, got, ok, want != nil)
				case ok:
					most[phase].note(got-*want/1e3, row.Degrees, row.Depth)
					if math.Abs(got-*want/1e3) > tolerance {
						t.Errorf("%s %s at %v degrees, %v km: %.3f s, want %.3f", name, phase, row.Degrees, row.Depth, got, *want/1e3)
					}
				}
			}
		}
		for phase, w := range most {
			t.Logf("%s %s: at most %+.4f s off, at %v degrees and %v km", name, phase, w.deviation, w.degrees, w.depth)
		}
	}
}
