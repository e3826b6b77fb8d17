package stationxml

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestOnlyDocumentsOfAnotherKindMatchErrNotStationXML(t *testing.T) {
	const quakeML = `<?xml version="1.0"?><q:quakeml xmlns:q="http://quakeml.org/xmlns/quakeml/1.2">`
	for name, c := range map[string]struct {
		in    string
		other bool
	}{
		"QuakeML":             {quakeML + "</q:quakeml>", true},
		"damaged QuakeML":     {quakeML + "<event></q:quakeml>", true},
		"truncated QuakeML":   {quakeML, true},
		"web page":            {"<!DOCTYPE html><html><br></html>", true},
		"cut before its root": {quakeML[:len(quakeML)-1], false},
		"cut inside":          {document("")[:100], false},
		"damaged inside":      {document("<Station code='S'></Channel>"), false},
		"unknown version":     {strings.Replace(document(""), `schemaVersion="1.2"`, `schemaVersion="2.0"`, 1), false},
		"unknown namespace":   {strings.Replace(document(""), Namespace, "urn:x", 1), false},
		"empty":               {"", false},
		"plain text":          {"Error 404: no data", false},
	} {
		_, problems, err := Read(strings.NewReader(c.in))
		var at *Error
		if !errors.As(err, &at) || errors.Is(err, ErrNotStationXML) != c.other || len(problems) > 0 {
			t.Errorf("%s: error %v, problems %v; want an *Error, of another kind: %v", name, err, problems, c.other)
		}
		if c.other && errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: error %v counts as cut off, too", name, err)
		}
	}
}
