package dsp_test

import (
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// A plan of 2^20 samples takes 12 MB, one of 2^21 takes 25.
func TestPlansKeepThePlansUsedLast(t *testing.T) {
	var p dsp.Plans
	first := p.FFT(100)
	if p.FFT(100) != first {
		t.Error("a plan used just before is made again")
	}
	second := p.FFT(1 << 20)
	if p.FFT(100) != first || p.FFT(1<<20) != second {
		t.Error("a plan is forgotten though there is room")
	}
	p.FFT(100)
	third := p.FFT(1 << 21) // makes room by forgetting the long plan, not the short one used since
	if p.FFT(100) != first || p.FFT(1<<21) != third {
		t.Error("the plan used last is forgotten before an older one")
	}
	if p.FFT(1<<20) == second {
		t.Error("more is kept than the bound allows")
	}
	large := p.FFT(1 << 22)
	if large.Len() != 1<<22 || p.FFT(1<<22) != large {
		t.Error("a plan above the bound must still be made and kept until the next")
	}
	if p.FFT(100) == first {
		t.Error("a plan above the bound must push out the others")
	}
}

// thereAndBack transforms the series of n samples with a plan of p, and back.
func thereAndBack(p *dsp.Plans, n int, scratch *dsp.Scratch) ([]complex128, []float64) {
	plan := p.FFT(n)
	c := plan.Coefficients(nil, series(n), scratch)
	return c, plan.Sequence(nil, c, scratch)
}

// Lengths with butterflies of all kinds, and with a chirp; the primes take some 10 MB each,
// so that plans are made and forgotten while others use them.
func TestGoroutinesShareOnePlansAndGetTheSameBits(t *testing.T) {
	lengths := []int{1, 60, 49, 2 * 11 * 13, 2 * 53, 499, 30000, 100003, 100019, 100043, 100049}
	spectra, sequences := make([][]complex128, len(lengths)), make([][]float64, len(lengths))
	for i, n := range lengths {
		spectra[i], sequences[i] = thereAndBack(new(dsp.Plans), n, nil)
	}
	var shared dsp.Plans
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			var scratch dsp.Scratch
			for i := range lengths {
				i = (i + 3*g) % len(lengths)
				c, x := thereAndBack(&shared, lengths[i], &scratch)
				if !slices.Equal(c, spectra[i]) || !slices.Equal(x, sequences[i]) {
					t.Errorf("goroutine %d: transform of %d samples differs from one made alone", g, lengths[i])
				}
			}
		})
	}
	group.Wait()
}

// Nothing but looking up and making short plans, so that goroutines meet often.
func TestPlansServeGoroutinesAtOnce(t *testing.T) {
	var shared dsp.Plans
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			for i := range 2000 {
				n := 1 + (i+500*g)%50
				if got := shared.FFT(n).Len(); got != n {
					t.Errorf("goroutine %d: asked for a plan of %d samples, got one of %d", g, n, got)
					return
				}
			}
		})
	}
	group.Wait()
	for n := 1; n <= 50; n++ {
		if plan := shared.FFT(n); shared.FFT(n) != plan {
			t.Errorf("length %d: a short plan does not stay", n)
		}
	}
}

func TestTransformsLeaveSamplesAndSpectrumOfTheirScratch(t *testing.T) {
	for _, n := range []int{64, 30, 53, 2 * 59} {
		var scratch dsp.Scratch
		plan := dsp.NewFFT(n)
		want := plan.Coefficients(nil, series(n), nil)
		scratch.Samples(8 * n)
		scratch.Spectrum(8 * n)
		plan.Sequence(nil, plan.Coefficients(nil, series(n), &scratch), &scratch) // all has grown: nothing moves below
		samples, spectrum := scratch.Samples(n), scratch.Spectrum(plan.Bins())
		copy(samples, series(n))
		plan.Coefficients(spectrum, samples, &scratch)
		if !slices.Equal(spectrum, want) || worst(samples, series(n)) != 0 {
			t.Errorf("length %d: the transform into its Spectrum differs, or Samples changed", n)
		}
		plan.Sequence(samples, spectrum, &scratch)
		if !slices.Equal(spectrum, want) || worst(samples, plan.Sequence(nil, want, nil)) != 0 {
			t.Errorf("length %d: the inverse into its Samples differs, or Spectrum changed", n)
		}
	}
}

// Work space is not cleared between calls: nothing of what it held may show.
func TestTransformsLeaveNothingOfAnEarlierCall(t *testing.T) {
	var scratch dsp.Scratch
	spoilt := make([]float64, 1000)
	for i := range spoilt {
		spoilt[i] = math.NaN()
	}
	for _, n := range []int{1, 2, 3, 16, 30, 77, 53, 2 * 59, 61 * 61} {
		dsp.NewFFT(1000).Coefficients(nil, spoilt, &scratch)
		dsp.NewFFT(997).Coefficients(nil, spoilt[:997], &scratch)
		plan := dsp.NewFFT(n)
		got, want := plan.Coefficients(nil, series(n), &scratch), plan.Coefficients(nil, series(n), nil)
		if !slices.Equal(got, want) {
			t.Errorf("length %d: differs after NaN were transformed", n)
		}
	}
}
