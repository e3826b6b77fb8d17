package recipe

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/seisbatch/seisbatch/waveform/metric"
)

// measurements reads the section of that name.
func (p *parser) measurements(n *yaml.Node, key string, m *Measurements) {
	p.mapping(n, key, fields{
		"periods":    func(n *yaml.Node, k string) { p.list(n, k, &m.Periods) },
		"damping":    func(n *yaml.Node, k string) { p.dampings(n, k, &m.Dampings) },
		"spectra":    func(n *yaml.Node, k string) { p.spectra(n, k, &m.Spectra) },
		"upsampling": scalar(p, &m.Upsampling, parseMethod),
		"rotated":    func(n *yaml.Node, k string) { p.list(n, k, &m.Rotated) },
		"bands":      func(n *yaml.Node, k string) { p.bands(n, k, &m.Bands) },
		"sta":        p.duration(&m.STA),
		"lta":        p.duration(&m.LTA),
		"fas":        func(n *yaml.Node, k string) { p.fas(n, k, &m.FAS) },
		"usable_band": func(n *yaml.Node, k string) {
			optional(p, n, k, &m.UsableBand, UsableBand{SNR: 3, Around: 1, Octaves: 1}, func(b *UsableBand) fields {
				return fields{"snr": p.value(&b.SNR), "around": scalar(p, &b.Around, parseHertz), "octaves": p.value(&b.Octaves)}
			})
		},
		"local_magnitude": scalar(p, &m.LocalMagnitude, parseScale),
		"source": func(n *yaml.Node, k string) {
			optional(p, n, k, &m.Source, Source{Density: 2800, Velocity: 3700, Kappa: 0.035}, func(s *Source) fields {
				return fields{"density": p.value(&s.Density), "velocity": p.value(&s.Velocity), "q": p.value(&s.Q), "q_exponent": p.value(&s.QExponent),
					"kappa": func(n *yaml.Node, k string) { p.kappa(n, k, s) }}
			})
		},
		"extra": func(n *yaml.Node, k string) { p.extras(n, k, &m.Extra) },
	})
}

// none is the word for a measurement that is not wanted.
const none = "none"

// optional reads a mapping whose keys have defaults, or none.
func optional[T any](p *parser, n *yaml.Node, key string, to **T, standard T, keys func(*T) fields) {
	if r := resolve(n); r.Kind == yaml.ScalarNode && r.Value == none {
		*to = nil
		return
	}
	p.mapping(n, key, keys(&standard))
	*to = &standard
}

func (p *parser) fas(n *yaml.Node, key string, to **FAS) {
	optional(p, n, key, to, FAS{Bandwidth: 188.5}, func(f *FAS) fields {
		return fields{"frequencies": func(n *yaml.Node, k string) { p.list(n, k, &f.Frequencies) }, "bandwidth": p.value(&f.Bandwidth)}
	})
}

// kappa reads a duration, or the word free.
func (p *parser) kappa(n *yaml.Node, key string, s *Source) {
	s.FreeKappa = resolve(n).Kind == yaml.ScalarNode && resolve(n).Value == "free"
	s.Kappa = 0
	if !s.FreeKappa {
		var d time.Duration
		p.duration(&d)(n, key)
		s.Kappa = d.Seconds()
	}
}

func parseScale(text string) (string, error) {
	if _, ok := scales()[text]; ok {
		return text, nil
	}
	if text == none {
		return "", nil
	}
	return "", fmt.Errorf("%q: want iaspei, hutton_boore or none", text)
}

// dampings reads one number or several.
func (p *parser) dampings(n *yaml.Node, key string, to *[]float64) {
	if resolve(n).Kind == yaml.SequenceNode {
		p.list(n, key, to)
		return
	}
	var one float64
	p.value(&one)(n, key)
	*to = []float64{one}
}

func (p *parser) spectra(n *yaml.Node, key string, to *metric.Quantities) {
	var names []string
	p.list(n, key, &names)
	*to = 0
	for _, name := range names {
		q, ok := map[string]metric.Quantities{"psa": metric.PSA, "sa": metric.SA, "sd": metric.SD, "sv": metric.SV}[name]
		if !ok {
			p.fail(n.Line, key, fmt.Errorf("%q: want psa, sa, sd or sv", name))
		}
		*to |= q
	}
}

func parseMethod(text string) (metric.Method, error) {
	switch text {
	case metric.Fine.String():
		return metric.Fine, nil
	case metric.Gmprocess.String():
		return metric.Gmprocess, nil
	}
	return 0, fmt.Errorf("%q: want fine or gmprocess", text)
}

// bands reads a list of pairs of frequencies in Hz.
func (p *parser) bands(n *yaml.Node, key string, to *[]metric.Band) {
	*to = nil
	p.sequence(n, key, func(n *yaml.Node, k string) {
		var ends []float64
		p.sequence(n, k, func(n *yaml.Node, k string) {
			var f float64
			scalar(p, &f, parseHertz)(n, k)
			ends = append(ends, f)
		})
		if len(ends) != 2 {
			p.fail(n.Line, k, errors.New("want two frequencies, such as [0.1 Hz, 1 Hz]"))
			return
		}
		*to = append(*to, metric.Band{From: ends[0], Until: ends[1]})
	})
}

func (p *parser) validateMeasurements(m Measurements) {
	check := func(ok bool, key, text string) {
		if key = "measure." + key; !ok {
			p.fail(p.lines[key], key, errors.New(text))
		}
	}
	check(len(m.Dampings) > 0, "damping", "want a damping")
	for i, d := range m.Dampings {
		check(d > 0 && d < 1 && !slices.Contains(m.Dampings[:i], d), "damping", "want fractions of critical damping between 0 and 1, each once")
	}
	check(len(m.Periods) > 0, "periods", "want one period or more, in s")
	last := 0.0
	for _, T := range m.Periods {
		check(T > last && T >= 0.001 && T < 1e4, "periods", "want rising periods from 0.001 s up")
		last = T
	}
	check(m.Spectra != 0, "spectra", "want one spectrum or more")
	for i, name := range m.Rotated {
		_, ok := rotations()[name]
		check((ok || name == GeoMean) && !slices.Contains(m.Rotated[:i], name), "rotated", "want RotD00, RotD50, RotD100 or GeoMean, each once")
	}
	for _, b := range m.Bands {
		check(b.From >= 0 && b.Until > b.From && !math.IsInf(b.Until, 1), "bands", "want bands that rise from 0 Hz or more")
	}
	if f := m.FAS; f != nil {
		check(len(f.Frequencies) > 0 && positive(f.Bandwidth), "fas", "want frequencies in Hz and a positive bandwidth")
		for _, v := range f.Frequencies {
			check(positive(v), "fas", "want positive frequencies in Hz")
		}
	}
	if b := m.UsableBand; b != nil {
		check(positive(b.SNR) && positive(b.Around) && b.Octaves >= 0 && !math.IsInf(b.Octaves, 1), "usable_band", "want a positive ratio, a frequency that must be in the band, and octaves from 0")
	}
	if s := m.Source; s != nil {
		check(positive(s.Density) && positive(s.Velocity) && s.Q >= 0 && !math.IsInf(s.Q, 1) && math.Abs(s.QExponent) < 10, "source", "want positive density and velocity, Q from 0, and its exponent")
	}
	check(m.STA > 0 && m.STA < m.LTA, "lta", "want 0 < sta < lta")
}
