package response_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/response"
)

func TestRemoveSensitivityEqualsObsPy(t *testing.T) {
	ref := agree.Reference{Function: "response.RemoveSensitivity", Source: "ObsPy 1.5.0 Trace.remove_sensitivity", Measure: "peak", Within: 1e-15}
	for _, c := range readRemovals(t).Gains {
		ch := channelAt(t, c.File, c.ID, c.Start)
		tr := waveform.Trace{Unit: waveform.Counts, Data: series(len(c.Samples))}
		if err := response.RemoveSensitivity(&tr, ch.Response); err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		ref.Trace(t, c.ID, tr.Data, c.Samples)
		want := map[byte]waveform.Unit{'H': waveform.Velocity, 'N': waveform.Acceleration}[ch.ID.Channel[1]]
		if tr.Unit != want {
			t.Errorf("%s: in %v, want %v", c.ID, tr.Unit, want)
		}
	}
}

func gainOnly(value float64, input, output string) *waveform.Response {
	return &waveform.Response{Sensitivity: waveform.Sensitivity{Value: value, Frequency: 1, InputUnits: input, OutputUnits: output}}
}

func TestSensitivityIsInSI(t *testing.T) {
	unnamed := velocimeter()
	unnamed.Sensitivity.Value = 6e8
	for name, c := range map[string]struct {
		r    *waveform.Response
		want float64
		unit waveform.Unit
	}{
		"velocity":                   {gainOnly(6e8, "M/S", "COUNTS"), 6e8, waveform.Velocity},
		"nanometres":                 {gainOnly(3, "NM", "counts"), 3e9, waveform.Displacement},
		"centimetres":                {gainOnly(-5, "cm/s**2", "COUNT"), -500, waveform.Acceleration},
		"output unknown":             {gainOnly(2, "M", ""), 2, waveform.Displacement},
		"units from the first stage": {unnamed, 6e8, waveform.Velocity},
	} {
		got, unit, err := response.Sensitivity(c.r)
		if err != nil || unit != c.unit || math.Abs(got/c.want-1) > 1e-15 {
			t.Errorf("%s: %g counts per %v (%v), want %g per %v", name, got, unit, err, c.want, c.unit)
		}
	}
}

func TestRemoveSensitivityLeavesWhatItCannotCorrect(t *testing.T) {
	good := gainOnly(6e8, "M/S", "COUNTS")
	polynomial := gainOnly(6e8, "M/S", "COUNTS")
	polynomial.Stages = []waveform.Stage{{Number: 1, Polynomial: &waveform.Polynomial{}}}
	for name, c := range map[string]struct {
		r    *waveform.Response
		unit waveform.Unit
		want error
	}{
		"no response":               {nil, waveform.Counts, response.ErrNoSensitivity},
		"no sensitivity":            {velocimeter(), waveform.Counts, response.ErrNoSensitivity},
		"sensitivity not a number":  {gainOnly(math.NaN(), "M/S", "COUNTS"), waveform.Counts, response.ErrNoSensitivity},
		"infinite sensitivity":      {gainOnly(math.Inf(1), "M/S", "COUNTS"), waveform.Counts, response.ErrNoSensitivity},
		"pressure":                  {gainOnly(1, "PA", "COUNTS"), waveform.Counts, response.ErrUnits},
		"no units":                  {gainOnly(1, "", "COUNTS"), waveform.Counts, response.ErrUnits},
		"volts":                     {gainOnly(1, "M/S", "V"), waveform.Counts, response.ErrUnits},
		"polynomial":                {polynomial, waveform.Counts, response.ErrPolynomial},
		"motion already":            {good, waveform.Velocity, response.ErrTrace},
		"trace without known units": {good, waveform.UnitUnknown, response.ErrTrace},
	} {
		tr := waveform.Trace{Unit: c.unit, Data: []float64{1, 2, 3}}
		err := response.RemoveSensitivity(&tr, c.r)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if tr.Unit != c.unit || !slices.Equal(tr.Data, []float64{1, 2, 3}) {
			t.Errorf("%s: the trace is changed", name)
		}
	}
}

func TestRemoveSensitivityOfAwkwardTraces(t *testing.T) {
	empty := waveform.Trace{Unit: waveform.Counts}
	if err := response.RemoveSensitivity(&empty, gainOnly(2, "M/S", "")); err != nil || empty.Unit != waveform.Velocity {
		t.Errorf("an empty trace is in %v (%v)", empty.Unit, err)
	}
	tr := waveform.Trace{Unit: waveform.Counts, Data: []float64{math.NaN(), 4, math.Inf(1)}}
	if err := response.RemoveSensitivity(&tr, gainOnly(2, "M/S", "")); err != nil {
		t.Error(err)
	}
	if !math.IsNaN(tr.Data[0]) || tr.Data[1] != 2 || !math.IsInf(tr.Data[2], 1) {
		t.Errorf("%v", tr.Data)
	}
}

func TestRemoveSensitivityDoesNotAllocate(t *testing.T) {
	tr, r := waveform.Trace{Data: series(1000)}, gainOnly(2, "M/S", "COUNTS")
	if n := testing.AllocsPerRun(10, func() {
		tr.Unit = waveform.Counts
		if err := response.RemoveSensitivity(&tr, r); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
