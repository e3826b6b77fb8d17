package response

import (
	"fmt"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/cmplxs"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// Inverse takes one response out of traces of one length. It is not changed by
// use and may be shared by goroutines.
type Inverse struct {
	n           int
	keepMean    bool
	taper       float64      // fraction, 0 for none
	realNyquist bool         // no modulus there
	spectrum    []complex128 // what the spectrum of the trace is multiplied by
}

// NewInverse evaluates the response r for traces of n samples at intervals of dt
// seconds, and inverts it. The error matches one of the Err values of the
// package.
func NewInverse(r *waveform.Response, n int, dt float64, opt Options) (*Inverse, error) {
	inv, _, err := newInverse(r, n, dt, opt)
	return inv, err
}

// newInverse gives the distance of two frequencies (Hz) too.
func newInverse(r *waveform.Response, n int, dt float64, opt Options) (inv *Inverse, step float64, err error) {
	if err := opt.check(n, dt); err != nil {
		return nil, 0, err
	}
	c, err := compile(r, opt.Unit)
	if err != nil {
		return nil, 0, err
	}
	length := opt.Padding.Length(n)
	inv = &Inverse{n: n, keepMean: opt.NoMean, taper: opt.taper(), realNyquist: opt.RealNyquist}
	inv.spectrum = make([]complex128, length/2+1)
	if n == 0 {
		return inv, 0, nil
	}
	step = 1 / (2 * dt) / float64(length/2)
	c.onGrid(inv.spectrum, step)
	level := opt.WaterLevel
	if opt.NoWaterLevel {
		level, inv.spectrum[0] = math.Inf(1), 0
	}
	if err := invert(inv.spectrum, level); err != nil {
		return nil, 0, err
	}
	if p := opt.PreFilter; p != [4]float64{} {
		for i := range inv.spectrum {
			inv.spectrum[i] *= complex(cosineTaper(float64(i)*step, p), 0)
		}
	}
	return inv, step, nil
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
// Mean, taper, padding and Nyquist coefficient are those of the [Options]. The numbers are those of
// ObsPy's Trace.remove_response, save for its odd windows: of two samples, and of
// an even number with a fraction that leaves less than one untapered. (ObsPy
// refuses one sample with a taper.)
//
// With a taper, one or two samples become zero; without one, a single sample
// becomes zero unless its mean stays in. It panics unless x has the length the
// Inverse was made for. NaN in x makes all of x NaN. It may be called
// concurrently, with a scratch of one's own; plans may be shared.
func (inv *Inverse) Remove(x []float64, plans *dsp.Plans, scratch *dsp.Scratch) {
	if len(x) != inv.n {
		panic("response: trace of another length than the inverse was made for")
	}
	if len(x) == 0 {
		return
	}
	if !inv.keepMean {
		dsp.Demean(x)
	}
	if inv.taper > 0 {
		dsp.TaperSine(x, inv.taper)
	}

	plan := plans.FFT(2 * (len(inv.spectrum) - 1))
	samples, spectrum := scratch.Samples(plan.Len()), scratch.Spectrum(plan.Bins())
	clear(samples[copy(samples, x):])
	plan.Coefficients(spectrum, samples, scratch)
	cmplxs.Mul(spectrum, inv.spectrum)
	if nyquist := len(spectrum) - 1; !inv.realNyquist {
		spectrum[nyquist] = complex(cmplx.Abs(spectrum[nyquist]), 0)
	}
	plan.Sequence(samples, spectrum, scratch)
	copy(x, samples)
}

// Len is the number of samples of the traces that Remove takes.
func (inv *Inverse) Len() int { return inv.n }

// size is about the memory that inv takes, in bytes.
func (inv *Inverse) size() int64 { return 256 + 16*int64(cap(inv.spectrum)) }
