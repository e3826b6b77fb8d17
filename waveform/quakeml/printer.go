package quakeml

import (
	"io"

	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// printer writes the elements of QuakeML.
type printer struct{ *xmlwalk.Printer }

func newPrinter(w io.Writer) printer { return printer{xmlwalk.NewPrinter(w)} }

// optional writes an element with content, if there is any.
func (p printer) optional(name, content string) {
	if content != "" {
		p.Text(name, content)
	}
}

// quantity writes a number in a child, value.
func (p printer) quantity(name string, v float64) {
	p.Start(name)
	p.Number("value", v)
	p.End()
}

// value writes an element with its content in a child, value.
func (p printer) value(name, content string) {
	p.Start(name)
	p.Text("value", content)
	p.End()
}
