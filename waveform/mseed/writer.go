package mseed

import (
	"fmt"
	"io"
	"math"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// Writer writes traces as records of miniSEED 2, big endian, each with blockettes 1000
// and, but where the timing quality is not known, 1001, and 100 where the header's factor and multiplier cannot express the
// rate; or as records of miniSEED 3. The same traces give the same bytes. It is not for concurrent use.
// It keeps a record, and the longest trace so far as 32-bit integers, and allocates
// nothing for each record.
type Writer struct {
	w        io.Writer
	opt      WriteOptions
	extra    []byte // headers of each record of miniSEED 3
	sequence int
	record   []byte
	integers []int32 // of a trace; grows to the longest
}

// NewWriter checks the options.
func NewWriter(w io.Writer, opt WriteOptions) (*Writer, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	return &Writer{w: w, opt: opt, extra: opt.extra(), sequence: opt.Sequence, record: make([]byte, opt.RecordLength)}, nil
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
// samples that the encoding cannot hold. Times are rounded to a microsecond, in miniSEED 3 not at all.
func (w *Writer) Write(tr waveform.Trace) error {
	if len(tr.Data) == 0 {
		return nil
	}
	if err := checkSpan(tr); err != nil {
		return fmt.Errorf("mseed: writing %v: %w", tr.ID, err)
	}
	src, err := packer(tr.Data, w.opt.Encoding, &w.integers)
	if err == nil {
		err = w.write(tr.ID, tr.SampleRate, src, len(tr.Data), tr.Time)
	}
	if err != nil {
		return fmt.Errorf("mseed: writing %v: %w", tr.ID, err)
	}
	return nil
}

// WriteText writes text, a log of a station for one, as records of encoding ASCII,
// without a rate and all with the same time. Empty text gives none. In miniSEED 2 it should be ASCII, in 3
// UTF-8; the bytes are written as they are. The Encoding of the options does not matter.
func (w *Writer) WriteText(id waveform.SourceID, at time.Time, text string) error {
	err := checkYear(at)
	if err == nil {
		err = w.write(id, 0, packText(text), len(text), func(int) time.Time { return at })
	}
	if err != nil {
		return fmt.Errorf("mseed: writing %v: %w", id, err)
	}
	return nil
}

// framing puts headers around payloads.
type framing interface {
	// dataOffset is where the payload starts in a record.
	dataOffset() int
	// finish makes a record of b, with a payload of so many samples and bytes at
	// dataOffset, and zeros besides. It returns the record, at the start of b.
	finish(b []byte, start time.Time, sequence, samples, size int) []byte
}

// write writes all n samples of src, whose times are given.
func (w *Writer) write(id waveform.SourceID, rate float64, src payload, n int, at func(int) time.Time) error {
	head, err := w.framing(id, rate, src.encoding())
	if err != nil {
		return err
	}
	for done := 0; done < n; {
		clear(w.record)
		samples, size := src.pack(w.record[head.dataOffset():], done)
		record := head.finish(w.record, at(done), w.sequence, samples, size)
		if _, err := w.w.Write(record); err != nil {
			return err
		}
		done += samples
		w.sequence = w.sequence%maxSequence + 1
	}
	return nil
}

// framing checks what all records of a trace have in common.
func (w *Writer) framing(id waveform.SourceID, rate float64, e Encoding) (framing, error) {
	if w.opt.Version == 3 {
		h := &header3{extra: w.extra, encoding: e, rate: rate, publication: uint8(w.opt.PublicationVersion)}
		var err error
		h.identifier, err = formatIdentifier(id)
		if room := w.opt.RecordLength - h.dataOffset(); err == nil && room < frameSize {
			err = fmt.Errorf("record length %d leaves %d bytes for the payload", w.opt.RecordLength, room)
		}
		return h, err
	}
	h := &recordHeader{quality: w.opt.Quality, timingQuality: w.opt.TimingQuality, encoding: e, rate: rate}
	if err := h.setID(id); err != nil {
		return nil, err
	}
	if rate == 0 { // text
		return h, nil
	}
	if float64(float32(rate)) <= 0 || rate > math.MaxFloat32 {
		return nil, fmt.Errorf("sample rate %g Hz cannot be written", rate)
	}
	h.factor, h.multiplier, h.blockette100 = rateFields(rate)
	return h, nil
}

// checkSpan refuses traces whose rate or times no record can have.
func checkSpan(tr waveform.Trace) error {
	if !(tr.SampleRate > 0) || math.IsInf(tr.SampleRate, 0) {
		return fmt.Errorf("sample rate %g Hz cannot be written", tr.SampleRate)
	}
	if span := float64(len(tr.Data)) / tr.SampleRate; span > maxSpan {
		return fmt.Errorf("%d samples at %g Hz span more than %g s", len(tr.Data), tr.SampleRate, maxSpan)
	}
	if err := checkYear(tr.Start); err != nil {
		return err
	}
	return checkYear(tr.End().Add(time.Millisecond))
}

func checkYear(t time.Time) error {
	if y := t.UTC().Year(); y < firstYear || y > lastYear {
		return fmt.Errorf("year %d: want %d to %d", y, firstYear, lastYear)
	}
	return nil
}
