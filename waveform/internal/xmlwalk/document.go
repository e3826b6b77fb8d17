package xmlwalk

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Root is the document's first element, of whatever namespace. A document
// without elements is an error, which says that it is not of the given kind,
// such as "QuakeML"; an empty one matches [io.ErrUnexpectedEOF].
func (c *Cursor) Root(kind string) (xml.StartElement, error) {
	var before string
	for {
		t, err := c.Next()
		if err == io.EOF && before != "" {
			return xml.StartElement{}, c.Fail(fmt.Errorf("not %s: no XML element, the content starts with %s", kind, Quote(before)))
		}
		if err == io.EOF {
			return xml.StartElement{}, c.Fail(fmt.Errorf("the document is empty: a data service sends nothing where it has nothing that matches: %w", io.ErrUnexpectedEOF))
		}
		if err != nil {
			return xml.StartElement{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			return t, nil
		case xml.CharData:
			if before == "" {
				before = strings.Trim(string(t), "\ufeff \t\r\n")
			}
		}
	}
}

// Trailing reads on after the root element was closed and reports whether there
// is content, such as a second document; the cursor then stands after its start.
// Comments and text do not count.
func (c *Cursor) Trailing() bool {
	for {
		t, err := c.Next()
		if err == io.EOF {
			return false
		}
		if _, isElement := t.(xml.StartElement); err != nil || isElement {
			return true
		}
	}
}
