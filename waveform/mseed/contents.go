package mseed

import (
	"io"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// Contents is all that a file of records holds.
type Contents struct {
	Segments []Segment         // by channel and start time
	Texts    []Text            // in file order
	Faults   []*BadRecordError // bad stretches, and records that cannot be decoded, in file order

	Version2, Version3 int // good headers of either version
}

// Text is the content of one record of text, a log for the most part.
type Text struct {
	ID      waveform.SourceID
	Start   time.Time
	Content string
	Offset  int64 // of the record in its file
}

// ReadAll reads all of src and joins its numeric records with an [Assembler].
// Records of text are kept apart; records without samples count, and have nothing to keep. The
// error is one of src; what was read before it is returned all the same.
func ReadAll(src io.Reader) (Contents, error) {
	var c Contents
	var a Assembler
	var err error
	c.Faults, err = eachRecord(src, func(r *Record) error { return c.add(&a, r) })
	c.Segments = a.Segments()
	return c, err
}

func (c *Contents) add(a *Assembler, r *Record) error {
	if r.Version == 3 {
		c.Version3++
	} else {
		c.Version2++
	}
	if r.Samples == 0 {
		return nil
	}
	if isSeries(r) {
		return a.Add(r)
	}
	text, err := r.Text()
	if err == nil {
		c.Texts = append(c.Texts, Text{ID: r.ID, Start: r.Start, Content: text, Offset: r.Offset})
	}
	return err
}
