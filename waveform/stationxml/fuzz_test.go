package stationxml

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// FuzzRead: no input panics, every error says where it is inside the input,
// nothing is read that the input is too small for, and what Write accepts of the
// result is read back the same.
func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, everyKind(), "seed", created); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	every, err := os.ReadFile("testdata/every.xml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(every)
	f.Add(b.Bytes()[:b.Len()/2])
	f.Add([]byte(twoChannels(`startDate="2010-01-01" locationCode="--"`, place12+`<Response><Stage number="1"><FIR>`)))
	f.Add([]byte("<?xml version='1.0' encoding='ISO-8859-1'?>" + document("<Station code='\xfc'/>")))
	f.Add([]byte(document(`<Station code="S" startDate="2016-12-31T23:59:60"/>`) + "<html>"))
	f.Fuzz(func(t *testing.T, in []byte) {
		stations, problems, err := Read(bytes.NewReader(in))
		var where *Error
		if err != nil && (!errors.As(err, &where) || where.Offset < 0 || where.Offset > int64(len(in)) || where.Line < 1) {
			t.Fatalf("error %#v has no place in %d bytes", err, len(in))
		}
		numbers := 0
		for i := range stations {
			for j := range stations[i].Channels {
				numbers++
				if r := stations[i].Channels[j].Response; r != nil {
					for k := range r.Stages {
						numbers += 1 + len(stageNumbers(&r.Stages[k]))/16
					}
				}
			}
		}
		if n := len(stations) + numbers + len(problems); n > len(in) {
			t.Fatalf("%d things in %d bytes", n, len(in))
		}
		var b bytes.Buffer
		if Write(&b, stations, "fuzz", created) != nil {
			return
		}
		again, _, err := Read(&b)
		if err != nil {
			t.Fatalf("cannot read what was written: %v", err)
		}
		if diff := cmp.Diff(stations, again, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("read -, written and read again +:\n%s", diff)
		}
	})
}
