package recipe

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"go.yaml.in/yaml/v3"
)

// Error is what is wrong with a recipe, and where.
type Error struct {
	File string
	Line int // 0: the whole file
	Key  string
	Err  error
}

// Error gives file, line, key and cause.
func (e *Error) Error() string {
	switch {
	case e.Line == 0 && e.Key == "":
		return fmt.Sprintf("recipe %s: %v", e.File, e.Err)
	case e.Line == 0: // what is left out does not go with what is there
		return fmt.Sprintf("recipe %s: %s: %v", e.File, e.Key, e.Err)
	case e.Key == "":
		return fmt.Sprintf("recipe %s:%d: %v", e.File, e.Line, e.Err)
	}
	return fmt.Sprintf("recipe %s:%d: %s: %v", e.File, e.Line, e.Key, e.Err)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Parse reads a recipe: the default one with the keys of text in place of its own.
// Empty text is the default recipe. Unknown keys, values of the wrong kind and values
// that make no sense are an *Error (several are joined) with the line; name stands for
// the file in it. Its words are those of this package: see [Language] for more.
func Parse(name string, text []byte) (Recipe, error) { return Language{}.Parse(name, text) }

// Parse is the function Parse with the words of the language.
func (l Language) Parse(name string, text []byte) (Recipe, error) {
	var r Recipe
	p := parser{file: "default.yaml"}
	p.document([]byte(defaultText), &r)
	if len(p.errs) == 0 {
		p = parser{file: name, language: l, words: p.words}
		p.document(text, &r)
	}
	if len(p.errs) == 0 {
		p.validate(&r)
	}
	r.words = p.words
	return r, errors.Join(p.errs...)
}

// parser walks the YAML nodes by hand, so that every complaint has a line.
type parser struct {
	file     string
	errs     []error
	language Language
	words    []string       // of the chain's steps
	lines    map[string]int // key -> line, for validation
}

func (p *parser) fail(line int, key string, err error) {
	if len(p.errs) < 20 {
		p.errs = append(p.errs, &Error{p.file, line, key, err})
	}
}

func (p *parser) document(text []byte, r *Recipe) {
	p.lines = map[string]int{}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if !errors.Is(err, io.EOF) {
			p.fail(0, "", err)
		}
		return
	}
	if dec.Decode(new(yaml.Node)) != io.EOF {
		p.fail(0, "", errors.New("more than one YAML document"))
		return
	}
	if len(doc.Content) == 1 && doc.Content[0].Tag != "!!null" {
		p.recipe(doc.Content[0], r)
	}
}

func (p *parser) recipe(n *yaml.Node, r *Recipe) {
	p.mapping(n, "", fields{
		"eligible": func(n *yaml.Node, k string) {
			p.mapping(n, k, fields{
				"instruments":          func(n *yaml.Node, k string) { p.list(n, k, &r.Eligible.Instruments) },
				"max_distance":         func(n *yaml.Node, k string) { p.distances(n, k, &r.Eligible.MaxDistance) },
				"unknown_magnitude_km": p.value(&r.Eligible.UnknownMagnitudeKM),
			})
		},
		"times": func(n *yaml.Node, k string) {
			p.mapping(n, k, fields{
				"model": p.value(&r.Times.Model), "p_velocity": p.value(&r.Times.PVelocity), "s_velocity": p.value(&r.Times.SVelocity),
			})
		},
		"windows": func(n *yaml.Node, k string) { p.windows(n, k, &r.Windows) },
		"process": func(n *yaml.Node, k string) { p.chain(n, k, &r.Process) },
		"quality": func(n *yaml.Node, k string) {
			p.mapping(n, k, fields{"clipping": p.value(&r.Quality.Clipping), "full_scale": p.value(&r.Quality.FullScale), "flat_line": p.duration(&r.Quality.FlatLine)})
		},
		"measure":    func(n *yaml.Node, k string) { p.measurements(n, k, &r.Measure) },
		"incomplete": p.value(&r.Incomplete),
	})
}

func (p *parser) windows(n *yaml.Node, key string, w *Windows) {
	p.mapping(n, key, fields{
		"pad": func(n *yaml.Node, k string) {
			p.mapping(n, k, fields{"length": p.duration(&w.Pad.Length), "at_least": p.duration(&w.Pad.AtLeast)})
		},
		"noise": func(n *yaml.Node, k string) {
			p.mapping(n, k, fields{"from": p.mark(&w.Noise.From), "until": p.mark(&w.Noise.Until), "at_least": p.duration(&w.Noise.AtLeast)})
		},
		"signal": func(n *yaml.Node, k string) {
			p.mapping(n, k, fields{"from": p.mark(&w.Signal.From), "until": p.mark(&w.Signal.Until), "reach": p.mark(&w.Signal.Reach)})
		},
		"measurement": func(n *yaml.Node, k string) {
			w.Measurement = &Span{w.Signal.From, w.Signal.Until}
			p.mapping(n, k, fields{"from": p.mark(&w.Measurement.From), "until": p.mark(&w.Measurement.Until)})
		},
	})
}

func (p *parser) distances(n *yaml.Node, key string, to *[]DistanceLimit) {
	*to = nil
	p.sequence(n, key, func(n *yaml.Node, k string) {
		var l DistanceLimit
		p.mapping(n, k, fields{"below": p.value(&l.Below), "km": p.value(&l.KM)})
		*to = append(*to, l)
	})
}

// fields maps the keys of a YAML mapping to what takes their values.
type fields map[string]func(n *yaml.Node, key string)

func (p *parser) mapping(n *yaml.Node, key string, f fields) {
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		p.fail(n.Line, key, errors.New("want a mapping of keys to values"))
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		name := k.Value
		if key != "" {
			name = key + "." + k.Value
		}
		take, ok := f[k.Value]
		switch {
		case !ok:
			p.fail(k.Line, name, fmt.Errorf("unknown key; known here: %s", known(f)))
		case p.lines[name] != 0:
			p.fail(k.Line, name, fmt.Errorf("given twice, first in line %d", p.lines[name]))
		default:
			p.lines[name] = k.Line
			take(v, name)
		}
	}
}

func (p *parser) sequence(n *yaml.Node, key string, each func(n *yaml.Node, key string)) {
	n = resolve(n)
	if n.Kind != yaml.SequenceNode {
		p.fail(n.Line, key, errors.New("want a list"))
		return
	}
	for i, c := range n.Content {
		each(c, fmt.Sprintf("%s[%d]", key, i))
	}
}

func (p *parser) list(n *yaml.Node, key string, to any) {
	if n = resolve(n); n.Kind != yaml.SequenceNode {
		p.fail(n.Line, key, errors.New("want a list"))
	} else if err := n.Decode(to); err != nil {
		p.fail(n.Line, key, errors.New("want a list of plain values of one kind"))
	}
}

func (p *parser) value(to any) func(*yaml.Node, string) {
	return func(n *yaml.Node, key string) {
		if n = resolve(n); n.Kind != yaml.ScalarNode || n.Decode(to) != nil {
			p.fail(n.Line, key, fmt.Errorf("%q is not a value of the right kind", n.Value))
		}
	}
}

func (p *parser) duration(to *time.Duration) func(*yaml.Node, string) {
	return scalar(p, to, parseDuration)
}

func (p *parser) mark(to *Mark) func(*yaml.Node, string) { return scalar(p, to, parseMark) }

// scalar takes a plain value through its own parser.
func scalar[T any](p *parser, to *T, parse func(string) (T, error)) func(*yaml.Node, string) {
	return func(n *yaml.Node, key string) {
		n = resolve(n)
		if n.Kind != yaml.ScalarNode {
			p.fail(n.Line, key, errors.New("want a plain value"))
			return
		}
		v, err := parse(n.Value)
		if err != nil {
			p.fail(n.Line, key, err)
			return
		}
		*to = v
	}
}

func resolve(n *yaml.Node) *yaml.Node {
	for range 8 { // aliases of aliases end somewhere
		if n.Kind != yaml.AliasNode || n.Alias == nil {
			break
		}
		n = n.Alias
	}
	return n
}
