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
	Format   Format // "" is MiniSEED
	Priority int    // 0 before 1
	Segment
}

// Cut is the data of one channel in a window. A Cut may be used again: its memory
// is, and the traces of its last use are lost.
type Cut struct {
	Traces  []waveform.Trace // continuous pieces, in order of time, in counts
	Differs bool             // overlapping data differed
	Remarks mseed.Remarks    // what the headers say of the records with samples here, also of hidden ones
	Bad     []Problem        // damaged records that overlap the window, or may; at most MaxBad
	line    timeline
}

// maxPieces is how many continuous pieces of a window are of use. Reading ends with
// the extent that brings more.
const maxPieces = 1000

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
	// BytesRead counts what was read of files, by all calls so far.
	BytesRead int64

	chunk   []byte
	samples []float64
}

// Read fills dst with the samples of channel id in w from the sources, which may
// hold other channels and times too; w is half open, and no side of it may be
// without a time. No data is no error. A file that cannot be
// opened or read is (an *fs.PathError), and so is an index that cannot be; dst has no
// traces then. ctx is looked at before every stretch of a file; where it has ended, the
// error is context.Cause of it.
func (r *Reader) Read(ctx context.Context, dst *Cut, id waveform.SourceID, w waveform.Window, sources []Source) error {
	dst.line.reset()
	dst.Traces, dst.Differs, dst.Bad, dst.Remarks = nil, false, dst.Bad[:0], mseed.Remarks{}
	for _, s := range inOrder(id, w, sources) {
		if err := r.source(ctx, dst, w, s); err != nil {
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
		if s := &sources[i]; s.ID == id && touches(s.Start, s.End, s.SampleRate, w) {
			use = append(use, s)
		}
	}
	slices.SortStableFunc(use, func(a, b *Source) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(rank(a.Quality), rank(b.Quality)), a.Start.Compare(b.Start), strings.Compare(a.Path, b.Path))
	})
	return use
}

// touches reports whether data from start to end may have samples in w. It allows for
// a sample at either side, so that only the samples' own times decide.
func touches(start, end time.Time, rate float64, w waveform.Window) bool {
	slack := time.Duration(1e9 / max(rate, 0.1))
	return start.Before(w.Until.Add(slack)) && !end.Before(w.From.Add(-slack))
}

// rank orders qualities as archives trust them: M, Q, D, R.
func rank(q byte) int {
	if i := strings.IndexByte("MQDR", q); i >= 0 {
		return i
	}
	return 4
}

func (r *Reader) source(ctx context.Context, dst *Cut, w waveform.Window, s *Source) error {
	if s.Format == SAC {
		return r.wholeSAC(dst, w, s)
	}
	var f *os.File
	for _, x := range s.Extents {
		if !touches(x.Start, x.End, s.SampleRate, w) {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if len(dst.line.traces) > maxPieces {
			dst.bad(s.Path, &mseed.BadRecordError{Offset: x.Offset, Length: x.Length,
				Err: fmt.Errorf("not read: the window has more than %d pieces of data already", maxPieces)})
			return nil
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

// maxExtent is the longest extent: one record may be a megabyte.
const maxExtent = 1 << 20

// extent reads the records, or plain samples, of one extent.
func (r *Reader) extent(dst *Cut, w waveform.Window, s *Source, f *os.File, x Extent) error {
	if x.Offset < 0 || x.Length < 0 || x.Length > maxExtent {
		return fmt.Errorf("%s: extent at byte %d of %d bytes: the index is damaged; load the file again", s.Path, x.Offset, x.Length)
	}
	if int64(cap(r.chunk)) < x.Length {
		r.chunk = make([]byte, max(x.Length, extentSpan))
	}
	n, err := f.ReadAt(r.chunk[:x.Length], x.Offset)
	r.BytesRead += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if int64(n) < x.Length {
		dst.bad(s.Path, &mseed.BadRecordError{Offset: x.Offset + int64(n), Length: x.Length - int64(n),
			Err: errors.New("the file is shorter than when it was loaded; load it again")})
	}
	if datatype, ok := s.Format.datatype(); ok {
		return r.plain(dst, w, s, datatype, x, r.chunk[:n])
	}
	for rec, err := range mseed.Records(r.chunk[:n], x.Offset) {
		if err == nil && s.holds(&rec) && touches(rec.Start, rec.End(), rec.SampleRate, w) {
			err = r.record(dst, w, &rec)
		}
		if err == nil {
			continue
		}
		var bad *mseed.BadRecordError
		if !errors.As(err, &bad) {
			return err
		}
		dst.bad(s.Path, bad)
	}
	return nil
}

// holds reports whether a record between the source's own may be one of them: those of
// another quality are a source of their own, with a rank of its own.
func (s *Source) holds(rec *mseed.Record) bool {
	return rec.ID == s.ID && (s.Quality == 0 || rec.Quality == s.Quality)
}

func (c *Cut) bad(path string, b *mseed.BadRecordError) {
	if len(c.Bad) < MaxBad {
		c.Bad = append(c.Bad, Problem{path, b})
	}
}

// record decodes a record and adds its samples in w.
func (r *Reader) record(dst *Cut, w waveform.Window, rec *mseed.Record) error {
	if rec.Samples == 0 || rec.SampleRate <= 0 || rec.Encoding == mseed.ASCII {
		return nil
	}
	var err error
	if r.samples, err = rec.DecodeFloat64(r.samples[:0]); err != nil {
		return err
	}
	if dst.add(waveform.Trace{ID: rec.ID, Start: rec.Start, SampleRate: rec.SampleRate, Unit: waveform.Counts, Data: r.samples}, w) {
		dst.Remarks.Add(rec)
	}
	return nil
}

// add adds the samples of tr in w, and reports whether there are any.
func (c *Cut) add(tr waveform.Trace, w waveform.Window) bool {
	from, until := tr.Range(w)
	if until == from {
		return false
	}
	tr.Start, tr.Data = tr.Time(from), tr.Data[from:until]
	c.line.insert(tr)
	return true
}

// Size is how many bytes of the sources [Reader.Read] reads for channel id in w, where
// nothing is damaged.
func Size(id waveform.SourceID, w waveform.Window, sources []Source) int64 {
	var n int64
	for _, s := range inOrder(id, w, sources) {
		for _, x := range s.Extents {
			if s.Format == SAC || touches(x.Start, x.End, s.SampleRate, w) {
				n += x.Length
			}
		}
	}
	return n
}

// Rate is the sample rate (Hz) of channel id at a time: that of the most trusted
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
