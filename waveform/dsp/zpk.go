package dsp

import (
	"math"
	"math/cmplx"
)

// designRate is the sample rate at which filters are designed: that with the
// Nyquist frequency 1.
const designRate = 2.0

// warp is the angular frequency (rad/s) of the analogue filter that the bilinear
// transform takes to f of rate, both in Hz.
func warp(f, rate float64) float64 {
	return 2 * designRate * math.Tan(math.Pi*(f/(rate/2))/designRate)
}

// zpk is a transfer function gain prod(s-zero)/prod(s-pole).
type zpk struct {
	zeros, poles []complex128
	gain         float64
}

// prototype is the poles of the analogue Butterworth lowpass with its corner at
// 1 rad/s; it has no zeros and gain 1.
func prototype(order int) []complex128 {
	poles := make([]complex128, 0, order)
	for m := -order + 1; m < order; m += 2 {
		angle := math.Pi * float64(m) / float64(2*order)
		poles = append(poles, complex(-math.Cos(angle), -math.Sin(angle)))
	}
	return poles
}

// analogue is the analogue Butterworth filter with corners w1 and w2 (rad/s):
// the prototype after the substitution of s that belongs to the kind.
func analogue(kind Kind, order int, w1, w2 float64) zpk {
	poles := prototype(order)
	width, middle := w2-w1, math.Sqrt(w1*w2)
	switch kind {
	case Highpass: // s -> w1/s
		return zpk{repeat(order, 0), over(w1, poles), 1}
	case Bandpass: // s -> (s^2 + middle^2)/(width s)
		return zpk{repeat(order, 0), spread(times(width/2, poles), middle), math.Pow(width, float64(order))}
	case Bandstop: // s -> width s/(s^2 + middle^2)
		return zpk{repeat(order, complex(0, middle), complex(0, -middle)), spread(over(width/2, poles), middle), 1}
	}
	return zpk{nil, times(w1, poles), math.Pow(w1, float64(order))} // s -> s/w1
}

func repeat(n int, values ...complex128) []complex128 {
	var all []complex128
	for range n {
		all = append(all, values...)
	}
	return all
}

func times(w float64, roots []complex128) []complex128 {
	scaled := make([]complex128, len(roots))
	for i, r := range roots {
		scaled[i] = complex(w*real(r), w*imag(r))
	}
	return scaled
}

func over(w float64, roots []complex128) []complex128 {
	inverted := make([]complex128, len(roots))
	for i, r := range roots {
		inverted[i] = complex(w, 0) / r
	}
	return inverted
}

// spread makes two roots of each, one on either side of middle (rad/s).
func spread(roots []complex128, middle float64) []complex128 {
	var both []complex128
	for _, r := range roots {
		root := cmplx.Sqrt(r*r - complex(middle*middle, 0))
		both = append(both, r+root, r-root)
	}
	return both
}

// bilinear takes an analogue filter to the digital one at designRate:
// z = (2 rate + s)/(2 rate - s). Zeros at infinity come to lie at z = -1.
func (a zpk) bilinear() zpk {
	const c = 2 * designRate
	d := zpk{gain: a.gain}
	ratio := complex(1, 0)
	for i, p := range a.poles {
		d.poles = append(d.poles, (c+p)/(c-p))
		ratio /= c - p
		if i >= len(a.zeros) {
			d.zeros = append(d.zeros, -1)
			continue
		}
		z := a.zeros[i]
		d.zeros = append(d.zeros, (c+z)/(c-z))
		ratio *= c - z
	}
	d.gain *= real(ratio)
	return d
}
