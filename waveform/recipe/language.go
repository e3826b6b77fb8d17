package recipe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seisbatch/seisbatch/waveform/process"
)

// Language is the words that recipes may use: those of this package, which the zero
// Language has, and steps and measurements of a program's own. It is a value and is
// not changed by use.
type Language struct {
	steps    map[string]func(Decode) (process.Step, error)
	measures map[string]func(Decode) (Measure, error)
}

// Decode fills a struct, with yaml tags, with the parameters that a recipe gives to a
// step or measurement; a key that the struct does not have is an error. Where the
// recipe gives a plain value in place of a mapping, into may be a pointer to such.
type Decode func(into any) error

// Measure is a measurement of a program's own, of each component. It is shared by
// workers and must not be changed by use. Its exported fields are its parameters, whose
// JSON is hashed into the recipe's identity, with its version.
type Measure interface {
	// Keys names the numbers that it gives, with their unit, as columns are named.
	Keys() []string
	// Version of its definition: raise it with every change that may change a number.
	Version() int
	// Measure stores the numbers in dst, which is as long as Keys. NaN is a number that
	// there is none of. m must not be changed. The scratch memory of w is free for use.
	Measure(dst []float64, m *Motion, w *process.Worker)
}

// Versioned is a step of a program's own that says the version of its definition: raise it with
// every change that may change a sample, so that what was computed before is due.
type Versioned interface{ Version() int }

// WithStep is the language with one more step for the list under process. The name of
// the steps that make gives must be name. Replacing a step of this package panics.
func (l Language) WithStep(name string, make func(Decode) (process.Step, error)) Language {
	if _, taken := new(parser).steps(nil)[name]; taken {
		panic("recipe: there is a step " + name)
	}
	l.steps = maps.Clone(l.steps)
	if l.steps == nil {
		l.steps = map[string]func(Decode) (process.Step, error){}
	}
	l.steps[name] = make
	return l
}

// WithMeasure is the language with one more measurement for the list measure.extra.
func (l Language) WithMeasure(name string, make func(Decode) (Measure, error)) Language {
	l.measures = maps.Clone(l.measures)
	if l.measures == nil {
		l.measures = map[string]func(Decode) (Measure, error){}
	}
	l.measures[name] = make
	return l
}

// decoder reads a node strictly.
func decoder(n *yaml.Node) Decode {
	return func(into any) error {
		text, err := yaml.Marshal(n)
		if err != nil {
			return err
		}
		dec := yaml.NewDecoder(bytes.NewReader(text))
		dec.KnownFields(true)
		var wrong *yaml.TypeError
		if err = dec.Decode(into); errors.As(err, &wrong) {
			return errors.New(strings.Join(wrong.Errors, "; "))
		} else if errors.Is(err, io.EOF) {
			return nil // nothing given
		}
		return err
	}
}

// hashable makes sure that a step or measurement can be part of a recipe's hash.
func hashable(v any) error {
	if _, err := json.Marshal(v); err != nil {
		return fmt.Errorf("its parameters must be plain, finite values: %w", err)
	}
	return nil
}

// extras reads the list of measurements of the program's own.
func (p *parser) extras(n *yaml.Node, key string, to *[]Measure) {
	*to = nil
	known := fields{}
	taken := map[string]bool{}
	for name, make := range p.language.measures {
		known[name] = func(n *yaml.Node, k string) {
			m, err := make(decoder(n))
			switch {
			case err != nil:
			case m == nil:
				err = errors.New("the program made no measurement of it")
			default:
				err = hashable(m)
			}
			if err != nil {
				p.fail(n.Line, k, err)
				return
			}
			for _, name := range m.Keys() {
				if taken[name] {
					p.fail(n.Line, k, fmt.Errorf("%s is measured already", name))
				}
				taken[name] = true
			}
			*to = append(*to, m)
		}
	}
	p.sequence(n, key, func(n *yaml.Node, k string) {
		if len(known) == 0 {
			p.fail(n.Line, k, errors.New("this program has no measurements of its own"))
			return
		}
		p.mapping(n, k, known)
	})
}
