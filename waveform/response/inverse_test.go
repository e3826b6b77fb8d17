package response_test

import (
	"errors"
	"math"
	"math/cmplx"
	"slices"
	"sync"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/response"
)

func TestLengthIsThatOfObsPy(t *testing.T) {
	var g golden
	readGolden(t, "golden.json", &g)
	for _, want := range g.Lengths {
		if got := response.Length(want[0]); got != want[1] {
			t.Errorf("Length(%d) = %d, want %d", want[0], got, want[1])
		}
	}
	if response.Length(0) != 0 || response.Length(-1) != 0 {
		t.Error("Length of nothing must be 0")
	}
}

// The promise is 1e-10 of the peak.
func TestRemoveEqualsObsPy(t *testing.T) {
	var g golden
	readGolden(t, "golden.json", &g)
	if x := series(len(g.Series)); !slices.Equal(x, g.Series) {
		t.Fatalf("series() is not the sequence of the golden file: %v, want %v", x, g.Series)
	}
	for _, c := range g.Removed {
		opt := response.Options{Unit: unit(t, c.Unit), WaterLevel: math.Inf(1)}
		if c.WaterLevel != nil {
			opt.WaterLevel = *c.WaterLevel
		}
		copy(opt.PreFilter[:], c.PreFilter)
		inv, err := response.NewInverse(decode(t, c.Response), c.N, 1/c.Rate, opt)
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		x := series(c.N)
		inv.Remove(x, new(dsp.Plans), new(dsp.Scratch))
		largest := 0.0
		for i, want := range c.Samples {
			largest = max(largest, math.Abs(x[i*c.Step]-want)/c.Peak)
		}
		t.Logf("%s: %.1e of the peak", c.Name, largest)
		if !(largest < 1e-11) || response.Length(c.N) != c.Length {
			t.Errorf("%s: differs by %.1e of the peak, length %d, want %d", c.Name, largest, response.Length(c.N), c.Length)
		}
	}
}

func options() response.Options {
	return response.Options{Unit: waveform.Acceleration, WaterLevel: 60, PreFilter: [4]float64{0.02, 0.05, 42.5, 47.5}}
}

func remove(t *testing.T, r *waveform.Response, x []float64, opt response.Options) []float64 {
	t.Helper()
	inv, err := response.NewInverse(r, len(x), 0.01, opt)
	if err != nil {
		t.Fatal(err)
	}
	y := slices.Clone(x)
	inv.Remove(y, new(dsp.Plans), new(dsp.Scratch))
	return y
}

// A plain gain is divided out. What remains is the definition's own mean and
// taper, and the Nyquist coefficient (the alternating sum) made positive.
func TestRemovingAPlainGainDividesByIt(t *testing.T) {
	const gain = 250
	r := &waveform.Response{Stages: []waveform.Stage{{Number: 1, InputUnits: "M/S**2", Gain: gain, GainFrequency: 1}}}
	for _, n := range []int{1, 2, 3, 100, 101, 2503} {
		x := series(n)
		want := slices.Clone(x)
		dsp.Demean(want)
		dsp.TaperSine(want, 0.05)
		sum, sign := 0.0, 1.0
		for _, v := range want {
			sum += sign * v
			sign = -sign
		}
		excess := (math.Abs(sum) - sum) / float64(response.Length(n))
		for i, v := range remove(t, r, x, response.Options{Unit: waveform.Acceleration, WaterLevel: 60}) {
			w := (want[i] + excess*float64(1-i%2*2)) / gain
			if math.Abs(v-w) > 1e-13 { // of samples up to 4
				t.Fatalf("%d samples: sample %d is %g, want %g", n, i, v, w)
			}
		}
	}
}

// A sine far from both ends of the band comes out with the amplitude and phase
// that the response gave it.
func TestRemoveRestoresAccelerationFromCounts(t *testing.T) {
	const n, dt, f, amplitude = 6000, 0.01, 2.0, 0.03
	r := velocimeter()
	h := evaluate(t, r, waveform.Acceleration, f)[0]
	x := make([]float64, n)
	for i := range x {
		x[i] = amplitude * real(h*cmplx.Rect(1, 2*math.Pi*f*float64(i)*dt))
	}
	y := remove(t, r, x, options())
	for i := n / 4; i < 3*n/4; i++ {
		want := amplitude * math.Cos(2*math.Pi*f*float64(i)*dt)
		if math.Abs(y[i]-want) > 1e-3*amplitude { // the tapered ends leak that much
			t.Fatalf("sample %d is %g, want %g", i, y[i], want)
		}
	}
}

func TestRemoveIsLinear(t *testing.T) {
	x, z := series(500), series(500)
	slices.Reverse(z)
	sum := make([]float64, len(x))
	for i := range sum {
		sum[i] = 2*x[i] - 5*z[i]
	}
	a, b, c := remove(t, velocimeter(), x, options()), remove(t, velocimeter(), z, options()), remove(t, velocimeter(), sum, options())
	peak := slices.Max(a)
	for i := range c {
		if math.Abs(c[i]-(2*a[i]-5*b[i])) > 1e-12*peak {
			t.Fatalf("sample %d: %g, want %g", i, c[i], 2*a[i]-5*b[i])
		}
	}
}

func TestRemoveOfAwkwardInput(t *testing.T) {
	if y := remove(t, velocimeter(), nil, options()); len(y) != 0 {
		t.Errorf("nothing becomes %v", y)
	}
	for _, x := range [][]float64{{5}, {5, 5, 5}, make([]float64, 64)} {
		for i, v := range remove(t, velocimeter(), x, options()) {
			if v != 0 {
				t.Errorf("a constant of %d samples: sample %d is %g", len(x), i, v)
			}
		}
	}
	x := series(99)
	x[40] = math.NaN()
	for i, v := range remove(t, velocimeter(), x, options()) {
		if !math.IsNaN(v) {
			t.Fatalf("sample %d is %g in spite of a NaN", i, v)
		}
	}
}

func TestRemovePanicsOnAnotherLength(t *testing.T) {
	inv, err := response.NewInverse(velocimeter(), 100, 0.01, options())
	if err != nil {
		t.Fatal(err)
	}
	if inv.Len() != 100 {
		t.Errorf("length %d", inv.Len())
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	inv.Remove(make([]float64, 99), new(dsp.Plans), new(dsp.Scratch))
}

func TestNewInverseRefusesOptionsWithoutMeaning(t *testing.T) {
	nan := math.NaN()
	change := func(f func(o *response.Options)) response.Options { o := options(); f(&o); return o }
	for name, c := range map[string]struct {
		n   int
		dt  float64
		opt response.Options
	}{
		"negative length":         {-1, 0.01, options()},
		"no interval":             {10, 0, options()},
		"interval not a number":   {10, nan, options()},
		"infinite interval":       {10, math.Inf(1), options()},
		"level not a number":      {10, 0.01, change(func(o *response.Options) { o.WaterLevel = nan })},
		"infinite negative level": {10, 0.01, change(func(o *response.Options) { o.WaterLevel = math.Inf(-1) })},
		"falling pre-filter":      {10, 0.01, change(func(o *response.Options) { o.PreFilter = [4]float64{1, 2, 4, 3} })},
		"pre-filter not a number": {10, 0.01, change(func(o *response.Options) { o.PreFilter[1] = nan })},
		"steep pre-filter":        {10, 0.01, change(func(o *response.Options) { o.PreFilter = [4]float64{1, 1, 3, 4} })},
	} {
		if inv, err := response.NewInverse(velocimeter(), c.n, c.dt, c.opt); !errors.Is(err, response.ErrOptions) || inv != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := response.NewCache(1<<20).Inverse([32]byte{}, velocimeter(), c.n, c.dt, c.opt); !errors.Is(err, response.ErrOptions) {
			t.Errorf("%s, cached: %v", name, err)
		}
	}
	if _, err := response.NewInverse(velocimeter(), 10, 0.01, response.Options{}); !errors.Is(err, response.ErrUnits) {
		t.Errorf("no unit: %v", err)
	}
}

func TestNewInverseRefusesAResponseWithoutValue(t *testing.T) {
	zero := velocimeter()
	zero.Stages[0].PolesZeros.Normalization = 0
	infinite := velocimeter()
	infinite.Stages[0].Gain = math.MaxFloat64
	for name, r := range map[string]*waveform.Response{"zero": zero, "infinite": infinite} {
		if _, err := response.NewInverse(r, 100, 0.01, options()); !errors.Is(err, response.ErrStage) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Under -race this shows that an Inverse is only read.
func TestOneInverseServesManyGoroutines(t *testing.T) {
	x := series(1000)
	want := remove(t, velocimeter(), x, options())
	inv, err := response.NewInverse(velocimeter(), len(x), 0.01, options())
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			y := slices.Clone(x)
			inv.Remove(y, new(dsp.Plans), new(dsp.Scratch))
			if !slices.Equal(y, want) {
				t.Error("differs from the result of one goroutine")
			}
		})
	}
	group.Wait()
}

func TestRemoveDoesNotAllocate(t *testing.T) {
	inv, err := response.NewInverse(velocimeter(), 1000, 0.01, options())
	if err != nil {
		t.Fatal(err)
	}
	var plans dsp.Plans
	var scratch dsp.Scratch
	x := series(1000)
	inv.Remove(x, &plans, &scratch)
	if n := testing.AllocsPerRun(10, func() { inv.Remove(x, &plans, &scratch) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
