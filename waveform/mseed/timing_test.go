package mseed

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"testing"
	"time"
)

// A clock of which nothing is known is not one at 0 percent, but where version 2 cannot tell.
func TestATimingQualityThatIsNotKnownIsNotWritten(t *testing.T) {
	for _, c := range []struct {
		version int
		rate    float64
		micros  time.Duration // of the start, besides multiples of 0.1 ms
		quality int
		want    int
	}{
		{2, 100, 0, -1, -1}, {2, 100, 0, 0, 0}, {2, 100, 0, 100, 100},
		{2, 100, 49, -1, 0}, {2, 100, -50, -1, 0}, {2, 100, 49, 7, 7},
		{2, math.Pi, 0, -1, -1}, {2, math.Pi, 49, -1, 0}, // with blockette 100
		{3, 100, 0, -1, -1}, {3, 100, 49, -1, -1}, {3, 100, 0, 0, -1}, {3, 100, 0, 55, 55},
	} {
		tr := madeTrace(c.rate, wiggle(40, 12))
		tr.Start = tr.Start.Truncate(time.Second).Add(c.micros * time.Microsecond)
		b := written(t, tr, WriteOptions{Version: c.version, TimingQuality: c.quality})
		r := parsed(t, b)
		data, err := r.DecodeFloat64(nil)
		if r.TimingQuality != c.want || err != nil || !r.Start.Equal(tr.Start) || !slices.Equal(data, tr.Data) {
			t.Errorf("%+v: %v, timing quality %d, %v", c, r.String(), r.TimingQuality, err)
		}
		if rate := float64(float32(c.rate)); c.version == 2 && r.SampleRate != rate {
			t.Errorf("%+v: %v Hz", c, r.SampleRate)
		}
		blockettes := 1
		if c.rate == math.Pi {
			blockettes++
		}
		if c.want >= 0 {
			blockettes++
		}
		if c.version == 2 && int(b[39]) != blockettes {
			t.Errorf("%+v: %d blockettes counted, want %d", c, b[39], blockettes)
		}
	}
	for _, quality := range []int{-2, 101} {
		if err := Write(io.Discard, madeTrace(100, wiggle(2, 3)), WriteOptions{TimingQuality: quality}); err == nil {
			t.Errorf("timing quality %d was written", quality)
		}
	}
	given := WriteOptions{Version: 3, TimingQuality: -1, ExtraHeaders: []byte(`{"a":1}`)}
	if r := parsed(t, written(t, madeTrace(100, wiggle(2, 3)), given)); string(r.ExtraHeaders()) != `{"a":1}` || r.TimingQuality != -1 {
		t.Errorf("%s", r.ExtraHeaders())
	}
}

// Records that continue each other may have other extra headers, or none: the first ones count.
func TestASegmentHasTheFirstExtraHeadersOfItsRecords(t *testing.T) {
	tr := madeTrace(100, wiggle(400, 12))
	var file []byte
	for i, extra := range []string{"", `{"n": 1}`, `{"n":2}`, `{"n":2}`} {
		piece := tr
		piece.Start, piece.Data = tr.Time(100*i), tr.Data[100*i:100*(i+1)]
		file = append(written(t, piece, WriteOptions{Version: 3, ExtraHeaders: []byte(extra)}), file...) // the last comes first
	}
	later := tr
	later.Start, later.Data = tr.Start.Add(time.Hour), tr.Data[:100]
	file = append(file, written(t, later, WriteOptions{Version: 2})...)
	got, err := ReadAll(bytes.NewReader(file))
	if err != nil || len(got.Segments) != 2 || len(got.Faults) > 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	clear(file)
	if s := fmt.Sprintf("%s %v", got.Segments[0].ExtraHeaders, got.Segments[1].ExtraHeaders == nil); s != `{"n": 1} true` {
		t.Error(s)
	}
}
