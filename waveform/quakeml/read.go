package quakeml

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/capped"
	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// NamespacePrefix starts the XML namespaces of QuakeML, all versions.
const NamespacePrefix = "http://quakeml.org/xmlns/"

// Read reads a QuakeML document. It returns the events in the order of the
// document, and what was wrong with parts that were left out or changed.
//
// The error is not nil where the document cannot be read further: not QuakeML,
// an unknown version, broken XML, or cut off. It is then an [*Error]. The events
// that were complete before stay valid and are returned too; one that was not is
// left out, since its preferred origin may stand in the part that is missing.
func Read(r io.Reader) ([]waveform.Event, []Problem, error) {
	var events []waveform.Event
	problems, err := ReadFunc(r, func(e waveform.Event) error {
		events = append(events, e)
		return nil
	})
	return events, problems, err
}

// ReadFunc is [Read] for documents of any size: it hands over each event as soon
// as it is complete, so that no more than one is in memory. An error of each ends
// the reading and is returned as it is.
func ReadFunc(r io.Reader, each func(waveform.Event) error) ([]Problem, error) {
	d := &decoder{Cursor: xmlwalk.NewCursor(r, failure), each: each}
	err := d.document()
	return d.problems.Closed(moreProblems), err
}

// decoder reads one document.
type decoder struct {
	*xmlwalk.Cursor
	problems capped.List[Problem]
	each     func(waveform.Event) error
	events   int
	subject  string // publicID of the present event
}

// report adds a problem of the present event at the present place.
func (d *decoder) report(code Code, format string, args ...any) {
	at := d.Here()
	d.problems.Add(Problem{code, d.subject, at.Line, at.Offset, fmt.Sprintf(format, args...)})
}

// tolerate makes a problem of unusable content, and skips to where no more than
// depth elements are open. Any other error is handed back.
func (d *decoder) tolerate(depth int, code Code, err error, done string) error {
	wrong, err := d.Resume(depth, err)
	if err == nil && wrong != nil {
		d.problems.Add(Problem{code, d.subject, wrong.At.Line, wrong.At.Offset, wrong.Message + ": " + done})
	}
	return err
}

func (d *decoder) document() error {
	root, err := d.Root("QuakeML")
	if err != nil {
		return err
	}
	if root.Name.Local != "quakeml" {
		return d.Fail(fmt.Errorf("%w: the root element is <%s>, want <quakeml>%s", ErrNotQuakeML, root.Name.Local, rootAdvice(root.Name.Local)))
	}
	if err := checkNamespace(root.Name.Space); err != nil {
		return d.Fail(err)
	}
	if root.Name.Space == "" {
		d.report(NoNamespace, "the root element has no namespace: read as QuakeML 1.2")
	}
	if err := d.parameters(); err != nil {
		return err
	}
	if d.events == 0 {
		d.report(NoEvent, "the document holds no usable event: widen the request")
	}
	if d.Trailing() {
		d.report(TrailingData, "content after the end of the document was ignored: split the file into one document each")
	}
	return nil
}

// parameters reads the eventParameters, whose namespace is the one that counts
// inside of them.
func (d *decoder) parameters() error {
	inside := d.Depth()
	for d.Depth() >= inside {
		t, err := d.Next()
		if err != nil {
			return err
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if e.Name.Local == "eventParameters" {
			if err := checkNamespace(e.Name.Space); err != nil {
				return d.Fail(err)
			}
			d.Space = e.Name.Space
			if err := d.Children(d.child); err != nil {
				return err
			}
		}
		if err := d.Leave(inside); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) child(e xml.StartElement) error {
	if e.Name.Local != "event" {
		return nil
	}
	return d.event(e)
}

// checkNamespace accepts the namespaces of QuakeML 1.x and none.
func checkNamespace(space string) error {
	if space == "" {
		return nil
	}
	name, ok := strings.CutPrefix(space, NamespacePrefix)
	if !ok {
		return fmt.Errorf("namespace %s is not supported: want %s", xmlwalk.Quote(space), NamespacePrefix+"...")
	}
	kind, version, _ := strings.Cut(name, "/")
	if strings.HasSuffix(kind, "-rt") {
		return fmt.Errorf("real-time QuakeML (%s) is not supported: export the basic event description, bed/1.2", name)
	}
	if major, _, _ := strings.Cut(version, "."); major != "1" {
		return fmt.Errorf("QuakeML %s is not supported: want 1.2", xmlwalk.Quote(name))
	}
	return nil
}

// rootAdvice says what to do about the wrong documents that are met most.
func rootAdvice(name string) string {
	switch name {
	case "html", "HTML":
		return "; this is a web page, perhaps the error page of a data service: fetch it again"
	case "FDSNStationXML":
		return "; this is StationXML: load it as stations"
	case "seiscomp":
		return "; this is a SeisComP document: export it as QuakeML"
	}
	return ""
}
