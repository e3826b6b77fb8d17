package main

import (
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMedianIsTheMiddle(t *testing.T) {
	for _, c := range []struct {
		list []float64
		want float64
	}{{[]float64{3}, 3}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 1, 2, 100}, 3}} {
		if got := median(c.list); got != c.want {
			t.Errorf("median of %v = %v, want %v", c.list, got, c.want)
		}
	}
}

// sample has the times of three rounds, the second of which was disturbed and all
// three times slower.
func sample() measurement {
	named := func(name string, hand bool) contender { return contender{name: name, hand: hand} }
	return measurement{
		cell:       cell{inOrder: true, load: workloads[1], workers: 2, ahead: 64},
		contenders: []contender{named("mtp", false), named("hand ring", true), named("hand futures", true), named("pond", false)},
		times:      [][]float64{{90, 270, 90}, {100, 300, 100}, {110, 330, 110}, {80, 240, 100}},
	}
}

func TestTheReferenceIsTheFasterPoolByHand(t *testing.T) {
	m := sample()
	if got := m.contenders[m.reference()].name; got != "hand ring" {
		t.Errorf("reference %q", got)
	}
	if got := m.contenders[m.bestOther()].name; got != "hand ring" { // by the medians 100, 110 and 100
		t.Errorf("best other %q", got)
	}
}

func TestARatioIsOfTheSameRound(t *testing.T) {
	if got := sample().ratio(0, 1); got != 0.9 {
		t.Errorf("ratio %v, want 0.9", got)
	}
}

func TestReportHasATableForEachOrderMeasured(t *testing.T) {
	var out strings.Builder
	if err := writeReport(&out, method{rounds: 3, length: time.Second}, []measurement{sample()}); err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(out.String(), "\n\n")
	const want = `| ordered | workers | ahead | by hand, ns | mtp | hand ring | hand futures | pond | mtp / best other |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
| 1us | 2 | 64 | 100 | 0.90 (90) | 1.00 (100) | 1.10 (110) | 0.80 (100) | 0.90 hand ring |
`
	if table != want {
		t.Errorf("got\n%swant\n%s", table, want)
	}
}

func TestOnlySelectsCells(t *testing.T) {
	var names []string
	for _, c := range cells(2, 16, regexp.MustCompile("^ordered/(1us|10ms)")) {
		names = append(names, c.name())
	}
	want := []string{"ordered/1us/4", "ordered/1us/64", "ordered/1us/1024", "ordered/10ms/32", "ordered/10ms/64", "ordered/10ms/1024"}
	if !slices.Equal(names, want) {
		t.Errorf("cells %v, want %v", names, want)
	}
}

func TestNoBoundLeavesWorkersIdle(t *testing.T) {
	for workers, want := range map[int][]int{1: {2, 64, 1024}, 32: {64, 1024}, 64: {128, 1024}} {
		if got := aheads(workers); !slices.Equal(got, want) {
			t.Errorf("%d workers: %v, want %v", workers, got, want)
		}
	}
}

func TestEveryKindOfCellRuns(t *testing.T) {
	args := []string{"-rounds", "1", "-run", "1ms", "-workers", "2", "-sleepers", "4", "-only", "/(64|8)$"}
	c, err := parse(args, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := c.run(&out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, load := range workloads {
		if n := strings.Count(out.String(), "\n| "+load.name+" |"); n < 2 {
			t.Errorf("%d rows of %s in\n%s", n, load.name, out.String())
		}
	}
}

func TestFlatLooksTenTimes(t *testing.T) {
	var out strings.Builder
	if err := runFlat(&out, 1000, 2); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "\n| ") - 1; n != 10 || !strings.Contains(out.String(), "\n| 1000 | ") {
		t.Errorf("%d lines in\n%s", n, out.String())
	}
}

func TestFlagsThatMakeNoSenseAreRefused(t *testing.T) {
	for _, args := range [][]string{{"-workers", "0"}, {"-rounds", "0"}, {"-run", "0s"}, {"-only", "("}, {"-nothing"}} {
		if _, err := parse(args, io.Discard); err == nil {
			t.Errorf("%v: no error", args)
		}
	}
	c, err := parse([]string{"-only", "no such cell"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.run(io.Discard, io.Discard); err == nil {
		t.Error("no cell, no error")
	}
}
