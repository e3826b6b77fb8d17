package mseed

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// shifted is a record of 100 samples at 100 Hz, number i of a row, late by some time.
func shifted(t *testing.T, i int, late time.Duration) []byte {
	tr := madeTrace(100, make([]float64, 100))
	for k := range tr.Data {
		tr.Data[k] = float64(100*i + k)
	}
	tr.Start = madeStart.Add(time.Duration(i)*time.Second + late)
	return written(t, tr, WriteOptions{})
}

// layout has a word for each segment: its first sample and their number.
func layoutOf(t *testing.T, a *Assembler, records ...[]byte) string {
	t.Helper()
	for _, b := range records {
		for r, err := range Records(b, 0) {
			if err == nil {
				err = a.Add(&r)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var out []string
	for _, s := range a.Segments() {
		out = append(out, fmt.Sprintf("%d+%d", s.Int32[0], s.Samples()))
		if !slices.IsSorted(s.Int32) {
			t.Error("samples out of order")
		}
	}
	return strings.Join(out, " ")
}

func TestRecordsWithinHalfASampleJoin(t *testing.T) {
	for _, c := range []struct {
		late time.Duration
		want string
	}{
		{0, "0+200"}, {5 * time.Millisecond, "0+200"}, {-5 * time.Millisecond, "0+200"},
		{5001 * time.Microsecond, "0+100 100+100"}, {-5001 * time.Microsecond, "0+100 100+100"},
	} {
		if got := layoutOf(t, &Assembler{}, shifted(t, 0, 0), shifted(t, 1, c.late)); got != c.want {
			t.Errorf("late by %v: %s, want %s", c.late, got, c.want)
		}
	}
	if got := layoutOf(t, &Assembler{Tolerance: 2}, shifted(t, 0, 0), shifted(t, 1, 20*time.Millisecond)); got != "0+200" {
		t.Errorf("tolerance of two samples: %s", got)
	}
}

func TestSmallStepsDoNotAddUpUnseen(t *testing.T) {
	var a Assembler
	var records [][]byte
	for i := range 10 { // each 2 ms later: a fifth of a sample
		records = append(records, shifted(t, i, time.Duration(i)*2*time.Millisecond))
	}
	if got := layoutOf(t, &a, records...); got != "0+300 300+300 600+300 900+100" {
		t.Errorf("segments %s", got)
	}
}

func TestOrderOfRecordsDoesNotMatter(t *testing.T) {
	var records [][]byte
	for i := range 12 {
		if i != 7 {
			records = append(records, shifted(t, i, 0))
		}
	}
	want := layoutOf(t, &Assembler{}, records...)
	if want != "0+700 800+400" {
		t.Fatalf("in order: %s", want)
	}
	for shift := range records {
		other := slices.Concat(records[shift:], records[:shift])
		if shift%2 == 1 {
			slices.Reverse(other)
		}
		if got := layoutOf(t, &Assembler{}, other...); got != want {
			t.Errorf("shift %d: %s", shift, got)
		}
	}
}

func TestRepeatedAndOverlappingRecordsAreSegmentsOfTheirOwn(t *testing.T) {
	r := func(i int) []byte { return shifted(t, i, 0) }
	if got := layoutOf(t, &Assembler{}, r(0), r(1), r(0), r(1), r(2)); got != "0+300 0+200" {
		t.Errorf("repeated: %s", got)
	}
	if got := layoutOf(t, &Assembler{}, r(0), shifted(t, 0, 500*time.Millisecond), r(1)); got != "0+200 0+100" {
		t.Errorf("overlapping: %s", got)
	}
}

func TestThousandsOfRepeatedRecordsEachStayOne(t *testing.T) {
	one := shifted(t, 0, 0)
	segments, _, err := Segments(bytes.NewReader(bytes.Repeat(one, 20000)))
	if err != nil || len(segments) != 20000 {
		t.Errorf("%d segments, %v", len(segments), err)
	}
}

func TestChannelsRatesAndTypesAreApartQualitiesAreNot(t *testing.T) {
	tr := madeTrace(100, wiggle(100, 8))
	next := tr
	next.Start = tr.Start.Add(time.Second)
	other := next
	other.ID.Channel = "HNN"
	faster, same := next, next
	faster.SampleRate = 100.02
	same.SampleRate = 100.005
	for _, c := range []struct {
		name     string
		second   waveform.Trace
		opt      WriteOptions
		segments int
	}{
		{"same", next, WriteOptions{}, 1},
		{"other quality", next, WriteOptions{Quality: 'M'}, 1},
		{"other integer encoding", next, WriteOptions{Encoding: Int32}, 1},
		{"other type", next, WriteOptions{Encoding: Float32}, 2},
		{"other channel", other, WriteOptions{}, 2},
		{"rate off by 2 in 10^4", faster, WriteOptions{}, 2},
		{"rate off by 5 in 10^5", same, WriteOptions{}, 1},
	} {
		b := slices.Concat(written(t, tr, WriteOptions{}), written(t, c.second, c.opt))
		segments, faults, err := Segments(bytes.NewReader(b))
		if len(segments) != c.segments || len(faults) != 0 || err != nil {
			t.Errorf("%s: %d segments, %v, %v", c.name, len(segments), faults, err)
		}
	}
}

func TestMultiplexedChannelsAreTakenApart(t *testing.T) {
	a, b := madeTrace(100, wiggle(5000, 12)), madeTrace(100, wiggle(4000, 14))
	b.ID.Channel = "HNZ"
	x, y := written(t, a, WriteOptions{}), written(t, b, WriteOptions{})
	var mixed []byte
	for i := 0; i < max(len(x), len(y)); i += 512 {
		mixed = append(append(mixed, x[min(i, len(x)):min(i+512, len(x))]...), y[min(i, len(y)):min(i+512, len(y))]...)
	}
	got, _, err := Segments(bytes.NewReader(mixed))
	if err != nil || len(got) != 2 || !slices.Equal(got[0].Trace().Data, a.Data) || !slices.Equal(got[1].Trace().Data, b.Data) {
		t.Errorf("%d segments, %v", len(got), err)
	}
}

func TestSegmentsShareNoRoomToGrow(t *testing.T) {
	got, _, _ := Segments(bytes.NewReader(slices.Concat(shifted(t, 0, 0), shifted(t, 5, 0))))
	_ = append(got[0].Int32, -1)
	if len(got) != 2 || got[1].Int32[0] != 500 {
		t.Errorf("appending to one segment changed the next: %d", got[1].Int32[0])
	}
}

func TestAssemblerIsEmptyAfterwards(t *testing.T) {
	var a Assembler
	layoutOf(t, &a, shifted(t, 0, 0))
	if got := a.Segments(); len(got) != 0 {
		t.Errorf("%d segments", len(got))
	}
}
