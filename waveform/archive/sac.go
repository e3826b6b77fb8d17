package archive

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/sac"
)

// Format is how the samples of a file are written down.
type Format string

// The formats that are read besides those of [CSS]. They are told by content.
const (
	MiniSEED Format = "miniSEED"
	SAC      Format = "SAC"
)

// ErrNotCounts: a SAC file says in IDEP that its samples are displacement, velocity or
// acceleration, or volts. What an archive holds is a digitizer's counts, which files have whose
// IDEP is undefined or unknown.
var ErrNotCounts = errors.New("the samples are no counts")

// scanSAC makes the index of a SAC file: one segment, of the whole file. What is wrong
// with it is in Bad; a file that is cut off or too long has its good samples all the same.
func scanSAC(r io.Reader) (Index, error) {
	ix := Index{Format: SAC}
	sum := sha256.New()
	body := &counter{Reader: io.TeeReader(r, sum)}
	tr, fault, err := readSAC(body)
	if err != nil {
		return Index{}, err
	}
	sum.Sum(ix.ContentHash[:0])
	if fault != nil {
		ix.addBad(&mseed.BadRecordError{Length: body.bytes, Err: fault})
	}
	if len(tr.Data) == 0 {
		return ix, nil
	}
	ix.Records = 1
	ix.Segments = []Segment{{ID: tr.ID, Start: tr.Start, End: tr.End(), SampleRate: tr.SampleRate, Samples: int64(len(tr.Data)),
		Hash: hashTrace(tr), Extents: []Extent{{Length: body.bytes, Start: tr.Start, End: tr.End()}}}}
	return ix, nil
}

// readSAC reads a file of counts. The fault is what is wrong with it; the error is one of r.
func readSAC(r io.Reader) (tr waveform.Trace, fault, err error) {
	f, err := sac.Read(r)
	var bad *sac.Error
	switch {
	case errors.As(err, &bad):
		fault = err
	case err != nil:
		return tr, nil, err
	}
	if f == nil {
		return tr, fault, nil
	}
	if d := f.Header.Dependent; d != sac.Undefined && d != sac.DependentUnknown {
		return tr, fmt.Errorf("sac: IDEP %s: %w", dependent(d), ErrNotCounts), nil
	}
	if tr, err = f.Trace(); err != nil {
		return waveform.Trace{}, err, nil
	}
	tr.Unit = waveform.Counts
	return tr, fault, nil
}

// counter counts the bytes that are read.
type counter struct {
	io.Reader
	bytes int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.bytes += int64(n)
	return n, err
}

// hashTrace is the SHA-256 of start, rate and samples.
func hashTrace(tr waveform.Trace) (h [32]byte) {
	b := binary.LittleEndian.AppendUint64(make([]byte, 0, 16+8*len(tr.Data)), uint64(tr.Start.UnixNano()))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(tr.SampleRate))
	for _, v := range tr.Data {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return sha256.Sum256(b)
}

// wholeSAC adds the samples of a SAC file in w.
func (r *Reader) wholeSAC(dst *Cut, w waveform.Window, s *Source) error {
	f, err := os.Open(s.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	in := &counter{Reader: f}
	tr, fault, err := readSAC(in)
	r.BytesRead += in.bytes
	if err != nil {
		return err
	}
	if fault == nil && tr.ID != s.ID {
		fault = fmt.Errorf("it holds %v now, and %v when it was loaded; load it again", tr.ID, s.ID)
	}
	if fault != nil {
		dst.bad(s.Path, &mseed.BadRecordError{Err: fault})
	}
	if tr.ID == s.ID {
		dst.add(tr, w)
	}
	return nil
}

// dependent is the name of a value of IDEP.
func dependent(d int) string {
	switch d {
	case sac.DependentDisplacement:
		return "IDISP"
	case sac.DependentVelocity:
		return "IVEL"
	case sac.DependentAcceleration:
		return "IACC"
	case sac.DependentVolts:
		return "IVOLTS"
	}
	return strconv.Itoa(d)
}
