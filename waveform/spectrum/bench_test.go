package spectrum_test

import (
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

// work is what the package does to samples, at sizes of a minute and a half of 100 Hz
// data and of an hour: name, samples, and the work itself, ready to be repeated.
func work(tb testing.TB) []struct {
	name    string
	samples int
	do      func()
} {
	var plans dsp.Plans
	var scratch dsp.Scratch
	fatal := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	x := series(36000)
	minute, noise := x[:8192], x[10000:13000]
	fas := make([]float64, spectrum.Bins(8192))

	centres := make([]float64, 111)
	for i := range centres {
		centres[i] = 0.1 * math.Pow(10, float64(i)*2.6/110)
	}
	whole, err := spectrum.NewSmoother(spectrum.SmootherOptions{Centres: centres}, 8192, 0.01)
	fatal(err)
	lobe, err := spectrum.NewSmoother(spectrum.SmootherOptions{Centres: centres, Reach: 3}, 8192, 0.01)
	fatal(err)
	smooth := make([]float64, len(centres))

	many, err := spectrum.NewSmoothers(spectrum.SmootherOptions{Bandwidth: 20, Reach: 3})
	fatal(err)
	snr, err := spectrum.NewSNR(many, spectrum.SNROptions{}, &plans, &scratch)
	fatal(err)
	freqs, ratios, err := snr.Spectrum(minute, noise, 0.01)
	fatal(err)
	snr2, err := spectrum.NewSNR(many, spectrum.SNROptions{}, &plans, &scratch)
	fatal(err)
	for i := range ratios {
		ratios[i] = 5
	}

	welch, err := spectrum.NewWelch(spectrum.WelchOptions{Length: 4096, Overlap: 2048})
	fatal(err)
	psd := make([]float64, spectrum.Bins(4096))

	ppsd, err := spectrum.NewPPSD(spectrum.PPSDOptions{Seconds: 360}, 0.01)
	fatal(err)
	segment := make([]float64, spectrum.Bins(ppsd.NFFT()))
	levels := make([]float64, len(ppsd.Periods()))
	pdf, err := spectrum.NewPDF(len(levels), spectrum.PDFOptions{})
	fatal(err)
	other, err := spectrum.NewPDF(len(levels), spectrum.PDFOptions{})
	fatal(err)
	edges := make([]float64, len(levels))

	return []struct {
		name    string
		samples int
		do      func()
	}{
		{"FAS", 8192, func() { spectrum.FAS(fas, minute, 0.01, 8192, &plans, &scratch) }},
		{"Frequencies", 8192, func() { spectrum.Frequencies(fas, 8192, 0.01) }},
		{"Smoother.Smooth", 8192, func() { whole.Smooth(smooth, fas) }},
		{"Smoother.Smooth of main lobes", 8192, func() { lobe.Smooth(smooth, fas) }},
		{"Smoothers.Smoother", 1, func() { _, err := many.Smoother(8192, 0.01); fatal(err) }},
		{"SNR.Spectrum", len(minute) + len(noise), func() { _, _, err := snr2.Spectrum(minute, noise, 0.01); fatal(err) }},
		{"SelectBand", len(ratios), func() {
			_, err := spectrum.SelectBand(freqs, ratios, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 5}})
			fatal(err)
		}},
		{"Welch.Density", len(x), func() { welch.Density(psd, x, 0.01, &plans, &scratch) }},
		{"PPSD.Density", len(x), func() { ppsd.Density(segment, x, 0.01, &plans, &scratch) }},
		{"PPSD.Levels", len(x), func() { ppsd.Levels(levels, segment, segment, &scratch) }},
		{"PPSD.Segments", 1, func() {
			for range ppsd.Segments(len(x)) {
			}
		}},
		{"PDF.Add", len(levels), func() { pdf.Add(levels) }},
		{"PDF.Percentile", len(levels), func() { pdf.Percentile(edges, 50) }},
		{"PDF.Mode", len(levels), func() { pdf.Mode(edges) }},
		{"PDF.Merge", len(levels), func() { pdf.Merge(other) }},
		{"NLNM", 1, func() { spectrum.NLNM(7, waveform.Velocity) }},
		{"NHNM", 1, func() { spectrum.NHNM(7, waveform.Velocity) }},
	}
}

func BenchmarkSpectrum(b *testing.B) {
	for _, w := range work(b) {
		b.Run(w.name, func(b *testing.B) {
			w.do() // plans and scratch grow
			b.ReportAllocs()
			for b.Loop() {
				w.do()
			}
			b.ReportMetric(float64(w.samples)*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

// Making weights is the one thing that takes long, and is done once: samples are those
// of the transform.
func BenchmarkNewSmoother(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := spectrum.NewSmoother(spectrum.SmootherOptions{Count: 111}, 8192, 0.01); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(8192*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
}

// What is made once for many traces, and is itself what is allocated.
func BenchmarkMade(b *testing.B) {
	for _, c := range []struct {
		name    string
		samples int
		make    func() error
	}{
		{"Hann", 8192, func() error { spectrum.Hann(8192); return nil }},
		{"CosineTaper", 8192, func() error { spectrum.CosineTaper(8192, 0.2); return nil }},
		{"NewWelch", 4096, func() error { _, err := spectrum.NewWelch(spectrum.WelchOptions{Length: 4096}); return err }},
		{"NewPPSD", 36000, func() error { _, err := spectrum.NewPPSD(spectrum.PPSDOptions{Seconds: 360}, 0.01); return err }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.make(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(c.samples)*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

func TestSteadyStateDoesNotAllocate(t *testing.T) {
	for _, w := range work(t) {
		w.do()
		if n := testing.AllocsPerRun(5, w.do); n != 0 {
			t.Errorf("%s: %v allocations", w.name, n)
		}
	}
}
