package export

import (
	"bufio"
	"encoding/xml"
	"io"
	"strconv"
	"time"
)

// printer writes XML. The first error stays, and ends what is written.
type printer struct {
	out  *bufio.Writer
	open []string
	err  error
}

func newPrinter(w io.Writer) *printer {
	p := &printer{out: bufio.NewWriter(w)}
	p.raw(xml.Header)
	return p
}

func (p *printer) raw(s string) {
	if p.err == nil {
		_, p.err = p.out.WriteString(s)
	}
}

func (p *printer) escaped(s string) {
	if p.err == nil {
		p.err = xml.EscapeText(p.out, []byte(s))
	}
}

// start opens an element; attributes are names and values in turn, those without value left out.
func (p *printer) start(name string, attributes ...string) {
	p.raw("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			p.raw(" " + attributes[i] + `="`)
			p.escaped(attributes[i+1])
			p.raw(`"`)
		}
	}
	p.raw(">")
	p.open = append(p.open, name)
}

// end closes the element opened last.
func (p *printer) end() {
	last := len(p.open) - 1
	p.raw("</" + p.open[last] + ">")
	p.open = p.open[:last]
	if last <= 3 { // a line for each part of an event
		p.raw("\n")
	}
}

// text writes an element with a text; none if it is empty.
func (p *printer) text(name, s string) {
	if s == "" {
		return
	}
	p.start(name)
	p.escaped(s)
	p.end()
}

// quantity writes an element with a value, as QuakeML has numbers and times.
func (p *printer) quantity(name, value string) {
	p.start(name)
	p.text("value", value)
	p.end()
}

func (p *printer) finish() error {
	for len(p.open) > 0 {
		p.end()
	}
	if p.err != nil {
		return p.err
	}
	return p.out.Flush()
}

func xmlNumber(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func xmlTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
