package source

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// starts is the number of corner frequencies that are looked at first.
const starts = 64

// minimize gives ln of the corner frequency with the least objective.
func (p *projection) minimize() (float64, error) {
	var values [starts]float64
	for i := range values {
		values[i], _ = p.objective(p.start(i))
	}
	best, at := math.Inf(1), math.NaN()
	for i, v := range values {
		if i > 0 && values[i-1] < v || i+1 < starts && values[i+1] < v {
			continue // no local minimum
		}
		x := p.start(i)
		if _, slope := p.objective(x); !(i == 0 && slope >= 0 || i == starts-1 && slope <= 0) { // else it is at a bound
			var err error
			if x, err = p.descend(x); err != nil {
				return 0, err
			}
		}
		if value, _ := p.objective(x); value < best {
			best, at = value, x
		}
	}
	if math.IsNaN(at) {
		return 0, fmt.Errorf("source: misfit is not a number: %w", ErrInput)
	}
	return at, nil
}

// atLimit is how near to a bound, in ln of the frequency, a corner frequency is at it.
const atLimit = 1e-6

// start is the i-th of the corner frequencies that are looked at first, as ln.
func (p *projection) start(i int) float64 {
	if i == starts-1 {
		return p.high // to the last bit
	}
	return p.low + float64((p.high-p.low)*float64(i)/(starts-1))
}

// descend gives the local minimum near x. Between its bounds x is written as a sine, whose
// angle has none.
func (p *projection) descend(x float64) (float64, error) {
	half := (p.high - p.low) / 2
	bounded := func(angle float64) float64 { return p.low + float64(half*(1+math.Sin(angle))) }
	problem := optimize.Problem{
		Func: func(v []float64) float64 {
			value, _ := p.objective(bounded(v[0]))
			return value
		},
		Grad: func(grad, v []float64) {
			_, slope := p.objective(bounded(v[0]))
			grad[0] = slope * half * math.Cos(v[0])
		},
	}
	from := math.Asin(max(-1, min(1, (x-p.low)/half-1)))
	from = max(-1.55, min(1.55, from)) // at the very ends the sine is flat
	settings := &optimize.Settings{GradientThreshold: 1e-11, MajorIterations: 200, Converger: optimize.NeverTerminate{}}
	result, err := optimize.Minimize(problem, []float64{from}, settings, &optimize.BFGS{})
	if result == nil || math.IsNaN(result.F) {
		return 0, fmt.Errorf("source: search from %g Hz: %v: %w", math.Exp(x), err, ErrInput)
	}
	// An error says that the line search could not go lower: rounding, near the minimum.
	return bounded(result.X[0]), nil
}

// describe gives the fit for ln of a corner frequency.
func (p *projection) describe(x float64) Fit {
	moment, kappa := p.solve(x)
	value, _ := p.objective(x)
	corner := math.Exp(x)
	fit := Fit{
		Source:      Source{Moment: math.Exp(moment), Corner: corner, Kappa: kappa},
		Frequencies: len(p.f), Parameters: p.parameters(),
		RMS: math.Sqrt(value), R2: p.determination(value),
		AtLimit: x <= p.low+atLimit || x >= p.high-atLimit,
	}
	fit.StressDrop = p.model.StressDrop(fit.Source)
	fit.Magnitude = MomentMagnitude(fit.Moment)
	p.deviations(&fit)
	return fit
}

// determination is R2 for a mean square residual.
func (p *projection) determination(residual float64) float64 {
	var mean, square float64
	for i, f := range p.f {
		mean += float64(p.w[i] * (p.y[i] + p.model.known(f)))
	}
	for i, f := range p.f {
		d := p.y[i] + p.model.known(f) - mean
		square += float64(p.w[i] * d * d)
	}
	if square == 0 && residual == 0 {
		return 1
	}
	return 1 - residual/square
}

// deviations fills in the standard deviations: the inverse of the normal matrix of the
// parameters that are free and not at a bound, times the variance of the residuals.
func (p *projection) deviations(fit *Fit) {
	nan := math.NaN()
	fit.LnMoment, fit.LnCorner, fit.LnStressDrop, fit.KappaError = nan, nan, nan, nan
	columns := []func(f float64) float64{func(float64) float64 { return 1 }}
	corner, kappa := -1, -1 // the columns of theirs
	if !fit.AtLimit {
		corner = len(columns)
		columns = append(columns, func(f float64) float64 { return steepness(f / fit.Corner) })
	}
	if p.free && fit.Kappa > 0 {
		kappa = len(columns)
		columns = append(columns, func(f float64) float64 { return -math.Pi * f })
	}
	n := len(columns)
	normal := mat.NewSymDense(n, nil)
	for i, f := range p.f {
		for a := range n {
			for b := a; b < n; b++ {
				normal.SetSym(a, b, normal.At(a, b)+float64(p.w[i]*columns[a](f)*columns[b](f)))
			}
		}
	}
	var factor mat.Cholesky
	var inverse mat.SymDense
	if !factor.Factorize(normal) || factor.InverseTo(&inverse) != nil {
		return // the parameters cannot be told apart
	}
	variance := fit.RMS * fit.RMS / float64(len(p.f)-fit.Parameters)
	fit.LnMoment = math.Sqrt(inverse.At(0, 0) * variance)
	if kappa > 0 {
		fit.KappaError = math.Sqrt(inverse.At(kappa, kappa) * variance)
	}
	if corner > 0 {
		c := inverse.At(corner, corner)
		fit.LnCorner = math.Sqrt(c * variance)
		fit.LnStressDrop = math.Sqrt((float64(9*c) + inverse.At(0, 0) + float64(6*inverse.At(0, corner))) * variance)
	}
}
