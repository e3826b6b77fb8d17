package capped_test

import (
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/internal/capped"
)

func TestAListKeepsTheFirstAndCountsTheRest(t *testing.T) {
	var list capped.List[string]
	closing := func(last, message string) string { return last + ": " + message }
	if got := list.Closed(closing); got != nil {
		t.Errorf("an empty list is %q, want nil", got)
	}
	for range capped.Max {
		list.Add("kept")
	}
	if got := list.Closed(closing); len(got) != capped.Max {
		t.Errorf("a full list has %d entries, want %d", len(got), capped.Max)
	}
	list.Add("dropped")
	list.Add("dropped")
	got := list.Closed(closing)
	if n := len(got); n != capped.Max+1 || !strings.HasPrefix(got[n-1], "kept: 2 further problems") || got[n-2] != "kept" {
		t.Errorf("%d entries, the last %q; want %d and a count of 2", n, got[n-1], capped.Max+1)
	}
}
