package recipe

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/process"
)

// chain reads the list of steps; each item is a mapping with the step's name as
// its one key.
func (p *parser) chain(n *yaml.Node, key string, to *process.Chain) {
	*to = nil
	var word string // of the step that is read
	steps := p.steps(func(s process.Step) {
		*to = append(*to, s)
		p.words = append(p.words, word)
	})
	p.words = nil
	p.sequence(n, key, func(n *yaml.Node, k string) {
		c := resolve(n)
		p.lines[k] = c.Line
		if c.Kind != yaml.MappingNode || len(c.Content) != 2 {
			p.fail(c.Line, k, errors.New("want one step with its parameters, such as \"detrend: linear\" or \"correct_baseline: polynomial\""))
			return
		}
		word = c.Content[0].Value
		p.mapping(n, k, steps)
	})
}

// steps is what may stand in a chain.
func (p *parser) steps(add func(process.Step)) fields {
	steps := fields{
		"detrend": func(n *yaml.Node, k string) { p.detrend(n, k, add) },
		"demean": func(n *yaml.Node, k string) {
			var d DemeanAt
			p.mapping(n, k, fields{"from": p.mark(&d.From), "until": p.mark(&d.Until)})
			add(d)
		},
		"cut": func(n *yaml.Node, k string) {
			var c CutAt
			p.mapping(n, k, fields{"from": p.mark(&c.From), "until": p.mark(&c.Until)})
			add(c)
		},
		"taper": func(n *yaml.Node, k string) {
			var t process.Taper
			var longest time.Duration
			p.mapping(n, k, fields{"fraction": p.value(&t.Fraction), "longest": p.duration(&longest),
				"window": scalar(p, &t.Cosine, either("cosine", "hann"))})
			t.Longest = longest.Seconds()
			add(t)
		},
		"remove_response": func(n *yaml.Node, k string) { p.removeResponse(n, k, add) },
		"remove_sensitivity": func(n *yaml.Node, k string) {
			r := process.RemoveSensitivity{Output: waveform.Acceleration}
			p.mapping(n, k, fields{"output": scalar(p, &r.Output, parseOutput)})
			add(r)
		},
		"decimate": func(n *yaml.Node, k string) {
			d := process.Decimate{ZeroPhase: true}
			p.mapping(n, k, fields{"factor": p.value(&d.Factor), "zero_phase": p.value(&d.ZeroPhase)})
			add(d)
		},
		"resample": func(n *yaml.Node, k string) {
			var r process.Resample
			p.mapping(n, k, fields{"rate": scalar(p, &r.Rate, parseHertz)})
			add(r)
		},
		"integrate": func(n *yaml.Node, k string) {
			var s process.Integrate
			scalar(p, &s.Spectral, either("spectral", "trapezoid"))(n, k)
			add(s)
		},
		"differentiate": func(n *yaml.Node, k string) {
			var s process.Differentiate
			scalar(p, &s.Spectral, either("spectral", "central"))(n, k)
			add(s)
		},
		"correct_baseline": func(n *yaml.Node, k string) {
			var t bool
			scalar(p, &t, either("polynomial", "polynomial"))(n, k)
			add(process.CorrectBaseline{})
		},
		"bandpass": func(n *yaml.Node, k string) {
			p.twoCorners(n, k, func(f butterworth) process.Step {
				return process.Bandpass{Low: f.low, High: f.high, Order: f.order, Passes: f.passes}
			}, add)
		},
		"bandstop": func(n *yaml.Node, k string) {
			p.twoCorners(n, k, func(f butterworth) process.Step {
				return process.Bandstop{Low: f.low, High: f.high, Order: f.order, Passes: f.passes}
			}, add)
		},
		"highpass": func(n *yaml.Node, k string) {
			p.oneCorner(n, k, func(f butterworth) process.Step {
				return process.Highpass{Corner: f.low, Order: f.order, Passes: f.passes}
			}, add)
		},
		"lowpass": func(n *yaml.Node, k string) {
			p.oneCorner(n, k, func(f butterworth) process.Step {
				return process.Lowpass{Corner: f.low, Order: f.order, Passes: f.passes}
			}, add)
		},
		"amplitude_highpass": func(n *yaml.Node, k string) {
			s := process.AmplitudeHighpass{Order: 5}
			p.mapping(n, k, fields{"corner": p.corner(&s.Corner), "order": p.value(&s.Order)})
			add(s)
		},
		"amplitude_lowpass": func(n *yaml.Node, k string) {
			s := process.AmplitudeLowpass{Order: 5}
			p.mapping(n, k, fields{"corner": p.corner(&s.Corner), "order": p.value(&s.Order)})
			add(s)
		},
	}
	for name, make := range p.language.steps {
		steps[name] = func(n *yaml.Node, k string) {
			s, err := make(decoder(n))
			switch {
			case err != nil:
			case s == nil:
				err = errors.New("the program made no step of it")
			case s.Name() != name:
				err = fmt.Errorf("the program's step is named %q", s.Name())
			default:
				err = hashable(s)
			}
			if err != nil {
				p.fail(n.Line, k, err)
				return
			}
			add(s)
		}
	}
	return steps
}

// butterworth is the parameters of a filter.
type butterworth struct {
	low, high     process.Corner
	order, passes int
}

func (p *parser) twoCorners(n *yaml.Node, key string, step func(butterworth) process.Step, add func(process.Step)) {
	f := butterworth{order: 4, passes: 2}
	p.mapping(n, key, fields{"low": p.corner(&f.low), "high": p.corner(&f.high), "order": p.value(&f.order), "passes": p.value(&f.passes)})
	add(step(f))
}

func (p *parser) oneCorner(n *yaml.Node, key string, step func(butterworth) process.Step, add func(process.Step)) {
	f := butterworth{order: 4, passes: 2}
	p.mapping(n, key, fields{"corner": p.corner(&f.low), "order": p.value(&f.order), "passes": p.value(&f.passes)})
	add(step(f))
}

func (p *parser) removeResponse(n *yaml.Node, key string, add func(process.Step)) {
	r := process.RemoveResponse{Output: waveform.Acceleration, WaterLevel: 60}
	mean, taper := true, true
	p.mapping(n, key, fields{
		"output": scalar(p, &r.Output, parseOutput), "water_level": p.value(&r.WaterLevel),
		"pre_filter": func(n *yaml.Node, k string) { p.preFilter(n, k, &r.PreFilter) },
		"demean":     p.value(&mean), "taper": p.value(&taper),
	})
	r.NoMean, r.NoTaper = !mean, !taper
	add(r)
}

func (p *parser) detrend(n *yaml.Node, key string, add func(process.Step)) {
	n = resolve(n)
	if n.Kind == yaml.MappingNode {
		var d process.DetrendPolynomial
		p.mapping(n, key, fields{"polynomial": p.value(&d.Order)})
		add(d)
		return
	}
	switch n.Value {
	case "linear":
		add(process.Detrend{})
	case "constant":
		add(process.Demean{})
	case "simple":
		add(process.DetrendSimple{})
	default:
		p.fail(n.Line, key, errors.New("want linear, constant, simple, or {polynomial: ORDER}"))
	}
}

// either is for a choice of two words: true is the first.
func either(yes, no string) func(string) (bool, error) {
	return func(text string) (bool, error) {
		switch {
		case text == yes || text == no:
			return text == yes, nil
		case yes == no:
			return false, fmt.Errorf("%q: want %s", text, yes)
		}
		return false, fmt.Errorf("%q: want %s or %s", text, no, yes)
	}
}

func (p *parser) preFilter(n *yaml.Node, key string, to *[4]process.Corner) {
	i := 0
	p.sequence(n, key, func(n *yaml.Node, k string) {
		if i < len(to) {
			p.corner(&to[i])(n, k)
		}
		i++
	})
	if i != len(to) {
		p.fail(n.Line, key, fmt.Errorf("want 4 corners, got %d", i))
	}
}

func (p *parser) corner(to *process.Corner) func(*yaml.Node, string) {
	return scalar(p, to, parseCorner)
}

// parseCorner reads "0.08 Hz" or "0.75 nyquist".
func parseCorner(text string) (process.Corner, error) {
	number, unit, _ := strings.Cut(strings.TrimSpace(text), " ")
	v, err := strconv.ParseFloat(number, 64)
	unit = strings.TrimSpace(unit)
	if err != nil || (unit != "Hz" && unit != "nyquist") || !(v >= 0 && v < 1e9) {
		return process.Corner{}, fmt.Errorf("%q is not a frequency: want \"0.08 Hz\" or \"0.75 nyquist\"", text)
	}
	return process.Corner{Value: v, OfNyquist: unit == "nyquist"}, nil
}

// parseHertz reads "100 Hz".
func parseHertz(text string) (float64, error) {
	c, err := parseCorner(text)
	if err != nil || c.OfNyquist {
		return 0, fmt.Errorf("%q is not a rate: want \"100 Hz\"", text)
	}
	return c.Value, nil
}

func parseOutput(text string) (waveform.Unit, error) {
	switch text {
	case "displacement":
		return waveform.Displacement, nil
	case "velocity":
		return waveform.Velocity, nil
	case "acceleration":
		return waveform.Acceleration, nil
	}
	return waveform.UnitUnknown, fmt.Errorf("%q: want displacement, velocity or acceleration", text)
}

func known(f fields) string { return strings.Join(slices.Sorted(maps.Keys(f)), ", ") }
