package xmlwalk

import "fmt"

// MaxProblems limits what a hopeless document can make a caller keep.
const MaxProblems = 1000

// Capped is a list of problems, of the caller's own type, that keeps the first
// [MaxProblems] and counts the others. The zero value is an empty list.
type Capped[P any] struct {
	kept    []P
	dropped int
}

// Add adds a problem, or counts it.
func (c *Capped[P]) Add(p P) {
	if len(c.kept) >= MaxProblems {
		c.dropped++
		return
	}
	c.kept = append(c.kept, p)
}

// List is everything kept, nil for nothing. Where problems were dropped it is
// closed by one more, which closing makes of the last one kept and a message
// with their number.
func (c *Capped[P]) List(closing func(last P, message string) P) []P {
	if c.dropped == 0 {
		return c.kept
	}
	message := fmt.Sprintf("%d further problems are not listed; mend the first ones and read the file again", c.dropped)
	return append(c.kept, closing(c.kept[len(c.kept)-1], message))
}
