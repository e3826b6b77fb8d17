package sac

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// FuzzRead: whatever the bytes, reading ends without a panic, allocates no more than
// a multiple of them, says the same of a stream, and names a place inside the
// file; what can be written of the result is read back the same; and what is read is
// known to Sniff.
func FuzzRead(f *testing.F) {
	names, err := filepath.Glob(filepath.Join("testdata", "*.sac"))
	if err != nil || len(names) < 5 {
		f.Fatal(names, err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[:len(b)-30])
		f.Add(append(bytes.Clone(b), "1 2 3\n"...))
		f.Add(edited(b, pointsAt, 1<<30))
	}
	f.Add(bytesOf(f, spectrum(6, false)))
	f.Add(bytesOf(f, spectrum(7, true)))
	f.Add(withFloat(bytesOf(f, spectrum(7, false)), 0, -1))
	f.Fuzz(func(t *testing.T, b []byte) {
		before := allocated()
		file, err := Read(iotest.OneByteReader(bytes.NewReader(b)))
		// Lines become strings and texts are parsed field by field.
		if used := allocated() - before; used > uint64(40*len(b)+1<<18) {
			t.Errorf("%d bytes allocated for %d", used, len(b))
		}
		again, err2 := Read(bytes.NewReader(b))
		if diff := cmp.Diff(file, again, cmpopts.EquateNaNs()); diff != "" || (err == nil) != (err2 == nil) || err != nil && err.Error() != err2.Error() {
			t.Errorf("stream -, memory +: %v, %v\n%s", err, err2, diff)
		}
		var e *Error
		if err != nil && (!errors.As(err, &e) || e.Offset < 0 || e.Offset > int64(max(len(b), headerSize))) {
			t.Fatalf("%v has no place in %d bytes", err, len(b))
		}
		if file == nil {
			return
		}
		if !Sniff(b) {
			t.Errorf("read, but not known")
		}
		if len(file.Data)+len(file.Second) > len(b) {
			t.Fatalf("%d and %d samples of %d bytes", len(file.Data), len(file.Second), len(b))
		}
		if tr, err := file.Trace(); err == nil {
			if len(tr.Data) != len(file.Data) || !(tr.SampleRate > 0) || tr.End().Before(tr.Start) {
				t.Errorf("%d samples, %v Hz, %v to %v", len(tr.Data), tr.SampleRate, tr.Start, tr.End())
			}
		}
		var out bytes.Buffer
		if _, err := file.WriteTo(&out); err == nil {
			checkSame(t, "fuzz", file, out.Bytes())
		}
	})
}
