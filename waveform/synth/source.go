package synth

import "math"

// PeakAcceleration is the horizontal peak ground acceleration (m/s^2) that the
// archive has for a magnitude at a hypocentral distance (m), before the factors of the
// site. The relation is made up, in the usual form:
//
//	log10 PGA = -1.95 + 0.7 M - 1.5 log10 sqrt(R^2 + 6^2), R in km
func PeakAcceleration(magnitude, distance float64) float64 {
	r := math.Hypot(distance/1e3, 6)
	return math.Pow(10, -1.95+0.7*magnitude-1.5*math.Log10(r))
}

// cornerFrequency (Hz) is Brune's (1970): 0.49 beta (stress drop / M0)^(1/3), with
// M0 = 10^(1.5 M + 9.1) N m and a stress drop of 5 MPa.
func cornerFrequency(magnitude float64) float64 {
	const stressDrop = 5e6
	return 0.49 * waves().S * math.Cbrt(stressDrop/math.Pow(10, 1.5*magnitude+9.1))
}

// wave is P or S at a station: the shape of its spectrum and of its envelope.
type wave struct {
	onset       float64    // s from the first sample of the window
	corner      float64    // Hz
	attenuation float64    // s, t* + kappa
	rise, decay float64    // s
	peak        [3]float64 // m/s^2 on E, N, Z
}

// waves of an event at hypocentral distance r (m), each given its onset in seconds.
// P is mostly vertical, S mostly horizontal. Quality factor 600.
func wavesAt(magnitude, r, site, onsetP, onsetS float64) [2]wave {
	const quality = 600
	corner := cornerFrequency(magnitude)
	peak := site * PeakAcceleration(magnitude, r)
	km := r / 1e3
	return [2]wave{
		{
			onset: onsetP, corner: 1.3 * corner, attenuation: 0.02 + r/(quality*waves().P),
			rise: 0.02, decay: 1 + 0.5/corner + 0.02*km,
			peak: [3]float64{0.1 * peak, 0.1 * peak, 0.25 * peak},
		},
		{
			onset: onsetS, corner: corner, attenuation: 0.03 + r/(quality*waves().S),
			rise: 0.1 + 0.2/corner, decay: 2 + 1/corner + 0.05*km,
			peak: [3]float64{peak, peak, 0.5 * peak},
		},
	}
}

// spectrum stores the modulus of the wave's acceleration spectrum, unscaled, at
// multiples of df (Hz).
func (w wave) spectrum(dst []float64, df float64) {
	loss, step := 1.0, math.Exp(-math.Pi*df*w.attenuation)
	for k := range dst {
		f := float64(k) * df
		x := f / w.corner
		dst[k] = f * f / (1 + x*x) * loss
		loss *= step
	}
}

// envelope stores the wave's envelope at intervals of dt from t seconds after the
// onset: a quick rise, a decay and a weaker, longer coda.
func (w wave) envelope(dst []float64, t, dt float64) {
	slow, slowStep := math.Exp(-t/(4*w.decay)), math.Exp(-dt/(4*w.decay))
	rest, restStep := math.Exp(-t/w.rise), math.Exp(-dt/w.rise)
	for i := range dst {
		dst[i] = (1 - rest) * (slow*slow*slow*slow + 0.05*slow)
		slow *= slowStep
		rest *= restStep
	}
}
