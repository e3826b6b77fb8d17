package dsp

import "math"

// first4 is run4 for a stride of one, the first pass: the loop over interleaved
// sequences would cost more than what it does for a single one.
func (p *pass) first4(y, x []complex128) {
	m := p.m
	x0, x1, x2, x3 := x[:m], x[m:][:m], x[2*m:][:m], x[3*m:][:m]
	for j, a := range x0 {
		w, out := p.twiddles[3*j:][:3], y[4*j:][:4]
		sum02, dif02 := a+x2[j], a-x2[j]
		sum13, dif13 := x1[j]+x3[j], timesMinusI(x1[j]-x3[j])
		out[0] = sum02 + sum13
		out[1] = (dif02 + dif13) * w[0]
		out[2] = (sum02 - sum13) * w[1]
		out[3] = (dif02 - dif13) * w[2]
	}
}

// first5 is run5 for a stride of one.
func (p *pass) first5(y, x []complex128) {
	m := p.m
	sin1, cos1 := math.Sincos(2 * math.Pi / 5)
	sin2, cos2 := math.Sincos(4 * math.Pi / 5)
	x0, x1, x2, x3, x4 := x[:m], x[m:][:m], x[2*m:][:m], x[3*m:][:m], x[4*m:][:m]
	for j, a := range x0 {
		w, out := p.twiddles[4*j:][:4], y[5*j:][:5]
		sum14, dif14 := x1[j]+x4[j], x1[j]-x4[j]
		sum23, dif23 := x2[j]+x3[j], x2[j]-x3[j]
		even1 := a + scale(cos1, sum14) + scale(cos2, sum23)
		even2 := a + scale(cos2, sum14) + scale(cos1, sum23)
		odd1 := timesMinusI(scale(sin1, dif14) + scale(sin2, dif23))
		odd2 := timesMinusI(scale(sin2, dif14) - scale(sin1, dif23))
		out[0] = a + sum14 + sum23
		out[1] = (even1 + odd1) * w[0]
		out[2] = (even2 + odd2) * w[1]
		out[3] = (even2 - odd2) * w[2]
		out[4] = (even1 - odd1) * w[3]
	}
}
