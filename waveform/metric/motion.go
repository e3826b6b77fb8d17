package metric

import "math"

// motion writes y, s and q, displacement, relative velocity and absolute
// acceleration in units of o.unit, o.unit/o.dt and -o.pseudo, in the slices of dst that
// are not nil, and gives the largest of each. A slice of dst may be a.
func (o *Oscillator) motion(dst Motion, a []float64) peaks {
	n := len(a)
	for _, d := range [...][]float64{dst.Displacement, dst.Velocity, dst.Acceleration} {
		if d != nil && len(d) != n {
			panic("metric: lengths of a trace and the motions of its oscillator differ")
		}
	}
	if n == 0 {
		return peaks{math.NaN(), math.NaN(), math.NaN()}
	}
	a0 := a[0]
	if n == 1 {
		dst.put(0, 0*a0, 0*a0, 0*a0)
		return peaks{0 * a0, 0 * a0, 0 * a0}
	}
	k, f := o.kernel, o.flow
	a1 := a[1]
	dst.put(0, 0*a0, 0*a0, 0*a0)
	var y, s, hiY, hiS, hiQ float64
	p := float64(o.first*a0) + a1
	for i, a2 := range a[2:] {
		drive := a2 + float64(k.e1*a1) + float64(k.e2*a0) - float64(k.k*y)
		s += (float64(f.s1*a1) + float64(f.s0*a0)) + (float64(f.sy*y) + float64(f.ss*s))
		y += p
		p = float64(k.q*p) + drive
		q := y + float64(f.c*s)
		dst.put(i+1, y, s, q)
		if v := math.Abs(y); v > hiY {
			hiY = v
		}
		if v := math.Abs(s); v > hiS {
			hiS = v
		}
		if v := math.Abs(q); v > hiQ {
			hiQ = v
		}
		a0, a1 = a1, a2
	}
	s += (float64(f.s1*a1) + float64(f.s0*a0)) + (float64(f.sy*y) + float64(f.ss*s))
	y += p
	q := y + float64(f.c*s)
	dst.put(n-1, y, s, q)
	return peaks{highest(hiY, y), highest(hiS, s), highest(hiQ, q)}
}

// put stores the numbers of sample i that are asked for.
func (m *Motion) put(i int, y, s, q float64) {
	if m.Displacement != nil {
		m.Displacement[i] = y
	}
	if m.Velocity != nil {
		m.Velocity[i] = s
	}
	if m.Acceleration != nil {
		m.Acceleration[i] = q
	}
}
