package quakeml

import (
	"bufio"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"
)

// printer writes indented XML and remembers the first write error.
type printer struct {
	w    *bufio.Writer
	open []string
	err  error
}

func newPrinter(w io.Writer) *printer { return &printer{w: bufio.NewWriter(w)} }

// start opens an element with attributes given as name, value pairs; those with
// an empty value are left out.
func (p *printer) start(name string, attributes ...string) {
	p.tag(name, attributes)
	p.raw(">\n")
	p.open = append(p.open, name)
}

// end closes the element opened last.
func (p *printer) end() {
	last := len(p.open) - 1
	name := p.open[last]
	p.open = p.open[:last]
	p.indent()
	p.raw("</" + name + ">\n")
}

// text writes an element with content.
func (p *printer) text(name, content string, attributes ...string) {
	p.tag(name, attributes)
	p.raw(">")
	p.escape(content)
	p.raw("</" + name + ">\n")
}

// optional writes an element with content, if there is any.
func (p *printer) optional(name, content string) {
	if content != "" {
		p.text(name, content)
	}
}

// quantity writes a number as the shortest decimal that reads back as v.
func (p *printer) quantity(name string, v float64) {
	p.value(name, strconv.FormatFloat(v, 'g', -1, 64))
}

// value writes an element with its content in a child, value.
func (p *printer) value(name, content string) {
	p.start(name)
	p.text("value", content)
	p.end()
}

func (p *printer) flush() error {
	if err := p.w.Flush(); p.err == nil {
		p.err = err
	}
	return p.err
}

func (p *printer) tag(name string, attributes []string) {
	p.indent()
	p.raw("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] == "" {
			continue
		}
		p.raw(" " + attributes[i] + `="`)
		p.escape(attributes[i+1])
		p.raw(`"`)
	}
}

func (p *printer) indent() { p.raw(strings.Repeat(" ", len(p.open))) }

func (p *printer) raw(s string) {
	if _, err := p.w.WriteString(s); p.err == nil {
		p.err = err
	}
}

func (p *printer) escape(s string) {
	if err := xml.EscapeText(p.w, []byte(s)); p.err == nil {
		p.err = err
	}
}

// formatTime writes UTC with as many decimals as needed; "" for the zero time.
func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
