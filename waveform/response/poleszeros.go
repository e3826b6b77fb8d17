package response

import (
	"fmt"
	"math"
	"math/cmplx"

	"github.com/seisbatch/seisbatch/waveform"
)

func newPolesZeros(p *waveform.PolesZeros, d *waveform.Decimation) (filter, error) {
	switch p.Type {
	case waveform.LaplaceRadians:
		return analogue{roots(p.Zeros), roots(p.Poles), 2 * math.Pi}, nil
	case waveform.LaplaceHertz:
		return analogue{roots(p.Zeros), roots(p.Poles), 1}, nil
	case waveform.Digital:
		dt, err := interval(d)
		return digital{p.Zeros, p.Poles, dt}, err
	}
	return nil, fmt.Errorf("%w: poles and zeros of type %d", ErrUnsupported, p.Type)
}

// analogue is prod(s-zero)/prod(s-pole) at s = i scale f, without A0.
type analogue struct {
	zeros, poles product
	scale        float64
}

func (a analogue) multiply(dst []complex128, freqs []float64) {
	for i, f := range freqs {
		w := a.scale * f
		dst[i] *= quotient(a.zeros.at(w), a.poles.at(w))
	}
}

// product is prod(s-root), sorted so that it takes few operations at s = i w.
type product struct {
	quadratics []quadratic
	singles    []complex128
}

// quadratic is (s-p)(s-q) where p+q and pq are real: s^2 + linear s + constant.
type quadratic struct{ linear, constant float64 }

// roots pairs conjugate roots, and real ones two by two.
func roots(all []complex128) product {
	var p product
	left := append([]complex128(nil), all...)
	for len(left) > 0 {
		r := left[0]
		left = left[1:]
		i := partner(r, left)
		if i < 0 {
			p.singles = append(p.singles, r)
			continue
		}
		q := left[i]
		p.quadratics = append(p.quadratics, quadratic{-real(r) - real(q), real(r * q)})
		left[i] = left[len(left)-1]
		left = left[:len(left)-1]
	}
	return p
}

// partner is the index of a root that makes a real quadratic with r, -1 if there
// is none.
func partner(r complex128, among []complex128) int {
	for i, q := range among {
		if q == cmplx.Conj(r) || imag(r) == 0 && imag(q) == 0 {
			return i
		}
	}
	return -1
}

func (p product) at(w float64) complex128 {
	h := complex(1, 0)
	square := w * w
	for _, q := range p.quadratics {
		h *= complex(q.constant-square, q.linear*w)
	}
	for _, r := range p.singles {
		h *= complex(-real(r), w-imag(r))
	}
	return h
}

// digital is prod(s-zero)/prod(s-pole) at s = exp(2 pi i f interval), without A0.
type digital struct {
	zeros, poles []complex128
	interval     float64
}

func (d digital) multiply(dst []complex128, freqs []float64) {
	for i, f := range freqs {
		s := cmplx.Rect(1, 2*math.Pi*f*d.interval)
		num, den := complex(1, 0), complex(1, 0)
		for _, z := range d.zeros {
			num *= s - z
		}
		for _, p := range d.poles {
			den *= s - p
		}
		dst[i] *= quotient(num, den)
	}
}

// modulus is |z|.
func modulus(z complex128) float64 { return math.Hypot(real(z), imag(z)) }

// quotient is num/den, and 0 where den is 0: a pole on the very frequency gives
// no number to work with.
func quotient(num, den complex128) complex128 {
	x, y := real(den), imag(den)
	square := float64(x*x) + float64(y*y)
	if square > 1e-280 && square < 1e280 { // what follows neither overflows nor loses digits
		h := num * complex(x, -y)
		return complex(real(h)/square, imag(h)/square)
	}
	if den == 0 {
		return 0
	}
	return num / den
}
