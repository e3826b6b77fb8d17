package archive

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"io"
	"math"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
)

// Extent is a stretch of a file that holds records of one segment, and the time
// that these cover. Other records may lie between them.
type Extent struct {
	Offset, Length int64
	Start, End     time.Time // of the first and the last sample
}

// Segment is a continuous run of samples of one channel in a file.
type Segment struct {
	ID         waveform.SourceID
	Quality    byte // M, Q, D or R: of the first record
	Start, End time.Time
	SampleRate float64
	Samples    int64
	Hash       [32]byte // SHA-256 over its records, in order of time
	Extents    []Extent // in order of offset
}

// Index is what a file holds.
type Index struct {
	ContentHash [32]byte // SHA-256 of the file
	Records     int      // good ones
	Segments    []Segment
	Bad         []*mseed.BadRecordError // at most MaxBad; BadCount counts all
	BadCount    int
}

// MaxBad is how many bad stretches an Index describes.
const MaxBad = 100

// extentSpan bounds the bytes that one extent covers: what a reader reads to get
// at one record.
const extentSpan = 64 << 10

// Scan reads a miniSEED file whole, decoding every record to be sure of it, and
// keeps a few dozen bytes a record. Bad stretches are listed in the index; what is
// good around them is in its segments. The error is one of r.
func Scan(r io.Reader) (Index, error) {
	var ix Index
	sum := sha256.New()
	records := mseed.NewReader(io.TeeReader(r, sum))
	s := scan{channels: map[waveform.SourceID][]entry{}}
	for {
		rec, err := records.Next()
		var bad *mseed.BadRecordError
		switch {
		case err == nil:
			if err := s.add(rec); errors.As(err, &bad) {
				ix.addBad(bad)
			} else if err != nil {
				return Index{}, err
			} else {
				ix.Records++
			}
		case errors.Is(err, io.EOF):
			ix.Segments = s.segments()
			sum.Sum(ix.ContentHash[:0])
			return ix, nil
		case errors.As(err, &bad):
			ix.addBad(bad)
		default:
			return Index{}, err
		}
	}
}

func (ix *Index) addBad(b *mseed.BadRecordError) {
	ix.BadCount++
	if len(ix.Bad) < MaxBad {
		ix.Bad = append(ix.Bad, b)
	}
}

// entry is what a scan keeps of a record.
type entry struct {
	start   time.Time
	rate    float64
	samples int64
	offset  int64
	length  int32
	quality byte
	hash    [16]byte // of the record's bytes; enough to tell a change
}

type scan struct {
	channels map[waveform.SourceID][]entry
	samples  []float64
}

func (s *scan) add(r *mseed.Record) error {
	if r.Samples == 0 || !r.Encoding.Numeric() && r.SampleRate <= 0 {
		return nil // logs and empty records are no data
	}
	if r.SampleRate <= 0 {
		return &mseed.BadRecordError{Offset: r.Offset, Length: int64(r.Length), Err: mseed.ErrNoRate}
	}
	var err error
	if s.samples, err = r.DecodeFloat64(s.samples[:0]); err != nil {
		return err
	}
	h := sha256.Sum256(r.Bytes())
	e := entry{start: r.Start, rate: r.SampleRate, samples: int64(r.Samples), offset: r.Offset,
		length: int32(r.Length), quality: r.Quality}
	copy(e.hash[:], h[:])
	s.channels[r.ID] = append(s.channels[r.ID], e)
	return nil
}

// segments joins the records of each channel in order of time. A record continues
// the open segment whose next sample, counted from the segment's start, it is within half
// a sample of; so repeated records make segments of their own.
func (s *scan) segments() []Segment {
	var out []Segment
	for id, entries := range s.channels {
		slices.SortStableFunc(entries, func(a, b entry) int {
			return cmp.Or(a.start.Compare(b.start), cmp.Compare(a.offset, b.offset))
		})
		var open []*building
		for _, e := range entries {
			i := slices.IndexFunc(open, func(b *building) bool { return b.continuedBy(e) })
			if i < 0 {
				// What ended before this record cannot go on: the list stays short.
				open = slices.DeleteFunc(open, func(b *building) bool {
					ended := e.start.Sub(b.next()).Seconds()*b.rate > 1
					if ended {
						out = append(out, b.segment(id))
					}
					return ended
				})
				open = append(open, &building{rate: e.rate})
				i = len(open) - 1
			}
			open[i].add(e)
		}
		for _, b := range open {
			out = append(out, b.segment(id))
		}
	}
	slices.SortFunc(out, func(a, b Segment) int {
		return cmp.Or(a.ID.Compare(b.ID), a.Start.Compare(b.Start), bytes.Compare(a.Hash[:], b.Hash[:]))
	})
	return out
}

// building is a segment that records are still added to.
type building struct {
	rate    float64
	entries []entry
	samples int64
}

func (b *building) next() time.Time {
	return waveform.SampleTime(b.entries[0].start, b.rate, b.samples)
}

func (b *building) continuedBy(e entry) bool {
	return sameRate(b.rate, e.rate) && math.Abs(e.start.Sub(b.next()).Seconds()*b.rate) <= tolerance
}

func (b *building) add(e entry) {
	b.entries = append(b.entries, e)
	b.samples += e.samples
}

func (b *building) segment(id waveform.SourceID) Segment {
	first := b.entries[0]
	s := Segment{ID: id, Quality: first.quality, Start: first.start, SampleRate: b.rate, Samples: b.samples,
		End: waveform.SampleTime(first.start, b.rate, b.samples-1)}
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

// tolerance is how far, in samples, data may be from their place to be continuous.
const tolerance = 0.5

func sameRate(a, b float64) bool { return math.Abs(a-b) <= 1e-4*a }
