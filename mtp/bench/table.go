package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
)

const legend = `A cell is the time in units of the reference's, which is the faster pool by hand, and in brackets
nanoseconds an item; below 1.00 is faster than by hand. The last column is mtp in units of the
fastest other one. A conc stream cannot be told how far to read ahead: it keeps workers + 1 queued.
`

// writeReport writes what the README of mtp shows: one table for each order.
func writeReport(w io.Writer, m method, all []measurement) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s/%s, %d CPUs, GOMAXPROCS %d; medians of %d rounds, runs of about %s.\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.GOMAXPROCS(0), m.rounds, m.length)
	b.WriteString(legend)
	for _, inOrder := range []bool{false, true} {
		writeTable(&b, inOrder, all)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeTable writes nothing where there is no measurement of that order.
func writeTable(b *strings.Builder, inOrder bool, all []measurement) {
	begun := false
	for _, m := range all {
		if m.inOrder != inOrder {
			continue
		}
		if !begun {
			writeHead(b, m)
			begun = true
		}
		writeRow(b, m)
	}
}

func writeHead(b *strings.Builder, m measurement) {
	order := "unordered"
	if m.inOrder {
		order = "ordered"
	}
	fmt.Fprintf(b, "\n| %s | workers | ahead | by hand, ns |", order)
	for _, c := range m.contenders {
		fmt.Fprintf(b, " %s |", c.name)
	}
	b.WriteString(" mtp / best other |\n|---|--:|--:|--:|")
	b.WriteString(strings.Repeat("--:|", len(m.contenders)+1) + "\n")
}

func writeRow(b *strings.Builder, m measurement) {
	reference, best := m.reference(), m.bestOther()
	fmt.Fprintf(b, "| %s | %d | %d | %.0f |", m.load.name, m.workers, m.ahead, m.perItem(reference))
	for k := range m.contenders {
		fmt.Fprintf(b, " %.2f (%.0f) |", m.ratio(k, reference), m.perItem(k))
	}
	fmt.Fprintf(b, " %.2f %s |\n", m.ratio(0, best), m.contenders[best].name)
}
