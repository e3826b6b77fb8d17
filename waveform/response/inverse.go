package response

import (
	"fmt"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/cmplxs"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// taperFraction is the part of the samples that is tapered before the response
// is removed, both ends together.
const taperFraction = 0.05

// Options says how a response is removed. Options can be compared and be part of
// a map key.
type Options struct {
	// Unit of the result: displacement, velocity or acceleration.
	Unit waveform.Unit
	// WaterLevel is how far below its maximum (dB) the modulus of the response
	// may fall before it is raised to that level, so that the inverse does not
	// blow up noise. +Inf sets no level. There is no default: 0 levels all.
	WaterLevel float64
	// PreFilter is four rising frequencies (Hz): the spectrum is multiplied by a
	// cosine rise from the first to the second, one up to the third, a cosine
	// fall to the fourth, and is zero outside. All zero: no pre-filter.
	PreFilter [4]float64
}

func (o Options) check(n int, dt float64) error {
	p := o.PreFilter
	switch {
	case n < 0 || !(dt > 0) || math.IsInf(dt, 0):
		return fmt.Errorf("%w: %d samples at intervals of %g s", ErrOptions, n, dt)
	case math.IsNaN(o.WaterLevel) || math.IsInf(o.WaterLevel, -1):
		return fmt.Errorf("%w: water level %g dB", ErrOptions, o.WaterLevel)
	case p != [4]float64{} && !(0 <= p[0] && p[0] < p[1] && p[1] <= p[2] && p[2] < p[3]):
		return fmt.Errorf("%w: pre-filter frequencies %g Hz do not rise", ErrOptions, p)
	}
	return nil
}

// Inverse takes one response out of traces of one length. It is not changed by
// use and may be shared by goroutines.
type Inverse struct {
	n        int
	spectrum []complex128 // what the spectrum of the trace is multiplied by
}

// NewInverse evaluates the response r for traces of n samples at intervals of dt
// seconds, and inverts it. The error matches one of the Err values of the
// package.
func NewInverse(r *waveform.Response, n int, dt float64, opt Options) (*Inverse, error) {
	if err := opt.check(n, dt); err != nil {
		return nil, err
	}
	c, err := compile(r, opt.Unit)
	if err != nil {
		return nil, err
	}
	length := Length(n)
	inv := &Inverse{n: n, spectrum: make([]complex128, length/2+1)}
	if n == 0 {
		return inv, nil
	}
	step := 1 / (2 * dt) / float64(length/2)
	c.onGrid(inv.spectrum, step)
	if err := invert(inv.spectrum, opt.WaterLevel); err != nil {
		return nil, err
	}
	if p := opt.PreFilter; p != [4]float64{} {
		for i := range inv.spectrum {
			inv.spectrum[i] *= complex(cosineTaper(float64(i)*step, p), 0)
		}
	}
	return inv, nil
}

// invert replaces h by 1/h with a water level in dB below its largest modulus.
// Zeros stay zero.
func invert(h []complex128, waterLevel float64) error {
	largest := 0.0
	for _, v := range h {
		largest = max(largest, math.Abs(real(v)), math.Abs(imag(v))) // NaN if there is one
	}
	if math.IsNaN(largest) || math.IsInf(largest, 0) {
		return fmt.Errorf("%w: the response is not finite", ErrStage)
	}
	if largest < 1e-300 { // its inverse is no number
		return fmt.Errorf("%w: the response vanishes at all frequencies", ErrStage)
	}
	scale := 1 / largest // of the moduli that are squared, lest they overflow
	peak := 0.0
	for _, v := range h {
		peak = max(peak, square(v, scale))
	}
	floor := peak * math.Pow(10, -waterLevel/10)
	for i, v := range h {
		s := square(v, scale)
		divisor := max(s, math.Sqrt(s*floor)) // 1/v is the conjugate of v over its square
		switch {
		case s > tiny:
			h[i] = complex(real(v)*scale*(scale/divisor), -imag(v)*scale*(scale/divisor))
		case v != 0:
			size := cmplx.Abs(v)
			h[i] = cmplx.Conj(v) / complex(size, 0) / complex(max(size, math.Sqrt(floor)*largest), 0)
		}
	}
	return nil
}

// tiny is a square that has lost digits to underflow.
const tiny = 1e-290

// square is the squared modulus of v, scaled.
func square(v complex128, scale float64) float64 {
	x, y := real(v)*scale, imag(v)*scale
	return x*x + y*y
}

// cosineTaper is the pre-filter of [Options] at frequency f.
func cosineTaper(f float64, p [4]float64) float64 {
	switch {
	case f <= p[0] || f >= p[3]:
		return 0
	case f < p[1]:
		return 0.5 * (1 - math.Cos(math.Pi*(f-p[0])/(p[1]-p[0])))
	case f > p[2]:
		return 0.5 * (1 + math.Cos(math.Pi*(f-p[2])/(p[3]-p[2])))
	}
	return 1
}

// Remove takes the response out of x, in place: subtract the mean; taper 2.5
// percent at each end ([dsp.TaperSine]); transform, padded with zeros to
// Length(len(x)); multiply by pre-filter and inverted response; replace the
// Nyquist coefficient by its modulus; transform back and keep len(x) samples.
//
// It panics unless x has the length the Inverse was made for. NaN in x makes
// all of x NaN. It may be called concurrently, with a scratch of one's own; plans
// may be shared.
func (inv *Inverse) Remove(x []float64, plans *dsp.Plans, scratch *dsp.Scratch) {
	if len(x) != inv.n {
		panic("response: trace of another length than the inverse was made for")
	}
	if len(x) == 0 {
		return
	}
	dsp.Demean(x)
	dsp.TaperSine(x, taperFraction)

	plan := plans.FFT(2 * (len(inv.spectrum) - 1))
	samples, spectrum := scratch.Samples(plan.Len()), scratch.Spectrum(plan.Bins())
	clear(samples[copy(samples, x):])
	plan.Coefficients(spectrum, samples, scratch)
	cmplxs.Mul(spectrum, inv.spectrum)
	nyquist := len(spectrum) - 1
	spectrum[nyquist] = complex(cmplx.Abs(spectrum[nyquist]), 0)
	plan.Sequence(samples, spectrum, scratch)
	copy(x, samples)
}

// Len is the number of samples of the traces that Remove takes.
func (inv *Inverse) Len() int { return inv.n }

// size is about the memory that inv takes, in bytes.
func (inv *Inverse) size() int64 { return 256 + 16*int64(cap(inv.spectrum)) }
