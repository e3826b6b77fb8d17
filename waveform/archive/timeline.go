package archive

import (
	"math"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// timeline joins decoded records into continuous, disjoint traces. What comes
// first wins where samples differ.
type timeline struct {
	traces  []waveform.Trace // in order of time, not touching
	differs bool
	free    [][]float64 // buffers of earlier windows
}

// reset forgets the traces and keeps their memory.
func (t *timeline) reset() {
	for _, tr := range t.traces {
		t.free = append(t.free, tr.Data[:0])
	}
	t.traces, t.differs = t.traces[:0], false
}

// insert adds a piece of data, which is copied.
func (t *timeline) insert(piece waveform.Trace) {
	for len(piece.Data) > 0 {
		// The common case first: the piece continues the last trace.
		if n := len(t.traces); n > 0 && continues(&t.traces[n-1], piece.Start, piece.SampleRate) {
			t.traces[n-1].Data = append(t.traces[n-1].Data, piece.Data...)
			return
		}
		i := t.firstEndingAfter(piece)
		if i == len(t.traces) || !overlaps(&t.traces[i], piece) {
			t.place(i, piece)
			return
		}
		piece = t.around(i, piece)
	}
}

// firstEndingAfter is the index of the first trace that ends at or after the
// piece's start; the number of traces, if none does.
func (t *timeline) firstEndingAfter(piece waveform.Trace) int {
	for i := range t.traces {
		if !before(t.traces[i].End(), piece.Start, piece.SampleRate) {
			return i
		}
	}
	return len(t.traces)
}

// before reports whether a is earlier than b by half a sample or more.
func before(a, b time.Time, rate float64) bool { return b.Sub(a).Seconds()*rate >= tolerance }

func overlaps(tr *waveform.Trace, piece waveform.Trace) bool {
	return !before(piece.End(), tr.Start, tr.SampleRate)
}

// around deals with a piece that overlaps trace i: what lies before the trace is
// placed, what lies within it is compared, what lies behind it is returned.
func (t *timeline) around(i int, piece waveform.Trace) waveform.Trace {
	tr := &t.traces[i]
	if !sameRate(tr.SampleRate, piece.SampleRate) {
		t.differs = true
		return outside(piece, tr.End())
	}
	at := int(math.Round(tr.Index(piece.Start))) // the piece's first sample in tr
	head := min(max(0, -at), len(piece.Data))
	tail := min(len(piece.Data), len(tr.Data)-at)
	if head == 0 {
		tail = max(tail, 1) // it overlaps: whatever rounding says, we get on
	}
	for k := head; k < tail; k++ {
		if a, b := piece.Data[k], tr.Data[at+k]; a != b && (a == a || b == b) {
			t.differs = true
			break
		}
	}
	rest := waveform.Trace{ID: piece.ID, Unit: piece.Unit, SampleRate: piece.SampleRate, Start: piece.Time(tail), Data: piece.Data[tail:]}
	if head > 0 {
		piece.Data = piece.Data[:head]
		t.place(i, piece)
	}
	return rest
}

// outside is the part of the piece later than end.
func outside(piece waveform.Trace, end time.Time) waveform.Trace {
	n := int(max(1, min(float64(len(piece.Data)), math.Floor(piece.Index(end))+1)))
	piece.Start, piece.Data = piece.Time(n), piece.Data[n:]
	return piece
}

// place puts a piece that overlaps nothing before trace i, joining it with its
// neighbours where it continues them.
func (t *timeline) place(i int, piece waveform.Trace) {
	if i > 0 && continues(&t.traces[i-1], piece.Start, piece.SampleRate) {
		i--
		t.traces[i].Data = append(t.traces[i].Data, piece.Data...)
	} else {
		var buffer []float64
		if n := len(t.free); n > 0 {
			buffer, t.free = t.free[n-1], t.free[:n-1]
		}
		piece.Data = append(buffer, piece.Data...)
		t.traces = slices.Insert(t.traces, i, piece)
	}
	if i+1 < len(t.traces) && continues(&t.traces[i], t.traces[i+1].Start, t.traces[i+1].SampleRate) {
		next := t.traces[i+1]
		t.traces[i].Data = append(t.traces[i].Data, next.Data...)
		t.free = append(t.free, next.Data[:0])
		t.traces = slices.Delete(t.traces, i+1, i+2)
	}
}

// continues reports whether data that start at start are the next samples of tr,
// counted from its own start, so that small steps do not add up.
func continues(tr *waveform.Trace, start time.Time, rate float64) bool {
	next := waveform.SampleTime(tr.Start, tr.SampleRate, int64(len(tr.Data)))
	return sameRate(tr.SampleRate, rate) && math.Abs(start.Sub(next).Seconds()*rate) <= tolerance
}
