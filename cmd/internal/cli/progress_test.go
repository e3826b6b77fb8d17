package cli

import (
	"testing"
	"time"
)

func TestShortTimesAreNotShownAsNone(t *testing.T) {
	for d, want := range map[time.Duration]string{
		7654321: "8ms", 340 * time.Millisecond: "340ms", 1234 * time.Millisecond: "1.2s", 12345 * time.Millisecond: "12s", 100 * time.Second: "1m40s",
	} {
		if got := d.Round(roundingOf(d)).String(); got != want {
			t.Errorf("%v is shown as %s, want %s", d, got, want)
		}
	}
}

func TestCountsAreListedMostFirst(t *testing.T) {
	if got := mostFirst(map[string]int{"stage_rate": 2, "no_response": 500, "gain_only": 2, "sensitivity": 80}); got != "500 no_response, 80 sensitivity, 2 gain_only, 2 stage_rate" {
		t.Error(got)
	}
}
