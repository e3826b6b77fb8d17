package quakeml

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestOnlyDocumentsOfAnotherKindMatchErrNotQuakeML(t *testing.T) {
	const stationXML = `<?xml version="1.0"?><FDSNStationXML xmlns="http://www.fdsn.org/xml/station/1" schemaVersion="1.2">`
	for name, c := range map[string]struct {
		in    string
		other bool
	}{
		"StationXML":           {stationXML + "</FDSNStationXML>", true},
		"damaged StationXML":   {stationXML + "<Network></FDSNStationXML>", true},
		"truncated StationXML": {stationXML, true},
		"web page":             {"<!DOCTYPE html><html><br></html>", true},
		"cut before its root":  {stationXML[:len(stationXML)-1], false},
		"cut inside":           {head, false},
		"damaged inside":       {document("<origin></pick>"), false},
		"unknown version":      {strings.ReplaceAll(document(""), "/bed/1.2", "/bed/2.0"), false},
		"real-time":            {strings.ReplaceAll(document(""), "/bed/1.2", "/bed-rt/1.2"), false},
		"unknown namespace":    {"<quakeml xmlns='urn:x'/>", false},
		"empty":                {"", false},
		"plain text":           {"Error 413: too much", false},
	} {
		_, problems, err := Read(strings.NewReader(c.in))
		var at *Error
		if !errors.As(err, &at) || errors.Is(err, ErrNotQuakeML) != c.other || len(problems) > 0 {
			t.Errorf("%s: error %v, problems %v; want an *Error, of another kind: %v", name, err, problems, c.other)
		}
		if c.other && errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: error %v counts as cut off, too", name, err)
		}
	}
}
