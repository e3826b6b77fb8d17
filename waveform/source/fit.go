package source

import (
	"fmt"
	"math"
)

// FitOptions say what is fitted.
type FitOptions struct {
	// From and Until are the band, Hz, both included. Zero is no limit.
	From, Until float64
	// Kappa is the site attenuation, s, where FreeKappa is false. It may be 0.
	Kappa float64
	// FreeKappa fits kappa too, as a number not below 0.
	FreeKappa bool
	// LowestCorner and HighestCorner bound the corner frequency, Hz. Zero is half the lowest,
	// and twice the highest, of the frequencies used: a corner beyond is not seen in them.
	LowestCorner, HighestCorner float64
}

// Fit is a fitted source with its uncertainties.
type Fit struct {
	Source
	StressDrop float64 // Pa
	Magnitude  float64 // Mw, MomentMagnitude of the moment

	// Frequencies is how many were used, Parameters how many of the source were free.
	Frequencies, Parameters int
	// RMS is the misfit: the root of the weighted mean square of ln(observed/model).
	RMS float64
	// R2 is the coefficient of determination of ln(amplitude): one less the weighted
	// sum of squares of the residuals over that about the mean. 1 where all are equal and fitted.
	R2 float64
	// LnMoment, LnCorner, LnStressDrop (of the natural logarithm) and KappaError (s) are
	// standard deviations: of the linearised problem, residuals being independent
	// and their variance estimated from them. Smoothed spectra are not
	// independent, and the true ones are larger. NaN for what was not free.
	LnMoment, LnCorner, LnStressDrop, KappaError float64
	// AtLimit says that the corner frequency is at one of its bounds: the spectrum
	// does not resolve it. Its deviation and that of the stress drop are NaN then.
	AtLimit bool
}

// Fit finds the source whose spectrum is closest to amplitudes at freqs (Hz): with the
// least sum of (ln(amplitude)-ln(model))^2/std^2. std are standard deviations of the
// natural logarithm of each amplitude; nil is 1 for all. Only their ratios matter.
//
// For a given corner frequency the logarithm of the model is linear in those of the moment and
// in kappa, which are solved for exactly (variable projection, Golub and Pereyra 1973).
// What is left is a function of one variable. Its local minima on 64 corner frequencies,
// evenly spaced in logarithm between the bounds, are where gonum's BFGS starts with
// the exact derivative, and the least of all is the result: nothing is random, and no initial
// value is needed.
//
// Frequencies outside the band or not above 0, and amplitudes that are not above 0 or
// not finite (what is left of a spectrum less noise), are not used. The error matches
// [ErrTooFew] if fewer are left than one more than the free parameters, [ErrInput] for
// a std that is not above 0 or a frequency that is not finite, [ErrOptions] for limits that make no sense.
// It panics if the slices differ in length.
//
// Unlike the other functions of samples it allocates, some tens of kilobytes for a copy of the
// band and for gonum's searches.
func (m *Model) Fit(freqs, amplitudes, std []float64, o FitOptions) (Fit, error) {
	p, err := m.project(freqs, amplitudes, std, o)
	if err != nil {
		return Fit{}, err
	}
	x, err := p.minimize()
	if err != nil {
		return Fit{}, err
	}
	return p.describe(x), nil
}

// check says what is wrong with the options.
func (o FitOptions) check() error {
	for _, v := range []float64{o.From, o.Until, o.Kappa, o.LowestCorner, o.HighestCorner} {
		if !(v >= 0) || math.IsInf(v, 1) {
			return fmt.Errorf("source: a limit or kappa of %g: %w", v, ErrOptions)
		}
	}
	if o.Until > 0 && o.From > o.Until {
		return fmt.Errorf("source: band from %g to %g Hz: %w", o.From, o.Until, ErrOptions)
	}
	return nil
}

// projection is the least-squares problem of a spectrum, with moment and kappa
// projected out.
type projection struct {
	model     *Model
	f, y, w   []float64 // frequency; ln of the amplitude less what is known; weight, of sum 1
	low, high float64   // bounds of ln of the corner frequency
	free      bool      // kappa
	kappa     float64   // if not free
}

// project sorts out what is used.
func (m *Model) project(freqs, amplitudes, std []float64, o FitOptions) (*projection, error) {
	if len(amplitudes) != len(freqs) || std != nil && len(std) != len(freqs) {
		panic("source: frequencies, amplitudes and deviations differ in length")
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	p := &projection{model: m, free: o.FreeKappa, kappa: o.Kappa}
	lowest, highest, sum := math.Inf(1), 0.0, 0.0
	for i, f := range freqs {
		a, w := amplitudes[i], 1.0
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("source: frequency %g: %w", f, ErrInput)
		}
		if !positive(a) || f <= 0 || f < o.From || o.Until > 0 && f > o.Until {
			continue
		}
		if std != nil {
			if w = 1 / (std[i] * std[i]); !positive(w) || !(std[i] > 0) {
				return nil, fmt.Errorf("source: deviation %g at %g Hz: %w", std[i], f, ErrInput)
			}
		}
		p.f, p.w = append(p.f, f), append(p.w, w)
		p.y = append(p.y, math.Log(a)-m.known(f))
		lowest, highest, sum = min(lowest, f), max(highest, f), sum+w
	}
	if need := p.parameters() + 1; len(p.f) < need {
		return nil, fmt.Errorf("source: %d usable amplitudes, %d parameters: %w", len(p.f), need-1, ErrTooFew)
	}
	for i := range p.w {
		p.w[i] /= sum
	}
	return p, p.bound(o, lowest, highest)
}

// bound sets the bounds of the corner frequency.
func (p *projection) bound(o FitOptions, lowest, highest float64) error {
	if o.LowestCorner == 0 {
		o.LowestCorner = lowest / 2
	}
	if o.HighestCorner == 0 {
		o.HighestCorner = 2 * highest
	}
	if !(o.LowestCorner < o.HighestCorner) {
		return fmt.Errorf("source: corner frequency from %g to %g Hz: %w", o.LowestCorner, o.HighestCorner, ErrOptions)
	}
	p.low, p.high = math.Log(o.LowestCorner), math.Log(o.HighestCorner)
	return nil
}

func (p *projection) parameters() int {
	if p.free {
		return 3
	}
	return 2
}

// solve gives, for ln of a corner frequency, ln of the moment and kappa that fit best.
func (p *projection) solve(x float64) (moment, kappa float64) {
	corner := math.Exp(x)
	var mean, meanF float64
	for i, f := range p.f {
		mean += float64(p.w[i] * p.flat(i, corner))
		meanF += float64(p.w[i] * f)
	}
	if !p.free {
		return mean + float64(math.Pi*p.kappa*meanF), p.kappa
	}
	var fy, ff float64
	for i, f := range p.f {
		d := f - meanF
		fy += float64(p.w[i] * d * p.flat(i, corner))
		ff += float64(p.w[i] * d * d)
	}
	if ff > 0 {
		kappa = max(0, -fy/ff/math.Pi)
	}
	return mean + float64(math.Pi*kappa*meanF), kappa
}

// flat is observation i without the fall of the source spectrum beyond its corner.
func (p *projection) flat(i int, corner float64) float64 {
	q := p.f[i] / corner
	return p.y[i] + math.Log1p(q*q)
}

// objective is the weighted mean square residual of the best fit for x, ln of a corner
// frequency, and its derivative. (At the best moment and kappa those on them are zero, or kappa is
// at its bound.)
func (p *projection) objective(x float64) (value, slope float64) {
	moment, kappa := p.solve(x)
	corner := math.Exp(x)
	for i, f := range p.f {
		r := p.flat(i, corner) - moment + float64(math.Pi*kappa*f)
		value += float64(p.w[i] * r * r)
		slope -= float64(2 * p.w[i] * r * steepness(f/corner))
	}
	return value, slope
}

// steepness is the derivative of -ln(1+q^2) by ln of the corner frequency, q = f/fc.
func steepness(q float64) float64 { return 2 / (1 + 1/(q*q)) }
