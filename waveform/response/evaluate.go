package response

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// Evaluate stores in dst the response r at freqs (Hz): counts per SI unit of out,
// which must be displacement, velocity or acceleration, as
// [Transfer.Evaluate] does, for one use.
//
// It panics if dst and freqs differ in length. The error matches one of
// the Err values of the package.
func Evaluate(dst []complex128, r *waveform.Response, out waveform.Unit, freqs []float64) error {
	if len(dst) != len(freqs) {
		panic("response: lengths of Evaluate differ")
	}
	c, err := compile(r, out)
	if err != nil {
		return err
	}
	c.evaluate(dst, freqs)
	return nil
}

// cascade is a response made ready for evaluation. It is not changed by use.
type cascade struct {
	gain     float64 // product of all gains and normalisations, and of the unit's factor
	integral int     // the response is divided by (i w) to this power
	filters  []filter
}

// filter is the frequency-dependent part of a stage.
type filter interface {
	// multiply multiplies each element of dst by the value at its frequency (Hz).
	multiply(dst []complex128, freqs []float64)
}

func (c cascade) evaluate(dst []complex128, freqs []float64) {
	for i := range dst {
		dst[i] = complex(c.gain, 0)
	}
	for _, f := range c.filters {
		f.multiply(dst, freqs)
	}
	if c.integral == 0 {
		return
	}
	for i, f := range freqs {
		dst[i] *= derivative(f, -c.integral)
	}
}

// onGrid stores in dst the response at the frequencies 0, step, 2 step .. (Hz):
// the same as evaluate but for rounding, in less time.
func (c cascade) onGrid(dst []complex128, step float64) {
	var smooth []fir
	rest := cascade{gain: c.gain, integral: c.integral}
	for _, f := range c.filters {
		if f, ok := f.(fir); ok {
			smooth = append(smooth, f)
			continue
		}
		rest.filters = append(rest.filters, f)
	}
	rest.evaluate(dst, frequencies(len(dst), step))
	multiplyGrid(dst, smooth, step)
}

// frequencies is the first n multiples of step.
func frequencies(n int, step float64) []float64 {
	freqs := make([]float64, n)
	for i := range freqs {
		freqs[i] = float64(i) * step
	}
	return freqs
}

// derivative is (i w)^k, and 0 at w = 0.
func derivative(f float64, k int) complex128 {
	w := 2 * math.Pi * f
	if w == 0 {
		return 0
	}
	size := 1.0
	for range max(k, -k) {
		size *= w
	}
	if k < 0 {
		size = 1 / size
	}
	switch k & 3 { // powers of i
	case 0:
		return complex(size, 0)
	case 1:
		return complex(0, size)
	case 2:
		return complex(-size, 0)
	}
	return complex(0, -size)
}

// at is the value of one filter at one frequency.
func at(f filter, freq float64) complex128 {
	value := [1]complex128{1}
	f.multiply(value[:], []float64{freq})
	return value[0]
}
