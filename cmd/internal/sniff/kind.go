package sniff

import "fmt"

// Kind is what a file is.
type Kind uint8

// The kinds. Unknown is none of the others.
const (
	Unknown Kind = iota
	Empty
	MiniSEED
	SAC
	StationXML
	QuakeML
	EventText // of an fdsnws-event service
	ComCat
	RESP
	Table      // of CSS 3.0
	Descriptor // of a database of CSS 3.0
	SEED       // a volume: dataless, or with data
	HTML
	ErrorText // the error of a web service, as text
	SC3ML
	XML
	JSON
	Compressed
	GSE
	HDF5
	SQLite
	Text
)

// IsMetadata reports whether the file is for load stations or load events, or belongs to a
// database that is.
func (f File) IsMetadata() bool {
	switch f.Kind {
	case StationXML, QuakeML, EventText, ComCat, RESP, Table, Descriptor:
		return true
	}
	return false
}

// IsForeign reports whether the file is known to be something that has no records of
// miniSEED and is no SAC. Others may have some behind their start.
func (f File) IsForeign() bool {
	switch f.Kind {
	case Unknown, Empty, MiniSEED, SAC, SEED, Text:
		return false
	}
	return true
}

// IsWaveform reports whether the file starts like one of samples.
func (f File) IsWaveform() bool { return f.Kind == MiniSEED || f.Kind == SAC }

// String names what the file is: StationXML, or an HTML page.
func (f File) String() string {
	switch f.Kind {
	case Empty:
		return "empty"
	case MiniSEED:
		return "miniSEED"
	case SAC:
		return "SAC"
	case StationXML:
		return "StationXML"
	case QuakeML:
		return "QuakeML"
	case EventText:
		return "FDSN event text"
	case ComCat:
		return "ComCat CSV"
	case RESP:
		return "SEED RESP"
	case Table:
		return fmt.Sprintf("a table (%s) of CSS 3.0", f.Table)
	case Descriptor:
		return "the descriptor of a CSS 3.0 database"
	case SEED:
		return "a SEED volume"
	case HTML:
		return "an HTML page"
	case ErrorText:
		return "the error message of a web service"
	case SC3ML:
		return "SeisComP XML"
	case XML:
		return "XML of another kind"
	case JSON:
		return "JSON"
	case Compressed:
		return "compressed (" + f.detail + ")"
	case GSE:
		return "GSE or IMS"
	case HDF5:
		return "HDF5"
	case SQLite:
		return "an SQLite database"
	case Text:
		return fmt.Sprintf("text that starts with %q", f.detail)
	}
	return "of no kind that is known here"
}

// Explanation says what the file is and, where there is any, adds the advice.
func (f File) Explanation() string {
	if advice := f.Advice(); advice != "" {
		return fmt.Sprintf("the file is %v: %s", f, advice)
	}
	return fmt.Sprintf("the file is %v", f)
}

// Advice says what to do with such a file; "" of one that is of no use here.
func (f File) Advice() string {
	switch f.Kind {
	case Empty:
		return "get it again"
	case MiniSEED, SAC:
		return "'seisbatch load waveforms' and 'seisbatch inspect' take it"
	case StationXML:
		return "'seisbatch load stations' takes it"
	case QuakeML, EventText, ComCat:
		return "'seisbatch load events' takes it"
	case RESP:
		return "'seisbatch load stations' takes it, after the StationXML or CSS tables that have the coordinates"
	case Table, Descriptor:
		return tableAdvice(f)
	case SEED:
		return "if it has data, 'seisbatch load waveforms' takes these; of a dataless one make StationXML with the FDSN's stationxml-seed-converter, or RESP with rdseed, and load that with 'seisbatch load stations'"
	case HTML, ErrorText:
		return "a web service answered with a message in place of data: read it, correct the request and get it again"
	case SC3ML:
		return "export StationXML or QuakeML from SeisComP, and load that"
	case XML:
		return "want StationXML ('seisbatch load stations') or QuakeML ('seisbatch load events')"
	case Compressed:
		return "unpack it; want the file inside"
	case GSE, HDF5:
		return "convert it to miniSEED, which 'seisbatch load waveforms' takes"
	}
	if f.lacks != "" {
		return "as ComCat CSV, which 'load events' reads, it lacks the columns " + f.lacks
	}
	return ""
}

func tableAdvice(f File) string {
	switch f.Table {
	case "origin", "event", "assoc", "arrival", "netmag", "origerr":
		return "'seisbatch load events' takes its database"
	case "wfdisc":
		return "'seisbatch load waveforms' takes the files that it names"
	}
	return "'seisbatch load stations', 'load events' and 'load waveforms' take what its database has of these"
}
