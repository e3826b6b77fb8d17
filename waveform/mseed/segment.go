package mseed

import (
	"errors"
	"io"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// Segment is continuous data of one channel, joined from records. Exactly one of
// the three slices has samples: integers of all encodings are in Int32.
type Segment struct {
	ID         waveform.SourceID
	Start      time.Time // of the first sample
	SampleRate float64   // Hz, of the first record
	Encoding   Encoding  // of the first record
	Quality    byte      // of the first record
	Remarks    Remarks   // of all its records

	// ExtraHeaders is the JSON of its first record that has any, copied, as it is in the file and not
	// checked; nil where none has, as in miniSEED 2.
	ExtraHeaders []byte

	Int32   []int32
	Float32 []float32
	Float64 []float64
}

// Samples is the number of samples.
func (s *Segment) Samples() int { return len(s.Int32) + len(s.Float32) + len(s.Float64) }

// End is the time of the last sample, from its index.
func (s *Segment) End() time.Time {
	return waveform.SampleTime(s.Start, s.SampleRate, int64(max(0, s.Samples()-1)))
}

// Trace is the segment in floating point, which holds every sample exactly. Its
// data are the segment's own if that is float64. The unit is counts for
// integers, and not known for the rest.
func (s *Segment) Trace() waveform.Trace {
	t := waveform.Trace{ID: s.ID, Start: s.Start, SampleRate: s.SampleRate, Data: s.Float64}
	switch {
	case s.Int32 != nil:
		t.Unit, t.Data = waveform.Counts, widen(s.Int32)
	case s.Float32 != nil:
		t.Data = widen(s.Float32)
	}
	return t
}

func widen[T int32 | float32](s []T) []float64 {
	out := make([]float64, len(s))
	for i, v := range s {
		out[i] = float64(v)
	}
	return out
}

// Segments reads all of src and joins its numeric records with an [Assembler].
// Bad stretches, and records that cannot be decoded, are returned apart, in file
// order; logs and records without samples are passed over. The error is one of src; what was read before it is returned
// all the same.
func Segments(src io.Reader) ([]Segment, []*BadRecordError, error) {
	var a Assembler
	faults, err := eachRecord(src, func(r *Record) error {
		if isSeries(r) {
			return a.Add(r)
		}
		return nil
	})
	return a.Segments(), faults, err
}

// eachRecord calls add with every record of src, in file order, and collects bad stretches and
// the records that add finds bad. The error is one of src.
func eachRecord(src io.Reader, add func(*Record) error) ([]*BadRecordError, error) {
	var faults []*BadRecordError
	in := NewReader(src)
	for {
		r, err := in.Next()
		if err == nil {
			err = add(r)
		}
		if err == nil {
			continue
		}
		var bad *BadRecordError
		switch {
		case errors.As(err, &bad):
			faults = append(faults, bad)
		case err == io.EOF:
			return faults, nil
		default:
			return faults, err
		}
	}
}

// isSeries tells a piece of a time series from logs and empty records.
func isSeries(r *Record) bool { return r.Samples > 0 && r.Encoding != ASCII }
