package waveform_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

var epoch = time.Date(2024, 2, 28, 23, 59, 58, 999_999_999, time.UTC)

// exactTime is start + i/rate in rational arithmetic, in ns after start.
func exactTime(rate float64, i int64) *big.Rat {
	r := new(big.Rat).SetFloat64(rate)
	return r.Quo(new(big.Rat).SetInt64(i), r).Mul(r, big.NewRat(1e9, 1))
}

func TestSampleTimeIsExactToANanosecond(t *testing.T) {
	const day = 86400
	for _, c := range []struct {
		rate float64
		i    int64
	}{
		{300, 65535}, // 22 microseconds early where the period is rounded
		{100, 1}, {100, 0}, {100, -1}, {300, -65535}, {3, 1}, {3, -2},
		{1e9, 5e9}, {200, 200 * day * 366 * 200},
		{1.0 / 3, 1000}, {0.1, 12345}, {18.2, day * 18}, {99.99, 100 * day * 366}, {float64(float32(39.9999)), -40 * day},
		{1.0 / 3600, 24 * 365}, {1234567.891, 1 << 50}, {1e-9, 3}, {1e-9, -3}, {2.5e9, 7}, {1e-300, 0},
	} {
		got := waveform.SampleTime(epoch, c.rate, c.i).Sub(epoch)
		off := exactTime(c.rate, c.i)
		off.Sub(off, new(big.Rat).SetInt64(int64(got)))
		if d, _ := off.Float64(); math.Abs(d) > 0.5001 {
			t.Errorf("sample %d at %g Hz: %v, off by %g ns", c.i, c.rate, got, d)
		}
	}
}

func TestSampleTimeOfRandomSeriesIsExactAndRises(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		rate := math.Exp(random.Float64()*16 - 4) // 0.02 Hz to 160 kHz
		if random.IntN(2) == 0 {
			rate = math.Ceil(rate)
		}
		i := random.Int64N(int64(rate*1e9) + 1)
		at := waveform.SampleTime(epoch, rate, i)
		off := exactTime(rate, i)
		off.Sub(off, new(big.Rat).SetInt64(int64(at.Sub(epoch))))
		if d, _ := off.Float64(); math.Abs(d) > 0.5001 {
			t.Fatalf("sample %d at %v Hz: off by %g ns", i, rate, d)
		}
		if next := waveform.SampleTime(epoch, rate, i+1); !next.After(at) {
			t.Fatalf("sample %d at %v Hz is not after the one before", i+1, rate)
		}
	}
}

func TestSampleTimeStaysWithinReachForNonsense(t *testing.T) {
	for _, rate := range []float64{0, -5, math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got := waveform.SampleTime(epoch, rate, 1000); !got.Equal(epoch) {
			t.Errorf("rate %v: %v, want the start", rate, got)
		}
	}
	for _, c := range []struct {
		rate  float64
		i     int64
		later bool
	}{{1e-30, 1, true}, {1e-30, -1, false}, {1, math.MaxInt64, true}, {1, math.MinInt64, false}, {5e-324, math.MaxInt64, true}} {
		years := waveform.SampleTime(epoch, c.rate, c.i).Sub(epoch).Hours() / 24 / 365.25
		if c.later && years < 290 || !c.later && years > -290 {
			t.Errorf("sample %d at %g Hz is %.1f years away, want about 291 in its direction", c.i, c.rate, years)
		}
	}
}

func TestEndIsTheTimeOfTheLastSample(t *testing.T) {
	tr := waveform.Trace{Start: epoch, SampleRate: 50}
	if !tr.End().Equal(epoch) {
		t.Errorf("an empty trace ends at %v, want its start", tr.End())
	}
	tr.Data = make([]float64, 51)
	if want := epoch.Add(time.Second); !tr.End().Equal(want) {
		t.Errorf("End() = %v, want %v", tr.End(), want)
	}
	if got := tr.Index(epoch.Add(-30 * time.Millisecond)); math.Abs(got+1.5) > 1e-12 {
		t.Errorf("Index 30 ms before the start = %v, want -1.5", got)
	}
}

func TestRangeIsHalfOpenAndClipped(t *testing.T) {
	tr := waveform.Trace{Start: epoch, SampleRate: 100, Data: make([]float64, 100)}
	ms := func(x float64) time.Time { return epoch.Add(time.Duration(x * 1e6)) }
	for _, c := range []struct {
		name        string
		from, until time.Time
		want        [2]int
	}{
		{"on samples", ms(100), ms(200), [2]int{10, 20}},
		{"between samples", ms(101), ms(201), [2]int{11, 21}},
		{"one sample", ms(100), ms(100.5), [2]int{10, 11}},
		{"empty window", ms(100), ms(100), [2]int{10, 10}},
		{"backwards", ms(200), ms(100), [2]int{20, 20}},
		{"around all", ms(-1e3), ms(1e4), [2]int{0, 100}},
		{"before", ms(-1e3), ms(0), [2]int{0, 0}},
		{"behind", ms(1000), ms(2000), [2]int{100, 100}},
		{"a microsecond inside the first", ms(100.0009), ms(200.0009), [2]int{10, 20}},
		{"a microsecond outside", ms(99.9991), ms(199.9991), [2]int{10, 20}},
		{"clearly behind a sample", ms(100.01), ms(200.01), [2]int{11, 21}},
		{"open at its end", ms(500), time.Time{}, [2]int{50, 100}},
		{"open at its start", time.Time{}, ms(500), [2]int{0, 50}},
		{"open", time.Time{}, time.Time{}, [2]int{0, 100}},
		{"centuries", epoch.AddDate(-400, 0, 0), epoch.AddDate(400, 0, 0), [2]int{0, 100}},
	} {
		from, until := tr.Range(waveform.Window{From: c.from, Until: c.until})
		if got := [2]int{from, until}; got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// A sample that the window begins with is in it whatever the rate, and whichever
// microsecond its record's header gives.
func TestRangeBeginsWithTheSampleAtItsEdge(t *testing.T) {
	for _, rate := range []float64{0.1, 1, 18.2, 40, 99.99, 300, 3000, 20000, 1e6} {
		tr := waveform.Trace{Start: epoch.Truncate(time.Microsecond), SampleRate: rate, Data: make([]float64, 1000)}
		for i := range 1000 {
			from, _ := tr.Range(waveform.Window{From: tr.Time(i), Until: tr.Time(1000)})
			if from != i {
				t.Fatalf("%g Hz: the window from sample %d begins with %d", rate, i, from)
			}
		}
	}
}

func TestWindowContainsItsStartAndOpenSides(t *testing.T) {
	a, b := epoch, epoch.Add(time.Second)
	for _, c := range []struct {
		name string
		w    waveform.Window
		at   time.Time
		want bool
	}{
		{"start", waveform.Window{From: a, Until: b}, a, true},
		{"end", waveform.Window{From: a, Until: b}, b, false},
		{"just before the end", waveform.Window{From: a, Until: b}, b.Add(-1), true},
		{"before", waveform.Window{From: a, Until: b}, a.Add(-1), false},
		{"open start", waveform.Window{Until: b}, a.AddDate(-1000, 0, 0), true},
		{"open start, end", waveform.Window{Until: b}, b, false},
		{"open end", waveform.Window{From: a}, b.AddDate(1000, 0, 0), true},
		{"open end, before", waveform.Window{From: a}, a.Add(-1), false},
		{"open", waveform.Window{}, a, true},
		{"empty", waveform.Window{From: a, Until: a}, a, false},
	} {
		if got := c.w.Contains(c.at); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if d := (waveform.Window{From: a, Until: b}).Duration(); d != time.Second {
		t.Errorf("Duration() = %v", d)
	}
}
