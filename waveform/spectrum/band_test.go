package spectrum_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

func octaves(n int) []float64 {
	freqs := make([]float64, n)
	for i := range freqs {
		freqs[i] = math.Exp2(float64(i - 4))
	}
	return freqs // 1/16, 1/8 .. Hz
}

func TestBandIsTheOneAroundWhatMustBeInside(t *testing.T) {
	nan := math.NaN()
	freqs := octaves(10) // 1/16 .. 32 Hz
	for _, c := range []struct {
		name       string
		snr        []float64
		o          spectrum.BandOptions
		want       spectrum.Band
		err        error
		foundStart float64
	}{
		{"up to the end", []float64{0, 3, 9, 9, 9, 9, 9, 9, 9, 9}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 5}}, spectrum.Band{Low: 1. / 8, High: 32}, nil, 0},
		{"ends where the ratio first falls", []float64{0, 0, 3, 9, 9, 9, 9, 9, 2.9, 9}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 5}}, spectrum.Band{Low: 0.25, High: 16}, nil, 0},
		{"another threshold", []float64{0, 0, 3, 9, 9, 9, 9, 9, 2.9, 9}, spectrum.BandOptions{Threshold: 5, Must: spectrum.Band{Low: 1, High: 5}}, spectrum.Band{Low: 0.5, High: 16}, nil, 0},
		{"the later of two", []float64{9, 9, 0, 9, 9, 9, 9, 9, 0, 0}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 5}}, spectrum.Band{Low: 0.5, High: 16}, nil, 0},
		{"a reference frequency", []float64{9, 9, 9, 0, 9, 9, 0, 9, 9, 9}, spectrum.BandOptions{Must: spectrum.Band{Low: 2, High: 2}}, spectrum.Band{Low: 1, High: 4}, nil, 0},
		{"cut to bounds", []float64{9, 9, 9, 9, 9, 9, 9, 9, 9, 9}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 5}, Floor: 0.1, Ceiling: 20}, spectrum.Band{Low: 0.1, High: 20}, nil, 0},
		{"NaN ends a band", []float64{nan, 9, 9, 9, 9, 9, 9, 9, nan, 9}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 5}}, spectrum.Band{Low: 1. / 8, High: 16}, nil, 0},
		{"begins on it", []float64{0, 0, 0, 0, 9, 9, 9, 9, 0, 0}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 5}}, spectrum.Band{Low: 1, High: 16}, nil, 0},
		{"begins above", []float64{0, 0, 0, 0, 0, 9, 9, 9, 9, 0}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 5}}, spectrum.Band{}, spectrum.ErrNarrowBand, 2},
		{"ends on it", []float64{0, 0, 0, 9, 9, 9, 0, 0, 0, 0}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 4}}, spectrum.Band{}, spectrum.ErrNarrowBand, 0.5},
		{"nearest of two", []float64{9, 9, 0, 0, 0, 0, 9, 9, 0, 0}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 2}}, spectrum.Band{}, spectrum.ErrNarrowBand, 4},
		{"nearest of two, the lower", []float64{0, 0, 9, 0, 0, 0, 0, 0, 9, 9}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 2}}, spectrum.Band{}, spectrum.ErrNarrowBand, 0.25},
		{"nowhere", []float64{0, 1, 2, 2, 2, 2, 2, 2, nan, 2}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 5}}, spectrum.Band{}, spectrum.ErrNoSignal, 0},
		{"too few octaves", []float64{0, 0, 9, 9, 9, 9, 9, 0, 0, 0}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 2}, Octaves: 5.1}, spectrum.Band{}, spectrum.ErrNarrowBand, 0.25},
		{"just enough octaves", []float64{0, 0, 9, 9, 9, 9, 9, 0, 0, 0}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 2}, Octaves: 5}, spectrum.Band{Low: 0.25, High: 8}, nil, 0},
		{"nothing above the floor", []float64{0, 0, 9, 9, 9, 9, 9, 0, 0, 0}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 2}, Floor: 9}, spectrum.Band{}, spectrum.ErrNarrowBand, 9},
	} {
		got, err := spectrum.SelectBand(freqs, c.snr, c.o)
		if got != c.want || !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
			t.Errorf("%s: %v, %v; want %v, %v", c.name, got, err, c.want, c.err)
			continue
		}
		var e *spectrum.BandError
		if errors.As(err, &e) && e.Found.Low != c.foundStart {
			t.Errorf("%s: found %v, want one from %g Hz", c.name, e.Found, c.foundStart)
		}
	}
}

func TestBandErrorsSayWhatWasFound(t *testing.T) {
	_, err := spectrum.SelectBand([]float64{1, 2, 4}, []float64{0, 5, 0}, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 5}})
	if err == nil || !strings.Contains(err.Error(), "3 or more from 2 to 4 Hz") || !strings.Contains(err.Error(), "from 1 to 5 Hz") {
		t.Error(err)
	}
	if _, err := spectrum.SelectBand(nil, nil, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 5}}); !errors.Is(err, spectrum.ErrNoSignal) {
		t.Error(err)
	}
}

func TestSelectBandRefusesContradictions(t *testing.T) {
	must, nan := spectrum.Band{Low: 1, High: 5}, math.NaN()
	for name, o := range map[string]spectrum.BandOptions{
		"no band": {}, "reversed": {Must: spectrum.Band{Low: 5, High: 1}}, "NaN": {Must: spectrum.Band{Low: nan, High: 5}},
		"threshold": {Must: must, Threshold: -1}, "NaN threshold": {Must: must, Threshold: nan}, "bounds": {Must: must, Floor: 3, Ceiling: 2},
		"NaN floor": {Must: must, Floor: nan}, "octaves": {Must: must, Octaves: -1}, "NaN octaves": {Must: must, Octaves: nan},
	} {
		if _, err := spectrum.SelectBand([]float64{1}, []float64{1}, o); !errors.Is(err, spectrum.ErrOptions) {
			t.Errorf("%s: %v", name, err)
		}
	}
	mustPanic(t, "lengths", func() { spectrum.SelectBand([]float64{1}, nil, spectrum.BandOptions{Must: must}) })
}
