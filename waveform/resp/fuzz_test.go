package resp_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/resp"
)

// FuzzRead: no input panics, every error and problem says where it is inside the
// input, and nothing is read that the input is too small for.
func FuzzRead(f *testing.F) {
	every, err := os.ReadFile("testdata/every.resp")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(every)
	f.Add([]byte(head + whole()))
	f.Add([]byte(strings.ReplaceAll(head+whole(), "\n", "\r")))
	f.Add([]byte("B060F04 x: 1\r\nB044F09-10 0 1\nB052F04 x: y\nB041F09 1 2"))
	f.Fuzz(func(t *testing.T, in []byte) {
		stations, problems, err := resp.Read(bytes.NewReader(in))
		var where *resp.Error
		if err != nil && (!errors.As(err, &where) || where.Offset < 0 || where.Offset > int64(len(in)) || where.Line < 1) {
			t.Fatalf("error %#v has no place in %d bytes", err, len(in))
		}
		for _, p := range problems {
			if p.Line < 1 || p.Offset < 0 || p.Offset > int64(len(in)) || p.Message == "" {
				t.Fatalf("problem %+v has no place in %d bytes", p, len(in))
			}
		}
		if err == nil && !resp.Sniff(in) && len(stations) > 0 && len(in) <= resp.SniffSize {
			t.Fatal("read, and not taken for RESP by Sniff")
		}
		things := len(problems)
		for _, s := range stations {
			things++
			for _, c := range s.Channels {
				things++
				if c.Response == nil {
					continue
				}
				for _, s := range c.Response.Stages {
					things += 1 + len(s.ResponseList)
					if s.PolesZeros != nil {
						things += len(s.PolesZeros.Zeros) + len(s.PolesZeros.Poles)
					}
					if s.FIR != nil {
						things += len(s.FIR.Coefficients)
					}
				}
			}
		}
		if things > 1+len(in)/5 { // a file without channels is a problem of its own
			t.Fatalf("%d things in %d bytes", things, len(in))
		}
	})
}
