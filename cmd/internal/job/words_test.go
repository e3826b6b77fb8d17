package job

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/process"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// samples is a measurement of a program's own: how many samples it was taken over, and
// something that does not exist.
type samples struct{}

func (samples) Keys() []string { return []string{"samples", "nothing"} }
func (samples) Version() int   { return 1 }

func (samples) Measure(dst []float64, m *recipe.Motion, _ *process.Worker) {
	from, until := m.Acceleration.Range(m.Windows.Measurement)
	dst[0], dst[1] = float64(until-from), math.NaN()
}

func TestMeasurementsOfAProgramsOwnReachTheRow(t *testing.T) {
	l := newLab(t, small)
	l.loadAll()
	words := recipe.Language{}.WithMeasure("samples", func(decode recipe.Decode) (recipe.Measure, error) {
		return samples{}, decode(&struct{}{})
	})
	o := RunOptions{Words: words, RecipeText: []byte("measure: {extra: [samples: {}]}")}
	if r := mustRun(t, l.pool, o); r.Done == 0 || r.Failed > 0 {
		t.Fatalf("%+v", r)
	}
	var rows []struct {
		Component string
		Extra     *string
	}
	if err := l.pool.Select(&rows, `SELECT component, extra::text AS extra FROM measurement ORDER BY component`); err != nil {
		t.Fatal(err)
	}
	with := 0
	for _, r := range rows {
		if len(r.Component) > 1 {
			if r.Extra != nil {
				t.Errorf("%s has %s", r.Component, *r.Extra)
			}
			continue
		}
		var numbers map[string]*float64
		if r.Extra == nil || json.Unmarshal([]byte(*r.Extra), &numbers) != nil || numbers["samples"] == nil || *numbers["samples"] < 1000 || numbers["nothing"] != nil || len(numbers) != 2 {
			t.Errorf("%s: %v", r.Component, r.Extra)
		}
		with++
	}
	if with == 0 {
		t.Error("no row of a component")
	}
	// A program without these words cannot go on with the label, and says why.
	if _, err := Run(t.Context(), l.pool, RunOptions{}); err == nil {
		t.Error("a recipe with unknown words was accepted")
	}
}
