package traveltime

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/internal/agree"
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

// taup is the reference of a method of Earth, with a model.
func taup(method, model string) agree.Reference {
	return agree.Reference{Function: "traveltime.Earth." + method, Source: "ObsPy 1.5.0 TauP, " + model, Measure: "s", Within: tolerance}
}

func TestFirstArrivalsAreThoseOfTauP(t *testing.T) {
	g := readGolden(t)
	for name, model := range g.Models {
		e := load(t, name)
		for _, w := range []Wave{P, S} {
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
					taup("First", name).Deviation(t, fmt.Sprintf("%v at %v degrees, %v km: %s", w, d, row.Depth, a.Phase), math.Abs(a.Time-want))
					if string(a.Phase) != phases[i] {
						t.Errorf("%s %v at %v degrees, %v km: phase %s, want %s", name, w, d, row.Depth, a.Phase, phases[i])
					}
				}
			}
		}
	}
}

func TestPhasesThatAreNotFirstAreThoseOfTauP(t *testing.T) {
	g := readGolden(t)
	for name, model := range g.Models {
		e := load(t, name)
		for _, row := range model.Phases {
			for phase, want := range map[Phase]*float64{PhaseP: row.P, PhasePdiff: row.Pdiff, PhasePKP: row.PKP, PhaseS: row.S, PhaseSKS: row.SKS} {
				got, ok := e.Time(phase, metres(row.Degrees), row.Depth*1e3)
				switch {
				case ok != (want != nil):
					t.Errorf("%s %s at %v degrees, %v km: %v, %v; TauP has one: %v", name, phase, row.Degrees, row.Depth, got, ok, want != nil)
				case ok:
					taup("Time", name).Deviation(t, fmt.Sprintf("%s at %v degrees, %v km", phase, row.Degrees, row.Depth), math.Abs(got-*want/1e3))
				}
			}
		}
	}
}
