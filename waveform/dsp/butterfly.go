package dsp

import "math"

// run stores in y what the pass makes of x. For each j < m and each of the
// stride interleaved sequences it transforms the radix values that lie m apart,
// multiplies them by the twiddles of j, and stores them side by side. extra is work
// space of the chirp.
func (p *pass) run(y, x, extra []complex128) {
	switch {
	case p.chirp != nil:
		p.runChirp(y, x, extra)
	case p.radix > 5:
		p.runAny(y, x)
	case p.radix == 5 && p.stride == 1:
		p.first5(y, x)
	case p.radix == 5:
		p.run5(y, x)
	case p.radix == 4 && p.stride == 1:
		p.first4(y, x)
	case p.radix == 4:
		p.run4(y, x)
	case p.radix == 3:
		p.run3(y, x)
	default:
		p.run2(y, x)
	}
}

// timesMinusI is -i z.
func timesMinusI(z complex128) complex128 { return complex(imag(z), -real(z)) }

// scale is a z, for real a.
func scale(a float64, z complex128) complex128 { return complex(a*real(z), a*imag(z)) }

func (p *pass) run2(y, x []complex128) {
	s, far := p.stride, p.stride*p.m
	for j, w := range p.twiddles {
		x0, x1 := x[j*s:][:s], x[j*s+far:][:s]
		y0, y1 := y[2*j*s:][:s], y[(2*j+1)*s:][:s]
		for q, a := range x0 {
			b := x1[q]
			y0[q] = a + b
			y1[q] = (a - b) * w
		}
	}
}

func (p *pass) run3(y, x []complex128) {
	s, far := p.stride, p.stride*p.m
	sine := math.Sqrt(3) / 2
	for j := range p.m {
		w1, w2 := p.twiddles[2*j], p.twiddles[2*j+1]
		x0, x1, x2 := x[j*s:][:s], x[j*s+far:][:s], x[j*s+2*far:][:s]
		y0, y1, y2 := y[3*j*s:][:s], y[(3*j+1)*s:][:s], y[(3*j+2)*s:][:s]
		for q, a := range x0 {
			sum := x1[q] + x2[q]
			even := a - scale(0.5, sum)
			odd := timesMinusI(scale(sine, x1[q]-x2[q]))
			y0[q] = a + sum
			y1[q] = (even + odd) * w1
			y2[q] = (even - odd) * w2
		}
	}
}

func (p *pass) run4(y, x []complex128) {
	s, far := p.stride, p.stride*p.m
	for j := range p.m {
		w1, w2, w3 := p.twiddles[3*j], p.twiddles[3*j+1], p.twiddles[3*j+2]
		x0, x1, x2, x3 := x[j*s:][:s], x[j*s+far:][:s], x[j*s+2*far:][:s], x[j*s+3*far:][:s]
		y0, y1, y2, y3 := y[4*j*s:][:s], y[(4*j+1)*s:][:s], y[(4*j+2)*s:][:s], y[(4*j+3)*s:][:s]
		for q, a := range x0 {
			sum02, dif02 := a+x2[q], a-x2[q]
			sum13, dif13 := x1[q]+x3[q], timesMinusI(x1[q]-x3[q])
			y0[q] = sum02 + sum13
			y1[q] = (dif02 + dif13) * w1
			y2[q] = (sum02 - sum13) * w2
			y3[q] = (dif02 - dif13) * w3
		}
	}
}

func (p *pass) run5(y, x []complex128) {
	s, far := p.stride, p.stride*p.m
	sin1, cos1 := math.Sincos(2 * math.Pi / 5)
	sin2, cos2 := math.Sincos(4 * math.Pi / 5)
	for j := range p.m {
		w1, w2, w3, w4 := p.twiddles[4*j], p.twiddles[4*j+1], p.twiddles[4*j+2], p.twiddles[4*j+3]
		x0, x1, x2 := x[j*s:][:s], x[j*s+far:][:s], x[j*s+2*far:][:s]
		x3, x4 := x[j*s+3*far:][:s], x[j*s+4*far:][:s]
		y0, y1, y2 := y[5*j*s:][:s], y[(5*j+1)*s:][:s], y[(5*j+2)*s:][:s]
		y3, y4 := y[(5*j+3)*s:][:s], y[(5*j+4)*s:][:s]
		for q, a := range x0 {
			sum14, dif14 := x1[q]+x4[q], x1[q]-x4[q]
			sum23, dif23 := x2[q]+x3[q], x2[q]-x3[q]
			even1 := a + scale(cos1, sum14) + scale(cos2, sum23)
			even2 := a + scale(cos2, sum14) + scale(cos1, sum23)
			odd1 := timesMinusI(scale(sin1, dif14) + scale(sin2, dif23))
			odd2 := timesMinusI(scale(sin2, dif14) - scale(sin1, dif23))
			y0[q] = a + sum14 + sum23
			y1[q] = (even1 + odd1) * w1
			y2[q] = (even2 + odd2) * w2
			y3[q] = (even2 - odd2) * w3
			y4[q] = (even1 - odd1) * w4
		}
	}
}

// runChirp is for large radices.
func (p *pass) runChirp(y, x, extra []complex128) {
	s, far := p.stride, p.stride*p.m
	for j := range p.m {
		for q := range s {
			values := p.chirp.transform(x[j*s+q:], far, extra)
			if j > 0 { // the twiddles of the first are ones
				for k, w := range p.twiddles[j*(p.radix-1):][:p.radix-1] {
					values[k+1] *= w
				}
			}
			to := y[p.radix*j*s+q:]
			for k, v := range values {
				to[k*s] = v
			}
		}
	}
}

// runAny is for odd radices: the values are taken in pairs from both ends, whose
// sums go with cosines and whose differences go with sines.
func (p *pass) runAny(y, x []complex128) {
	var sums, difs [maxDirect / 2]complex128
	s, far, radix, half := p.stride, p.stride*p.m, p.radix, p.radix/2
	for j := range p.m {
		twiddles := p.twiddles[j*(radix-1):][:radix-1]
		for q := range s {
			from, to := j*s+q, radix*j*s+q
			first := x[from]
			total := first
			for i := range half {
				a, b := x[from+(i+1)*far], x[from+(radix-1-i)*far]
				sums[i], difs[i] = a+b, a-b
				total += a + b
			}
			y[to] = total
			for k := 1; k <= half; k++ {
				even, odd := p.pairs(first, sums[:half], difs[:half], k)
				y[to+k*s] = (even + odd) * twiddles[k-1]
				y[to+(radix-k)*s] = (even - odd) * twiddles[radix-k-1]
			}
		}
	}
}

// pairs is the part of coefficient k of a radix that it shares with coefficient
// radix-k, and the part in which the two have opposite signs.
func (p *pass) pairs(first complex128, sums, difs []complex128, k int) (even, odd complex128) {
	even = first
	at := 0
	for i, sum := range sums {
		if at += k; at >= p.radix {
			at -= p.radix
		}
		root := p.roots[at]
		even += scale(real(root), sum)
		odd += scale(imag(root), difs[i])
	}
	return even, complex(-imag(odd), real(odd))
}
