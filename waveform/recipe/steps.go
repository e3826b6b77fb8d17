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
	steps := p.steps(func(s process.Step) { *to = append(*to, s) })
	p.sequence(n, key, func(n *yaml.Node, k string) {
		if c := resolve(n); c.Kind != yaml.MappingNode || len(c.Content) != 2 {
			p.fail(c.Line, k, errors.New("want one step, such as \"detrend: linear\""))
			return
		}
		p.mapping(n, k, steps)
	})
}

// steps is what may stand in a chain.
func (p *parser) steps(add func(process.Step)) fields {
	steps := fields{
		"detrend": func(n *yaml.Node, k string) { p.detrend(n, k, add) },
		"taper": func(n *yaml.Node, k string) {
			var t process.Taper
			var longest time.Duration
			p.mapping(n, k, fields{"fraction": p.value(&t.Fraction), "longest": p.duration(&longest)})
			t.Longest = longest.Seconds()
			add(t)
		},
		"remove_response": func(n *yaml.Node, k string) {
			r := process.RemoveResponse{Output: waveform.Acceleration, WaterLevel: 60}
			p.mapping(n, k, fields{
				"output": scalar(p, &r.Output, parseOutput), "water_level": p.value(&r.WaterLevel),
				"pre_filter": func(n *yaml.Node, k string) { p.preFilter(n, k, &r.PreFilter) },
			})
			add(r)
		},
		"bandpass": func(n *yaml.Node, k string) {
			b := process.Bandpass{Order: 4, Passes: 2}
			p.mapping(n, k, fields{"low": p.corner(&b.Low), "high": p.corner(&b.High), "order": p.value(&b.Order), "passes": p.value(&b.Passes)})
			add(b)
		},
		"bandstop": func(n *yaml.Node, k string) {
			b := process.Bandstop{Order: 4, Passes: 2}
			p.mapping(n, k, fields{"low": p.corner(&b.Low), "high": p.corner(&b.High), "order": p.value(&b.Order), "passes": p.value(&b.Passes)})
			add(b)
		},
		"highpass": func(n *yaml.Node, k string) {
			h := process.Highpass{Order: 4, Passes: 2}
			p.mapping(n, k, fields{"corner": p.corner(&h.Corner), "order": p.value(&h.Order), "passes": p.value(&h.Passes)})
			add(h)
		},
		"lowpass": func(n *yaml.Node, k string) {
			l := process.Lowpass{Order: 4, Passes: 2}
			p.mapping(n, k, fields{"corner": p.corner(&l.Corner), "order": p.value(&l.Order), "passes": p.value(&l.Passes)})
			add(l)
		},
	}
	for name, make := range p.language.steps {
		steps[name] = func(n *yaml.Node, k string) {
			s, err := make(decoder(n))
			if err == nil {
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

func (p *parser) detrend(n *yaml.Node, key string, add func(process.Step)) {
	switch n = resolve(n); n.Value {
	case "linear":
		add(process.Detrend{})
	case "constant":
		add(process.Demean{})
	case "simple":
		add(process.DetrendSimple{})
	default:
		p.fail(n.Line, key, errors.New("want linear, constant or simple"))
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
