package metric

import (
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Noise of 1 at 2 Hz and of 0.1 at 10 Hz throughout, and a signal of 5 at 10 Hz from the half.
func TestBandSNRTellsBandsApart(t *testing.T) {
	const rate, n = 100, 12000
	x := make([]float64, n)
	for i := range x {
		at := float64(i) / rate
		x[i] = math.Sin(2*math.Pi*2*at) + 0.1*math.Sin(2*math.Pi*10*at)
		if i >= n/2 {
			x[i] += 5 * math.Sin(2*math.Pi*10*at)
		}
	}
	b, err := NewBands([]Band{{1, 4}, {8, 12.5}, {0, 1}, {20, 50}, {1, 60}}, rate)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]float64, b.Len())
	b.SNR(got, x, Samples{8000, n}, Samples{2000, 6000}, NewScratch(new(dsp.Plans), new(dsp.Scratch)))
	w := newWorst(t, 0.01) // what the filters let through from the other band
	w.near("2 Hz", got[0], 1, 1)
	w.near("10 Hz", got[1], 51, 51)
	if !isNaN(got[3], got[4]) || isNaN(got[2]) {
		t.Errorf("bands that reach the Nyquist frequency, and one from 0: %v", got[2:])
	}
}

func TestBandSNRDoesNotLetTheSignalBackIntoTheNoise(t *testing.T) {
	x := quake(4000, 1)
	b, err := NewBands([]Band{{0.2, 1}}, 100)
	if err != nil {
		t.Fatal(err)
	}
	s := NewScratch(new(dsp.Plans), new(dsp.Scratch))
	one, two := make([]float64, 1), make([]float64, 1)
	b.SNR(one, x, Samples{500, 1000}, Samples{0, 1000}, s)
	for i := 1000; i < len(x); i++ {
		x[i] *= 1e6
	}
	b.SNR(two, x, Samples{500, 1000}, Samples{0, 1000}, s)
	if one[0] != two[0] {
		t.Errorf("%g, and %g after something strong", one[0], two[0])
	}
}

func TestBandSNROfAwkwardInput(t *testing.T) {
	b, err := NewBands([]Band{{1, 3}}, 100)
	if err != nil {
		t.Fatal(err)
	}
	s, got := NewScratch(new(dsp.Plans), new(dsp.Scratch)), make([]float64, 1)
	for name, c := range map[string]struct {
		x             []float64
		signal, noise Samples
	}{
		"nothing":   {nil, Samples{}, Samples{}},
		"no noise":  {quake(100, 1), Samples{0, 100}, Samples{50, 50}},
		"no signal": {quake(100, 1), Samples{50, 50}, Samples{0, 100}},
		"zeros":     {make([]float64, 100), Samples{50, 100}, Samples{0, 50}},
		"NaN":       {[]float64{1, math.NaN(), 1, 2}, Samples{2, 4}, Samples{0, 2}},
	} {
		if b.SNR(got, c.x, c.signal, c.noise, s); !isNaN(got...) {
			t.Errorf("%s: %v", name, got)
		}
	}
	b.SNR(got, append(make([]float64, 50), quake(50, 1)...), Samples{50, 100}, Samples{0, 50}, s)
	if !math.IsInf(got[0], 1) {
		t.Errorf("signal over silence: %v", got)
	}
	for name, call := range map[string]func(){
		"destination": func() { b.SNR(nil, quake(10, 1), Samples{0, 5}, Samples{5, 10}, s) },
		"window":      func() { b.SNR(got, quake(10, 1), Samples{0, 5}, Samples{5, 11}, s) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: accepted", name)
				}
			}()
			call()
		}()
	}
}

func TestBandsRefuseWhatIsNoBand(t *testing.T) {
	for _, band := range []Band{{3, 1}, {1, 1}, {-1, 2}, {1, math.Inf(1)}, {math.NaN(), 2}, {1, math.NaN()}} {
		if _, err := NewBands([]Band{band}, 100); err == nil {
			t.Errorf("%v: accepted", band)
		}
	}
	for _, rate := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, err := NewBands([]Band{{1, 2}}, rate); err == nil {
			t.Errorf("%g Hz: accepted", rate)
		}
	}
}

func TestSpectralShapeOfASine(t *testing.T) {
	x := make([]float64, 1000)
	for i := range x {
		x[i] = math.Sin(2 * math.Pi * 7 * float64(i) * 0.01) // 7 Hz is a bin
	}
	s := DescribeSpectrum(x, 0.01, NewScratch(new(dsp.Plans), new(dsp.Scratch)))
	w := newWorst(t, 1e-12)
	w.near("dominant", s.Dominant, 7, 7)
	w.near("centroid", s.Centroid, 7, 7)
	w.near("bandwidth", s.Bandwidth, 0, 7)
	w.near("central", s.Central(), 7, 7)
	w.near("Vanmarcke", s.Vanmarcke(), 0, 1)
}

// An impulse has the same power everywhere: 1, 2 .. 500 bins of 0.1 Hz.
func TestSpectralShapeOfAnImpulse(t *testing.T) {
	x := make([]float64, 1000)
	x[321] = -3
	s := DescribeSpectrum(x, 0.01, NewScratch(new(dsp.Plans), new(dsp.Scratch)))
	w := newWorst(t, 1e-12)
	w.near("centroid", s.Centroid, 25.05, 25)
	w.near("bandwidth", s.Bandwidth, 0.1*math.Sqrt((500.*500-1)/12), 14)
	// m1^2/(m0 m2) of 1 .. n is 3(n+1)/(2(2n+1)).
	w.near("Vanmarcke", s.Vanmarcke(), math.Sqrt(1-3*501./(2*1001)), 0.5)
}

func TestSpectralShapeOfNothingIsNaN(t *testing.T) {
	sc := NewScratch(new(dsp.Plans), new(dsp.Scratch))
	for _, x := range [][]float64{nil, {1}, make([]float64, 100), {1, math.NaN(), 2}, {1, math.Inf(1), 2, 4}} {
		s := DescribeSpectrum(x, 0.01, sc)
		if !isNaN(s.Dominant, s.Centroid, s.Bandwidth, s.Central(), s.Vanmarcke()) {
			t.Errorf("%v: %v", x, s)
		}
	}
}
