package xmlwalk_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// located is an error as a format would make it.
type located struct {
	at  xmlwalk.Place
	err error
}

func (e *located) Error() string { return fmt.Sprintf("%d:%d: %v", e.at.Line, e.at.Offset, e.err) }
func (e *located) Unwrap() error { return e.err }

func walk(in string) *xmlwalk.Cursor {
	return xmlwalk.NewCursor(strings.NewReader(in), func(at xmlwalk.Place, err error) error { return &located{at, err} })
}

// open is a cursor inside of the root element of in.
func open(t *testing.T, in string) *xmlwalk.Cursor {
	t.Helper()
	c := walk(in)
	root, err := c.Root("XML")
	if err != nil {
		t.Fatal(err)
	}
	c.Space = root.Name.Space
	return c
}

func TestChildrenVisitsOneNamespaceAndSkipsWhatIsNotRead(t *testing.T) {
	c := open(t, `<r xmlns="urn:a" xmlns:b="urn:b"><x><deep><x/></deep></x><b:x/><!-- x --><y>1</y>text<z/></r>`)
	var got []string
	err := c.Children(func(e xml.StartElement) error {
		got = append(got, e.Name.Local)
		if e.Name.Local == "y" {
			_, err := c.Text()
			return err
		}
		return nil
	})
	if err != nil || strings.Join(got, " ") != "x y z" || c.Depth() != 0 {
		t.Errorf("visited %v to depth %d, error %v; want x y z to 0", got, c.Depth(), err)
	}
}

func TestTextLeavesOutChildElements(t *testing.T) {
	c := open(t, "<r> 1<!-- m --><u>km</u>2\n</r>")
	if s, err := c.Text(); s != "12" || err != nil {
		t.Errorf("text %q, error %v; want 12", s, err)
	}
}

func TestAttributesOfOtherNamespacesDoNotCount(t *testing.T) {
	c := walk(`<r xmlns:b="urn:b" b:code="other" code=" own "/>`)
	root, err := c.Root("XML")
	if err != nil || xmlwalk.Attribute(root, "code") != "own" || xmlwalk.Attribute(root, "absent") != "" {
		t.Errorf("attributes of %+v, error %v", root, err)
	}
}

func TestErrorsSayWhereAndWhatToDo(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "1:0: the document is empty: a data service sends nothing where it has nothing that matches: unexpected EOF",
		"no data":                  `1:7: not XML: no XML element, the content starts with "no data"`,
		"\x1f\x8b":                 "1:2: not XML: illegal character code U+001F",
		"<r>\n<x>":                 "2:7: the document is cut off, after <x>: fetch it again: unexpected EOF",
		"<r>\xc3":                  "1:4: the document is cut off, after <r>: fetch it again: unexpected EOF",
		"<r>\xc3(</r>":             "1:5: invalid UTF-8: the encoding is not the one declared: convert the file to UTF-8",
		"<r></x>":                  "1:7: element <r> closed by </x>",
		strings.Repeat("<a>", 201): "1:603: elements are nested more than 200 deep",
		"<?xml version='1.0' encoding='utf-16'?><r/>": `1:39: xml: opening charset "utf-16": encoding "utf-16" is not supported: convert the file to UTF-8`,
		"<r><?xml version='1.0' encoding='latin1'?>":  `1:42: xml: opening charset "latin1": a second XML declaration: split the file into one document each`,
	} {
		c := walk(in)
		_, err := c.Root("XML")
		if err == nil {
			err = c.Leave(0)
		}
		if err == nil || err.Error() != want {
			t.Errorf("%.40q:\n got %v\nwant %s", in, err, want)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) != strings.HasSuffix(want, "unexpected EOF") {
			t.Errorf("%.40q: error %v, cut off or not", in, err)
		}
	}
}

func TestLatin1DoesNotShiftPositions(t *testing.T) {
	in := "<?xml version='1.0' encoding='ISO-8859-1'?><r>\xe9\xe9\xff</r>"
	c := open(t, in)
	if s, err := c.Text(); s != "ééÿ" || err != nil || c.Here().Offset != int64(len(in)) {
		t.Errorf("text %q at %+v, error %v; want ééÿ at byte %d", s, c.Here(), err, len(in))
	}
}

func TestResumeTakesOnlyBadValuesAndSkipsTheirElement(t *testing.T) {
	c := open(t, "<r><x><y><z/></y></x><next/></r>")
	var got []string
	err := c.Children(func(e xml.StartElement) error {
		got = append(got, e.Name.Local)
		outside := c.Depth() - 1
		err := c.Children(func(e xml.StartElement) error { return c.Bad("%s is bad", e.Name.Local) })
		bad, err := c.Resume(outside, err)
		if bad != nil {
			got = append(got, fmt.Sprintf("(%s at %d)", bad.Message, bad.At.Offset))
		}
		return err
	})
	if s := strings.Join(got, " "); err != nil || s != "x (y is bad at 9) next" {
		t.Errorf("visited %s, error %v", s, err)
	}
	other := errors.New("other")
	if bad, err := c.Resume(0, other); bad != nil || err != other {
		t.Errorf("resumed after %v with %v", other, err)
	}
}

func TestTrailingFindsElementsAndJunkButNoComments(t *testing.T) {
	for rest, want := range map[string]bool{"": false, "\n<!-- end -->\n": false, "<r/>": true, "\x00": true} {
		c := open(t, "<r></r>"+rest)
		if err := c.Leave(0); err != nil {
			t.Fatal(err)
		}
		if got := c.Trailing(); got != want {
			t.Errorf("%q after the document: %v, want %v", rest, got, want)
		}
	}
}
