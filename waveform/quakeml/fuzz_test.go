package quakeml

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// FuzzRead: no input panics, every error says where it is inside the input,
// nothing is read that the input is too small for, and what Write accepts of the
// result is read back the same.
func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, everyKind(), "smi:local/catalog"); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()/2])
	f.Add([]byte(document("<preferredOriginID>x</preferredOriginID><origin>" + when + where + "<arrival/></origin><pick>" + station)))
	f.Add([]byte("<?xml version='1.0' encoding='ISO-8859-1'?><quakeml><eventParameters><event publicID='\xfc'/></eventParameters></quakeml><x>"))
	f.Fuzz(func(t *testing.T, in []byte) {
		events, problems, err := Read(bytes.NewReader(in))
		var at *Error
		if err != nil && (!errors.As(err, &at) || at.Offset < 0 || at.Offset > int64(len(in)) || at.Line < 1) {
			t.Fatalf("error %#v has no place in %d bytes", err, len(in))
		}
		things := len(events) + len(problems)
		for _, e := range events {
			things += len(e.Origins) + len(e.Magnitudes) + len(e.Picks)
			for _, o := range e.Origins {
				things += len(o.Arrivals)
			}
		}
		if things > len(in) {
			t.Fatalf("%d things in %d bytes", things, len(in))
		}
		var b bytes.Buffer
		if Write(&b, events, "smi:local/fuzz") != nil {
			return
		}
		again, _, err := Read(&b)
		if err != nil {
			t.Fatalf("cannot read what was written: %v", err)
		}
		if diff := cmp.Diff(events, again, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("read -, written and read again +:\n%s", diff)
		}
	})
}
