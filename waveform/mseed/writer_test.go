package mseed

import (
	"bytes"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWrittenTracesComeBackExactly(t *testing.T) {
	for _, e := range []Encoding{0, Steim1, Steim2, Int16, Int32, Float32, Float64} {
		for _, length := range []int{256, 512, 4096, 65536} {
			for _, n := range []int{1, 2, 7, 100, 70000} {
				tr := madeTrace(100, wiggle(n, 12))
				for i, v := range tr.Data {
					tr.Data[i] = math.Mod(v, 30000)
				}
				b := written(t, tr, WriteOptions{Encoding: e, RecordLength: length})
				got, faults, err := Segments(bytes.NewReader(b))
				if err != nil || len(faults) != 0 || len(got) != 1 {
					t.Fatalf("%v, records of %d, %d samples: %d segments, %v, %v", e, length, n, len(got), faults, err)
				}
				back := got[0].Trace()
				if back.ID != tr.ID || !back.Start.Equal(tr.Start) || back.SampleRate != 100 || !slices.Equal(back.Data, tr.Data) {
					t.Errorf("%v, records of %d, %d samples: came back different", e, length, n)
				}
				if len(b)%length != 0 || e == 0 && got[0].Encoding != Steim2 || e != 0 && got[0].Encoding != e {
					t.Errorf("%v, records of %d: %d bytes of %v", e, length, len(b), got[0].Encoding)
				}
			}
		}
	}
}

func TestExtremeStepsAreWrittenByWhatHoldsThem(t *testing.T) {
	limit := float64(int32(1)<<29 - 1)
	steps := []float64{0, limit, 0, -limit - 1, -1, 5, 4, limit + 4, 7} // 30 bits: -2^29 to 2^29-1
	extremes := []float64{math.MaxInt32, math.MinInt32, math.MaxInt32, 0, math.MinInt32, -1, 1}
	for _, c := range []struct {
		data []float64
		e    Encoding
	}{{steps, Steim2}, {steps, Steim1}, {extremes, Steim1}, {extremes, Int32}, {extremes, Float64}, {extremes, 0}} {
		r := parsed(t, written(t, madeTrace(100, c.data), WriteOptions{Encoding: c.e}))
		if got, err := r.DecodeFloat64(nil); err != nil || !slices.Equal(got, c.data) {
			t.Errorf("%v: %v, %v", c.e, got, err)
		}
	}
}

func TestWhatAnEncodingCannotHoldIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	fill := make([]float64, 5000)
	for _, c := range []struct {
		last []float64
		e    Encoding
		want string
	}{
		{[]float64{0, 1 << 29}, Steim2, "sample 5001: the step from 0 to 536870912 needs more than the 30 bits of STEIM2"},
		{[]float64{0, -1<<29 - 1}, Steim2, "sample 5001: the step from 0 to -536870913 needs more than the 30 bits of STEIM2"},
		{[]float64{math.MaxInt32, math.MinInt32}, Steim2, "sample 5000: the step from 0 to 2147483647 needs"},
		{[]float64{0.5}, Steim1, "sample 5000: 0.5 is no 32-bit integer"},
		{[]float64{math.NaN()}, Steim2, "sample 5000: NaN is no 32-bit integer"},
		{[]float64{1 << 31}, Int32, "sample 5000: 2.147483648e+09 is no 32-bit integer"},
		{[]float64{-32769}, Int16, "sample 5000: -32769 needs more than the 16 bits of INT16"},
		{[]float64{0.1}, Float32, "sample 5000: 0.1 has no FLOAT32"},
	} {
		var b bytes.Buffer
		err := Write(&b, madeTrace(100, slices.Concat(fill, c.last)), WriteOptions{Encoding: c.e})
		if err == nil || !strings.HasPrefix(err.Error(), "mseed: writing XX.MADE.10.HNE: "+c.want) || b.Len() != 0 {
			t.Errorf("%d bytes, got %v, want %s", b.Len(), err, c.want)
		}
	}
}

func TestTracesAndOptionsThatNoRecordCanExpressAreRefused(t *testing.T) {
	good := madeTrace(100, []float64{1, 2})
	long, letter := good, good
	long.ID.Station = "TOOLONG"
	letter.ID.Channel = "HN\x01"
	noRate, infinite, early := good, good, good
	noRate.SampleRate = 0
	infinite.SampleRate = math.Inf(1)
	early.Start = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	slow := madeTrace(1e-9, []float64{1, 2})
	for want, err := range map[string]error{
		`station code "TOOLONG" is longer than 5`:         Write(io.Discard, long, WriteOptions{}),
		`channel code "HN\x01" is not printable`:          Write(io.Discard, letter, WriteOptions{}),
		"sample rate 0 Hz":                                Write(io.Discard, noRate, WriteOptions{}),
		"sample rate +Inf Hz":                             Write(io.Discard, infinite, WriteOptions{}),
		"2 samples at 1e-09 Hz span more":                 Write(io.Discard, slow, WriteOptions{}),
		"year 1899: want 1900 to 2100":                    Write(io.Discard, early, WriteOptions{}),
		"record length 500: want a power of two":          Write(io.Discard, good, WriteOptions{RecordLength: 500}),
		"record length 128: want a power of two from 256": Write(io.Discard, good, WriteOptions{RecordLength: 128}),
		"quality 'X'":                                     Write(io.Discard, good, WriteOptions{Quality: 'X'}),
		"timing quality 101":                              Write(io.Discard, good, WriteOptions{TimingQuality: 101}),
		"sequence number 1000000":                         Write(io.Discard, good, WriteOptions{Sequence: 1000000}),
		"unsupported encoding: STEIM3 as output":          Write(io.Discard, good, WriteOptions{Encoding: 19}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestEachRecordStartsWhereItsFirstSampleBelongs(t *testing.T) {
	for _, rate := range []float64{1, 100, 300, 62.5, 0.1, 31.4159, 1.0 / 3, 20.0 / 3, 50000, 0.00001} {
		tr := madeTrace(rate, wiggle(2000, 9))
		at := 0
		for r, err := range Records(written(t, tr, WriteOptions{RecordLength: 256}), 0) {
			if err != nil {
				t.Fatal(err)
			}
			if d := r.Start.Sub(tr.Time(at)).Abs(); d > 500*time.Nanosecond || math.Abs(r.SampleRate/rate-1) > 6e-8 {
				t.Errorf("%v Hz, sample %d: %v off, rate %v", rate, at, d, r.SampleRate)
			}
			at += r.Samples
		}
		if at != 2000 {
			t.Errorf("%v Hz: %d samples", rate, at)
		}
	}
}

func TestMicrosecondsAreKeptAcrossAllRoundings(t *testing.T) {
	for _, us := range []int{0, 1, 49, 50, 51, 99, 100, 150, 999949, 999950, 999999} {
		tr := madeTrace(100, []float64{1})
		tr.Start = time.Date(2019, 12, 31, 23, 59, 59, us*1000, time.UTC)
		if r := parsed(t, written(t, tr, WriteOptions{})); !r.Start.Equal(tr.Start) {
			t.Errorf("%d us: %v", us, r.Start)
		}
	}
}

func TestRatesAreExactWhereTheHeaderCanExpressThem(t *testing.T) {
	for _, c := range []struct {
		rate               float64
		factor, multiplier int16
		blockette100       bool
	}{
		{100, 100, 1, false}, {1, 1, 1, false}, {62.5, 125, -2, false}, {0.1, -10, 1, false}, {20.0 / 3, 20, -3, false},
		{32767, 32767, 1, false}, {65534, 32767, 2, false}, {1e6, 31250, 32, false}, {1e-5, -25000, -4, false}, {0.01, -100, 1, false},
	} {
		f, m, needed := rateFields(c.rate)
		if f != c.factor || m != c.multiplier || needed != c.blockette100 {
			t.Errorf("%v Hz: %d, %d, %v", c.rate, f, m, needed)
		}
	}
	for rate := 1e-9; rate < 3e38; rate *= 1.37 {
		f, m, needed := rateFields(rate)
		if got := nominalRate(f, m); !needed && math.Abs(got/rate-1) > 6e-8 {
			t.Errorf("%v Hz: header gives %v", rate, got)
		}
	}
}

func TestSequenceNumbersGoOnAcrossTracesAndRoundTheEnd(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, WriteOptions{Sequence: 999998})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.Write(madeTrace(100, wiggle(1000, 16))); err != nil {
			t.Fatal(err)
		}
	}
	want := 999998
	for r := range Records(b.Bytes(), 0) {
		if r.Sequence != want {
			t.Fatalf("sequence %d, want %d", r.Sequence, want)
		}
		if want++; want > 999999 {
			want = 1
		}
	}
}

func TestSameTraceGivesSameBytes(t *testing.T) {
	tr := madeTrace(31.4, wiggle(3000, 14))
	if a, b := written(t, tr, WriteOptions{}), written(t, tr, WriteOptions{}); !bytes.Equal(a, b) {
		t.Error("bytes differ")
	}
}

func TestSteim2TakesTheDensestWords(t *testing.T) {
	b := written(t, madeTrace(100, make([]float64, 13*7+15*7*6)), WriteOptions{})
	if len(b) != 512 { // 7 frames, the first with 13 words, 7 differences a word
		t.Errorf("%d bytes", len(b))
	}
}

func TestEmptyTraceWritesNothing(t *testing.T) {
	if b := written(t, madeTrace(100, nil), WriteOptions{}); len(b) != 0 {
		t.Errorf("%d bytes", len(b))
	}
}

func TestErrorOfTheOutputIsKept(t *testing.T) {
	broken := errors.New("disk full")
	out, in := io.Pipe()
	out.CloseWithError(broken)
	if err := Write(in, madeTrace(100, []float64{1}), WriteOptions{}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
