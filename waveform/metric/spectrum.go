package metric

import (
	"math"
	"strings"
)

// Spectrum holds response spectra of one trace, or of one rotation of two. Slices that
// are nil are not asked for; the others have one value for each oscillator of a [Bank], in
// the order that [Bank.Len] gives. With a in m/s^2, u the displacement of the oscillator relative
// to its base, w its natural angular frequency and z its damping:
type Spectrum struct {
	SD  []float64 // max |u|, m
	PSV []float64 // pseudo-spectral velocity w SD, m/s
	PSA []float64 // pseudo-spectral acceleration w^2 SD, m/s^2
	SV  []float64 // max |u'|, relative velocity, m/s
	SA  []float64 // max |w^2 u + 2 z w u'|, absolute acceleration, m/s^2
}

// Quantities is a set of what a [Spectrum] can hold.
type Quantities uint8

// SD, PSV and PSA come from the same pass over a trace, and any of them costs the same;
// SV and SA need the velocity too, which takes about half as long again.
const (
	SD Quantities = 1 << iota
	PSV
	PSA
	SV
	SA

	displacements = SD | PSV | PSA
	everything    = displacements | SV | SA
)

// NewSpectrum makes room for the quantities asked for, n values each, in one piece.
func NewSpectrum(n int, q Quantities) (s Spectrum) {
	for i, d := range s.fields() {
		if q&(1<<i) != 0 {
			*d = make([]float64, n)
		}
	}
	return s
}

// Quantities is the set of what s asks for.
func (s Spectrum) Quantities() (q Quantities) {
	for i, d := range s.fields() {
		if *d != nil {
			q |= 1 << i
		}
	}
	return q
}

// String names the set: SD+PSA.
func (q Quantities) String() string {
	var names []string
	for i, name := range [...]string{"SD", "PSV", "PSA", "SV", "SA"} {
		if q&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "+")
}

// fields gives the slices in the order of their constants.
func (s *Spectrum) fields() [5]*[]float64 {
	return [5]*[]float64{&s.SD, &s.PSV, &s.PSA, &s.SV, &s.SA}
}

// check panics if a slice has not length n.
func (s *Spectrum) check(n int) {
	for _, d := range s.fields() {
		if *d != nil && len(*d) != n {
			panic("metric: length of a spectrum is not the number of its oscillators")
		}
	}
}

// blank makes all values NaN.
func (s *Spectrum) blank() {
	for _, d := range s.fields() {
		fill(*d, math.NaN())
	}
}

// put stores the peaks of an oscillator, those of the quantities given that are asked for.
func (s *Spectrum) put(at int, o *Oscillator, p peaks, q Quantities) {
	if s.SD != nil && q&SD != 0 {
		s.SD[at] = o.sd(p)
	}
	if s.PSV != nil && q&PSV != 0 {
		s.PSV[at] = o.psv(p)
	}
	if s.PSA != nil && q&PSA != 0 {
		s.PSA[at] = o.psa(p)
	}
	if s.SV != nil && q&SV != 0 {
		s.SV[at] = o.sv(p)
	}
	if s.SA != nil && q&SA != 0 {
		s.SA[at] = o.sa(p)
	}
}

// GeometricMean is sqrt(a b) of the peaks of two components as they were recorded;
// another number than any rotation. It neither overflows nor vanishes before its factors do.
// NaN if either is NaN or negative.
func GeometricMean(a, b float64) float64 {
	if product := a * b; a >= 0 && product > 0 && !math.IsInf(product, 1) {
		return math.Sqrt(product)
	}
	return math.Sqrt(a) * math.Sqrt(b)
}

// GeometricMeans stores in dst the [GeometricMean] of two spectra, value by value. dst may be either.
// It panics if the lengths differ.
func GeometricMeans(dst, a, b []float64) {
	if len(dst) != len(a) || len(a) != len(b) {
		panic("metric: lengths of spectra differ")
	}
	for i := range dst {
		dst[i] = GeometricMean(a[i], b[i])
	}
}

func fill(dst []float64, v float64) {
	for i := range dst {
		dst[i] = v
	}
}
