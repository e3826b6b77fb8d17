package spectrum_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

// golden is testdata/golden.json, made by testdata/reference/spectrum.py of the
// repository: NumPy, SciPy, matplotlib and ObsPy.
type golden struct {
	Series   []float64
	Interval float64
	FAS      []struct {
		N, NFFT int
		Offset  float64
		Values  []float64
	}
	Smoothed []struct {
		N, NFFT          int
		Bandwidth, Reach float64
		Centres          []float64
		Values           []*float64 // null: no bin in reach
		ObsPy            []float64
	}
	SmoothedWhole struct {
		N, NFFT   int
		Bandwidth float64
		Values    []float64
	} `json:"smoothed_whole"`
	Welch, Mlab []struct {
		N, Length, Overlap, NFFT int
		Trend                    string
		Offset                   float64
		Values                   []float64
	}
	Tapers []struct {
		N        int
		Fraction float64
		Values   []float64
	}
	PPSD []struct {
		Rate, Seconds, Overlap float64
		N, NFFT, Length        int
		Periods                []float64
		Levels                 [][]float64
		ObsPyPeriods           []float64   `json:"obspy_periods"`
		ObsPyLevels            [][]float64 `json:"obspy_levels"`
		Histogram              [][3]int
		Mode                   []float64
		Percentiles            map[string][]float64
	}
	Models struct{ Periods, Low, High []float64 }
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	agree.Golden(t, "golden.json", &g)
	if len(g.FAS) == 0 || len(g.Smoothed) == 0 || len(g.Welch) == 0 || len(g.Mlab) == 0 || len(g.Tapers) == 0 ||
		len(g.PPSD) == 0 || len(g.Models.Periods) == 0 {
		t.Fatal("golden.json lacks a part")
	}
	for i, v := range series(len(g.Series)) {
		if v != g.Series[i] {
			t.Fatalf("series() is not the sequence of the golden file at %d: %v, want %v", i, v, g.Series[i])
		}
	}
	return g
}

// series is the sequence of the same name in dsp_golden.py: within +-1024.
func series(n int) []float64 {
	x := make([]float64, n)
	s := uint64(1)
	for i := range x {
		s = (1103515245*s + 12345) % (1 << 31)
		x[i] = float64(s)/(1<<20) - 1024
	}
	return x
}

func shifted(n int, offset, slope float64) []float64 {
	x := series(n)
	for i := range x {
		x[i] += offset + slope*float64(i)
	}
	return x
}

func fasOf(x []float64, dt float64, nfft int) []float64 {
	dst := make([]float64, spectrum.Bins(nfft))
	spectrum.FAS(dst, x, dt, nfft, new(dsp.Plans), new(dsp.Scratch))
	return dst
}

func TestFASAgreesWithNumPy(t *testing.T) {
	g := readGolden(t)
	r := agree.Reference{Function: "spectrum.FAS", Source: "NumPy 2.4.6 rfft", Measure: "peak", Within: 2e-15}
	for _, c := range g.FAS {
		r.Trace(t, fmt.Sprintf("n %d nfft %d", c.N, c.NFFT), fasOf(shifted(c.N, c.Offset, 0), g.Interval, c.NFFT), c.Values)
	}
}

func smoothed(t *testing.T, o spectrum.SmootherOptions, fas []float64, nfft int, dt float64) []float64 {
	t.Helper()
	s, err := spectrum.NewSmoother(o, nfft, dt)
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]float64, s.Len())
	s.Smooth(dst, fas)
	return dst
}

// Up to 513 weights, of one sign, are added up in another order: a few roundings.
func TestSmootherAgreesWithADirectSumAndWithObsPy(t *testing.T) {
	g := readGolden(t)
	direct := agree.Reference{Function: "spectrum.Smoother.Smooth", Source: "NumPy 2.4.6 direct sum", Measure: "value", Within: 1e-14}
	obspy := agree.Reference{Function: "spectrum.Smoother.Smooth", Source: "ObsPy 1.5.0 konno_ohmachi normalize=True", Measure: "value", Within: 1e-14}
	for _, c := range g.Smoothed {
		fas := fasOf(series(c.N), g.Interval, c.NFFT)
		o := spectrum.SmootherOptions{Centres: c.Centres, Bandwidth: c.Bandwidth, Reach: c.Reach}
		got := smoothed(t, o, fas, c.NFFT, g.Interval)
		for i, centre := range c.Centres {
			label := fmt.Sprintf("n %d b %g reach %g at %g Hz", c.N, c.Bandwidth, c.Reach, centre)
			want := math.NaN()
			if v := c.Values[i]; v != nil {
				want = *v
			}
			direct.Scalar(t, label, got[i], want, 0)
			if c.ObsPy != nil {
				obspy.Scalar(t, label, got[i], c.ObsPy[i], 0)
			}
		}
	}
	w := g.SmoothedWhole
	freqs := spectrum.Frequencies(nil, w.NFFT, g.Interval)
	got := smoothed(t, spectrum.SmootherOptions{Centres: freqs[1:], Bandwidth: w.Bandwidth}, fasOf(series(w.N), g.Interval, w.NFFT), w.NFFT, g.Interval)
	obspy.Trace(t, "onto its own frequencies", got, w.Values)
}

var trends = map[string]spectrum.Detrend{"mean": spectrum.DetrendMean, "line": spectrum.DetrendLinear, "nought": spectrum.DetrendNone}

func density(t *testing.T, o spectrum.WelchOptions, x []float64, dt float64) []float64 {
	t.Helper()
	w, err := spectrum.NewWelch(o)
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]float64, spectrum.Bins(w.NFFT()))
	w.Density(dst, x, dt, new(dsp.Plans), new(dsp.Scratch))
	return dst
}

// An offset of 1e7 in a series of +-1024 costs four digits in the removal of trends,
// the reference's included.
func TestWelchAgreesWithSciPy(t *testing.T) {
	g := readGolden(t)
	r := agree.Reference{Function: "spectrum.Welch.Density", Source: "SciPy 1.17.1 welch", Measure: "peak", Within: 2e-12}
	for _, c := range g.Welch {
		x := series(c.N)
		if c.Offset != 0 {
			x = shifted(c.N, c.Offset, 3)
		}
		o := spectrum.WelchOptions{Length: c.Length, Overlap: c.Overlap, NFFT: c.NFFT, Detrend: trends[c.Trend]}
		r.Trace(t, fmt.Sprintf("n %d length %d offset %g", c.N, c.Length, c.Offset), density(t, o, x, g.Interval), c.Values)
	}
}

func TestWelchAgreesWithMatplotlib(t *testing.T) {
	g := readGolden(t)
	r := agree.Reference{Function: "spectrum.Welch.Density", Source: "matplotlib 3.11.2 mlab.psd", Measure: "peak", Within: 2e-15}
	for _, c := range g.Mlab {
		symmetric := make([]float64, c.Length) // numpy.hanning
		for i := range symmetric {
			symmetric[i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(c.Length-1))
		}
		o := spectrum.WelchOptions{Length: c.Length, Overlap: c.Overlap, NFFT: c.NFFT, Detrend: trends[c.Trend], Window: symmetric}
		r.Trace(t, fmt.Sprintf("n %d length %d", c.N, c.Length), density(t, o, series(c.N), g.Interval), c.Values)
	}
}

func TestCosineTaperAgreesWithObsPy(t *testing.T) {
	r := agree.Reference{Function: "spectrum.CosineTaper", Source: "ObsPy 1.5.0 cosine_taper", Measure: "peak", Within: 1e-15}
	for _, c := range readGolden(t).Tapers {
		r.Trace(t, fmt.Sprintf("n %d fraction %g", c.N, c.Fraction), spectrum.CosineTaper(c.N, c.Fraction), c.Values)
	}
}

// levelsOf gives a PPSD's levels of all segments of x.
func levelsOf(p *spectrum.PPSD, x []float64, dt float64, power []float64) (rows [][]float64) {
	var plans dsp.Plans
	var scratch dsp.Scratch
	psd := make([]float64, spectrum.Bins(p.NFFT()))
	for from := range p.Segments(len(x)) {
		p.Density(psd, x[from:from+p.Len()], dt, &plans, &scratch)
		row := make([]float64, len(p.Periods()))
		p.Levels(row, psd, power, &scratch)
		rows = append(rows, row)
	}
	return rows
}

// ObsPy multiplies the edges of its octaves up from the first, so that rounding
// decides whether a bin on an edge is in; its documentation takes in both. Of the cases here
// only at 2.83 s is a lower edge in (the Nyquist frequency of 1 Hz data): 0.115 dB. It keeps single
// precision: 8e-6 dB.
func TestPPSDAgreesWithItsDefinitionAndWithObsPy(t *testing.T) {
	g := readGolden(t)
	exact := agree.Reference{Function: "spectrum.PPSD.Levels", Source: "matplotlib 3.11.2 mlab.psd, averaged", Measure: "dB", Within: 1e-12}
	obspy := agree.Reference{Function: "spectrum.PPSD.Levels", Source: "ObsPy 1.5.0 PPSD", Measure: "dB", Within: 1e-5}
	for _, c := range g.PPSD {
		p, err := spectrum.NewPPSD(spectrum.PPSDOptions{Seconds: c.Seconds, Overlap: c.Overlap}, 1/c.Rate)
		if err != nil {
			t.Fatal(err)
		}
		if p.Len() != c.Length || p.NFFT() != c.NFFT || len(p.Periods()) != len(c.ObsPyPeriods) {
			t.Fatalf("rate %g: %d samples, transforms of %d, %d periods; want %d, %d, %d",
				c.Rate, p.Len(), p.NFFT(), len(p.Periods()), c.Length, c.NFFT, len(c.ObsPyPeriods))
		}
		agree.Reference{Function: "spectrum.PPSD.Periods", Source: "ObsPy 1.5.0 PPSD", Measure: "value", Within: 1e-14}.Trace(t, "periods", p.Periods(), c.ObsPyPeriods)
		x := series(c.N)
		for i := range x {
			x[i] = x[i]*1e-9 + 1e-4
		}
		rows := levelsOf(p, x, 1/c.Rate, nil)
		if len(rows) != len(c.ObsPyLevels) {
			t.Fatalf("rate %g: %d segments, want %d", c.Rate, len(rows), len(c.ObsPyLevels))
		}
		for i, row := range rows {
			for j, got := range row {
				label := fmt.Sprintf("%g Hz, segment %d, %g s", c.Rate, i, p.Periods()[j])
				exact.Deviation(t, label, math.Abs(got-c.Levels[i][j]))
				if c.Rate == 1 && j == 4 {
					continue // the bin on the edge
				}
				obspy.Deviation(t, label, math.Abs(got-c.ObsPyLevels[i][j]))
			}
		}
	}
}

// The counts are made from ObsPy's own levels, so that rounding decides nothing.
func TestPDFAgreesWithObsPy(t *testing.T) {
	r := agree.Reference{Function: "spectrum.PDF", Source: "ObsPy 1.5.0 PPSD histogram, mode and percentiles", Measure: "counts or dB", Within: 0}
	for _, c := range readGolden(t).PPSD {
		pdf, err := spectrum.NewPDF(len(c.ObsPyPeriods), spectrum.PDFOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range c.ObsPyLevels {
			pdf.Add(row)
		}
		total := 0
		for _, h := range c.Histogram {
			r.Scalar(t, fmt.Sprint("count ", h), float64(pdf.Counts(h[0])[h[1]]), float64(h[2]), 1)
			total += h[2]
		}
		if want := len(c.ObsPyLevels) * len(c.ObsPyPeriods); total != want {
			t.Errorf("%d counts in the golden file, want %d", total, want)
		}
		got := make([]float64, len(c.Mode))
		pdf.Mode(got)
		r.Trace(t, "mode", got, c.Mode)
		for percent, want := range c.Percentiles {
			var p float64
			fmt.Sscan(percent, &p)
			pdf.Percentile(got, p)
			r.Trace(t, "percentile "+percent, got, want)
		}
	}
}

// ObsPy reads the models from a file of 1001 points, of which every second is compared. Its
// periods have six digits, which on the steepest line is 1e-4 dB, and its levels four decimals
// or fewer.
func TestNoiseModelsAgreeWithObsPy(t *testing.T) {
	m := readGolden(t).Models
	low := agree.Reference{Function: "spectrum.NLNM", Source: "ObsPy 1.5.0 get_nlnm", Measure: "dB", Within: 1e-3}
	high := agree.Reference{Function: "spectrum.NHNM", Source: "ObsPy 1.5.0 get_nhnm", Measure: "dB", Within: 1e-3}
	for i, period := range m.Periods {
		low.Deviation(t, fmt.Sprint(period, " s"), math.Abs(spectrum.NLNM(period, waveform.Acceleration)-m.Low[i]))
		high.Deviation(t, fmt.Sprint(period, " s"), math.Abs(spectrum.NHNM(period, waveform.Acceleration)-m.High[i]))
	}
}
