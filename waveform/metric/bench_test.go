package metric

import (
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// periods21 are the periods of the default recipe.
var periods21 = []float64{0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 7.5, 10}

func newSpectra(tb testing.TB, o SpectraOptions) *Spectra {
	tb.Helper()
	s, err := NewSpectra(o, new(dsp.Plans), new(dsp.Scratch))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// task is what a benchmark and the test of allocations run: work on so many samples.
type task struct {
	name    string
	samples int
	work    func()
}

// tasks are the functions that work on samples, over a record of n samples at 100 Hz, and the
// oscillators over what that is interpolated to.
func tasks(tb testing.TB, n int) []task {
	fine := 20 * n
	a1, a2, dst := quake(n, 1), quake(n, 2), make([]float64, n)
	f1, f2 := quake(fine, 1), quake(fine, 2)
	m := Motion{make([]float64, fine), make([]float64, fine), make([]float64, fine)}
	s := NewScratch(new(dsp.Plans), new(dsp.Scratch))
	o1, _ := NewOscillator(0.05, 0.05, 0.0005)
	o2, _ := NewOscillator(0.1, 0.05, 0.0005)
	bank, _ := newBank(tb, SpectraOptions{Periods: periods21}, 0.01)
	three, _ := newBank(tb, SpectraOptions{Periods: periods21, Dampings: []float64{0.02, 0.05, 0.1}}, 0.01)
	spectra := newSpectra(tb, SpectraOptions{Periods: periods21})
	psa, all := NewSpectrum(bank.Len(), PSA), NewSpectrum(bank.Len(), everything)
	psa3 := NewSpectrum(three.Len(), PSA)
	pair := NewPairSpectra(bank.Len())
	rotated := NewRotatedSpectra(bank.Len(), PSA, 0.5, 1)
	rotatedAll := NewRotatedSpectra(bank.Len(), everything, 0, 0.5, 1)
	var r Rotator
	percentiles, peaks := []float64{0, 0.5, 1}, make([]float64, rotations)
	dominant := NewDominant(s.plans, s.dsp)
	bands, err := NewBands([]Band{{0.1, 1}, {1, 5}, {5, 20}}, 100)
	if err != nil {
		tb.Fatal(err)
	}
	snr, shuffled, sorted := make([]float64, bands.Len()), slices.Clone(a1), slices.Sorted(slices.Values(a1))
	return []task{
		{"Oscillator.PSA", fine, func() { o1.PSA(f1) }},
		{"Oscillator.Displacement", fine, func() { o1.Displacement(m.Displacement, f1) }},
		{"Oscillator.Motion", fine, func() { o1.Motion(m, f1) }},
		{"two oscillators", 2 * fine, func() { peak2(&o1, &o2, f1) }},
		{"pair of traces", 2 * fine, func() { o1.traces(m.Displacement, m.Velocity, f1, f2) }},
		{"peaks of SD, SV and SA", fine, func() { o1.motion(Motion{}, f1) }},
		{"upsample by 20", n, func() { s.upsample(0, a1, 20) }},
		{"Spectra.PSA", n, func() { spectra.PSA(pair.PSA1, a1, 0.01) }},
		{"Spectra.Pair", 2 * n, func() { spectra.Pair(pair, a1, a2, 0.01) }},
		{"Bank.Spectrum/PSA", n, func() { bank.Spectrum(psa, a1, s) }},
		{"Bank.Spectrum/all", n, func() { bank.Spectrum(all, a1, s) }},
		{"Bank.Spectrum/PSA, three dampings", n, func() { three.Spectrum(psa3, a1, s) }},
		{"Bank.Rotated/PSA", 2 * n, func() { bank.Rotated(rotated, a1, a2, s) }},
		{"Bank.Rotated/all", 2 * n, func() { bank.Rotated(rotatedAll, a1, a2, s) }},
		{"Rotator.RotD", 2 * fine, func() { r.RotD(f1, f2) }},
		{"Rotator.Percentiles", 2 * n, func() { r.Percentiles(percentiles, percentiles, a1, a2); copy(percentiles, []float64{0, 0.5, 1}) }},
		{"Rotator.Angles", 2 * n, func() { r.Angles(peaks, a1, a2) }},
		{"Describe", n, func() { Describe(a1) }},
		{"RMS", n, func() { RMS(a1) }},
		{"SNR", 2 * n, func() { SNR(a1, a2) }},
		{"Median", n, func() { copy(shuffled, a1); Median(shuffled) }},
		{"Quartiles", n, func() { copy(shuffled, a1); Quartiles(shuffled) }},
		{"Quantile", 1, func() { Quantile(sorted, 0.9) }},
		{"Peak", n, func() { Peak(a1) }},
		{"Arias", n, func() { Arias(a1, 0.01) }},
		{"CumulativeArias", n, func() { CumulativeArias(dst, a1, 0.01) }},
		{"CAV", n, func() { CAV(a1, 0.01) }},
		{"StandardizedCAV", n, func() { StandardizedCAV(a1, 0.01) }},
		{"SignificantDuration", n, func() { SignificantDuration(a1, 0.01, 0.05, 0.95) }},
		{"SortedDuration", n, func() { SortedDuration(a1, 0.01) }},
		{"BracketedDuration", n, func() { BracketedDuration(a1, 0.01, 0.5) }},
		{"UniformDuration", n, func() { UniformDuration(a1, 0.01, 0.5) }},
		{"Dominant.Frequency", n, func() { dominant.Frequency(a1, 0.01) }},
		{"DescribeSpectrum", n, func() { DescribeSpectrum(a1, 0.01, s) }},
		{"Bands.SNR", n * bands.Len(), func() { bands.SNR(snr, a1, Samples{n / 4, n}, Samples{n / 8, n / 4}, s) }},
		{"DetectClipping", n, func() { DetectClipping(a1, ClippingRules{Jump: 0.5}) }},
		{"LongestFlat", n, func() { LongestFlat(a1, 0.01) }},
		{"GeometricMeans", 21, func() { GeometricMeans(psa.PSA, pair.PSA1, pair.PSA2) }},
	}
}

// A record of 65 s. Samples/s are of input, for banks too, whose every sample goes through all oscillators.
func BenchmarkMetric(b *testing.B) {
	for _, task := range tasks(b, 6500) {
		b.Run(task.name, func(b *testing.B) {
			task.work() // work space grows
			b.ReportAllocs()
			for b.Loop() {
				task.work()
			}
			b.ReportMetric(float64(task.samples)*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

func BenchmarkNewBank(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := NewBank(SpectraOptions{Periods: periods21}, 0.01); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(21*float64(b.N)/b.Elapsed().Seconds(), "oscillators/s")
}

func TestSteadyStateDoesNotAllocate(t *testing.T) {
	for _, task := range tasks(t, 1000) {
		task.work()
		if n := testing.AllocsPerRun(2, task.work); n != 0 {
			t.Errorf("%s: %g allocations", task.name, n)
		}
	}
}
