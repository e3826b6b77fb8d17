package stationxml

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxDepth is far above the dozen levels of the schema and keeps the parser's
// stack small whatever the document does.
const maxDepth = 200

// cursor walks through the elements of a document in one namespace, and knows
// where it is. Elements of other namespaces do not exist for it.
type cursor struct {
	dec     *xml.Decoder
	src     *bufio.Reader // what dec reads
	charset *latin1       // nil unless the document is in ISO-8859-1
	space   string        // the namespace that counts
	depth   int           // open elements
	last    string        // the tag read last, for messages; "" before the first
}

func newCursor(r io.Reader) *cursor {
	src := bufio.NewReaderSize(r, 1<<13)
	c := &cursor{src: src, dec: xml.NewDecoder(src)}
	c.dec.CharsetReader = c.charsetReader
	return c
}

// place is a position in the document.
type place struct {
	line   int   // from 1
	offset int64 // byte of the file, from 0
}

// here is the place just after the token read last.
func (c *cursor) here() place {
	line, _ := c.dec.InputPos()
	offset := c.dec.InputOffset()
	if c.charset != nil {
		offset -= c.charset.widened
	}
	return place{line, offset}
}

// fail puts the position to an error that ends the reading.
func (c *cursor) fail(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		const notUTF8 = "invalid UTF-8"
		_, atEnd := c.src.Peek(1)
		switch {
		case syntax.Msg == "unexpected EOF", syntax.Msg == notUTF8 && atEnd == io.EOF: // cut inside a character
			err = fmt.Errorf("the document is cut off, after <%s>: fetch it again: %w", c.last, io.ErrUnexpectedEOF)
		case c.last == "":
			err = fmt.Errorf("not XML: %s", syntax.Msg)
		case syntax.Msg == notUTF8:
			err = errors.New("invalid UTF-8: the encoding is not the one declared: convert the file to UTF-8")
		default:
			err = errors.New(syntax.Msg)
		}
	}
	at := c.here()
	return &Error{Line: at.line, Offset: at.offset, Err: err}
}

// next is the next start or end of an element, or non-element content. At the
// end of input, outside of all elements, the error is io.EOF itself.
func (c *cursor) next() (xml.Token, error) {
	t, err := c.dec.Token()
	if err == io.EOF && c.depth == 0 {
		return nil, err
	}
	if err != nil {
		return nil, c.fail(err)
	}
	switch t := t.(type) {
	case xml.StartElement:
		c.depth++
		c.last = t.Name.Local
		if c.depth > maxDepth {
			return nil, c.fail(fmt.Errorf("elements are nested more than %d deep", maxDepth))
		}
	case xml.EndElement:
		c.depth--
		c.last = "/" + t.Name.Local
	}
	return t, nil
}

// children calls visit at the start of every child of the element that was just
// opened, until that is closed. A visit that does not read its element to the
// end leaves the rest to be skipped.
func (c *cursor) children(visit func(e xml.StartElement) error) error {
	inside := c.depth
	for {
		t, err := c.next()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if t.Name.Space == c.space {
				if err := visit(t); err != nil {
					return err
				}
			}
			if err := c.leave(inside); err != nil {
				return err
			}
		}
	}
}

// leave skips to where no more than depth elements are open.
func (c *cursor) leave(depth int) error {
	for c.depth > depth {
		if _, err := c.next(); err != nil {
			return err
		}
	}
	return nil
}

// text is the content of the element that was just opened, without its child
// elements and without white space around it.
func (c *cursor) text() (string, error) {
	inside := c.depth
	var s strings.Builder
	for {
		t, err := c.next()
		if err != nil {
			return "", err
		}
		if data, ok := t.(xml.CharData); ok && c.depth == inside {
			s.Write(data)
		}
		if c.depth < inside {
			return strings.TrimSpace(s.String()), nil
		}
	}
}

// attribute is an attribute without namespace, trimmed; "" if it is absent.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Space == "" && a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}
