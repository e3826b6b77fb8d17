package spectrum_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

func TestSegmentsOverlapByHalf(t *testing.T) {
	p := newPPSD(t, spectrum.PPSDOptions{}, 0.025)
	if p.Len() != 144000 || p.NFFT() != 32768 {
		t.Errorf("segments of %d samples, transforms of %d", p.Len(), p.NFFT())
	}
	for n, want := range map[int][]int{143999: nil, 144000: {0}, 215999: {0}, 216000: {0, 72000}, 300000: {0, 72000, 144000}} {
		if got := slices.Collect(p.Segments(n)); !slices.Equal(got, want) {
			t.Errorf("%d samples: segments at %v, want %v", n, got, want)
		}
	}
	apart := newPPSD(t, spectrum.PPSDOptions{Seconds: 100, Overlap: -1}, 1)
	if got := slices.Collect(apart.Segments(350)); !slices.Equal(got, []int{0, 100, 200}) {
		t.Errorf("without overlap: %v", got)
	}
	if p := newPPSD(t, spectrum.PPSDOptions{}, 1/99.99999999999); p.Len() != 360000 {
		t.Errorf("the rounding of a rate took a sample: %d", p.Len())
	}
}

// White noise of variance s^2 has the level 10 log10(2 s^2 dt) at all periods; less for the
// mean of logarithms of an average over 25 overlapping sub-segments, some 0.3 dB.
func TestWhiteNoiseIsLevel(t *testing.T) {
	const dt = 0.05
	x := series(72000)
	p := newPPSD(t, spectrum.PPSDOptions{Longest: 10}, dt)
	want := 10 * math.Log10(2*2048*2048/12*dt)
	for _, row := range levelsOf(p, x, dt, nil) {
		for i, v := range row {
			if v > want+0.7 || v < want-1.3 {
				t.Errorf("%g s: %.2f dB, want %.2f", p.Periods()[i], v, want)
			}
		}
	}
}

// Each period beyond the Nyquist one has bins of its own octave; an octave away, they
// are all others.
func TestLevelsAverageOverOneOctave(t *testing.T) {
	const dt = 1.
	p := newPPSD(t, spectrum.PPSDOptions{}, dt)
	freqs := spectrum.Frequencies(nil, p.NFFT(), dt)
	row := make([]float64, len(p.Periods()))
	psd := filled(len(freqs), 1)
	for k := 1; k < len(freqs); k++ {
		psd[k] = 100
		p.Levels(row, psd, nil, new(dsp.Scratch))
		psd[k] = 1
		for i, v := range row {
			distance := math.Log2(1 / freqs[k] / p.Periods()[i])
			inside := distance > -0.5+1e-9 && distance <= 0.5+1e-9
			if (v > 0) != inside {
				t.Errorf("bin of %g s at %g s: %g dB", 1/freqs[k], p.Periods()[i], v)
			}
		}
	}
}

func TestLevelsTakeTheResponseOut(t *testing.T) {
	p := newPPSD(t, spectrum.PPSDOptions{Seconds: 128}, 1)
	bins := spectrum.Bins(p.NFFT())
	row := make([]float64, len(p.Periods()))
	p.Levels(row, filled(bins, 2), filled(bins, 200), new(dsp.Scratch))
	for i, v := range row {
		if math.Abs(v+20) > 1e-12 {
			t.Errorf("%g s: %g dB, want -20", p.Periods()[i], v)
		}
	}
	p.Levels(row, filled(bins, 0), nil, new(dsp.Scratch))
	for i, v := range row {
		if !math.IsInf(v, -1) {
			t.Errorf("dead channel at %g s: %g", p.Periods()[i], v)
		}
	}
	p.Levels(row, filled(bins, math.NaN()), nil, new(dsp.Scratch))
	if !allNaN(row) {
		t.Errorf("NaN: %v", row)
	}
	mustPanic(t, "levels", func() { p.Levels(row[1:], filled(bins, 1), nil, new(dsp.Scratch)) })
	mustPanic(t, "density", func() { p.Levels(row, filled(bins-1, 1), nil, new(dsp.Scratch)) })
	mustPanic(t, "response", func() { p.Levels(row, filled(bins, 1), filled(bins-1, 1), new(dsp.Scratch)) })
	mustPanic(t, "segment", func() { p.Density(filled(bins, 0), filled(127, 1), 1, nil, nil) })
}

// Narrow averages at long periods fall between two bins.
func TestOctavesWithoutABinHaveNoLevel(t *testing.T) {
	p := newPPSD(t, spectrum.PPSDOptions{Seconds: 128, Width: 0.1}, 1) // bins at 32, 16, 10.7 .. s
	row := make([]float64, len(p.Periods()))
	p.Levels(row, filled(spectrum.Bins(p.NFFT()), 1), nil, new(dsp.Scratch))
	for i, v := range row {
		period := p.Periods()[i]
		near := 32 / math.Round(32/period)
		inside := math.Abs(math.Log2(near/period)) < 0.05
		if math.IsNaN(v) == inside {
			t.Errorf("%g s: %g, nearest bin at %g s", period, v, near)
		}
	}
}

func TestPPSDRefusesWhatIsNoMeasurement(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		o  spectrum.PPSDOptions
		dt float64
	}{
		"no interval": {dt: 0}, "NaN interval": {dt: nan}, "infinite": {dt: inf}, "negative": {dt: -1}, "short": {spectrum.PPSDOptions{Seconds: 31}, 1},
		"endless": {dt: 1e-30}, "NaN": {spectrum.PPSDOptions{Seconds: nan}, 1}, "overlap": {spectrum.PPSDOptions{Overlap: 1}, 1},
		"NaN overlap": {spectrum.PPSDOptions{Overlap: nan}, 1}, "periods": {spectrum.PPSDOptions{Shortest: 10, Longest: 9}, 1},
		"NaN period": {spectrum.PPSDOptions{Shortest: nan}, 1}, "infinite period": {spectrum.PPSDOptions{Longest: inf}, 1},
		"width": {spectrum.PPSDOptions{Width: -1}, 1}, "step": {spectrum.PPSDOptions{Step: 1e-300}, 1}, "infinite step": {spectrum.PPSDOptions{Step: inf}, 1},
		"infinite width": {spectrum.PPSDOptions{Width: inf}, 1},
	} {
		if _, err := spectrum.NewPPSD(c.o, c.dt); !errors.Is(err, spectrum.ErrOptions) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPDFCountsWhatLiesOutsideAtItsEnds(t *testing.T) {
	p, err := spectrum.NewPDF(2, spectrum.PDFOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Bins() != 150 || p.Level(0) != -199.5 || p.Level(149) != -50.5 {
		t.Errorf("%d bins from %g to %g dB", p.Bins(), p.Level(0), p.Level(149))
	}
	got := make([]float64, 2)
	if p.Mode(got); !allNaN(got) {
		t.Errorf("mode of nothing: %v", got)
	}
	if p.Percentile(got, 50); !allNaN(got) {
		t.Errorf("median of nothing: %v", got)
	}
	for _, v := range []float64{math.Inf(-1), -300, -199.5, -199, -198.9, 0, math.Inf(1), math.NaN()} {
		p.Add([]float64{v, -100.5})
	}
	c := p.Counts(0)
	if c[0] != 4 || c[1] != 1 || c[149] != 2 || p.Total(0) != 7 || p.Total(1) != 8 || p.Counts(1)[99] != 8 {
		t.Errorf("counts %d %d .. %d, totals %d %d", c[0], c[1], c[149], p.Total(0), p.Total(1))
	}
	p.Percentile(got, 100)
	if got[0] != -51 || got[1] != -101 {
		t.Errorf("the whole lies up to %v", got)
	}
	q, _ := spectrum.NewPDF(2, spectrum.PDFOptions{})
	q.Add([]float64{-100.5, -100.5})
	q.Merge(p)
	if q.Total(0) != 8 || q.Counts(0)[0] != 4 || q.Counts(0)[99] != 1 || q.Counts(1)[99] != 9 {
		t.Errorf("merged: %d, %v", q.Total(0), q.Counts(0))
	}
	q.Mode(got)
	if got[0] != -199.5 || got[1] != -100.5 {
		t.Errorf("mode %v", got)
	}
	fine, _ := spectrum.NewPDF(2, spectrum.PDFOptions{From: -200, Until: -50, Step: 0.5})
	mustPanic(t, "merge", func() { q.Merge(fine) })
	mustPanic(t, "levels", func() { q.Add([]float64{1}) })
	mustPanic(t, "mode", func() { q.Mode(make([]float64, 1)) })
	mustPanic(t, "percentile", func() { q.Percentile(got, 0) })
}

func TestPDFRefusesWhatIsNoCount(t *testing.T) {
	for _, o := range []spectrum.PDFOptions{{From: 1, Until: 1, Step: 1}, {From: 0, Until: 1}, {From: 0, Until: 1, Step: -1},
		{From: 0, Until: 1, Step: math.NaN()}, {From: 0, Until: 1, Step: 1e-9}, {From: 0, Until: math.Inf(1), Step: 1}} {
		if _, err := spectrum.NewPDF(1, o); !errors.Is(err, spectrum.ErrOptions) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := spectrum.NewPDF(-1, spectrum.PDFOptions{}); !errors.Is(err, spectrum.ErrOptions) {
		t.Error(err)
	}
}

// Peterson's lines meet within 0.013 dB at their joints, and the steepest falls by 0.017 dB
// in a ten-thousandth of a decade: a mistyped constant shows as a step.
func TestNoiseModelsHaveNoSteps(t *testing.T) {
	for name, model := range map[string]func(float64, waveform.Unit) float64{"low": spectrum.NLNM, "high": spectrum.NHNM} {
		last := model(0.1, waveform.Acceleration)
		for i := 1; i < 60000; i++ {
			period := math.Pow(10, -1+float64(i)/10000)
			v := model(period, waveform.Acceleration)
			if !(math.Abs(v-last) < 0.03) {
				t.Errorf("%s model: %.3f dB at %g s, %.3f just before", name, v, period, last)
			}
			last = v
		}
		if v := model(100000, waveform.Acceleration); !(math.Abs(v-last) < 0.03) {
			t.Errorf("%s model: %.3f dB at its end", name, v)
		}
	}
}

func TestNoiseModelsOfVelocityAndDisplacementAreIntegrals(t *testing.T) {
	for _, period := range []float64{0.1, 1, 2 * math.Pi, 22, 1e5} {
		a := spectrum.NLNM(period, waveform.Acceleration)
		step := 20 * math.Log10(period/(2*math.Pi))
		if v := spectrum.NLNM(period, waveform.Velocity); math.Abs(v-a-step) > 1e-12 {
			t.Errorf("velocity at %g s: %g", period, v)
		}
		if d := spectrum.NLNM(period, waveform.Displacement); math.Abs(d-a-2*step) > 1e-12 {
			t.Errorf("displacement at %g s: %g", period, d)
		}
		if h := spectrum.NHNM(period, waveform.Displacement); !(h > spectrum.NLNM(period, waveform.Displacement)) {
			t.Errorf("high noise below low noise at %g s", period)
		}
	}
	for _, period := range []float64{0.0999, 100001, 0, -1, math.NaN(), math.Inf(1)} {
		if !math.IsNaN(spectrum.NLNM(period, waveform.Velocity)) || !math.IsNaN(spectrum.NHNM(period, waveform.Velocity)) {
			t.Errorf("a level at %g s", period)
		}
	}
	mustPanic(t, "counts", func() { spectrum.NLNM(1, waveform.Counts) })
}
