package dsp

import (
	"slices"
	"sync"
)

// maxPlanBytes bounds the plans that a [Plans] keeps. A plan takes 12 to 90 bytes
// a sample.
const maxPlanBytes = 32 << 20

// Plans keeps transform plans of the lengths used last, because making one costs
// more than using it. They take at most 32 MB, except that the newest plan always
// stays. The zero value is ready for use, by any number of goroutines at once: one
// for all workers of a program is as it should be. It must not be copied.
type Plans struct {
	mu    sync.Mutex
	plans []*FFT // the one used last comes last
	bytes int
}

// FFT gives the plan for sequences of n samples, which stays good when p has
// forgotten it. Goroutines that ask for a new length at once may each make a plan,
// of which one is kept; nobody waits for another's. It panics if n < 1.
func (p *Plans) FFT(n int) *FFT {
	if plan := p.find(n); plan != nil {
		return plan
	}
	return p.keep(NewFFT(n))
}

// find gives the plan of a length, which is now the one used last, or nil.
func (p *Plans) find(n int) *FFT {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.use(n)
}

// keep adds a plan, unless there is one of its length by now: that is given then.
func (p *Plans) keep(plan *FFT) *FFT {
	p.mu.Lock()
	defer p.mu.Unlock()
	if earlier := p.use(plan.n); earlier != nil {
		return earlier
	}
	p.plans = append(p.plans, plan)
	p.bytes += plan.bytes()
	p.drop()
	return plan
}

// use is find for those who hold the lock.
func (p *Plans) use(n int) *FFT {
	for i, plan := range slices.Backward(p.plans) {
		if plan.n == n {
			copy(p.plans[i:], p.plans[i+1:])
			p.plans[len(p.plans)-1] = plan
			return plan
		}
	}
	return nil
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
//
// What Samples and Spectrum give is for the caller to use between one call of a
// function that takes a Scratch and the next. Only the methods of [FFT] leave both
// alone: their work space is a third.
type Scratch struct {
	samples   []float64
	spectrum  []complex128
	transform []complex128
}

// Samples gives n numbers of any value, valid until the next call.
func (s *Scratch) Samples(n int) []float64 {
	return grown(&s.samples, n)
}

// Spectrum gives n complex numbers of any value, valid until the next call.
func (s *Scratch) Spectrum(n int) []complex128 {
	return grown(&s.spectrum, n)
}

// fourier gives n complex numbers for a transform to work in.
func (s *Scratch) fourier(n int) []complex128 {
	return grown(&s.transform, n)
}

// grown gives n values of space, which it lengthens if it must.
func grown[T any](space *[]T, n int) []T {
	if cap(*space) < n {
		*space = make([]T, n)
	}
	return (*space)[:n]
}
