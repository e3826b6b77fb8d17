package process

import (
	"errors"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Bandpass is a Butterworth band-pass.
type Bandpass struct {
	Low, High Corner
	Order     int
	Passes    int // 1: causal; 2: forward and backward, zero phase
}

// Bandstop is a Butterworth band-stop; its band is what it takes out.
type Bandstop struct {
	Low, High Corner
	Order     int
	Passes    int // 1: causal; 2: forward and backward, zero phase
}

// Highpass is a Butterworth high-pass.
type Highpass struct {
	Corner Corner
	Order  int
	Passes int // 1: causal; 2: forward and backward, zero phase
}

// Lowpass is a Butterworth low-pass.
type Lowpass struct {
	Corner Corner
	Order  int
	Passes int // 1: causal; 2: forward and backward, zero phase
}

// Name is "bandpass".
func (Bandpass) Name() string { return "bandpass" }

// Name is "bandstop".
func (Bandstop) Name() string { return "bandstop" }

// Name is "highpass".
func (Highpass) Name() string { return "highpass" }

// Name is "lowpass".
func (Lowpass) Name() string { return "lowpass" }

// Check wants 0 < low < high < Nyquist, as far as that can be told without a sample rate.
func (b Bandpass) Check() error { return b.key(0).check() }

// Check is that of Bandpass.
func (b Bandstop) Check() error { return b.key(0).check() }

// Check wants a corner between 0 and Nyquist.
func (h Highpass) Check() error { return h.key(0).check() }

// Check is that of Highpass.
func (l Lowpass) Check() error { return l.key(0).check() }

// Band gives both corners.
func (b Bandpass) Band(rate float64) (low, high float64) { return b.Low.At(rate), b.High.At(rate) }

// Band gives the corner.
func (h Highpass) Band(rate float64) (low, high float64) { return h.Corner.At(rate), math.Inf(1) }

// Band gives the corner.
func (l Lowpass) Band(rate float64) (low, high float64) { return 0, l.Corner.At(rate) }

// Apply fails where the corners do not fit the sample rate.
func (b Bandpass) Apply(w *Worker, _ Instrument, tr *waveform.Trace) error {
	return w.filter(b.key(tr.SampleRate), tr.Data)
}

// Apply fails where the corners do not fit the sample rate.
func (b Bandstop) Apply(w *Worker, _ Instrument, tr *waveform.Trace) error {
	return w.filter(b.key(tr.SampleRate), tr.Data)
}

// Apply fails where the corner does not fit the sample rate.
func (h Highpass) Apply(w *Worker, _ Instrument, tr *waveform.Trace) error {
	return w.filter(h.key(tr.SampleRate), tr.Data)
}

// Apply fails where the corner does not fit the sample rate.
func (l Lowpass) Apply(w *Worker, _ Instrument, tr *waveform.Trace) error {
	return w.filter(l.key(tr.SampleRate), tr.Data)
}

// filterKey is all that decides a filter.
type filterKey struct {
	kind          dsp.Kind
	low, high     Corner // a single corner is the low one
	order, passes int
	rate          float64
}

func (b Bandpass) key(rate float64) filterKey {
	return filterKey{dsp.Bandpass, b.Low, b.High, b.Order, b.Passes, rate}
}

func (b Bandstop) key(rate float64) filterKey {
	return filterKey{dsp.Bandstop, b.Low, b.High, b.Order, b.Passes, rate}
}

func (h Highpass) key(rate float64) filterKey {
	return filterKey{dsp.Highpass, h.Corner, Corner{}, h.Order, h.Passes, rate}
}

func (l Lowpass) key(rate float64) filterKey {
	return filterKey{dsp.Lowpass, l.Corner, Corner{}, l.Order, l.Passes, rate}
}

func (k filterKey) check() error {
	counts := k.order >= 1 && k.order <= 20 && k.passes >= 1 && k.passes <= 2
	if k.kind == dsp.Lowpass || k.kind == dsp.Highpass {
		if !counts || !isInside(k.low) {
			return errors.New("want 0 < corner < 1 nyquist, order 1 to 20 and 1 or 2 passes")
		}
		return nil
	}
	if !counts || !isInside(k.low) || !isInside(k.high) || !rising(k.low, k.high) {
		return errors.New("want 0 < low < high < 1 nyquist, order 1 to 20 and 1 or 2 passes")
	}
	return nil
}

func isInside(c Corner) bool {
	return c.Value > 0 && !math.IsInf(c.Value, 1) && (!c.OfNyquist || c.Value < 1)
}

// rising compares corners of one kind; Hz against nyquist depends on the rate and is
// checked when the step is applied.
func rising(c ...Corner) bool {
	for i := 1; i < len(c); i++ {
		if c[i].OfNyquist == c[i-1].OfNyquist && !(c[i].Value > c[i-1].Value) {
			return false
		}
	}
	return true
}

// filter filters x, and keeps the filter for the next trace of its rate.
func (w *Worker) filter(key filterKey, x []float64) error {
	f, ok := w.filters[key]
	if !ok {
		var err error
		if f, err = dsp.Butterworth(key.kind, key.order, key.low.At(key.rate), key.high.At(key.rate), key.rate); err != nil {
			return err
		}
		if len(w.filters) >= 64 { // sample rates are few; this only bounds hostile input
			clear(w.filters)
		}
		w.filters[key] = f
	}
	if key.passes == 2 {
		f.ApplyZeroPhase(x)
	} else {
		f.Apply(x)
	}
	return nil
}
