package dsp

import "fmt"

// The anti-alias filter of a [Decimator]: as steep as maxAntiAlias allows for these
// losses, in dB.
const (
	maxAntiAlias         = 12 // highest order
	antiAliasLoss        = 1.0
	antiAliasAttenuation = 96.0
)

// maxDecimation is the largest factor of a [Decimator]. Beyond, decimation in steps
// is cheaper and the filters are better conditioned.
const maxDecimation = 16

// Decimator lowers the sample rate by a whole factor after an anti-alias filter. It
// is not changed by use and may be shared.
type Decimator struct {
	factor int
	filter Filter
	edge   float64
}

// NewDecimator makes a decimator by a factor of 1 (which changes nothing) to 16;
// for more, decimate in steps. The error matches [ErrFilter].
//
// The anti-alias filter is that of ObsPy's Trace.decimate (its lowpass_cheby_2): a
// Chebyshev filter of type II and of order 12 at most, 96 dB down from the new
// Nyquist frequency on. It is found by lowering the frequency at which 1 dB may be
// lost, from the new Nyquist frequency in steps of a hundredth of itself, until
// [Chebyshev2Order] asks for no more than order 12; it loses 1 dB at 0.71 of the
// new Nyquist frequency for factor 2, at 0.66 for 3 and at 0.63 to 0.65 for more.
func NewDecimator(factor int) (Decimator, error) {
	if factor < 1 || factor > maxDecimation {
		return Decimator{}, fmt.Errorf("%w: decimation by %d is not within 1 to %d: decimate in steps", ErrFilter, factor, maxDecimation)
	}
	if factor == 1 {
		return Decimator{factor: 1, edge: 1}, nil
	}
	filter, edge, err := antiAlias(1 / float64(factor))
	return Decimator{factor, filter, edge * float64(factor)}, err
}

// antiAlias is the filter for a new Nyquist frequency, the present one being 1, and the
// frequency at which it loses 1 dB.
func antiAlias(stop float64) (f Filter, pass float64, err error) {
	pass = stop
	for {
		pass *= 0.99
		order, edge, err := Chebyshev2Order(pass, stop, antiAliasLoss, antiAliasAttenuation, designRate)
		if err == nil && order <= maxAntiAlias {
			f, err = Chebyshev2(order, edge, antiAliasAttenuation, designRate)
			return f, pass, err
		}
	}
}

// Factor is the number that the rate is divided by.
func (d Decimator) Factor() int { return d.factor }

// Filter is the anti-alias filter, without sections where the factor is 1.
func (d Decimator) Filter() Filter { return d.filter }

// Edge is where the anti-alias filter loses 1 dB, as a fraction of the new Nyquist frequency; 1
// where the factor is 1.
func (d Decimator) Edge() float64 { return d.edge }

// Len is the number of samples left of n: n over the factor, rounded up.
func (d Decimator) Len(n int) int { return (n + d.factor - 1) / d.factor }

// Apply filters x once, from rest, and gives the first sample and every factor-th
// after it, at the start of x: the rest of x is then of no use. The filter is
// causal: onsets stay onsets, but all is delayed, low frequencies by 2 to 3 of the
// new samples and those where 1 dB is lost by 9. The start time stays as it is, as
// if there were no delay. This is ObsPy's Trace.decimate.
func (d Decimator) Apply(x []float64) []float64 {
	d.filter.Apply(x)
	return d.keep(x)
}

// ApplyZeroPhase is Apply with the filter run forward and backward, see
// [Filter.ApplyZeroPhase]: nothing is delayed, onsets get precursors, and losses in
// dB are twice as large. ObsPy has no such option.
func (d Decimator) ApplyZeroPhase(x []float64) []float64 {
	d.filter.ApplyZeroPhase(x)
	return d.keep(x)
}

func (d Decimator) keep(x []float64) []float64 {
	kept := x[:d.Len(len(x))]
	for i := range kept {
		kept[i] = x[i*d.factor]
	}
	return kept
}
