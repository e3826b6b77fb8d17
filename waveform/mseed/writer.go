package mseed

import (
	"fmt"
	"io"
	"math"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// WriteOptions says how traces become records. The zero value is ready.
type WriteOptions struct {
	// Encoding of the payload. The zero value stands for the smallest that holds
	// every sample exactly: STEIM2, or INT32 where a step takes more than 30
	// bits, or FLOAT64 where a sample is no 32-bit integer.
	Encoding Encoding
	// RecordLength in bytes, a power of two from 256 to 65536; default 512.
	RecordLength int
	// Quality is D, R, Q or M; default D.
	Quality byte
	// TimingQuality in percent, 0 to 100; default 0.
	TimingQuality int
	// Sequence is the number of the first record; default 1. After 999999 comes 1.
	Sequence int
}

func (o WriteOptions) withDefaults() (WriteOptions, error) {
	if o.RecordLength == 0 {
		o.RecordLength = 512
	}
	if o.Quality == 0 {
		o.Quality = 'D'
	}
	if o.Sequence == 0 {
		o.Sequence = 1
	}
	switch n := o.RecordLength; {
	case n < 256 || n > 65536 || n&(n-1) != 0:
		return o, fmt.Errorf("mseed: record length %d: want a power of two from 256 to 65536", n)
	case !isQuality(o.Quality):
		return o, fmt.Errorf("mseed: quality %q: want D, R, Q or M", o.Quality)
	case o.TimingQuality < 0 || o.TimingQuality > 100:
		return o, fmt.Errorf("mseed: timing quality %d: want 0 to 100", o.TimingQuality)
	case o.Sequence < 0 || o.Sequence > maxSequence:
		return o, fmt.Errorf("mseed: sequence number %d: want 1 to %d", o.Sequence, maxSequence)
	case o.Encoding != 0 && !o.Encoding.Numeric():
		return o, fmt.Errorf("mseed: %w", &UnsupportedEncodingError{o.Encoding, "output"})
	}
	return o, nil
}

const maxSequence = 999999

// Writer writes traces as big endian records of miniSEED 2, each with blockettes 1000
// and 1001, and 100 where the header's factor and multiplier cannot express the
// rate. The same traces give the same bytes. It is not for concurrent use.
type Writer struct {
	w        io.Writer
	opt      WriteOptions
	sequence int
	record   []byte
}

// NewWriter checks the options.
func NewWriter(w io.Writer, opt WriteOptions) (*Writer, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	return &Writer{w: w, opt: opt, sequence: opt.Sequence, record: make([]byte, opt.RecordLength)}, nil
}

// Write writes one trace to w.
func Write(w io.Writer, tr waveform.Trace, opt WriteOptions) error {
	out, err := NewWriter(w, opt)
	if err != nil {
		return err
	}
	return out.Write(tr)
}

// Write writes one trace as whole records, one Write of the underlying writer each. A
// trace without samples gives none. A trace that cannot be written exactly is refused before
// its first record: codes too long, a rate that is not a positive number,
// samples that the encoding cannot hold. Times are rounded to a microsecond.
func (w *Writer) Write(tr waveform.Trace) error {
	if len(tr.Data) == 0 {
		return nil
	}
	head, err := w.header(tr)
	if err != nil {
		return fmt.Errorf("mseed: writing %v: %w", tr.ID, err)
	}
	src, err := packer(tr.Data, w.opt.Encoding)
	if err != nil {
		return fmt.Errorf("mseed: writing %v: %w", tr.ID, err)
	}
	head.encoding = src.encoding()
	for done := 0; done < len(tr.Data); {
		clear(w.record)
		n := src.pack(w.record[head.dataOffset():], done)
		head.put(w.record, tr.Time(done), w.sequence, n)
		if _, err := w.w.Write(w.record); err != nil {
			return fmt.Errorf("mseed: writing %v: %w", tr.ID, err)
		}
		done += n
		w.sequence = w.sequence%maxSequence + 1
	}
	return nil
}

// header checks what all records of a trace have in common.
func (w *Writer) header(tr waveform.Trace) (recordHeader, error) {
	h := recordHeader{quality: w.opt.Quality, timingQuality: uint8(w.opt.TimingQuality), rate: tr.SampleRate}
	if err := h.setID(tr.ID); err != nil {
		return h, err
	}
	if !(tr.SampleRate > 0) || float64(float32(tr.SampleRate)) <= 0 || tr.SampleRate > math.MaxFloat32 {
		return h, fmt.Errorf("sample rate %g Hz cannot be written", tr.SampleRate)
	}
	if span := float64(len(tr.Data)) / tr.SampleRate; span > maxSpan {
		return h, fmt.Errorf("%d samples at %g Hz span more than %g s", len(tr.Data), tr.SampleRate, maxSpan)
	}
	for _, t := range []time.Time{tr.Start, tr.End().Add(time.Millisecond)} {
		if y := t.UTC().Year(); y < firstYear || y > lastYear {
			return h, fmt.Errorf("year %d: want %d to %d", y, firstYear, lastYear)
		}
	}
	h.factor, h.multiplier, h.blockette100 = rateFields(tr.SampleRate)
	return h, nil
}
