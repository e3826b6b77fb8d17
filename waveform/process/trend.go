package process

import (
	"errors"
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Demean subtracts the arithmetic mean.
type Demean struct{}

// Name is "demean".
func (Demean) Name() string { return "demean" }

// Apply never fails.
func (Demean) Apply(_ *Worker, _ Instrument, tr *waveform.Trace) error {
	dsp.Demean(tr.Data)
	return nil
}

// Detrend subtracts the least-squares line.
type Detrend struct{}

// Name is "detrend".
func (Detrend) Name() string { return "detrend" }

// Apply never fails.
func (Detrend) Apply(_ *Worker, _ Instrument, tr *waveform.Trace) error {
	dsp.DetrendLinear(tr.Data)
	return nil
}

// DetrendSimple subtracts the line through the first and the last sample.
type DetrendSimple struct{}

// Name is "detrend_simple".
func (DetrendSimple) Name() string { return "detrend_simple" }

// Apply never fails.
func (DetrendSimple) Apply(_ *Worker, _ Instrument, tr *waveform.Trace) error {
	dsp.DetrendSimple(tr.Data)
	return nil
}

// DetrendPolynomial subtracts the polynomial of an order that fits best by least squares.
type DetrendPolynomial struct{ Order int }

// Name is "detrend_polynomial".
func (DetrendPolynomial) Name() string { return "detrend_polynomial" }

// Check wants an order from 1.
func (d DetrendPolynomial) Check() error {
	if d.Order < 1 || d.Order > dsp.MaxTrendOrder {
		return fmt.Errorf("want an order from 1 to %d", dsp.MaxTrendOrder)
	}
	return nil
}

// Apply fails where the order is none.
func (d DetrendPolynomial) Apply(_ *Worker, _ Instrument, tr *waveform.Trace) error {
	if err := d.Check(); err != nil {
		return err
	}
	dsp.DetrendPolynomial(tr.Data, d.Order)
	return nil
}

// DemeanPart subtracts the mean of the samples inside a window, such as those before the event,
// from all.
type DemeanPart struct{ Window waveform.Window }

// Name is "demean_part".
func (DemeanPart) Name() string { return "demean_part" }

// Apply fails where the window holds no sample.
func (d DemeanPart) Apply(_ *Worker, _ Instrument, tr *waveform.Trace) error {
	from, until := tr.Range(d.Window)
	if from == until {
		return fmt.Errorf("no sample from %v to %v in a trace from %v to %v", d.Window.From, d.Window.Until, tr.Start, tr.End())
	}
	mean := dsp.Mean(tr.Data[from:until])
	for i := range tr.Data {
		tr.Data[i] -= mean
	}
	return nil
}

// Taper multiplies both ends with half a window, by default Hann's.
type Taper struct {
	Fraction float64 // of the trace, each side, 0 to 0.5
	Longest  float64 // s, each side; 0 is no limit
	Cosine   bool    // ObsPy's cosine window, which reaches one a sample earlier
}

// Name is "taper".
func (Taper) Name() string { return "taper" }

// Check wants a fraction from 0 to 0.5.
func (t Taper) Check() error {
	if !(t.Fraction >= 0 && t.Fraction <= 0.5) {
		return errors.New("want a fraction from 0 to 0.5")
	}
	return nil
}

// Apply never fails.
func (t Taper) Apply(_ *Worker, _ Instrument, tr *waveform.Trace) error {
	longest := t.Longest
	if longest <= 0 {
		longest = math.Inf(1)
	}
	width := dsp.TaperWidth(len(tr.Data), t.Fraction, longest, tr.SampleRate)
	if t.Cosine {
		dsp.TaperCosine(tr.Data, width)
	} else {
		dsp.TaperHann(tr.Data, width)
	}
	return nil
}
