package sac

import (
	"fmt"
	"math"
	"strings"

	"github.com/seisbatch/seisbatch/waveform"
)

// Trace is an evenly spaced time series as a trace with absolute time, whose data
// are the samples, unscaled. The unit is unknown: IDEP does not tell it, and
// whoever knows the source may set it. The start is NZ* + B; it and the sample rate are
// of the decimal numbers that B and DELTA stand for: see Times in the documentation of
// the package.
//
// Anything else is an [*Error]: it wraps [*NotSeriesError] for other types of files, and
// [ErrNoTime] where the reference time is undefined.
func (f *File) Trace() (waveform.Trace, error) {
	h := &f.Header
	tr := waveform.Trace{ID: h.ID()}
	if h.Type != TimeSeries || h.Even != 1 {
		at, name := int64(typeAt), "IFTYPE"
		if h.Type == TimeSeries {
			at, name = evenAt, "LEVEN"
		}
		return tr, &Error{name, at, &NotSeriesError{h.Type, h.Even}}
	}
	if err := h.checkCodes(); err != nil {
		return tr, err
	}
	if tr.SampleRate = rateOf(h.Delta); math.IsNaN(tr.SampleRate) {
		return tr, &Error{"DELTA", 0, fmt.Errorf("interval %g s: want a positive number", h.Delta)}
	}
	if math.IsNaN(h.Begin) {
		return tr, &Error{"B", 4 * beginWord, fmt.Errorf("%w: the time of the first sample is undefined", ErrNoTime)}
	}
	start, err := h.At(h.Begin)
	if err != nil {
		return tr, err
	}
	if span := float64(len(f.Data)) / tr.SampleRate; span > farthest {
		return tr, &Error{"DELTA", 0, fmt.Errorf("%d samples every %g s span more than %g s", len(f.Data), h.Delta, farthest)}
	}
	tr.Start = start
	tr.Data = make([]float64, len(f.Data))
	for i, v := range f.Data {
		tr.Data[i] = float64(v)
	}
	return tr, nil
}

const beginWord = 5

// checkCodes makes sure that the codes of the channel are printable.
func (h *Header) checkCodes() error {
	texts := h.texts()
	for _, i := range []int{0, 2, 19, 20} {
		if strings.IndexFunc(*texts[i], func(r rune) bool { return r < ' ' || r > '~' }) >= 0 {
			at, _ := textSpan(i)
			return &Error{nameOf(textNames, i), int64(at), fmt.Errorf("%q is no code", *texts[i])}
		}
	}
	return nil
}

// Options says how a trace becomes a file. The zero value is ready.
type Options struct {
	// Version of the header, 6 or 7. The zero value stands for 6 where this holds start and
	// sample rate exactly, else for 7, which fewer programs can read.
	Version int
	// BigEndian is the byte order; default little endian.
	BigEndian bool
}

// NewFile makes a file of a trace, to be completed and written with
// [File.WriteTo]. The reference time is the start, to the millisecond, and B the
// rest. IDEP is unknown, whatever the unit; times and statistics of the data are filled in.
//
// Samples are rounded to float32, but not counts: those that float32 does not
// hold exactly, beyond 2^24, are an error, as is an overflow. With version 6 asked for, DELTA is
// rounded to float32, and a trace whose last sample that would move by more than
// half a sample is refused. With version 7, rate and interval agree to a unit in the
// last place of a double. Codes that are too long are an error.
func NewFile(tr waveform.Trace, o Options) (*File, error) {
	f, err := newFile(tr, o)
	if err != nil {
		return nil, fmt.Errorf("sac: writing %v: %w", tr.ID, err)
	}
	return f, nil
}

func newFile(tr waveform.Trace, o Options) (*File, error) {
	if o.Version != 0 && o.Version != 6 && o.Version != 7 {
		return nil, &UnsupportedVersionError{o.Version}
	}
	if len(tr.Data) > math.MaxInt32 {
		return nil, fmt.Errorf("%d samples are more than NPTS holds", len(tr.Data))
	}
	f := &File{Header: NewHeader(), BigEndian: o.BigEndian}
	h := &f.Header
	h.Network, h.Station, h.Hole, h.Channel = tr.ID.Network, tr.ID.Station, tr.ID.Location, tr.ID.Channel
	if err := h.checkCodes(); err != nil {
		return nil, err
	}
	h.Dependent, h.PositivePolarity, h.Overwrite, h.CalculateDistance = DependentUnknown, 0, 1, 1
	if err := h.setTimes(tr, o.Version); err != nil {
		return nil, err
	}
	if err := f.setData(tr); err != nil {
		return nil, err
	}
	return f, h.fits()
}

// setTimes sets the variables of time, and the version that holds them.
func (h *Header) setTimes(tr waveform.Trace, version int) error {
	if !(tr.SampleRate > 0) || math.IsInf(tr.SampleRate, 1) {
		return fmt.Errorf("sample rate %g Hz cannot be written", tr.SampleRate)
	}
	h.Reference = NewReference(tr.Start)
	zero, err := h.Reference.Time()
	if err != nil {
		return fmt.Errorf("start %v: %w", tr.Start, err)
	}
	h.Delta, h.Begin = 1/tr.SampleRate, tr.Start.Sub(zero).Seconds()
	if h.ReferenceType = ReferenceUnknown; h.Begin == 0 {
		h.ReferenceType = ReferenceBegin
	}
	last := float64(max(0, len(tr.Data)-1))
	h.End = h.Begin + last/tr.SampleRate
	rate := rateOf(float64(float32(h.Delta)))
	switch {
	case version != 0:
		h.Version = version
	case rate != tr.SampleRate:
		h.Version = 7
	}
	if h.Version == 6 && !(math.Abs(last/rate-last/tr.SampleRate)*tr.SampleRate <= 0.5) {
		return fmt.Errorf("%g Hz in a float32 interval moves the last of %d samples by more than half a sample: take version 7", tr.SampleRate, len(tr.Data))
	}
	if span := float64(len(tr.Data)) / tr.SampleRate; span > farthest {
		return fmt.Errorf("%d samples at %g Hz span more than %g s", len(tr.Data), tr.SampleRate, farthest)
	}
	return nil
}

// setData sets the samples and their statistics.
func (f *File) setData(tr waveform.Trace) error {
	if len(tr.Data) == 0 {
		return nil
	}
	f.Data = make([]float32, len(tr.Data))
	lowest, highest, sum := math.Inf(1), math.Inf(-1), 0.0
	for i, v := range tr.Data {
		w := float32(v)
		if math.IsInf(float64(w), 0) && !math.IsInf(v, 0) || tr.Unit == waveform.Counts && float64(w) != v {
			return fmt.Errorf("sample %d: float32 does not hold %v", i, v)
		}
		f.Data[i] = w
		lowest, highest, sum = min(lowest, v), max(highest, v), sum+v
	}
	f.Header.Min, f.Header.Max, f.Header.Mean = lowest, highest, sum/float64(len(tr.Data))
	return nil
}
