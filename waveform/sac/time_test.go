package sac

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func TestSampleRateIsThatOfTheShortestDecimal(t *testing.T) {
	for _, rate := range []float64{1, 10, 18.2, 20, 31.25, 40, 50, 62.5, 80, 99.99, 100, 125, 128, 200, 250, 300, 500, 512, 1000, 1024, 2000, 3000, 4000, 8000,
		16000, 44100, 1e6, 0.1, 0.01, 0.3, 1.0 / 60, 1.0 / 3600} {
		for _, delta := range []float64{float64(float32(1 / rate)), 1 / rate} {
			if got := rateOf(delta); got != rate {
				t.Errorf("interval %.17g: %.17g Hz, want %.17g", delta, got, rate)
			}
		}
	}
	for _, delta := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324} {
		if got := rateOf(delta); !math.IsNaN(got) {
			t.Errorf("interval %g: %g Hz", delta, got)
		}
	}
}

// The rate is never another than the interval allows: its interval is in the same
// unit in the last place.
func TestSampleRateStaysWithinThePrecisionOfItsInterval(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		delta := math.Exp(random.Float64()*20 - 10)
		for bits, d := range map[int]float64{32: float64(float32(delta)), 64: delta} {
			got, tolerance := 1/rateOf(d), map[int]float64{32: 6.1e-8, 64: 2.3e-16}[bits] // half a unit, and a unit
			if math.Abs(got/d-1) > tolerance {
				t.Fatalf("interval %.17g came to %.17g", d, got)
			}
		}
	}
}

func TestTimesInTheHeaderBecomeDates(t *testing.T) {
	h := NewHeader()
	h.Reference = Reference{2020, 60, 23, 59, 59, 999} // 29 February
	zero := time.Date(2020, 2, 29, 23, 59, 59, 999e6, time.UTC)
	for _, c := range []struct {
		seconds float64
		version int
		want    time.Duration
	}{
		{0, 6, 0}, {float64(float32(9.46)), 6, 9460 * time.Millisecond}, {float64(float32(-0.1)), 6, -100 * time.Millisecond},
		{0.001, 7, time.Millisecond}, {123456.123456789, 7, 123456123456789}, {-123456.123456789, 7, -123456123456789},
		{float64(float32(9.46)), 7, 9460000038}, {float64(float32(86400.01)), 6, 86400010 * time.Millisecond},
		{1000000.0625, 7, 1000000062500 * time.Microsecond},
	} {
		h.Version = c.version
		got, err := h.At(c.seconds)
		if err != nil || got.Sub(zero) != c.want {
			t.Errorf("version %d, %v s: %v after the reference time, %v; want %v", c.version, c.seconds, got.Sub(zero), err, c.want)
		}
	}
	for _, s := range []float64{math.NaN(), math.Inf(1), 1e10, -1e10} {
		if at, err := h.At(s); err == nil {
			t.Errorf("%v s: %v", s, at)
		}
	}
}

func TestReferenceTimesThatAreNoneAreNamed(t *testing.T) {
	good := Reference{2019, 365, 23, 59, 60, 0} // a leap second
	if at, err := good.Time(); err != nil || !at.Equal(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%v, %v", at, err)
	}
	for _, c := range []struct {
		edit func(*Reference)
		want string
	}{
		{func(r *Reference) { r.Year = Undefined }, "sac: NZYEAR at byte 280: no reference time: it is undefined"},
		{func(r *Reference) { r.Millisecond = Undefined }, "sac: NZMSEC at byte 300: no reference time: it is undefined"},
		{func(r *Reference) { r.Day = 366 }, "sac: NZJDAY at byte 284: 366: want 1 to 365"},
		{func(r *Reference) { r.Year, r.Day = 1900, 366 }, "sac: NZJDAY at byte 284: 366: want 1 to 365"},
		{func(r *Reference) { r.Year, r.Day = 2000, 367 }, "sac: NZJDAY at byte 284: 367: want 1 to 366"},
		{func(r *Reference) { r.Hour = 24 }, "sac: NZHOUR at byte 288: 24: want 0 to 23"},
		{func(r *Reference) { r.Minute = -1 }, "sac: NZMIN at byte 292: -1: want 0 to 59"},
		{func(r *Reference) { r.Second = 61 }, "sac: NZSEC at byte 296: 61: want 0 to 60"},
		{func(r *Reference) { r.Year = 10000 }, "sac: NZYEAR at byte 280: 10000: want 1 to 9999"},
	} {
		r := good
		c.edit(&r)
		_, err := r.Time()
		if err == nil || err.Error() != c.want || errors.Is(err, ErrNoTime) != (r.Year == Undefined || r.Millisecond == Undefined) {
			t.Errorf("%+v: %v, want %s", r, err, c.want)
		}
	}
}

// A trace's start is exact to a nanosecond, and its rate to what the version holds.
func TestTimesOfTracesComeBack(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for i := range 3000 {
		tr := madeTrace([]float64{100, 40, 300, 18.2, 1.0 / 3, 99.99}[i%6], 2)
		if i%6 == 0 && i%4 == 0 {
			tr.SampleRate = math.Exp(random.Float64()*16 - 4)
		}
		tr.Start = time.Unix(random.Int64N(4e9)-2e9, random.Int64N(1e9)).UTC()
		o := Options{Version: []int{0, 6, 7}[i%3], BigEndian: i%2 == 0}
		f, err := Read(bytes.NewReader(fileOf(t, tr, o)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.Trace()
		if err != nil {
			t.Fatal(err)
		}
		tolerance := map[int]float64{6: 6.1e-8, 7: 2.3e-16}[f.Header.Version]
		if o.Version == 0 && f.Header.Version == 6 {
			tolerance = 0 // it is taken only if it holds the rate
		}
		if !got.Start.Equal(tr.Start) || math.Abs(got.SampleRate/tr.SampleRate-1) > tolerance {
			t.Fatalf("%v at %v Hz came back as %v at %v Hz, version %d", tr.Start, tr.SampleRate, got.Start, got.SampleRate, f.Header.Version)
		}
	}
}

func TestVersionIsTheOldOneWhereThatIsExact(t *testing.T) {
	for rate, want := range map[float64]int{100: 6, 300: 6, 18.2: 6, 1.0 / 3: 6, 99.99912: 6, 99.999123: 7, math.Pi: 7} {
		f, err := NewFile(madeTrace(rate, 10), Options{})
		if err != nil || f.Header.Version != want {
			t.Errorf("%v Hz: %d, want %d, %v", rate, f.Header.Version, want, err)
		}
	}
}

func TestTracesThatTheHeaderCannotHoldAreRefused(t *testing.T) {
	for _, c := range []struct {
		rate  float64
		start time.Time
		n     int
		o     Options
		want  string
	}{
		{0, madeStart, 1, Options{}, "sample rate 0 Hz cannot be written"},
		{math.Inf(1), madeStart, 1, Options{}, "sample rate +Inf Hz cannot be written"},
		{100, madeStart.AddDate(9000, 0, 0), 1, Options{}, "start 11019-10-15 05:33:12.345678901 +0000 UTC: sac: NZYEAR at byte 280: 11019: want 1 to 9999"},
		{100, madeStart, 1, Options{Version: 5}, "header version 5 is not supported, only 6 and 7"},
		{99.99912345678, madeStart, 1 << 25, Options{Version: 6}, "99.99912345678 Hz in a float32 interval moves the last of 33554432 samples by more than half a sample: take version 7"},
		{1e-9, madeStart, 20, Options{}, "20 samples at 1e-09 Hz span more than 9.2e+09 s"},
		{1e-45, madeStart, 1, Options{}, "1 samples at 1e-45 Hz span more than 9.2e+09 s"},
		{1e300, madeStart, 1, Options{Version: 6}, "1e+300 Hz in a float32 interval moves the last of 1 samples by more than half a sample: take version 7"},
	} {
		tr := madeTrace(c.rate, c.n)
		tr.Start = c.start
		_, err := NewFile(tr, c.o)
		if want := fmt.Sprintf("sac: writing XX.MADE.10.HNE: %s", c.want); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
