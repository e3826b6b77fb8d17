package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
)

// Source is a segment in a file. Sources of lower Priority are trusted first.
type Source struct {
	Path     string
	Priority int
	Segment
}

// Cut is the data of one channel in a window. A Cut may be used again: its memory
// is.
type Cut struct {
	Traces  []waveform.Trace // continuous pieces, in order of time, in counts
	Differs bool             // overlapping data differed
	Bad     []Problem        // damaged records that overlap the window, or may
	line    timeline
}

// Problem is a damaged stretch of a file.
type Problem struct {
	Path string
	*mseed.BadRecordError
}

// Error names file, offset and reason.
func (p Problem) Error() string { return fmt.Sprintf("%s: %v", p.Path, p.BadRecordError) }

// Reader cuts windows out of files. It holds buffers and belongs to one
// goroutine.
type Reader struct {
	chunk   []byte
	samples []float64
}

// Read fills dst with the samples of channel id in w from the sources, which may
// hold other channels and times too. No data is no error. A file that cannot be
// opened or read is (an *fs.PathError); ctx is looked at between files.
func (r *Reader) Read(ctx context.Context, dst *Cut, id waveform.SourceID, w waveform.Window, sources []Source) error {
	dst.line.reset()
	dst.Bad = dst.Bad[:0]
	for _, s := range inOrder(id, w, sources) {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if err := r.source(dst, w, s); err != nil {
			return err
		}
	}
	dst.Traces, dst.Differs = dst.line.traces, dst.line.differs
	return nil
}

// inOrder gives the sources that matter, the most trusted first.
func inOrder(id waveform.SourceID, w waveform.Window, sources []Source) []*Source {
	var use []*Source
	for i := range sources {
		if s := &sources[i]; s.ID == id && s.Start.Before(w.Until) && !s.End.Before(w.From) {
			use = append(use, s)
		}
	}
	slices.SortStableFunc(use, func(a, b *Source) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(rank(a.Quality), rank(b.Quality)), a.Start.Compare(b.Start), strings.Compare(a.Path, b.Path))
	})
	return use
}

// rank orders qualities as archives trust them: M, Q, D, R.
func rank(q byte) int {
	if i := strings.IndexByte("MQDR", q); i >= 0 {
		return i
	}
	return 4
}

func (r *Reader) source(dst *Cut, w waveform.Window, s *Source) error {
	var f *os.File
	for _, x := range s.Extents {
		if !x.Start.Before(w.Until) || x.End.Before(w.From) {
			continue
		}
		if f == nil {
			var err error
			if f, err = os.Open(s.Path); err != nil {
				return err
			}
			defer f.Close()
		}
		if err := r.extent(dst, w, s, f, x); err != nil {
			return err
		}
	}
	return nil
}

// extent reads the records of one extent.
func (r *Reader) extent(dst *Cut, w waveform.Window, s *Source, f *os.File, x Extent) error {
	if x.Length < 0 || x.Length > 64<<20 {
		return fmt.Errorf("%s: extent at byte %d of %d bytes: the index is damaged; load the file again", s.Path, x.Offset, x.Length)
	}
	if int64(cap(r.chunk)) < x.Length {
		r.chunk = make([]byte, max(x.Length, extentSpan))
	}
	n, err := f.ReadAt(r.chunk[:x.Length], x.Offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if int64(n) < x.Length {
		dst.Bad = append(dst.Bad, Problem{s.Path, &mseed.BadRecordError{Offset: x.Offset + int64(n), Length: x.Length - int64(n),
			Err: errors.New("the file is shorter than when it was loaded; load it again")}})
	}
	for rec, err := range mseed.Records(r.chunk[:n], x.Offset) {
		var bad *mseed.BadRecordError
		if err == nil && rec.ID == s.ID && rec.Start.Before(w.Until) && !rec.End().Before(w.From) {
			err = r.record(dst, w, &rec)
		}
		if errors.As(err, &bad) {
			dst.Bad = append(dst.Bad, Problem{s.Path, bad})
		} else if err != nil {
			return err
		}
	}
	return nil
}

// record decodes a record and adds its samples in w.
func (r *Reader) record(dst *Cut, w waveform.Window, rec *mseed.Record) error {
	if rec.Samples == 0 || rec.SampleRate <= 0 {
		return nil
	}
	var err error
	if r.samples, err = rec.DecodeFloat64(r.samples[:0]); err != nil {
		return err
	}
	tr := waveform.Trace{ID: rec.ID, Start: rec.Start, SampleRate: rec.SampleRate, Unit: waveform.Counts, Data: r.samples}
	from, until := tr.Range(w)
	if until == from {
		return nil
	}
	tr.Start, tr.Data = tr.Time(from), tr.Data[from:until]
	dst.line.insert(tr)
	return nil
}

// Rate is the sample rate of channel id at a time: that of the most trusted
// source that holds the time, else of the most trusted one in w, else 0.
func Rate(id waveform.SourceID, at time.Time, w waveform.Window, sources []Source) float64 {
	use := inOrder(id, w, sources)
	for _, s := range use {
		if !at.Before(s.Start) && !at.After(s.End) {
			return s.SampleRate
		}
	}
	if len(use) > 0 {
		return use[0].SampleRate
	}
	return 0
}
