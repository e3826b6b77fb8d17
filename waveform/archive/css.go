package archive

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/css"
	"github.com/seisbatch/seisbatch/waveform/mseed"
)

// cssPrefix is what formats of plain samples begin with.
const cssPrefix = "css/"

// CSS is the format of files of plain samples, of a datatype of the schema CSS 3.0: css/s4
// for one. They have no headers: where samples are and of what channel and time they
// are, a wfdisc table says.
func CSS(datatype string) Format { return Format(cssPrefix + datatype) }

// datatype is that of a format of plain samples.
func (f Format) datatype() (datatype string, ok bool) {
	return strings.CutPrefix(string(f), cssPrefix)
}

// cssExtent is how many samples one extent covers.
const cssExtent = 8192

// IndexCSS makes the index of a file of plain samples, of so many bytes, from the rows of
// wfdisc that name it. All must be of one datatype that package css decodes, or the error is a
// [*css.DatatypeError]; others are of r. A row that goes beyond the end of the file is in Bad,
// and its samples that are there are used. Records counts the rows that have any.
func IndexCSS(r io.ReaderAt, size int64, rows []css.Segment) (Index, error) {
	if len(rows) == 0 {
		return Index{}, nil
	}
	width, err := sampleWidth(rows)
	if err != nil {
		return Index{}, err
	}
	ix := Index{Format: CSS(rows[0].Datatype)}
	sum := sha256.New()
	for _, row := range rows {
		there := max(0, min(row.Samples, (size-row.Offset)/width))
		if there < row.Samples {
			ix.addBad(&mseed.BadRecordError{Offset: row.Offset, Length: row.Samples * width,
				Err: fmt.Errorf("wfdisc has %d samples of %v here, of which %d are in the file", row.Samples, row.ID, there)})
		}
		if there == 0 {
			continue
		}
		s, err := cssSegment(r, row, there, width)
		if err != nil {
			return Index{}, err
		}
		ix.Records++
		ix.Segments = append(ix.Segments, s)
		describe(sum, row)
		sum.Write(s.Hash[:])
	}
	sum.Sum(ix.ContentHash[:0])
	return ix, nil
}

// sampleWidth is the bytes of a sample of the only datatype of the rows.
func sampleWidth(rows []css.Segment) (int64, error) {
	for _, row := range rows {
		if row.Datatype != rows[0].Datatype {
			return 0, &css.DatatypeError{Datatype: rows[0].Datatype + " and " + row.Datatype + " in one file"}
		}
	}
	const bytes = 48 // whole samples of every width: 2, 3, 4 and 8
	samples, err := css.Decode(nil, make([]byte, bytes), rows[0].Datatype)
	if err != nil {
		return 0, err
	}
	return bytes / int64(len(samples)), nil
}

// describe writes what a row says of its samples, so that a hash tells a change of it.
func describe(sum hash.Hash, row css.Segment) {
	fmt.Fprintf(sum, "%v %d %v %s %d;", row.ID, row.Start.UnixNano(), row.SampleRate, row.Datatype, row.Offset)
}

// cssSegment is a row's segment, of so many samples.
func cssSegment(r io.ReaderAt, row css.Segment, samples, width int64) (Segment, error) {
	at := func(sample int64) time.Time { return waveform.SampleTime(row.Start, row.SampleRate, sample) }
	s := Segment{ID: row.ID, Start: row.Start, End: at(samples - 1), SampleRate: row.SampleRate, Samples: samples}
	for first := int64(0); first < samples; first += cssExtent {
		n := min(cssExtent, samples-first)
		s.Extents = append(s.Extents, Extent{Offset: row.Offset + first*width, Length: n * width, Start: at(first), End: at(first + n - 1)})
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(r, row.Offset, samples*width)); err != nil {
		return s, err
	}
	row.Offset = 0 // where samples lie is no part of what they are
	describe(sum, row)
	sum.Sum(s.Hash[:0])
	return s, nil
}

// plain adds the samples of an extent without headers.
func (r *Reader) plain(dst *Cut, w waveform.Window, s *Source, datatype string, x Extent, raw []byte) error {
	var err error
	if r.samples, err = css.Decode(r.samples[:0], raw, datatype); err != nil {
		return fmt.Errorf("%s: %w: the index is damaged; load the file again", s.Path, err)
	}
	dst.add(waveform.Trace{ID: s.ID, Start: x.Start, SampleRate: s.SampleRate, Unit: waveform.Counts, Data: r.samples}, w)
	return nil
}
