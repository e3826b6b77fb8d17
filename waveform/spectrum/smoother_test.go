package spectrum_test

import (
	"errors"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

func filled(n int, v float64) []float64 {
	return slices.Repeat([]float64{v}, n)
}

func TestSmoothingKeepsAConstant(t *testing.T) {
	for _, o := range []spectrum.SmootherOptions{{}, {Bandwidth: 20}, {Bandwidth: 40, Reach: 3}, {Count: 1}, {Count: 2}} {
		for _, nfft := range []int{2, 3, 64, 999} {
			for i, v := range smoothed(t, o, filled(spectrum.Bins(nfft), 7), nfft, 0.01) {
				if math.Abs(v-7) > 1e-14*7 && !(o.Reach > 0 && math.IsNaN(v)) {
					t.Errorf("%+v, transform of %d, centre %d: %v", o, nfft, i, v)
				}
			}
		}
	}
}

// The weight of one bin for a centre is what smoothing gives of that bin alone.
func TestSmoothingLeavesOutWhatLiesBeyondReach(t *testing.T) {
	const nfft, dt = 1000, 0.01
	freqs := spectrum.Frequencies(nil, nfft, dt)
	o := spectrum.SmootherOptions{Centres: []float64{10}, Bandwidth: 20, Reach: 3}
	whole := o
	whole.Reach = 0
	one := make([]float64, len(freqs))
	for k, f := range freqs {
		one[k] = 1
		got, all := smoothed(t, o, one, nfft, dt)[0], smoothed(t, whole, one, nfft, dt)[0]
		one[k] = 0
		inside := f > 0 && math.Abs(20*math.Log10(f/10)) <= 3
		if (got > 0) != inside || (all > 0) != (f > 0) {
			t.Errorf("%g Hz weighs %g, without a reach %g", f, got, all)
		}
	}
}

func TestSmoothingHasNoValueWhereTheSpectrumHasNone(t *testing.T) {
	const nfft, dt = 100, 0.01 // 1 to 50 Hz
	o := spectrum.SmootherOptions{Centres: []float64{0.99, 1, 30, 50, 50.1}}
	got := smoothed(t, o, filled(51, 1), nfft, dt)
	for i, want := range []bool{false, true, true, true, false} {
		if math.IsNaN(got[i]) == want {
			t.Errorf("%g Hz: %v", o.Centres[i], got[i])
		}
	}
	spoilt := filled(51, 1)
	spoilt[0] = math.NaN()
	if got := smoothed(t, o, spoilt, nfft, dt)[2]; !(math.Abs(got-1) < 1e-14) {
		t.Errorf("NaN at zero frequency: %v", got)
	}
	spoilt[3] = math.NaN()
	if got := smoothed(t, o, spoilt, nfft, dt); !allNaN(got) {
		t.Errorf("NaN at 3 Hz: %v", got)
	}
}

func TestBandwidthIsThatOfTheTablesUnlessGiven(t *testing.T) {
	fas := fasOf(series(256), 0.01, 256)
	given := smoothed(t, spectrum.SmootherOptions{Bandwidth: 188.5}, fas, 256, 0.01)
	if got := smoothed(t, spectrum.SmootherOptions{}, fas, 256, 0.01); !slices.Equal(got, given) {
		t.Errorf("got %v, want %v", got[:3], given[:3])
	}
}

func TestCentresOfItsOwnRunFromTheFirstBinToTheLast(t *testing.T) {
	s, err := spectrum.NewSmoother(spectrum.SmootherOptions{}, 65536, 0.01)
	if err != nil {
		t.Fatal(err)
	}
	c := s.Centres()
	if len(c) != 301 || c[0] != 1/655.36 || c[300] != 50 {
		t.Errorf("%d centres from %v to %v", len(c), c[0], c[300])
	}
	for i := range c[1:] {
		if ratio := math.Log(c[i+1]/c[i]) / math.Log(32768) * 300; math.Abs(ratio-1) > 1e-9 {
			t.Errorf("step %d is %v of the mean one", i, ratio)
		}
	}
}

func TestSmootherRefusesWhatIsNoSmoothing(t *testing.T) {
	nan := math.NaN()
	for name, o := range map[string]spectrum.SmootherOptions{
		"bandwidth": {Bandwidth: -1}, "NaN bandwidth": {Bandwidth: nan}, "reach": {Reach: -1}, "NaN reach": {Reach: nan},
		"centre zero": {Centres: []float64{1, 0}}, "NaN centre": {Centres: []float64{nan}}, "infinite": {Centres: []float64{math.Inf(1)}},
		"no centres": {Centres: []float64{}}, "count": {Count: -1},
	} {
		if _, err := spectrum.NewSmoother(o, 16, 1); !errors.Is(err, spectrum.ErrOptions) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := spectrum.NewSmoothers(o); !errors.Is(err, spectrum.ErrOptions) {
			t.Errorf("%s, many: %v", name, err)
		}
	}
	many, err := spectrum.NewSmoothers(spectrum.SmootherOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		nfft int
		dt   float64
	}{{1, 1}, {0, 1}, {16, 0}, {16, nan}, {16, math.Inf(1)}} {
		_, err := spectrum.NewSmoother(spectrum.SmootherOptions{}, c.nfft, c.dt)
		if _, err2 := many.Smoother(c.nfft, c.dt); !errors.Is(err, spectrum.ErrOptions) || !errors.Is(err2, spectrum.ErrOptions) {
			t.Errorf("%+v: %v, %v", c, err, err2)
		}
	}
	s, _ := many.Smoother(16, 1)
	mustPanic(t, "destination", func() { s.Smooth(make([]float64, 3), make([]float64, 9)) })
	mustPanic(t, "spectrum", func() { s.Smooth(make([]float64, s.Len()), make([]float64, 8)) })
}

func TestWorkersShareASmoother(t *testing.T) {
	many, err := spectrum.NewSmoothers(spectrum.SmootherOptions{Count: 20})
	if err != nil {
		t.Fatal(err)
	}
	fas := fasOf(series(128), 0.01, 128)
	want := smoothed(t, spectrum.SmootherOptions{Count: 20}, fas, 128, 0.01)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				s, err := many.Smoother(128, 0.01)
				if err != nil {
					t.Error(err)
					return
				}
				got := make([]float64, s.Len())
				s.Smooth(got, fas)
				if !slices.Equal(got, want) {
					t.Errorf("got %v, want %v", got, want)
				}
			}
		})
	}
	wg.Wait()
	a, _ := many.Smoother(128, 0.01)
	if b, _ := many.Smoother(128, 0.01); a != b {
		t.Error("the second smoother of a kind is another one")
	}
	if b, _ := many.Smoother(128, 0.02); a == b || b.Centres()[0] == a.Centres()[0] {
		t.Error("the smoother of another interval is the same one")
	}
}
