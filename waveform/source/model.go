package source

import (
	"math"
	"sort"
)

// Source is what a spectrum tells about an earthquake and, in kappa, about the
// ground under the station.
type Source struct {
	Moment float64 // N m
	Corner float64 // Hz
	Kappa  float64 // s
}

// Model is a source spectrum on its way to one station. It does not change.
type Model struct {
	options Options
	level   float64 // ln of displacement at low frequencies for 1 N m, m s
	delay   float64 // R/(Q v), s; 0 without attenuation
}

// New makes a model. The error matches [ErrOptions]: a constant or the distance is not a
// number above zero, or a table does not rise.
func New(o Options) (*Model, error) {
	o = o.complete()
	if err := o.check(); err != nil {
		return nil, err
	}
	m := &Model{options: o}
	constant := o.Radiation * o.Partition * o.FreeSurface / (4 * math.Pi * o.Density * o.Velocity * o.Velocity * o.Velocity * o.Reference)
	m.level = math.Log(constant) + spreading(o.Spreading, o.Reference, o.Distance)
	if o.Q > 0 {
		m.delay = o.Distance / (o.Q * o.QVelocity)
	}
	return m, nil
}

// Options are those in force: the ones given, with the defaults filled in.
func (m *Model) Options() Options { return m.options.complete() }

// spreading is ln of the amplitude at a distance over that at the reference distance.
func spreading(s []Spreading, reference, distance float64) float64 {
	near, far := min(reference, distance), max(reference, distance)
	sum := 0.0
	for i, part := range s {
		from, until := max(near, part.From), far
		if i+1 < len(s) {
			until = min(far, s[i+1].From)
		}
		if from < until {
			sum -= float64(part.Exponent * math.Log(until/from))
		}
	}
	if distance < reference {
		return -sum
	}
	return sum
}

// Spectrum stores in dst the amplitudes of s at freqs (Hz): in m s, m or m/s for
// displacement, velocity or acceleration. At zero frequency displacement is its plateau
// and the others are 0. A negative or NaN frequency gives NaN; numbers of s are taken as
// they are, negative ones as well. It panics if dst and freqs differ in length.
func (m *Model) Spectrum(dst, freqs []float64, s Source) {
	if len(dst) != len(freqs) {
		panic("source: spectrum and frequencies differ in length")
	}
	for i, f := range freqs {
		ratio := f / s.Corner
		dst[i] = s.Moment * math.Exp(m.known(f)-float64(math.Pi*s.Kappa*f)) / (1 + float64(ratio*ratio))
	}
}

// known is ln of what the model alone makes of a spectrum at f, for 1 N m.
func (m *Model) known(f float64) float64 {
	if !(f >= 0) {
		return math.NaN()
	}
	v := m.level + m.amplification(f)
	if k := m.options.Unit.Derivatives(); k > 0 {
		v += float64(float64(k) * math.Log(2*math.Pi*f))
	}
	if m.delay > 0 && f > 0 {
		v -= float64(math.Pi * m.delay * math.Pow(f, 1-m.options.QExponent))
	}
	return v
}

// amplification is ln of the factor at f.
func (m *Model) amplification(f float64) float64 {
	table := m.options.Amplification
	n := len(table)
	switch i := sort.Search(n, func(i int) bool { return table[i].Frequency > f }); {
	case n == 0:
		return 0
	case i == 0:
		return math.Log(table[0].Factor)
	case i == n:
		return math.Log(table[n-1].Factor)
	default:
		a, b := table[i-1], table[i]
		low, high := math.Log(a.Factor), math.Log(b.Factor)
		return low + float64((high-low)*((f-a.Frequency)/(b.Frequency-a.Frequency)))
	}
}

// CornerFrequency, Hz, of a source with a moment (N m) and a stress drop (Pa), by the
// formula of [Options].Corner (Brune 1970): k v (stress drop/moment)^(1/3). The numbers are
// taken as they are; NaN gives NaN.
func (m *Model) CornerFrequency(moment, stressDrop float64) float64 {
	return m.options.Corner * m.options.Velocity * math.Cbrt(stressDrop/moment)
}

// StressDrop, Pa, of a source: moment (fc/(k v))^3, the inverse of CornerFrequency.
func (m *Model) StressDrop(s Source) float64 {
	r := s.Corner / (m.options.Corner * m.options.Velocity)
	return s.Moment * r * r * r
}

// MomentMagnitude is Mw of a moment in N m: (log10 M0 - 9.1)/1.5 (IASPEI 2013). NaN of
// what is not above zero. Another form, 9.05 in place of 9.1 (from 16.05 in dyn cm, Hanks and
// Kanamori 1979), is greater by 0.03.
func MomentMagnitude(moment float64) float64 {
	if !(moment > 0) {
		return math.NaN()
	}
	return (math.Log10(moment) - 9.1) / 1.5
}

// Moment, N m, of a magnitude Mw: the inverse of [MomentMagnitude].
func Moment(magnitude float64) float64 { return math.Pow(10, float64(1.5*magnitude)+9.1) }
