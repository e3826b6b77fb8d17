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

func TestCappedKeepsTheFirstAndCountsTheRest(t *testing.T) {
	var list xmlwalk.Capped[string]
	closing := func(last, message string) string { return last + ": " + message }
	if got := list.List(closing); got != nil {
		t.Errorf("an empty list is %q, want nil", got)
	}
	for range xmlwalk.MaxProblems {
		list.Add("kept")
	}
	if got := list.List(closing); len(got) != xmlwalk.MaxProblems {
		t.Errorf("a full list has %d entries, want %d", len(got), xmlwalk.MaxProblems)
	}
	list.Add("dropped")
	list.Add("dropped")
	got := list.List(closing)
	if n := len(got); n != xmlwalk.MaxProblems+1 || !strings.HasPrefix(got[n-1], "kept: 2 further problems") || got[n-2] != "kept" {
		t.Errorf("%d entries, the last %q; want %d and a count of 2", n, got[n-1], xmlwalk.MaxProblems+1)
	}
}
