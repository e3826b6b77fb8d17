package archive

import (
	"math"
	"slices"
	"sort"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// timeline joins decoded records into continuous, disjoint traces. What comes
// first wins where samples differ.
type timeline struct {
	traces  []waveform.Trace // in order of time, not touching
	late    []lateness       // of the pieces of each trace
	differs bool
	free    [][]float64 // buffers of earlier windows
}

// lateness is the least and the greatest one, in samples, with which the pieces of
// a trace start at their places. It is kept so that joining traces does not move a
// piece by more than the tolerance: small steps must not add up unseen.
type lateness struct{ least, most float64 }

func (s lateness) with(least, most float64) lateness {
	return lateness{min(s.least, least), max(s.most, most)}
}

// reset forgets the traces and keeps their memory.
func (t *timeline) reset() {
	for _, tr := range t.traces {
		t.free = append(t.free, tr.Data[:0])
	}
	t.traces, t.late, t.differs = t.traces[:0], t.late[:0], false
}

// insert adds a piece of data, which is copied. Every round places it, or shortens it
// by a sample at least.
func (t *timeline) insert(piece waveform.Trace) {
	for len(piece.Data) > 0 {
		// The common case first: the piece continues the last trace.
		if n := len(t.traces); n > 0 && t.joins(n-1, piece, lateness{}) {
			return
		}
		i := t.firstEndingAfter(piece)
		if i == len(t.traces) || before(piece.End(), t.traces[i].Start, t.traces[i].SampleRate) {
			t.place(i, piece)
			return
		}
		piece = t.around(i, piece)
	}
}

// firstEndingAfter is the index of the first trace that ends at or after the
// piece's start; the number of traces, if none does.
func (t *timeline) firstEndingAfter(piece waveform.Trace) int {
	return sort.Search(len(t.traces), func(i int) bool {
		return !before(t.traces[i].End(), piece.Start, piece.SampleRate)
	})
}

// before reports whether a is earlier than b by half a sample or more.
func before(a, b time.Time, rate float64) bool { return b.Sub(a).Seconds()*rate >= tolerance }

// around deals with a piece that overlaps trace i: what lies before the trace is
// placed, what lies within it is compared, what lies behind it is returned.
func (t *timeline) around(i int, piece waveform.Trace) waveform.Trace {
	tr := &t.traces[i]
	var head, tail int // the samples from head to tail lie within the trace
	if sameRate(tr.SampleRate, piece.SampleRate) {
		at := clamp(math.Round(tr.Index(piece.Start)), -len(piece.Data), len(tr.Data)-1)
		head, tail = max(0, -at), min(len(piece.Data), len(tr.Data)-at)
		t.differs = t.differs || !equal(tr.Data[at+head:at+tail], piece.Data[head:tail])
	} else {
		head = clamp(math.Floor(piece.Index(tr.Start)-tolerance)+1, 0, len(piece.Data))
		tail = clamp(math.Floor(piece.Index(tr.End())+tolerance)+1, max(1, head), len(piece.Data))
		t.differs = true
	}
	rest := waveform.Trace{ID: piece.ID, Unit: piece.Unit, SampleRate: piece.SampleRate, Start: piece.Time(tail), Data: piece.Data[tail:]}
	if head > 0 {
		piece.Data = piece.Data[:head]
		t.place(i, piece)
	}
	return rest
}

func clamp(x float64, least, most int) int {
	return int(max(float64(least), min(float64(most), x)))
}

// equal compares sample by sample; NaN equals NaN.
func equal(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || x != x && y != y })
}

// place puts a piece that overlaps nothing before trace i, joining it with its
// neighbours where it continues them.
func (t *timeline) place(i int, piece waveform.Trace) {
	if i > 0 && t.joins(i-1, piece, lateness{}) {
		i--
	} else {
		var buffer []float64
		if n := len(t.free); n > 0 {
			buffer, t.free = t.free[n-1], t.free[:n-1]
		}
		piece.Data = append(buffer, piece.Data...)
		t.traces = slices.Insert(t.traces, i, piece)
		t.late = slices.Insert(t.late, i, lateness{})
	}
	if i+1 < len(t.traces) && t.joins(i, t.traces[i+1], t.late[i+1]) {
		t.free = append(t.free, t.traces[i+1].Data[:0])
		t.traces = slices.Delete(t.traces, i+1, i+2)
		t.late = slices.Delete(t.late, i+1, i+2)
	}
}

// joins appends a piece to trace i, if its samples are the next ones, counted from
// the trace's start, and so is every piece that it was made of: late says how these start.
func (t *timeline) joins(i int, piece waveform.Trace, late lateness) bool {
	tr := &t.traces[i]
	next := waveform.SampleTime(tr.Start, tr.SampleRate, int64(len(tr.Data)))
	by := piece.Start.Sub(next).Seconds() * piece.SampleRate
	least, most := min(by, by+late.least), max(by, by+late.most)
	if !sameRate(tr.SampleRate, piece.SampleRate) || least < -tolerance || most > tolerance {
		return false
	}
	tr.Data = append(tr.Data, piece.Data...)
	t.late[i] = t.late[i].with(least, most)
	return true
}
