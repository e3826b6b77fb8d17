package archive

import (
	"bytes"
	"cmp"
	"container/heap"
	"crypto/sha256"
	"math"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

const (
	// tolerance is how far, in samples, data may be from their place to be continuous.
	tolerance = 0.5
	// rateTolerance is the relative difference of rates that count as the same.
	rateTolerance = 1e-4
	// timeRounding is what computed times may be off.
	timeRounding = 2 * time.Nanosecond
)

func sameRate(a, b float64) bool { return math.Abs(a-b) <= rateTolerance*a }

// segments joins the records of each channel and quality in order of time. A record
// continues the segment whose next sample, counted from the segment's start, it is
// within half a sample of; so repeated records make segments of their own.
func (s *scan) segments() []Segment {
	var out []Segment
	for of, entries := range s.rows {
		for _, group := range byRate(entries) {
			for _, b := range join(group) {
				out = append(out, b.segment(of))
			}
		}
	}
	slices.SortFunc(out, func(a, b Segment) int {
		return cmp.Or(a.ID.Compare(b.ID), a.Start.Compare(b.Start), bytes.Compare(a.Hash[:], b.Hash[:]),
			cmp.Compare(a.Extents[0].Offset, b.Extents[0].Offset))
	})
	return out
}

// byRate cuts entries into groups of the same rate as the lowest of each, which are
// sorted by start, then by place in the file.
func byRate(entries []entry) [][]entry {
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.rate, b.rate) })
	var groups [][]entry
	for len(entries) > 0 {
		n := len(entries)
		if !sameRate(entries[0].rate, entries[n-1].rate) {
			n, _ = slices.BinarySearchFunc(entries, entries[0].rate, func(e entry, lowest float64) int {
				if sameRate(lowest, e.rate) {
					return -1
				}
				return 1
			})
		}
		group := entries[:n]
		slices.SortFunc(group, func(a, b entry) int {
			return cmp.Or(a.start.Compare(b.start), cmp.Compare(a.offset, b.offset))
		})
		groups, entries = append(groups, group), entries[n:]
	}
	return groups
}

// join gives each record, in order of time, to the open segment whose next sample is
// its first, or to a new one. Segments are open until time has passed their next
// sample. The work is n log n, whatever the records.
func join(entries []entry) []*building {
	var all []*building
	var open openSegments
	for _, e := range entries {
		slack := time.Duration(min(tolerance/e.rate*1e9, math.MaxInt64/2)) + timeRounding
		for len(open) > 0 && open[0].next.Before(e.start.Add(-slack)) {
			heap.Pop(&open)
		}
		if len(open) > 0 && !open[0].next.After(e.start.Add(slack)) {
			open[0].add(e)
			heap.Fix(&open, 0)
			continue
		}
		b := &building{order: len(all)}
		b.add(e)
		all = append(all, b)
		heap.Push(&open, b)
	}
	return all
}

// building is a segment that records are still added to.
type building struct {
	entries []entry
	samples int64
	next    time.Time // of the sample after the last
	order   int
}

func (b *building) add(e entry) {
	b.entries = append(b.entries, e)
	b.samples += e.samples
	b.next = waveform.SampleTime(b.entries[0].start, b.entries[0].rate, b.samples)
}

// openSegments is a heap: first the segment whose next sample is due first.
type openSegments []*building

func (h openSegments) Len() int      { return len(h) }
func (h openSegments) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h openSegments) Less(i, j int) bool {
	return cmp.Or(h[i].next.Compare(h[j].next), cmp.Compare(h[i].order, h[j].order)) < 0
}
func (h *openSegments) Push(x any) { *h = append(*h, x.(*building)) }
func (h *openSegments) Pop() any {
	last := len(*h) - 1
	b := (*h)[last]
	*h = (*h)[:last]
	return b
}

func (b *building) segment(of row) Segment {
	first := b.entries[0]
	s := Segment{ID: of.id, Quality: of.quality, Start: first.start, SampleRate: first.rate, Samples: b.samples,
		End: waveform.SampleTime(first.start, first.rate, b.samples-1)}
	sum := sha256.New()
	for _, e := range b.entries {
		sum.Write(e.hash[:])
	}
	sum.Sum(s.Hash[:0])
	slices.SortFunc(b.entries, func(a, b entry) int { return cmp.Compare(a.offset, b.offset) })
	for _, e := range b.entries {
		s.extend(e)
	}
	return s
}

// extend puts a record, later in the file than those before, into the last extent
// or a new one.
func (s *Segment) extend(e entry) {
	end := waveform.SampleTime(e.start, e.rate, e.samples-1)
	until := e.offset + int64(e.length)
	if n := len(s.Extents); n > 0 {
		if x := &s.Extents[n-1]; until-x.Offset <= extentSpan {
			x.Length = until - x.Offset
			if e.start.Before(x.Start) {
				x.Start = e.start
			}
			if end.After(x.End) {
				x.End = end
			}
			return
		}
	}
	s.Extents = append(s.Extents, Extent{Offset: e.offset, Length: int64(e.length), Start: e.start, End: end})
}
