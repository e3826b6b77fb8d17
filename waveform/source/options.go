package source

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/seisbatch/seisbatch/waveform"
)

// The reasons why there is no result. Errors of this package match one of them by
// errors.Is.
var (
	// ErrOptions: constants, distance or frequency limits make no sense.
	ErrOptions = errors.New("source options are unusable")
	// ErrTooFew: fewer usable values than the parameters need.
	ErrTooFew = errors.New("too few values to fit")
	// ErrInput: an amplitude, a distance or an uncertainty is not one.
	ErrInput = errors.New("unusable amplitude or distance")
)

// Options are what is known, or assumed, of source region, path and site. All but
// Distance have a default; a zero field is its default.
type Options struct {
	// Unit of the spectrum's ground motion: displacement, velocity or acceleration.
	// Zero is acceleration.
	Unit waveform.Unit
	// Distance from the source, m: the hypocentral one, unless Spreading was
	// derived for another (gmprocess uses the epicentral one). It must be given.
	Distance float64
	// Radiation is the mean radiation pattern of S. Zero is 0.55.
	Radiation float64
	// Partition is the part of the motion on one horizontal component. Zero is 1/sqrt(2).
	Partition float64
	// FreeSurface is the amplification at the free surface. Zero is 2.
	FreeSurface float64
	// Density at the source, kg/m^3. Zero is 2800.
	Density float64
	// Velocity of S at the source, m/s. Zero is 3700.
	Velocity float64
	// Corner is k in fc = k Velocity (stress drop/moment)^(1/3). Zero is 0.4906, Brune's
	// (1970) in the four digits of Boore (2003), whose 4.906e6 it is in SI.
	Corner float64
	// Reference is the distance at which Spreading is one, m. Zero is 1000. It has an
	// effect only where Spreading is not 1/R close to the source.
	Reference float64
	// Spreading is the geometric spreading: the amplitude falls with R^-Exponent from
	// each distance on, until the next. The first must begin at 0. None is 1/R everywhere.
	Spreading []Spreading
	// Q, QExponent and QVelocity are the attenuation on the path:
	// exp(-pi f Distance/(Q f^QExponent QVelocity)), the velocity in m/s; zero is
	// Velocity. A Q of zero is no attenuation.
	Q, QExponent, QVelocity float64
	// Amplification under the station, in rising order of frequency: between two the
	// logarithm of the factor is linear in frequency, outside it is that at the end. None is 1.
	Amplification []Amplification
}

// Spreading is the exponent of geometric spreading beyond a distance, m.
type Spreading struct{ From, Exponent float64 }

// Amplification is a factor at a frequency, Hz.
type Amplification struct{ Frequency, Factor float64 }

// GMProcess are the options with which the USGS program gmprocess fits spectra of
// acceleration: the defaults above, spreading and Q of Raoof et al. (1999), which are
// 1/R to 40 km and 1/sqrt(R) beyond, 180 f^0.45 and 3.5 km/s, and the generic rock of
// Boore and Thompson (2015). The distance (m) it takes is the epicentral one.
func GMProcess(distance float64) Options {
	return Options{
		Unit: waveform.Acceleration, Distance: distance,
		Spreading: []Spreading{{0, 1}, {40e3, 0.5}},
		Q:         180, QExponent: 0.45, QVelocity: 3500,
		Amplification: GenericRock(),
	}
}

// GenericRock is the crustal amplification of Boore and Thompson (2015) for generic
// rock in active crustal regions, a mean S velocity of 620 m/s over the upper 30 m.
func GenericRock() []Amplification {
	return []Amplification{
		{0.001, 1.00}, {0.009, 1.01}, {0.025, 1.03}, {0.049, 1.06}, {0.081, 1.10}, {0.15, 1.19},
		{0.37, 1.39}, {0.68, 1.58}, {1.11, 1.77}, {2.36, 2.24}, {5.25, 2.75}, {60.3, 4.49},
	}
}

// complete fills in the defaults.
func (o Options) complete() Options {
	if o.Unit == waveform.UnitUnknown {
		o.Unit = waveform.Acceleration
	}
	set := func(v *float64, standard float64) {
		if *v == 0 {
			*v = standard
		}
	}
	set(&o.Radiation, 0.55)
	set(&o.Partition, 1/math.Sqrt2)
	set(&o.FreeSurface, 2)
	set(&o.Density, 2800)
	set(&o.Velocity, 3700)
	set(&o.Corner, 0.4906)
	set(&o.Reference, 1000)
	set(&o.QVelocity, o.Velocity)
	if len(o.Spreading) == 0 {
		o.Spreading = []Spreading{{0, 1}}
	}
	o.Spreading, o.Amplification = slices.Clone(o.Spreading), slices.Clone(o.Amplification)
	return o
}

// check says what is wrong with complete options.
func (o Options) check() error {
	if !o.Unit.IsMotion() {
		return fmt.Errorf("source: spectrum of %v: %w", o.Unit, ErrOptions)
	}
	for _, v := range []struct {
		name  string
		value float64
	}{
		{"distance", o.Distance}, {"radiation", o.Radiation}, {"partition", o.Partition}, {"free surface", o.FreeSurface},
		{"density", o.Density}, {"velocity", o.Velocity}, {"corner constant", o.Corner}, {"reference distance", o.Reference},
		{"velocity of Q", o.QVelocity},
	} {
		if !positive(v.value) {
			return fmt.Errorf("source: %s %g: %w", v.name, v.value, ErrOptions)
		}
	}
	if o.Q != 0 && !positive(o.Q) || math.IsNaN(o.QExponent) || math.IsInf(o.QExponent, 0) {
		return fmt.Errorf("source: Q %g f^%g: %w", o.Q, o.QExponent, ErrOptions)
	}
	for i, s := range o.Spreading {
		if i == 0 && s.From != 0 || i > 0 && !(s.From > o.Spreading[i-1].From) || math.IsNaN(s.Exponent) || math.IsInf(s.Exponent, 0) {
			return fmt.Errorf("source: spreading R^-%g from %g m: %w", s.Exponent, s.From, ErrOptions)
		}
	}
	for i, a := range o.Amplification {
		if !positive(a.Frequency) || !positive(a.Factor) || i > 0 && !(a.Frequency > o.Amplification[i-1].Frequency) {
			return fmt.Errorf("source: amplification %g at %g Hz: %w", a.Factor, a.Frequency, ErrOptions)
		}
	}
	return nil
}

// positive is a number above zero that is finite.
func positive(v float64) bool { return v > 0 && !math.IsInf(v, 1) }
