package xmlwalk

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxDepth is far above the dozen levels of the schemas and keeps the parser's
// stack small whatever the document does.
const maxDepth = 200

// Cursor walks through the elements of a document in one namespace, and knows
// where it is. Elements of other namespaces do not exist for it. It may not be
// used by several goroutines at once.
type Cursor struct {
	// Space is the namespace that counts, "" for elements without one. Which it
	// is, the root element tells.
	Space string

	dec     *xml.Decoder
	src     *bufio.Reader // what dec reads
	charset *latin1       // nil unless the document is in ISO-8859-1
	failure func(at Place, err error) error
	depth   int    // open elements
	last    string // the tag read last, for messages; "" before the first
}

// NewCursor starts before the first element of r. failure makes the error that
// ends the reading, of the caller's own type, from a position and a cause; it
// should wrap the cause.
func NewCursor(r io.Reader, failure func(at Place, err error) error) *Cursor {
	src := bufio.NewReaderSize(r, 1<<13)
	c := &Cursor{src: src, dec: xml.NewDecoder(src), failure: failure}
	c.dec.CharsetReader = c.charsetReader
	return c
}

// Place is a position in the document.
type Place struct {
	Line   int   // from 1
	Offset int64 // byte of the file, from 0
}

// Here is the place just after the token read last.
func (c *Cursor) Here() Place {
	line, _ := c.dec.InputPos()
	offset := c.dec.InputOffset()
	if c.charset != nil {
		offset -= c.charset.widened
	}
	return Place{line, offset}
}

// Depth is the number of open elements.
func (c *Cursor) Depth() int { return c.depth }

// Fail puts the position to an error that ends the reading. A document that is
// cut off matches [io.ErrUnexpectedEOF].
func (c *Cursor) Fail(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		err = c.explain(syntax)
	}
	return c.failure(c.Here(), err)
}

// explain says what a syntax error means for whoever has the file.
func (c *Cursor) explain(syntax *xml.SyntaxError) error {
	const notUTF8 = "invalid UTF-8"
	_, atEnd := c.src.Peek(1)
	switch {
	case syntax.Msg == "unexpected EOF", syntax.Msg == notUTF8 && atEnd == io.EOF: // cut inside a character
		return fmt.Errorf("the document is cut off, after <%s>: fetch it again: %w", c.last, io.ErrUnexpectedEOF)
	case c.last == "":
		return fmt.Errorf("not XML: %s", syntax.Msg)
	case syntax.Msg == notUTF8:
		return errors.New("invalid UTF-8: the encoding is not the one declared: convert the file to UTF-8")
	}
	return errors.New(syntax.Msg)
}

// Next is the next start or end of an element, or non-element content, of any
// namespace. It is valid until the next call. At the end of input, outside of
// all elements, the error is [io.EOF] itself; any other is made by [Cursor.Fail].
func (c *Cursor) Next() (xml.Token, error) {
	t, err := c.dec.Token()
	if err == io.EOF && c.depth == 0 {
		return nil, err
	}
	if err != nil {
		return nil, c.Fail(err)
	}
	switch t := t.(type) {
	case xml.StartElement:
		c.depth++
		c.last = t.Name.Local
		if c.depth > maxDepth {
			return nil, c.Fail(fmt.Errorf("elements are nested more than %d deep", maxDepth))
		}
	case xml.EndElement:
		c.depth--
		c.last = "/" + t.Name.Local
	}
	return t, nil
}

// Children calls visit at the start of every child of the element that was just
// opened, until that is closed. A visit that does not read its element to the
// end leaves the rest to be skipped. An error of visit is returned as it is.
func (c *Cursor) Children(visit func(e xml.StartElement) error) error {
	inside := c.depth
	for {
		t, err := c.Next()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if t.Name.Space == c.Space {
				if err := visit(t); err != nil {
					return err
				}
			}
			if err := c.Leave(inside); err != nil {
				return err
			}
		}
	}
}

// Leave skips to where no more than depth elements are open.
func (c *Cursor) Leave(depth int) error {
	for c.depth > depth {
		if _, err := c.Next(); err != nil {
			return err
		}
	}
	return nil
}

// Text is the content of the element that was just opened, without its child
// elements and without white space around it.
func (c *Cursor) Text() (string, error) {
	inside := c.depth
	var s strings.Builder
	for {
		t, err := c.Next()
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

// Attribute is an attribute without namespace, trimmed; "" if it is absent.
func Attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Space == "" && a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}
