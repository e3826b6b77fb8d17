package spectrum_test

import (
	"errors"
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

// A burst of 3 Hz on noise, 100 Hz: how far it stands out, and between which corners.
func Example() {
	const dt = 0.01
	noise, signal := series(3000), series(8000)[3000:]
	for i := range signal {
		at := float64(i) * dt
		signal[i] += 1e5 * math.Exp(-40*(at-5)*(at-5)) * math.Sin(6*math.Pi*at)
	}

	// Once for all workers:
	smoothers, err := spectrum.NewSmoothers(spectrum.SmootherOptions{Bandwidth: 20, Reach: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	// Once for each worker:
	snr, err := spectrum.NewSNR(smoothers, spectrum.SNROptions{}, new(dsp.Plans), new(dsp.Scratch))
	if err != nil {
		fmt.Println(err)
		return
	}

	// For each record:
	freqs, ratios, err := snr.Spectrum(signal, noise, dt)
	if err != nil {
		fmt.Println(err)
		return
	}
	band, err := spectrum.SelectBand(freqs, ratios, spectrum.BandOptions{
		Must: spectrum.Band{Low: 3, High: 3}, Floor: 1 / 30., Ceiling: 0.75 * 50, Octaves: 1})
	fmt.Printf("%.2f to %.2f Hz, %.1f octaves, %v\n", band.Low, band.High, band.Octaves(), err)

	_, err = spectrum.SelectBand(freqs, ratios, spectrum.BandOptions{Must: spectrum.Band{Low: 1, High: 20}})
	fmt.Println(errors.Is(err, spectrum.ErrNarrowBand))
	// Output:
	// 0.20 to 6.43 Hz, 5.0 octaves, <nil>
	// true
}

// The noise of a quiet channel of 20 Hz, in m/s^2, over three hours, by period.
func ExamplePPSD() {
	const dt = 0.05
	x := series(3 * 72000)
	for i := range x {
		x[i] *= 1e-10
	}

	// Once for all workers; the response would be evaluated at the frequencies of NFFT.
	ppsd, err := spectrum.NewPPSD(spectrum.PPSDOptions{}, dt)
	if err != nil {
		fmt.Println(err)
		return
	}
	pdf, err := spectrum.NewPDF(len(ppsd.Periods()), spectrum.PDFOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}

	// For each continuous piece:
	var plans dsp.Plans
	var scratch dsp.Scratch
	density := make([]float64, spectrum.Bins(ppsd.NFFT()))
	levels := make([]float64, len(ppsd.Periods()))
	for from := range ppsd.Segments(len(x)) {
		ppsd.Density(density, x[from:from+ppsd.Len()], dt, &plans, &scratch)
		ppsd.Levels(levels, density, nil, &scratch)
		pdf.Add(levels)
	}

	pdf.Mode(levels)
	for i := 0; i < len(levels); i += 24 {
		period := ppsd.Periods()[i]
		fmt.Printf("%.1f s: %d segments, most often %.1f dB; low noise %.1f, high noise %.1f dB\n", period, pdf.Total(i), levels[i],
			spectrum.NLNM(period, waveform.Acceleration), spectrum.NHNM(period, waveform.Acceleration))
	}
	// Output:
	// 0.1 s: 5 segments, most often -154.5 dB; low noise -168.0, high noise -91.5 dB
	// 0.8 s: 5 segments, most often -154.5 dB; low noise -169.2, high noise -120.0 dB
	// 6.4 s: 5 segments, most often -154.5 dB; low noise -150.9, high noise -101.9 dB
	// 51.2 s: 5 segments, most often -155.5 dB; low noise -187.5, high noise -134.4 dB
	// 409.6 s: 5 segments, most often -158.5 dB; low noise -186.3, high noise -124.0 dB
}
