package metric

import (
	"fmt"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

const decimals = "matrix exponential in 50 digits"

// 5e-12 of the peak: 130 000 steps, each a few roundings, which an oscillator of 5 % damping
// forgets after some hundred and one without any adds up, and a coefficient that is rounded, too.
func TestOscillatorAgreesWithTheMatrixExponentialInFiftyDigits(t *testing.T) {
	trace := func(function string) agree.Reference {
		return agree.Reference{Function: "metric." + function, Source: decimals, Measure: "peak", Within: 5e-12}
	}
	for _, g := range readGolden(t).Oscillator {
		a, label := quake(g.N, g.Seed), fmt.Sprintf("T %g s, damping %g, dt %g s", g.Period, g.Damping, g.DT)
		o, err := NewOscillator(g.Period, g.Damping, g.DT)
		if err != nil {
			t.Fatal(err)
		}
		u, v, acc := make([]float64, g.N), make([]float64, g.N), make([]float64, g.N)
		o.Motion(Motion{u, v, acc}, a)
		for _, c := range []struct {
			name            string
			got, want       []float64
			peak, reference float64
		}{
			{"u", u, g.U, peakOf(u), g.Peak}, {"v", v, g.V, peakOf(v), g.SV}, {"a", acc, g.A, peakOf(acc), g.SA},
		} {
			for i, want := range c.want { // every so many samples; of the peak of all
				trace("Oscillator.Motion").Scalar(t, label+" "+c.name, c.got[i*(g.N/25)], want, c.reference)
			}
			trace("Oscillator.Motion").Scalar(t, label+" peak "+c.name, c.peak, c.reference, 0)
		}
		o.Displacement(u, a)
		for i, want := range g.U {
			trace("Oscillator.Displacement").Scalar(t, label, u[i*(g.N/25)], want, g.Peak)
		}
		trace("Oscillator.PSA").Scalar(t, label, o.PSA(a), g.PSA, 0)
	}
}

func peakOf(x []float64) float64 {
	peak, _ := Peak(x)
	return peak
}

// 1e-13: shorter traces than above, after an interpolation by Fourier transforms of 12 000 points.
func TestSpectraAgreeWithTheReference(t *testing.T) {
	g := readGolden(t)
	value := reference(decimals+", NumPy "+g.NumPy+" irfft, quantile", 1e-13)
	s := newSpectra(t, SpectraOptions{Periods: periods21})
	for _, g := range g.Spectra {
		a1, a2 := quake(g.N, 1), quake(g.N, 2)
		p := NewPairSpectra(s.Len())
		if k := s.Pair(p, a1, a2, g.DT); k != g.Factor {
			t.Errorf("dt %g: factor %d, want %d", g.DT, k, g.Factor)
		}
		alone := make([]float64, s.Len())
		if k := s.PSA(alone, a1, g.DT); k != g.Factor {
			t.Errorf("dt %g: factor of one component %d, want %d", g.DT, k, g.Factor)
		}
		for i, period := range periods21 {
			label := fmt.Sprintf("dt %g s, %g s", g.DT, period)
			value("Spectra.Pair").Scalar(t, label+", first", p.PSA1[i], g.PSA1[i], 0)
			value("Spectra.Pair").Scalar(t, label+", second", p.PSA2[i], g.PSA2[i], 0)
			value("Spectra.Pair").Scalar(t, label+", RotD50", p.RotD50[i], g.RotD50[i], 0)
			value("Spectra.Pair").Scalar(t, label+", RotD100", p.RotD100[i], g.RotD100[i], 0)
			value("Spectra.PSA").Scalar(t, label, alone[i], g.PSA1[i], 0)
		}
	}
}

// As above.
func TestBanksAgreeWithTheReferenceForAllQuantitiesDampingsAndPercentiles(t *testing.T) {
	g := readGolden(t)
	value := reference(decimals+", NumPy "+g.NumPy+" irfft, quantile", 1e-13)
	scratch := NewScratch(new(dsp.Plans), new(dsp.Scratch))
	percentiles := []float64{0, 0.16, 0.5, 0.84, 1}
	for _, g := range g.Responses {
		b, err := NewBank(SpectraOptions{
			Periods: []float64{0.02, 0.1, 0.15, 0.3, 1, 5}, Dampings: []float64{0.005, 0.05, 0.3},
			Method: map[string]Method{"fine": Fine, "gmprocess": Gmprocess}[g.Method],
		}, g.DT)
		if err != nil {
			t.Fatal(err)
		}
		if b.Factor() != g.Factor || b.Len() != len(g.SD) {
			t.Errorf("%s, dt %g: factor %d, want %d; %d values, want %d", g.Method, g.DT, b.Factor(), g.Factor, b.Len(), len(g.SD))
		}
		all := NewSpectrum(b.Len(), everything)
		b.Spectrum(all, quake(g.N, 1), scratch)
		rotated := NewRotatedSpectra(b.Len(), everything, percentiles...)
		b.Rotated(rotated, quake(g.N, 1), quake(g.N, 2), scratch)
		for i := range b.Len() {
			label := fmt.Sprintf("%s, dt %g s, oscillator %d", g.Method, g.DT, i)
			value("Bank.Spectrum").Scalar(t, label+", SD", all.SD[i], g.SD[i], 0)
			value("Bank.Spectrum").Scalar(t, label+", PSV", all.PSV[i], g.PSV[i], 0)
			value("Bank.Spectrum").Scalar(t, label+", PSA", all.PSA[i], g.PSA[i], 0)
			value("Bank.Spectrum").Scalar(t, label+", SV", all.SV[i], g.SV[i], 0)
			value("Bank.Spectrum").Scalar(t, label+", SA", all.SA[i], g.SA[i], 0)
			for j, over := range rotated.Over {
				value("Bank.Rotated").Scalar(t, fmt.Sprint(label, ", PSA, percentile ", j), over.PSA[i], g.RotatedPSA[i][j], 0)
				value("Bank.Rotated").Scalar(t, fmt.Sprint(label, ", SV, percentile ", j), over.SV[i], g.RotatedSV[i][j], 0)
				value("Bank.Rotated").Scalar(t, fmt.Sprint(label, ", SA, percentile ", j), over.SA[i], g.RotatedSA[i][j], 0)
			}
		}
	}
}
