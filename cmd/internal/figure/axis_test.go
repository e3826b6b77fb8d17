package figure

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestTicksAreRoundDistinctAndOnTheAxis(t *testing.T) {
	for _, a := range []axis{
		{0, 1}, {-250, 250}, {-30, 88.7}, {1e7 - 3, 1e7 + 4}, {-8388608, 8388607}, {1e-12, 3e-12}, {-1e299, 1e299},
		{123456.7, 123456.9}, {-0.00031, 0.00031}, {2147483000, 2147483647}, {99, 101}, {-1, 1e10},
	} {
		for _, want := range []int{3, 4, 6, 14} {
			ticks := a.ticks(want)
			if len(ticks) < 2 || len(ticks) > want+3 {
				t.Errorf("%v has %d ticks for %d", a, len(ticks), want)
			}
			seen := map[string]bool{}
			for _, k := range ticks {
				if slack := 1e-6 * (a.hi - a.lo); k.at < a.lo-slack || k.at > a.hi+slack {
					t.Errorf("%v has a tick at %v", a, k.at)
				}
				read, err := strconv.ParseFloat(strings.ReplaceAll(k.label, "\u2212", "-"), 64)
				if err != nil || math.Abs(read-k.at) > 1e-6*(a.hi-a.lo) {
					t.Errorf("%v: the tick at %v is labelled %q", a, k.at, k.label)
				}
				if seen[k.label] {
					t.Errorf("%v has two ticks %q", a, k.label)
				}
				seen[k.label] = true
			}
		}
	}
}

func TestTickLabelsAreShort(t *testing.T) {
	for _, c := range []struct {
		axis axis
		want string
	}{
		{axis{-250, 250}, "−200 0 200"},
		{axis{-0.12, 0.12}, "−0.1 0.0 0.1"},
		{axis{-60000, 60000}, "−50000 0 50000"},
		{axis{-3e-9, 3e-9}, "−2e−09 0 2e−09"},
	} {
		var labels []string
		for _, k := range c.axis.ticks(3) {
			labels = append(labels, k.label)
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("%v: %s, want %s", c.axis, got, c.want)
		}
	}
}

func TestAxisWithoutExtentIsWidened(t *testing.T) {
	for _, v := range []float64{0, 1, -7, 1e16, -1e16, 1e-300, 1e299} {
		a := axis{v, v}.padded()
		if !(a.lo < v && v < a.hi) || len(a.ticks(4)) < 2 {
			t.Errorf("%v becomes %v", v, a)
		}
	}
}

func TestPeakValuesHaveThreeDigits(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0.00", 1.2345: "1.23", 12.345: "12.3", 674.4: "674", 0.01234: "0.0123", 123456: "123456", 1e-5: "1e−05", 1.5e7: "1.5e+07",
	} {
		if got := significant(v); got != want {
			t.Errorf("%v is written %q, want %q", v, got, want)
		}
	}
}

func TestPrefixGivesDigitsBeforeThePoint(t *testing.T) {
	for size, want := range map[float64]string{0: "", 9.8: "", 1: "", 0.27: "m", 0.001: "m", 5e-5: "µ", 3e-8: "n", 1e-15: "n", 1e5: ""} {
		if got := prefixFor(size); got.symbol != want {
			t.Errorf("%v has the prefix %q, want %q", size, got.symbol, want)
		}
	}
}
