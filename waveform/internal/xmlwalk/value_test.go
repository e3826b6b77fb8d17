package xmlwalk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform/internal/xmlwalk"
)

func TestTimesCarryWhatGoDoesNotHave(t *testing.T) {
	for in, want := range map[string]struct {
		written string
		carry   time.Duration
	}{
		"2016-12-31T23:59:59.5":     {"2016-12-31T23:59:59.5Z", 0},
		"2016-12-31 23:59:59+01:00": {"2016-12-31T22:59:59Z", 0},
		"2016-12-31":                {"2016-12-31T00:00:00Z", 0},
		"2016-12-31T23:59:60.25Z":   {"2016-12-31T23:59:59.25Z", time.Second},
		"2016-12-31T24:00:00":       {"2016-12-31T00:00:00Z", 24 * time.Hour},
	} {
		ordinary, carry := xmlwalk.OrdinaryTime(in)
		got, ok := xmlwalk.ParseTime(ordinary)
		if s := got.Format(time.RFC3339Nano); !ok || s != want.written || carry != want.carry || got.Location() != time.UTC {
			t.Errorf("%s: %s and %v, %v; want %s and %v", in, s, carry, ok, want.written, want.carry)
		}
	}
	for _, in := range []string{"", "2016", "2016-02-30", "2016-12-31T23:59:61", "2016-12-31T24:00:01", "2016-12-31T23:59:60 x"} {
		ordinary, _ := xmlwalk.OrdinaryTime(in)
		if got, ok := xmlwalk.ParseTime(ordinary); ok {
			t.Errorf("%q was read as %v", in, got)
		}
	}
}

func TestQuoteShortensByCharacters(t *testing.T) {
	for in, want := range map[string]string{
		"":                                  `""`,
		"a\n":                               `"a\n"`,
		strings.Repeat("ä", 40):             `"` + strings.Repeat("ä", 40) + `"`,
		strings.Repeat("ä", 41):             `"` + strings.Repeat("ä", 40) + `..."`,
		strings.Repeat("a", 1<<20) + "\xff": `"` + strings.Repeat("a", 40) + `..."`,
	} {
		if got := xmlwalk.Quote(in); got != want {
			t.Errorf("%.50q: %s, want %s", in, got, want)
		}
	}
}
