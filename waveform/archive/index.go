package archive

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"io"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/sac"
)

// Extent is a stretch of a file that holds records of one segment, and the time
// that these cover. Other records may lie between them.
type Extent struct {
	Offset, Length int64     // bytes
	Start, End     time.Time // of the first and the last sample
}

// Segment is a continuous run of samples of one channel in a file.
type Segment struct {
	ID         waveform.SourceID
	Quality    byte      // M, Q, D or R: of all its records; 0 in a SAC file
	Start, End time.Time // of the first and the last sample
	SampleRate float64   // Hz
	Samples    int64
	Hash       [32]byte // SHA-256 over its records, in order of time
	Extents    []Extent // in order of offset
}

// Index is what a file holds.
type Index struct {
	Format      Format
	ContentHash [32]byte // SHA-256 of the file
	Records     int      // good ones; a SAC file counts as one
	Segments    []Segment
	Bad         []*mseed.BadRecordError // at most MaxBad; BadCount counts all
	BadCount    int
}

// MaxBad is how many bad stretches an Index describes.
const MaxBad = 100

// extentSpan bounds the bytes that one extent covers: what a reader reads to get
// at one record.
const extentSpan = 64 << 10

// Scan reads a file whole: a SAC file, if its first bytes say so, else miniSEED, of
// which it decodes every record to be sure of it, and keeps a few dozen bytes a record. Bad
// stretches are listed in the index; what is good around them is in its segments. The error
// is one of r. It may be called concurrently for different files.
func Scan(r io.Reader) (Index, error) {
	b := bufio.NewReaderSize(r, sac.SniffSize)
	head, err := b.Peek(sac.SniffSize)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return Index{}, err
	case sac.Sniff(head):
		return scanSAC(b)
	}
	return scanMiniSEED(b)
}

func scanMiniSEED(r io.Reader) (Index, error) {
	ix := Index{Format: MiniSEED}
	sum := sha256.New()
	records := mseed.NewReader(io.TeeReader(r, sum))
	s := scan{rows: map[row][]entry{}}
	for {
		rec, err := records.Next()
		if errors.Is(err, io.EOF) {
			ix.Segments = s.segments()
			sum.Sum(ix.ContentHash[:0])
			return ix, nil
		}
		if err == nil {
			err = s.add(rec)
		}
		if err == nil {
			ix.Records++
			continue
		}
		var bad *mseed.BadRecordError
		if !errors.As(err, &bad) {
			return Index{}, err
		}
		ix.addBad(bad)
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
	hash    [16]byte // of the record's bytes; enough to tell a change
}

// row is what records must have in common to be in one segment.
type row struct {
	id      waveform.SourceID
	quality byte
}

type scan struct {
	rows    map[row][]entry
	samples []float64
}

func (s *scan) add(r *mseed.Record) error {
	if r.Samples == 0 || r.Encoding == mseed.ASCII || !r.Encoding.Numeric() && r.SampleRate <= 0 {
		return nil // logs, some of which have a rate, and empty records are no data
	}
	if r.SampleRate <= 0 {
		return &mseed.BadRecordError{Offset: r.Offset, Length: int64(r.Length), Err: mseed.ErrNoRate}
	}
	var err error
	if s.samples, err = r.DecodeFloat64(s.samples[:0]); err != nil {
		return err
	}
	h := sha256.Sum256(r.Bytes())
	e := entry{start: r.Start, rate: r.SampleRate, samples: int64(r.Samples), offset: r.Offset, length: int32(r.Length)}
	copy(e.hash[:], h[:])
	of := row{r.ID, r.Quality}
	s.rows[of] = append(s.rows[of], e)
	return nil
}
