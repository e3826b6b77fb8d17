package dsp

import "slices"

// maxPlanBytes bounds the plans that a [Plans] keeps. A plan takes 24 to 90 bytes
// a sample.
const maxPlanBytes = 32 << 20

// Plans keeps transform plans of the lengths used last, because making one costs
// about as much as using it. They take at most 32 MB, except that the newest plan
// always stays. The zero value is ready for use; it belongs
// to one goroutine at a time.
type Plans struct {
	plans []*FFT // the one used last comes last
	bytes int
}

// FFT gives the plan for sequences of n samples. The plan belongs to p: use it
// where p may be used. It panics if n < 1.
func (p *Plans) FFT(n int) *FFT {
	for i, plan := range p.plans {
		if plan.n == n {
			copy(p.plans[i:], p.plans[i+1:])
			p.plans[len(p.plans)-1] = plan
			return plan
		}
	}
	plan := NewFFT(n)
	p.plans = append(p.plans, plan)
	p.bytes += plan.bytes()
	p.drop()
	return plan
}

// drop forgets the plans unused for longest until the bound holds or one is left.
func (p *Plans) drop() {
	count := 0
	for count < len(p.plans)-1 && p.bytes > maxPlanBytes {
		p.bytes -= p.plans[count].bytes()
		count++
	}
	p.plans = slices.Delete(p.plans, 0, count)
}

// Scratch is work space for the functions that need some. It grows to the
// longest input seen and is never given back. The zero value is ready for use;
// it belongs to one goroutine at a time.
type Scratch struct {
	samples  []float64
	spectrum []complex128
}

// Samples gives n numbers of any value, valid until the next call.
func (s *Scratch) Samples(n int) []float64 {
	if cap(s.samples) < n {
		s.samples = make([]float64, n)
	}
	return s.samples[:n]
}

// Spectrum gives n complex numbers of any value, valid until the next call.
func (s *Scratch) Spectrum(n int) []complex128 {
	if cap(s.spectrum) < n {
		s.spectrum = make([]complex128, n)
	}
	return s.spectrum[:n]
}
