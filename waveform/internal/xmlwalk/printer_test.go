package xmlwalk_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

func TestPrinterIndentsEscapesAndLeavesOutEmptyAttributes(t *testing.T) {
	var b strings.Builder
	p := xmlwalk.NewPrinter(&b)
	p.Required = "place"
	p.Start("a", "code", "<x>", "place", "", "until", "")
	p.Text("b", `1 & "2"`, "until", "")
	p.Start("c")
	p.Number("d", math.Nextafter(0.3, 1), "i", "1")
	p.Number("e", math.NaN())
	p.End()
	p.End()
	if err := p.Flush(); err != nil {
		t.Fatal(err)
	}
	const want = `<?xml version="1.0" encoding="UTF-8"?>
<a code="&lt;x&gt;" place="">
 <b>1 &amp; &#34;2&#34;</b>
 <c>
  <d i="1">0.30000000000000004</d>
  <e>NaN</e>
 </c>
</a>
`
	if b.String() != want {
		t.Errorf("printed\n%s\nwant\n%s", b.String(), want)
	}
}

// failing accepts some bytes and then fails, each time in another way.
type failing struct {
	room   int
	errors []error
}

func (f *failing) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room >= 0 {
		return len(b), nil
	}
	err := f.errors[0]
	f.errors = f.errors[min(1, len(f.errors)-1):]
	return 0, err
}

func TestPrinterReturnsTheFirstWriteError(t *testing.T) {
	full, later := errors.New("disk full"), errors.New("later")
	p := xmlwalk.NewPrinter(&failing{room: 1 << 13, errors: []error{full, later}})
	for range 1 << 12 {
		p.Text("a", "content")
	}
	if err := p.Flush(); err != full {
		t.Errorf("error %v, want %v", err, full)
	}
}

func TestTimesAreWrittenInUTCAsPreciselyAsNeeded(t *testing.T) {
	east := time.FixedZone("", 3600)
	for want, at := range map[string]time.Time{
		"":                         {},
		"2020-01-02T03:04:05Z":     time.Date(2020, 1, 2, 4, 4, 5, 0, east),
		"2020-01-02T03:04:05.001Z": time.Date(2020, 1, 2, 3, 4, 5, 1e6, time.UTC),
	} {
		if got := xmlwalk.FormatTime(at); got != want {
			t.Errorf("%v: %q, want %q", at, got, want)
		}
	}
}
