package response

import (
	"fmt"
	"math"
	"math/cmplx"

	"github.com/seisbatch/seisbatch/waveform"
)

// polesZeros is prod(s-zero)/prod(s-pole), without A0.
type polesZeros struct {
	zeros, poles []complex128
	scale        float64 // s = i scale f, of an analogue stage
	interval     float64 // s = exp(2 pi i f interval), of a digital one; 0 if analogue
}

func newPolesZeros(p *waveform.PolesZeros, d *waveform.Decimation) (filter, error) {
	f := polesZeros{zeros: p.Zeros, poles: p.Poles}
	switch p.Type {
	case waveform.LaplaceRadians:
		f.scale = 2 * math.Pi
	case waveform.LaplaceHertz:
		f.scale = 1
	case waveform.Digital:
		dt, err := interval(d)
		f.interval = dt
		return f, err
	default:
		return nil, fmt.Errorf("%w: poles and zeros of type %d", ErrUnsupported, p.Type)
	}
	return f, nil
}

func (p polesZeros) multiply(dst []complex128, freqs []float64) {
	for i, f := range freqs {
		s := complex(0, p.scale*f)
		if p.interval != 0 {
			s = cmplx.Rect(1, 2*math.Pi*f*p.interval)
		}
		num, den := complex(1, 0), complex(1, 0)
		for _, z := range p.zeros {
			num *= s - z
		}
		for _, q := range p.poles {
			den *= s - q
		}
		dst[i] *= quotient(num, den)
	}
}

// quotient is num/den, and 0 where den is 0: a pole on the very frequency gives
// no number to work with.
func quotient(num, den complex128) complex128 {
	if den == 0 {
		return 0
	}
	return num / den
}
