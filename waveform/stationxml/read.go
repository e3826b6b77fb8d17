package stationxml

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/capped"
	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

// Namespace is the XML namespace of StationXML, all versions 1.x.
const Namespace = "http://www.fdsn.org/xml/station/1"

// Read reads a StationXML document. It returns the stations in the order of the
// document, one per station epoch, and what was wrong with parts that were left
// out or changed.
//
// The error is not nil where the document cannot be read further: not
// StationXML, an unknown version, broken XML, or cut off. It is then an [*Error].
// The stations read before stay valid and are returned too, the last of them
// with those of its channels that were complete: a caller who replaces what it
// holds of a station should not do so with that one.
func Read(r io.Reader) ([]waveform.Station, []Problem, error) {
	var stations []waveform.Station
	problems, err := ReadFunc(r, func(s waveform.Station) error {
		stations = append(stations, s)
		return nil
	})
	return stations, problems, err
}

// ReadFunc is [Read] for documents of any size: it hands over each station as
// soon as it is complete, so that no more than one is in memory. An error of each
// ends the reading and is returned as it is.
func ReadFunc(r io.Reader, each func(waveform.Station) error) ([]Problem, error) {
	d := &decoder{Cursor: xmlwalk.NewCursor(r, failure), each: each}
	err := d.document()
	return d.problems.Closed(moreProblems), err
}

// decoder reads one document.
type decoder struct {
	*xmlwalk.Cursor
	problems capped.List[Problem]
	each     func(waveform.Station) error
	stations int
}

// report adds a problem at the present place.
func (d *decoder) report(code Code, subject, format string, args ...any) {
	d.reportAt(d.Here(), code, subject, format, args...)
}

// reportAt adds a problem of an element that started elsewhere.
func (d *decoder) reportAt(at xmlwalk.Place, code Code, subject, format string, args ...any) {
	d.problems.Add(Problem{code, subject, at.Line, at.Offset, fmt.Sprintf(format, args...)})
}

// reportValue adds a problem where unusable content stood.
func (d *decoder) reportValue(code Code, subject string, v *xmlwalk.ValueError, done string) {
	d.reportAt(v.At, code, subject, "%s: %s", v.Message, done)
}

func (d *decoder) document() error {
	root, err := d.Root("StationXML")
	if err != nil {
		return err
	}
	if err := d.checkRoot(root); err != nil {
		return d.Fail(err)
	}
	err = d.Children(func(e xml.StartElement) error {
		if e.Name.Local == "Network" {
			return d.network(e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if d.stations == 0 {
		d.report(NoStation, "", "the document holds no usable station: ask the service for level=response")
	}
	if d.Trailing() {
		d.report(TrailingData, "", "content after the end of the document was ignored: split the file into one document each")
	}
	return nil
}

// checkRoot accepts StationXML 1.x and chooses the namespace that counts.
func (d *decoder) checkRoot(root xml.StartElement) error {
	if root.Name.Local != "FDSNStationXML" {
		return fmt.Errorf("%w: the root element is <%s>, want <FDSNStationXML>%s", ErrNotStationXML, root.Name.Local, rootAdvice(root.Name.Local))
	}
	d.Space = root.Name.Space
	switch strings.TrimSuffix(d.Space, "/") {
	case Namespace:
	case "":
		d.report(NoNamespace, "", "the root element has no namespace: read as if it had xmlns=%q", Namespace)
	default:
		return fmt.Errorf("namespace %s is not supported: want %q", xmlwalk.Quote(d.Space), Namespace)
	}
	version := xmlwalk.Attribute(root, "schemaVersion")
	major, _, _ := strings.Cut(version, ".")
	switch major {
	case "1":
	case "":
		d.report(NoVersion, "", "the root element has no schemaVersion: read as 1.2")
	default:
		return fmt.Errorf("schemaVersion %s is not supported: want 1.0, 1.1 or 1.2", xmlwalk.Quote(version))
	}
	return nil
}

// rootAdvice says what to do about the wrong documents that are met most.
func rootAdvice(name string) string {
	switch strings.ToLower(name) {
	case "html":
		return "; this is a web page, perhaps the error page of a data service: fetch it again"
	case "quakeml":
		return "; this is QuakeML: load it as events"
	case "seiscomp":
		return "; this is a SeisComP inventory: export it as FDSN StationXML"
	}
	return ""
}

func (d *decoder) network(e xml.StartElement) error {
	code := xmlwalk.Attribute(e, "code")
	if code == "" {
		d.report(NoCode, "", "a network without code was left out with its stations: add the attribute code")
		return nil
	}
	return d.Children(func(e xml.StartElement) error {
		if e.Name.Local == "Station" {
			return d.station(e, code)
		}
		return nil
	})
}

func (d *decoder) station(e xml.StartElement, network string) error {
	at, nan := d.Here(), math.NaN()
	s := waveform.Station{Network: network, Code: xmlwalk.Attribute(e, "code"), Latitude: nan, Longitude: nan, Elevation: nan}
	if s.Code == "" {
		d.report(NoCode, network, "a station without code was left out with its channels: add the attribute code")
		return nil
	}
	subject := network + "." + s.Code
	var err error
	if s.From, s.Until, err = epoch(e); err != nil {
		d.report(BadTime, subject, "%v: the station is kept as if valid at all times", err)
	}
	subject = withDate(subject, s.From)

	err = d.Children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "Latitude":
			return d.optional(e, subject, &s.Latitude)
		case "Longitude":
			return d.optional(e, subject, &s.Longitude)
		case "Elevation":
			return d.optional(e, subject, &s.Elevation)
		case "Site":
			return d.named(&s.Name)
		case "Channel":
			return d.channel(e, &s)
		}
		return nil
	})
	if err == nil {
		d.checkPlace(at, subject, s.Latitude, s.Longitude)
		if math.IsNaN(s.Latitude) || math.IsNaN(s.Longitude) {
			d.reportAt(at, NoCoordinates, subject, "the station has no latitude and longitude: kept without; its channels have their own")
		}
	} else if len(s.Channels) == 0 {
		return err
	}
	d.stations++
	if failed := d.each(s); failed != nil {
		return failed
	}
	return err
}

// optional reads a number that may be wrong or absent without harm to the rest:
// an unreadable one is reported and leaves *v as it is.
func (d *decoder) optional(e xml.StartElement, subject string, v *float64) error {
	inside := d.Depth()
	x, err := d.anyFloat(e)
	if err == nil && math.IsInf(x, 0) {
		err = d.Bad("%s is infinite", e.Name.Local)
	}
	wrong, err := d.Resume(inside, err)
	if err != nil {
		return err
	}
	if wrong != nil {
		d.reportValue(BadNumber, subject, wrong, "taken as not given")
		return nil
	}
	*v = x
	return nil
}

// named reads the element Name of the element just opened.
func (d *decoder) named(name *string) error {
	return d.Children(func(e xml.StartElement) (err error) {
		if e.Name.Local == "Name" {
			*name, err = d.Text()
		}
		return err
	})
}

// checkPlace flags coordinates that are not on the globe.
func (d *decoder) checkPlace(at xmlwalk.Place, subject string, latitude, longitude float64) {
	if math.Abs(latitude) > 90 || math.Abs(longitude) > 360 {
		d.reportAt(at, Implausible, subject, "latitude %v, longitude %v is no place on the globe: kept; correct it at the source", latitude, longitude)
	}
}

// epoch is the validity in the attributes startDate and endDate; open both
// sides where one cannot be read.
func epoch(e xml.StartElement) (from, until time.Time, err error) {
	if from, err = parseTime(xmlwalk.Attribute(e, "startDate")); err != nil {
		return time.Time{}, time.Time{}, fmt.Errorf("startDate %w", err)
	}
	if until, err = parseTime(xmlwalk.Attribute(e, "endDate")); err != nil {
		return time.Time{}, time.Time{}, fmt.Errorf("endDate %w", err)
	}
	return from, until, nil
}

// withDate adds the start of an epoch to a name.
func withDate(subject string, from time.Time) string {
	if from.IsZero() {
		return subject
	}
	return subject + " " + from.Format(time.DateOnly)
}
