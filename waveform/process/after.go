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
	switch step {
	case "":
		return c, nil
	case Raw:
		return c[:0], nil
	}
	name, ordinal, numbered := strings.Cut(step, "#")
	wanted, err := strconv.Atoi(ordinal)
	until, met := -1, 0
	for i, s := range c {
		if s.Name() != name {
			continue
		}
		met++
		if !numbered || err == nil && met == wanted {
			until = i + 1
		}
	}
	if until < 0 {
		return nil, &StepError{step, c.Names()}
	}
	return c[:until], nil
}

// Names lists what [Chain.Until] takes: raw, and the steps in their order, numbered where a
// name is there more than once.
func (c Chain) Names() []string {
	total := map[string]int{}
	for _, s := range c {
		total[s.Name()]++
	}
	names := []string{Raw}
	met := map[string]int{}
	for _, s := range c {
		name := s.Name()
		met[name]++
		if total[name] > 1 {
			name = fmt.Sprintf("%s#%d", name, met[name])
		}
		names = append(names, name)
	}
	return names
}
