package picker

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Pick is an onset on a trace, with what speaks for it.
type Pick struct {
	// Trigger is where the characteristic function was above the thresholds.
	Trigger Trigger
	// Onset is the index of the first sample of the signal.
	Onset int
	// Peak is the largest value of the characteristic function in the trigger.
	Peak float64
	// SNR is the root mean square after the onset over that before, both about the mean
	// before: a ratio of amplitudes. +Inf after silence, NaN without two samples before.
	SNR float64
	// Polarity is the direction of the first motion that stands out from the noise:
	// +1 up, -1 down; 0 where none does soon enough. A filter changes it; so should only be
	// looked at where the raw trace was given.
	Polarity int
}

// Waveform is the pick on its trace: an automatic one of the phase, with the channel's
// name and the time of the onset, and without a public id.
func (p Pick) Waveform(tr waveform.Trace, phase string) waveform.Pick {
	return waveform.Pick{ID: tr.ID, Time: tr.Time(p.Onset), PhaseHint: phase, EvaluationMode: "automatic"}
}

// Picker finds onsets on traces of one sample rate. It keeps work space, and belongs to
// one goroutine at a time.
type Picker struct {
	options  Options
	n        lengths
	function []float64
	space    []float64
	triggers []Trigger
	scratch  dsp.Scratch
}

// New prepares for traces at a rate in Hz. The error matches [ErrOptions]: a negative
// or endless window, a short one longer than the long one, a threshold for off above that for on.
func New(o Options, rate float64) (*Picker, error) {
	o = o.complete()
	n, err := o.at(rate)
	if err != nil {
		return nil, err
	}
	return &Picker{options: o, n: n}, nil
}

// Options are those in force: the ones given, with the defaults filled in.
func (p *Picker) Options() Options { return p.options }

// Function is the characteristic function of x, in work space of p: it is valid until
// the next call of p.
func (p *Picker) Function(x []float64) []float64 {
	dst := grow(&p.function, len(x))
	switch p.options.Function {
	case RecursiveSTALTA:
		dsp.STALTARecursive(dst, x, p.n.short, p.n.long)
	case DelayedSTALTA:
		Delayed(dst, x, p.n.short, p.n.long, &p.scratch)
	case ZDetector:
		ZDetect(dst, x, p.n.short)
	case KurtosisRise:
		Kurtosis(dst, x, p.n.long, &p.scratch)
	default:
		dsp.STALTAClassic(dst, x, p.n.short, p.n.long)
	}
	return dst
}

// Pick appends to dst an onset for each trigger of x, in order of the triggers, and
// returns it. x must be without offset (filtered, or its mean subtracted) for all functions but the
// kurtosis. raw is the trace in which onsets, signal-to-noise ratios and first motions are
// looked at: the unfiltered one, or x itself; nil is x. A filter that looks ahead (zero phase)
// moves onsets to earlier times, a causal one to later.
//
// The onset is that of [Onset] between Before and After the switch-on, or the
// switch-on where that finds none. An empty trace, and one too short for the
// windows, has no picks. It panics if raw is not nil and not of the length of x.
func (p *Picker) Pick(dst []Pick, x, raw []float64) []Pick {
	if raw == nil {
		raw = x
	}
	checkLengths(raw, x)
	function := p.Function(x)
	p.triggers = Triggers(p.triggers[:0], function, Thresholds{On: p.options.On, Off: p.options.Off, Longest: p.n.longest})
	for _, g := range p.triggers {
		pick := Pick{Trigger: g, Onset: g.On, Peak: function[g.On]}
		for _, v := range function[g.On : g.Off+1] {
			pick.Peak = max(pick.Peak, v)
		}
		from, until := max(0, g.On-p.n.before), min(len(raw), g.On+p.n.after)
		if k := Onset(raw[from:until], grow(&p.space, until-from)); k >= 0 {
			pick.Onset = from + k
		}
		p.judge(&pick, raw)
		dst = append(dst, pick)
	}
	return dst
}

// judge fills in what speaks for a pick.
func (p *Picker) judge(pick *Pick, x []float64) {
	noise := x[max(0, pick.Onset-p.n.noise):pick.Onset]
	signal := x[pick.Onset:min(len(x), pick.Onset+p.n.signal)]
	pick.SNR = math.NaN()
	if len(noise) < 2 {
		return
	}
	mean := dsp.Mean(noise)
	before, after := rms(noise, mean), rms(signal, mean)
	pick.SNR = after / before
	clear := p.options.Clear * before
	for _, v := range x[pick.Onset:min(len(x), pick.Onset+p.n.motion)] {
		if d := v - mean; math.Abs(d) > clear {
			pick.Polarity = 1
			if d < 0 {
				pick.Polarity = -1
			}
			return
		}
	}
}

// rms is the root mean square of the distances from a value.
func rms(x []float64, from float64) float64 {
	sum := 0.0
	for _, v := range x {
		d := v - from
		sum += float64(d * d)
	}
	return math.Sqrt(sum / float64(len(x)))
}

// grow gives n numbers of any value from *space, which it lengthens if it must.
func grow(space *[]float64, n int) []float64 {
	if cap(*space) < n {
		*space = make([]float64, n)
	}
	return (*space)[:n]
}
