package process

import (
	"errors"
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Decimate lowers the sample rate by a whole factor after an anti-alias filter: see
// [dsp.NewDecimator].
type Decimate struct {
	Factor    int  // 2 to 16
	ZeroPhase bool // filter forward and backward, so that nothing is delayed
}

// Name is "decimate".
func (Decimate) Name() string { return "decimate" }

// Check wants a factor that can be had.
func (d Decimate) Check() error {
	if d.Factor < 2 || d.Factor > 16 {
		return errors.New("want a factor from 2 to 16; for more, decimate in steps")
	}
	return nil
}

// Band gives the frequency at which the anti-alias filter loses 1 dB, 2 dB with zero phase.
func (d Decimate) Band(rate float64) (low, high float64) {
	by, err := dsp.NewDecimator(d.Factor)
	if err != nil {
		return 0, math.Inf(1)
	}
	return 0, by.Edge() * d.NewRate(rate) / 2
}

// NewRate is the rate over the factor.
func (d Decimate) NewRate(from float64) float64 { return from / float64(d.Factor) }

// Apply fails where the factor is none.
func (d Decimate) Apply(w *Worker, _ Instrument, tr *waveform.Trace) error {
	by, ok := w.decimators[d.Factor]
	if !ok {
		var err error
		if by, err = dsp.NewDecimator(d.Factor); err != nil {
			return err
		}
		w.decimators[d.Factor] = by
	}
	if d.ZeroPhase {
		tr.Data = by.ApplyZeroPhase(tr.Data)
	} else {
		tr.Data = by.Apply(tr.Data)
	}
	tr.SampleRate = d.NewRate(tr.SampleRate)
	return nil
}

// Resample changes the sample rate by band-limited interpolation: see [dsp.ResampleRatio].
type Resample struct {
	Rate float64 // Hz
}

// Name is "resample".
func (Resample) Name() string { return "resample" }

// Check wants a positive rate.
func (r Resample) Check() error {
	if !(r.Rate > 0) || math.IsInf(r.Rate, 1) {
		return errors.New("want a positive rate in Hz")
	}
	return nil
}

// NewRate is Rate.
func (r Resample) NewRate(float64) float64 { return r.Rate }

// mostSamples bounds what a trace may grow to.
const mostSamples = 1 << 27

// Apply fails where the rates have no ratio of small numbers.
func (r Resample) Apply(w *Worker, _ Instrument, tr *waveform.Trace) error {
	up, down, ok := dsp.RateRatio(tr.SampleRate, r.Rate)
	if !ok {
		return fmt.Errorf("from %g to %g Hz is no ratio of numbers up to 10000", tr.SampleRate, r.Rate)
	}
	if float64(len(tr.Data))*float64(up)/float64(down) > mostSamples {
		return fmt.Errorf("%d samples from %g to %g Hz: more than %d", len(tr.Data), tr.SampleRate, r.Rate, mostSamples)
	}
	n := dsp.ResampledLen(len(tr.Data), up, down)
	to := tr.Data
	if n > cap(to) {
		to = make([]float64, n)
	}
	dsp.ResampleRatio(to[:n], tr.Data, up, down, w.Plans, &w.Scratch)
	tr.Data, tr.SampleRate = to[:n], r.Rate
	return nil
}

// Cut leaves the samples inside a window.
type Cut struct{ Window waveform.Window }

// Name is "cut".
func (Cut) Name() string { return "cut" }

// Apply fails where no sample is left.
func (c Cut) Apply(_ *Worker, _ Instrument, tr *waveform.Trace) error {
	from, until := tr.Range(c.Window)
	if from == until {
		return fmt.Errorf("no sample from %v to %v in a trace from %v to %v", c.Window.From, c.Window.Until, tr.Start, tr.End())
	}
	tr.Start, tr.Data = tr.Time(from), tr.Data[from:until]
	return nil
}
