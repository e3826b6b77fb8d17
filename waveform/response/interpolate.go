package response

import "math"

// FIR filters are most of the work of evaluating a response on the ten thousand
// frequencies of a trace, and most of it is not needed: a filter that
// lasts t seconds has a response that hardly changes over 1/t Hz. So on a grid
// the product of all FIR filters is computed at a few frequencies of each panel
// of the grid, and interpolated between them. The error is that of rounding.

const (
	// nodes is the number of frequencies at which a panel is evaluated.
	nodes = 24
	// maxPhase is how far (rad) the fastest part of the response may turn from the
	// middle of a panel to its edge. The error of interpolation is about
	// 2 (maxPhase/2)^nodes / nodes! = 5e-17 of the sum of the coefficients.
	maxPhase = 4.0
)

// multiplyGrid multiplies dst[i] by all the filters at frequency i step.
func multiplyGrid(dst []complex128, filters []fir, step float64) {
	if len(filters) == 0 {
		return
	}
	p := newPanel(filters, step)
	if p.points < 2*nodes {
		freqs := frequencies(len(dst), step)
		for _, f := range filters {
			f.multiply(dst, freqs)
		}
		return
	}
	for first := 0; first < len(dst); first += p.points {
		p.multiply(dst[first:min(first+p.points, len(dst))], filters, (float64(first)+float64(p.points-1)/2)*step)
	}
}

// reach is the time (s) of the coefficient that is furthest from zero time.
func (f fir) reach() float64 {
	last := float64(len(f.c)-1) * f.interval
	return max(math.Abs(f.advance), math.Abs(last-f.advance))
}

// panel is what panels of one grid share: Chebyshev nodes, and the weights with
// which their values enter each point. Nodes and points are symmetric about the
// middle, so sums and differences of values at mirrored nodes are weighted, and
// give two mirrored points at once.
type panel struct {
	points    int
	offsets   [nodes]float64       // Hz, of the nodes from the middle
	even, odd [][nodes / 2]float64 // of each point of the first half
}

func newPanel(filters []fir, step float64) panel {
	reach := 0.0
	for _, f := range filters {
		reach += f.reach()
	}
	points := 1 + maxPhase/(math.Pi*reach*step)
	if !(points < 4096) { // also where nothing turns at all
		points = 4096
	}
	p := panel{points: int(points)}
	if p.points < 2*nodes {
		return p
	}
	half := float64(p.points-1) / 2
	var x, factors [nodes]float64
	for j := range x {
		factors[j], x[j] = math.Sincos(math.Pi * (float64(j) + 0.5) / nodes)
		if j%2 == 1 {
			factors[j] = -factors[j]
		}
		p.offsets[j] = x[j] * half * step
	}
	for i := range (p.points + 1) / 2 {
		even, odd := weights(&x, &factors, float64(i)/half-1)
		p.even, p.odd = append(p.even, even), append(p.odd, odd)
	}
	return p
}

// weights is the barycentric formula at t, -1 <= t <= 1, for Chebyshev nodes x of
// the first kind and their factors (-1)^j sin.
func weights(x, factors *[nodes]float64, t float64) (even, odd [nodes / 2]float64) {
	var w [nodes]float64
	sum := 0.0
	for j := range w {
		if t == x[j] {
			w, sum = [nodes]float64{}, 1
			w[j] = 1
			break
		}
		w[j] = factors[j] / (t - x[j])
		sum += w[j]
	}
	for j := range even {
		a, b := w[j]/sum, w[nodes-1-j]/sum
		even[j], odd[j] = (a+b)/2, (a-b)/2
	}
	return even, odd
}

// multiply multiplies dst, the points of one panel or the first of them, by the
// filters. middle is the frequency of the middle of the panel.
func (p *panel) multiply(dst []complex128, filters []fir, middle float64) {
	var freqs [nodes]float64
	var values [nodes]complex128
	for j := range freqs {
		freqs[j] = middle + p.offsets[j]
		values[j] = 1
	}
	for _, f := range filters {
		f.multiply(values[:], freqs[:])
	}
	var sums, difs [nodes / 2]complex128
	for j := range sums {
		a, b := values[j], values[nodes-1-j]
		sums[j], difs[j] = a+b, a-b
	}
	for i := range p.even {
		even, odd := weighted(&p.even[i], &sums), weighted(&p.odd[i], &difs)
		mirrored := p.points - 1 - i
		if i < len(dst) {
			dst[i] *= even + odd
		}
		if mirrored != i && mirrored < len(dst) {
			dst[mirrored] *= even - odd
		}
	}
}

func weighted(w *[nodes / 2]float64, v *[nodes / 2]complex128) complex128 {
	var re, im float64
	for j, c := range v {
		re += float64(w[j] * real(c))
		im += float64(w[j] * imag(c))
	}
	return complex(re, im)
}
