package mseed

import (
	"bytes"
	"cmp"
	"container/heap"
	"math"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// Assembler joins records into continuous segments, whatever their order. The
// zero value is ready. It is not for concurrent use.
//
// Records of one channel and native type are sorted by start time. A record continues a
// segment if it starts within the tolerance of where the segment, counted by its
// own rate from its own start, has its next sample; so small steps cannot add up
// unseen. The rates must agree to 1 in 10^4. Quality and encoding do not matter. Records that
// overlap others, or repeat them, are in segments of their own.
type Assembler struct {
	Tolerance float64 // samples; 0 is the default, half a sample

	order    []*channel
	channels map[channelKey]*channel
}

const (
	defaultTolerance = 0.5
	rateTolerance    = 1e-4
	timeRounding     = 2 * time.Nanosecond // of computed times
)

type channelKey struct {
	id   waveform.SourceID
	kind kind
}

// channel has the samples of a channel in the order of arrival, and what each record
// brought.
type channel struct {
	channelKey
	int32   []int32
	float32 []float32
	float64 []float64
	pieces  []piece
	extra   []byte // extra headers of the last record that has any
}

// piece is one record's samples in its channel.
type piece struct {
	start    time.Time
	rate     float64
	from, n  int
	encoding Encoding
	quality  byte
	remarks  Remarks
	extra    []byte // extra headers, shared by the records that have the same in a row
}

// Add decodes a record and takes its samples; the record is not needed
// afterwards. Where the record cannot be decoded or has no sample rate, the
// error is a [*BadRecordError] and nothing is taken. Records without samples are nothing.
func (a *Assembler) Add(r *Record) error {
	if r.Samples == 0 {
		return nil
	}
	if r.SampleRate <= 0 && r.Encoding != ASCII {
		return r.bad(ErrNoRate)
	}
	kind := r.kind()
	if kind < kindInt32 {
		return r.bad(&UnsupportedEncodingError{r.Encoding, "numbers"})
	}
	c := a.channel(channelKey{r.ID, kind})
	from, err := c.decode(r)
	if err == nil {
		p := piece{start: r.Start, rate: r.SampleRate, from: from, n: r.Samples, encoding: r.Encoding, quality: r.Quality}
		p.remarks.Add(r)
		p.extra = c.keepExtra(r.ExtraHeaders())
		c.pieces = append(c.pieces, p)
	}
	return err
}

func (a *Assembler) channel(key channelKey) *channel {
	if n := len(a.order); n > 0 && a.order[n-1].channelKey == key { // as in most files
		return a.order[n-1]
	}
	c := a.channels[key]
	if c == nil {
		if a.channels == nil {
			a.channels = map[channelKey]*channel{}
		}
		c = &channel{channelKey: key}
		a.channels[key] = c
		a.order = append(a.order, c)
	}
	return c
}

// decode appends the samples of r, and says where they are.
func (c *channel) decode(r *Record) (from int, err error) {
	switch c.kind {
	case kindInt32:
		from = len(c.int32)
		c.int32, err = r.DecodeInt32(c.int32)
	case kindFloat32:
		from = len(c.float32)
		c.float32, err = r.DecodeFloat32(c.float32)
	default:
		from = len(c.float64)
		c.float64, err = r.DecodeFloat64(c.float64)
	}
	return from, err
}

// keepExtra gives a copy of extra headers, nil for none.
func (c *channel) keepExtra(extra []byte) []byte {
	if len(extra) == 0 {
		return nil
	}
	if !bytes.Equal(extra, c.extra) {
		c.extra = bytes.Clone(extra)
	}
	return c.extra
}

// Segments gives the segments of all records added, by channel and start time, and
// leaves the Assembler empty.
func (a *Assembler) Segments() []Segment {
	tolerance := a.Tolerance
	if tolerance == 0 {
		tolerance = defaultTolerance
	}
	var out []Segment
	for _, c := range a.order {
		for _, run := range c.runs(tolerance) {
			out = append(out, c.segment(run))
		}
	}
	a.order, a.channels = nil, nil
	slices.SortStableFunc(out, func(x, y Segment) int {
		return cmp.Or(x.ID.Compare(y.ID), x.Start.Compare(y.Start))
	})
	return out
}

// runs puts the pieces of a channel into rows that continue each other.
func (c *channel) runs(tolerance float64) [][]piece {
	var out [][]piece
	for _, pieces := range byRate(c.pieces) {
		out = append(out, join(pieces, tolerance)...)
	}
	return out
}

// byRate splits pieces into groups of the same rate, to rateTolerance of the
// lowest; the pieces of a group are sorted by start, then by arrival.
func byRate(pieces []piece) [][]piece {
	slices.SortStableFunc(pieces, func(x, y piece) int { return cmp.Compare(x.rate, y.rate) })
	var groups [][]piece
	for len(pieces) > 0 {
		limit := pieces[0].rate * (1 + rateTolerance)
		n, _ := slices.BinarySearchFunc(pieces, limit, func(p piece, limit float64) int {
			if p.rate <= limit {
				return -1
			}
			return 1
		})
		group := pieces[:n]
		slices.SortFunc(group, func(x, y piece) int { return cmp.Or(x.start.Compare(y.start), cmp.Compare(x.from, y.from)) })
		groups, pieces = append(groups, group), pieces[n:]
	}
	return groups
}

// join gives each piece, in order of time, to the open run whose next sample it
// is, or to a run of its own. A run is closed once time has passed its next sample.
func join(pieces []piece, tolerance float64) [][]piece {
	var all []*run
	var open openRuns
	for _, p := range pieces {
		slack := time.Duration(math.Min(tolerance/p.rate*1e9, math.MaxInt64/2)) + timeRounding
		for len(open) > 0 && open[0].next.Before(p.start.Add(-slack)) {
			heap.Pop(&open)
		}
		if len(open) > 0 && !open[0].next.After(p.start.Add(slack)) {
			open[0].add(p)
			heap.Fix(&open, 0)
			continue
		}
		r := &run{order: len(all)}
		r.add(p)
		all = append(all, r)
		heap.Push(&open, r)
	}
	out := make([][]piece, len(all))
	for i, r := range all {
		out[i] = r.pieces
	}
	return out
}

// run is a row of pieces that is being put together.
type run struct {
	pieces []piece
	n      int64
	next   time.Time // of the sample after the last
	order  int
}

func (r *run) add(p piece) {
	r.pieces = append(r.pieces, p)
	r.n += int64(p.n)
	r.next = waveform.SampleTime(r.pieces[0].start, r.pieces[0].rate, r.n)
}

// openRuns is a heap: first the run whose next sample is due first.
type openRuns []*run

func (h openRuns) Len() int      { return len(h) }
func (h openRuns) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h openRuns) Less(i, j int) bool {
	return cmp.Or(h[i].next.Compare(h[j].next), cmp.Compare(h[i].order, h[j].order)) < 0
}
func (h *openRuns) Push(x any) { *h = append(*h, x.(*run)) }
func (h *openRuns) Pop() any {
	last := len(*h) - 1
	r := (*h)[last]
	*h = (*h)[:last]
	return r
}

// segment makes a segment of a run.
func (c *channel) segment(run []piece) Segment {
	first := run[0]
	s := Segment{ID: c.id, Start: first.start, SampleRate: first.rate, Encoding: first.encoding, Quality: first.quality}
	for i := range run {
		s.Remarks.Join(run[i].remarks)
		if s.ExtraHeaders == nil {
			s.ExtraHeaders = run[i].extra
		}
	}
	switch c.kind {
	case kindInt32:
		s.Int32 = gather(c.int32, run)
	case kindFloat32:
		s.Float32 = gather(c.float32, run)
	default:
		s.Float64 = gather(c.float64, run)
	}
	return s
}

// gather puts the samples of a run together: a part of samples where they are already
// in a row, which is so if the records were in order, else a copy.
func gather[T any](samples []T, run []piece) []T {
	n, inRow := 0, true
	for _, p := range run {
		inRow = inRow && p.from == run[0].from+n
		n += p.n
	}
	if from := run[0].from; inRow {
		return samples[from : from+n : from+n]
	}
	out := make([]T, 0, n)
	for _, p := range run {
		out = append(out, samples[p.from:p.from+p.n]...)
	}
	return out
}
