package process

import (
	"slices"
	"strings"
	"testing"
)

func TestAChainEndsAfterANamedStep(t *testing.T) {
	c := Chain{Demean{}, Bandpass{Order: 1}, Taper{}, Bandpass{Order: 2}}
	if names := c.Names(); !slices.Equal(names, []string{"raw", "demean", "bandpass#1", "taper", "bandpass#2"}) {
		t.Errorf("names %q", names)
	}
	for step, want := range map[string]int{"": 4, "raw": 0, "demean": 1, "bandpass#1": 2, "taper": 3, "taper#1": 3, "bandpass#2": 4, "bandpass": 4} {
		if got, err := c.Until(step); err != nil || len(got) != want {
			t.Errorf("%q: %d steps, %v; want %d", step, len(got), err, want)
		}
	}
	for _, step := range []string{"bandstop", "bandpass#3", "bandpass#0", "bandpass#x", "taper#", "raw#1"} {
		if got, err := c.Until(step); err == nil || len(got) != 0 || !strings.Contains(err.Error(), "raw, demean, bandpass#1, taper, bandpass#2") {
			t.Errorf("%q: %d steps, %v", step, len(got), err)
		}
	}
}
