package xmlwalk

import (
	"bufio"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"
)

// Printer writes indented XML and remembers the first write error, which
// [Printer.Flush] returns. Names of elements and attributes are written as they
// are, contents escaped.
type Printer struct {
	// Required is an attribute that the schema wants even where it is empty;
	// "", the default, is none.
	Required string

	w    *bufio.Writer
	open []string
	err  error
}

// NewPrinter writes the XML declaration of a document in UTF-8 to w.
func NewPrinter(w io.Writer) *Printer {
	p := &Printer{w: bufio.NewWriter(w)}
	p.raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	return p
}

// Start opens an element with attributes given as name, value pairs; those with
// an empty value are left out, except the required one.
func (p *Printer) Start(name string, attributes ...string) {
	p.tag(name, attributes)
	p.raw(">\n")
	p.open = append(p.open, name)
}

// End closes the element opened last. It panics if none is open.
func (p *Printer) End() {
	last := len(p.open) - 1
	name := p.open[last]
	p.open = p.open[:last]
	p.indent()
	p.raw("</" + name + ">\n")
}

// Text writes an element with content.
func (p *Printer) Text(name, content string, attributes ...string) {
	p.tag(name, attributes)
	p.raw(">")
	p.escape(content)
	p.raw("</" + name + ">\n")
}

// Number writes an element with the shortest decimal that reads back as v, NaN
// and infinity included.
func (p *Printer) Number(name string, v float64, attributes ...string) {
	p.Text(name, strconv.FormatFloat(v, 'g', -1, 64), attributes...)
}

// Flush writes what is buffered and returns the first error of all writing.
func (p *Printer) Flush() error {
	p.note(p.w.Flush())
	return p.err
}

func (p *Printer) tag(name string, attributes []string) {
	p.indent()
	p.raw("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] == "" && attributes[i] != p.Required {
			continue
		}
		p.raw(" " + attributes[i] + `="`)
		p.escape(attributes[i+1])
		p.raw(`"`)
	}
}

func (p *Printer) indent() { p.raw(strings.Repeat(" ", len(p.open))) }

func (p *Printer) raw(s string) {
	_, err := p.w.WriteString(s)
	p.note(err)
}

func (p *Printer) escape(s string) { p.note(xml.EscapeText(p.w, []byte(s))) }

// note keeps the first error.
func (p *Printer) note(err error) {
	if p.err == nil {
		p.err = err
	}
}

// FormatTime writes UTC with as many decimals as needed; "" for the zero time.
func FormatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
