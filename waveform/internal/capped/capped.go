// Package capped has the list that readers of metadata keep their problems in: the
// first ones, and the number of the others.
package capped

import "fmt"

// Max limits what a hopeless file can make a caller keep.
const Max = 1000

// List is a list of problems, of the caller's own type, that keeps the first
// [Max] and counts the others. The zero value is an empty list.
type List[P any] struct {
	kept    []P
	dropped int
}

// Add adds a problem, or counts it.
func (l *List[P]) Add(p P) {
	if len(l.kept) >= Max {
		l.dropped++
		return
	}
	l.kept = append(l.kept, p)
}

// Closed is everything kept, nil for nothing. Where problems were dropped it is
// closed by one more, which closing makes of the last one kept and a message
// with their number.
func (l *List[P]) Closed(closing func(last P, message string) P) []P {
	if l.dropped == 0 {
		return l.kept
	}
	message := fmt.Sprintf("%d further problems are not listed; mend the first ones and read the file again", l.dropped)
	return append(l.kept, closing(l.kept[len(l.kept)-1], message))
}
