package process

import (
	"fmt"
	"strconv"
	"strings"
)

// Raw names, for [Chain.Until], the data before the first step.
const Raw = "raw"

// StepError is a step that a chain does not have.
type StepError struct {
	Step  string
	Known []string // what there is
}

// Error lists what there is.
func (e *StepError) Error() string {
	return fmt.Sprintf("the chain has no step %q: it has %s", e.Step, strings.Join(e.Known, ", "))
}

// Until is the chain up to and with the step of a name, as [Step.Name] gives it. Of several of
// one name, "bandpass" is the last, and "bandpass#1" the first. [Raw] is the chain without
// steps, and "" the whole chain. The error is a *[StepError].
func (c Chain) Until(step string) (Chain, error) {
	n, err := Find(c.names(), step)
	return c[:n], err
}

func (c Chain) names() []string {
	names := make([]string, len(c))
	for i, s := range c {
		names[i] = s.Name()
	}
	return names
}

// Find gives the number of steps, of those with the given names, up to and with one that is named
// as for [Chain.Until]. The error is a *[StepError].
func Find(names []string, step string) (int, error) {
	switch step {
	case "":
		return len(names), nil
	case Raw:
		return 0, nil
	}
	name, ordinal, numbered := strings.Cut(step, "#")
	wanted, err := strconv.Atoi(ordinal)
	until, met := 0, 0
	for i, n := range names {
		if n != name {
			continue
		}
		met++
		if !numbered || err == nil && met == wanted {
			until = i + 1
		}
	}
	if until == 0 {
		return 0, &StepError{step, numberedNames(names)}
	}
	return until, nil
}

// Names lists what [Chain.Until] takes: raw, and the steps in their order, numbered where a
// name is there more than once.
func (c Chain) Names() []string { return numberedNames(c.names()) }

func numberedNames(names []string) []string {
	total, met := map[string]int{}, map[string]int{}
	for _, n := range names {
		total[n]++
	}
	list := []string{Raw}
	for _, n := range names {
		met[n]++
		if total[n] > 1 {
			n = fmt.Sprintf("%s#%d", n, met[n])
		}
		list = append(list, n)
	}
	return list
}
