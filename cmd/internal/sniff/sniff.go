// Package sniff tells what a file is by its first bytes, and what to do with it. It knows
// what seisbatch takes, and what is met in its place.
package sniff

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/seisbatch/seisbatch/waveform/css"
	"github.com/seisbatch/seisbatch/waveform/eventtext"
	"github.com/seisbatch/seisbatch/waveform/resp"
	"github.com/seisbatch/seisbatch/waveform/sac"
)

// Size is how many bytes from the start of a file are looked at.
const Size = max(css.SniffSize, eventtext.SniffSize, resp.SniffSize, sac.SniffSize)

// File is what a file is, as far as its first bytes tell.
type File struct {
	Kind   Kind
	Table  css.Table // of a [Table]
	detail string
	lacks  string // columns, of text that is nearly a table of ComCat
}

// Path looks at the start of a file. The error is one of the system.
func Path(path string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	head := make([]byte, Size)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return File{}, err
	}
	return Of(path, head[:n]), nil
}

// Of tells what a file is by its first [Size] bytes, or all of a shorter one. The name counts
// for tables of CSS 3.0 only, which have no mark of their own.
func Of(name string, head []byte) File {
	if len(head) == 0 {
		return File{Kind: Empty}
	}
	if kind, detail := binaryKind(head); kind != Unknown {
		return File{Kind: kind, detail: detail}
	}
	if sac.Sniff(head) {
		return File{Kind: SAC}
	}
	if !isText(head) {
		return File{}
	}
	if t, ok := css.Sniff(name, head); ok && t == css.Descriptor {
		return File{Kind: Descriptor}
	} else if ok {
		return File{Kind: Table, Table: t}
	}
	if kind := markup(head); kind != Unknown {
		return File{Kind: kind}
	}
	switch eventtext.Sniff(head) {
	case eventtext.FDSN:
		return File{Kind: EventText}
	case eventtext.ComCat:
		return File{Kind: ComCat}
	}
	switch line := firstLine(head); {
	case resp.Sniff(head):
		return File{Kind: RESP}
	case strings.HasPrefix(line, "Error "):
		return File{Kind: ErrorText}
	case strings.HasPrefix(line, "{"), strings.HasPrefix(line, "["):
		return File{Kind: JSON}
	case strings.HasPrefix(line, "WID1 "), strings.HasPrefix(line, "WID2 "), strings.HasPrefix(line, "BEGIN IMS"), strings.HasPrefix(line, "BEGIN GSE"):
		return File{Kind: GSE}
	case isOtherTable(name):
		return File{Kind: Table, Table: tableOf(name)}
	default:
		return File{Kind: Text, detail: shortened(line), lacks: eventtext.Missing(head)}
	}
}

// binaryKind knows the files that begin with a mark.
func binaryKind(head []byte) (Kind, string) {
	for _, m := range []struct {
		mark string
		kind Kind
		name string
	}{
		{"MS\x03", MiniSEED, ""},
		{"\x1f\x8b", Compressed, "gzip"}, {"\x1f\x9d", Compressed, "compress"}, {"BZh", Compressed, "bzip2"}, {"\xfd7zXZ\x00", Compressed, "xz"},
		{"\x28\xb5\x2f\xfd", Compressed, "zstd"}, {"PK\x03\x04", Compressed, "zip"},
		{"\x89HDF\r\n\x1a\n", HDF5, ""}, {"SQLite format 3\x00", SQLite, ""},
	} {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			return m.kind, m.name
		}
	}
	const sequence, tarMark = 6, 257 // digits of a SEED record; where a tar archive has its mark
	if len(head) > tarMark+5 && string(head[tarMark:tarMark+5]) == "ustar" {
		return Compressed, "tar"
	}
	if len(head) < 48 || len(bytes.Trim(head[:sequence], "0123456789 \x00")) > 0 {
		return Unknown, ""
	}
	switch end := head[sequence+1]; {
	case bytes.IndexByte([]byte("DRQM"), head[sequence]) >= 0 && (end == ' ' || end == 0):
		return MiniSEED, ""
	case bytes.IndexByte([]byte("VAST"), head[sequence]) >= 0 && (end == ' ' || end == '*'):
		return SEED, ""
	}
	return Unknown, ""
}

// isText reports whether there are no control characters of binary files.
func isText(head []byte) bool {
	return !bytes.ContainsFunc(head, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' })
}

// markup knows XML by its root element, and HTML.
func markup(head []byte) Kind {
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if !bytes.HasPrefix(start, []byte("<")) {
		return Unknown
	}
	lower := bytes.ToLower(start[:min(len(start), 15)])
	if bytes.HasPrefix(lower, []byte("<!doctype html")) || bytes.HasPrefix(lower, []byte("<html")) {
		return HTML
	}
	d := xml.NewDecoder(bytes.NewReader(start))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // names of elements are ASCII
	for {
		t, err := d.Token()
		if err != nil {
			return XML
		}
		if e, ok := t.(xml.StartElement); ok {
			return rootKind(e.Name.Local)
		}
	}
}

func rootKind(name string) Kind {
	switch strings.ToLower(name) {
	case "fdsnstationxml":
		return StationXML
	case "quakeml":
		return QuakeML
	case "html":
		return HTML
	case "seiscomp":
		return SC3ML
	}
	return XML
}

// firstLine is the first line that is not blank.
func firstLine(head []byte) string {
	for line := range strings.Lines(string(head)) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return ""
}

// shortened is the start of a line for a message.
func shortened(line string) string {
	const most = 40
	if line = strings.ToValidUTF8(line, "\uFFFD"); utf8.RuneCountInString(line) > most {
		return string([]rune(line)[:most]) + "..."
	}
	return line
}

func tableOf(name string) css.Table {
	return css.Table(strings.ToLower(strings.TrimPrefix(filepath.Ext(name), ".")))
}

// isOtherTable reports whether a file has the name of a table of the schema that package css
// does not read, and lies beside one that it may.
func isOtherTable(name string) bool {
	switch tableOf(name) {
	case "lastid", "remark", "calibration", "network", "gregion", "sregion", "stamag", "stassoc", "wftag", "wftape", "wfedit",
		"centryd", "fplane", "moment", "amplitude", "detection", "stage", "dlsensor", "dlsite", "fsdi", "emodel", "predarr", "wfmeas":
		_, err := css.Open(strings.TrimSuffix(name, filepath.Ext(name)), css.Options{})
		return err == nil
	}
	return false
}
