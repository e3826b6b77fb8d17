package recipe_test

import (
	"errors"
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/process"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// Clip is a step of one's own: samples beyond a limit become the limit. Its fields are its
// parameters, as a recipe has them.
type Clip struct {
	Limit float64 `yaml:"limit"` // of the trace's unit
}

func (Clip) Name() string { return "clip" }

// Check is asked when a recipe is read; it is optional.
func (c Clip) Check() error {
	if !(c.Limit > 0) {
		return errors.New("want a positive limit")
	}
	return nil
}

func (c Clip) Apply(_ *process.Worker, _ process.Instrument, tr *waveform.Trace) error {
	for i, v := range tr.Data {
		tr.Data[i] = max(-c.Limit, min(c.Limit, v))
	}
	return nil
}

// Power is a measurement of one's own: the mean square of the acceleration.
type Power struct{}

func (Power) Keys() []string { return []string{"mean_square"} }
func (Power) Version() int   { return 1 }

func (Power) Measure(dst []float64, m *recipe.Motion, _ *process.Worker) {
	from, until := m.Acceleration.Range(m.Windows.Measurement)
	dst[0] = math.NaN()
	for i, v := range m.Acceleration.Data[from:until] {
		if i == 0 {
			dst[0] = 0
		}
		dst[0] += v * v / float64(until-from)
	}
}

// Words for recipes of one's own. With cmd/program they make a whole seisbatch.
func ExampleLanguage() {
	words := recipe.Language{}.
		WithStep("clip", func(decode recipe.Decode) (process.Step, error) {
			var c Clip
			err := decode(&c)
			return c, err
		}).
		WithMeasure("power", func(decode recipe.Decode) (recipe.Measure, error) {
			return Power{}, decode(&struct{}{})
		})
	r, err := words.Parse("mine.yaml", []byte(`
process:
  - detrend: linear
  - clip: {limit: 8e6}
  - remove_response: {output: acceleration}
measure:
  extra:
    - power: {}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Process.Names(), r.Measure.Extra[0].Keys())
	_, err = words.Parse("mine.yaml", []byte("process:\n  - clip: {limit: -1}"))
	fmt.Println(err)
	// Output:
	// [raw detrend clip remove_response] [mean_square]
	// recipe mine.yaml:2: process[0].clip: want a positive limit
	// recipe mine.yaml:1: process: the measurements need acceleration, and this ends with counts: remove_response with output acceleration
}
