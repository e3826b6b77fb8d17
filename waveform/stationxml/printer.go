package stationxml

import (
	"io"
	"math"
	"strconv"

	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// printer writes the elements of StationXML.
type printer struct{ *xmlwalk.Printer }

func newPrinter(w io.Writer) printer {
	p := xmlwalk.NewPrinter(w)
	p.Required = "locationCode"
	return printer{p}
}

// optional is Number, but nothing for NaN.
func (p printer) optional(name string, v float64) {
	if !math.IsNaN(v) {
		p.Number(name, v)
	}
}

// numbers writes elements of one name, counted from first by an attribute.
func (p printer) numbers(name, counter string, first int, values []float64) {
	for i, v := range values {
		p.Number(name, v, counter, strconv.Itoa(first+i))
	}
}
