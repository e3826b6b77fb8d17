package eventtext

import (
	"bytes"
	"errors"
	"math"
	"testing"
	"unicode/utf8"
)

// FuzzRead: no input panics, every problem has its line, nothing is read that the
// input is too small for, ids do not come twice, and texts are UTF-8.
func FuzzRead(f *testing.F) {
	f.Add([]byte("#EventID | Time | Latitude | Longitude | Depth/km | Author\n1|2020-01-01T00:00:60|1|2|3|x|y\n1|2020-01-01|1|2|3|x\n"))
	f.Add([]byte("time,latitude,longitude,depth,mag,net,id,place\n2020-01-01T00:00:00.5Z,1,-2,3.5,,,a,\"b, \"\"c\"\"\"\n2020-01-01,1,2,,,,a,\"\n"))
	f.Add([]byte("1|2011-03-11T05:46:23|38.2|142.4|19.7|A|B|C|D|MW|9.1|E|F|G\r\n2|2011-03-11T05:46:23|38.2|142.4|19.7|A|B|C|D|MW|9.1|E|\xff|G\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		events, problems, err := Read(bytes.NewReader(in), Options{})
		lines := bytes.Count(in, []byte("\n")) + 2
		var at *Error
		if err != nil && (!errors.As(err, &at) || at.Line < 1 || at.Line > lines) {
			t.Fatalf("error %#v has no place in %d lines", err, lines)
		}
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines {
				t.Fatalf("problem %v is behind %d lines", p, lines)
			}
		}
		seen := map[string]bool{}
		for _, e := range events {
			o := e.Origins[0]
			if seen[e.PublicID] || o.Time.IsZero() || math.IsNaN(o.Latitude) || math.IsNaN(o.Longitude) {
				t.Fatalf("event %+v", e)
			}
			seen[e.PublicID] = true
			if !utf8.ValidString(e.PublicID+e.Description+e.Type+o.Agency) || bytes.IndexByte([]byte(e.PublicID+e.Description), 0) >= 0 {
				t.Fatalf("text of %+v", e)
			}
			if len(e.Magnitudes) > maxMagnitudes {
				t.Fatalf("%d magnitudes", len(e.Magnitudes))
			}
		}
		if len(events) > len(in)/4 {
			t.Fatalf("%d events in %d bytes", len(events), len(in))
		}
		if Missing(in) != "" && Sniff(in) == ComCat {
			t.Fatalf("a table of ComCat lacks %s", Missing(in))
		}
		if f := Sniff(in); f != Unknown && errors.Is(err, ErrFormat) {
			t.Fatalf("%v, and yet %v", f, err)
		}
	})
}
