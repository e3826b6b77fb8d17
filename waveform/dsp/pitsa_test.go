package dsp_test

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

// The recordings of RJOB on 2005-10-06, 200 Hz, and what PITSA (Scherbaum and Johnson
// 1992) made of them, as text with six digits: nothing can agree better than 1e-6 of
// the peak.
const pitsaRate = 200.0

// pitsa reads the samples of a file of the RJOB event.
func pitsa(t *testing.T, suffix string) (x []float64) {
	t.Helper()
	file, err := os.Open(agree.Shared(t, "filters/rjob/rjob_20051006"+suffix+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(text); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		v, err := strconv.ParseFloat(line, 64)
		if err != nil {
			t.Fatalf("%s: %v", suffix, err)
		}
		x = append(x, v)
	}
	if len(x) != 1750 {
		t.Fatalf("%s: %d samples", suffix, len(x))
	}
	return x
}

func TestFiltersAgreeWithPITSA(t *testing.T) {
	once := relative("dsp.Filter.Apply", "PITSA, RJOB", 2e-6)
	for _, c := range []struct {
		name   string
		kind   dsp.Kind
		f1, f2 float64
	}{{"lowpass", dsp.Lowpass, 5, 0}, {"highpass", dsp.Highpass, 10, 0}, {"bandpass", dsp.Bandpass, 5, 10}} {
		x := pitsa(t, "")
		f, err := dsp.Butterworth(c.kind, 4, c.f1, c.f2, pitsaRate)
		if err != nil {
			t.Fatal(err)
		}
		f.Apply(x)
		once.Trace(t, c.name, x, pitsa(t, "_"+c.name))
	}
}

// PITSA does not bring its filter to rest before it runs back over its own output: it
// starts with the state in which the first pass ended. Only the end of a trace shows the
// difference, which is 2 to 13 percent of the peak there with these filters and has
// died out half a second to two seconds earlier.
func TestZeroPhaseFiltersAgreeWithPITSA(t *testing.T) {
	carried := relative("dsp.Filter.Apply", "PITSA, RJOB zero phase", 3e-6)
	atRest := relative("dsp.Filter.ApplyZeroPhase", "PITSA, RJOB but the end", 3e-6)
	for _, c := range []struct {
		name   string
		kind   dsp.Kind
		f1, f2 float64
		end    int // samples that the state at the end acts on
	}{{"lowpass", dsp.Lowpass, 5, 0, 200}, {"highpass", dsp.Highpass, 10, 0, 100}, {"bandpass", dsp.Bandpass, 5, 10, 400}} {
		want := pitsa(t, "_"+c.name+"ZPHSH")
		f, err := dsp.Butterworth(c.kind, 2, c.f1, c.f2, pitsaRate)
		if err != nil {
			t.Fatal(err)
		}
		carried.Trace(t, c.name, carryBack(f, pitsa(t, "")), want)

		x := pitsa(t, "")
		f.ApplyZeroPhase(x)
		kept := len(x) - c.end
		atRest.Deviation(t, c.name, worst(x[:kept], want[:kept])/peak(want))
		if d := worst(x, want) / peak(want); d < 0.02 || d > 0.13 {
			t.Errorf("%s: the end differs by %g of the peak", c.name, d)
		}
	}
}

// carryBack filters forward and, without coming to rest, backward.
func carryBack(f dsp.Filter, x []float64) []float64 {
	n := len(x)
	forward := slices.Clone(x)
	f.Apply(forward)
	slices.Reverse(forward)
	joined := append(slices.Clone(x), forward...)
	f.Apply(joined)
	slices.Reverse(joined[n:])
	return joined[n:]
}

// PITSA integrates 1/(pi t) times the straight lines between the samples up to half
// the trace away. The weights that this gives take its envelope to all its
// digits; the FFT takes frequencies as they are, and the ends for neighbours.
func TestEnvelopeAgreesWithPITSAButForItsQuadrature(t *testing.T) {
	var w workspace
	x, want := pitsa(t, ""), pitsa(t, "_envelope")
	quadrature := slices.Clone(x)
	for i := range quadrature {
		quadrature[i] = math.Hypot(x[i], straightHilbert(x, i, len(x)/2-1))
	}
	if d := worst(quadrature, want) / peak(want); d > 1e-6 {
		t.Errorf("PITSA's quadrature is not the one described: %g of the peak", d)
	}
	dsp.Envelope(x, x, &w.plans, &w.scratch)
	relative("dsp.Envelope", "PITSA, RJOB", 0.031).Trace(t, "whole trace", x, want)
	relative("dsp.Envelope", "PITSA, RJOB but 0.1 s at the ends", 0.012).Trace(t, "middle", x[20:len(x)-20], want[20:len(x)-20])
}

// straightHilbert is the Hilbert transform at sample i of the straight lines between
// the samples, those further away than reach left out: the integral of a triangle over 1/(pi t).
func straightHilbert(x []float64, i, reach int) float64 {
	logarithm := func(k int) float64 { return float64(k) * math.Log(float64(max(k, 1))) } // k log k
	sum := 0.0
	for k := 1; k <= reach; k++ {
		weight := (logarithm(k+1) - float64(k+1)*math.Log(float64(k)) - float64(k-1)*math.Log(float64(k)) + logarithm(k-1)) / math.Pi
		if i >= k {
			sum += weight * x[i-k]
		}
		if i+k < len(x) {
			sum -= weight * x[i+k]
		}
	}
	return sum
}

func TestRotationsAgreeWithPITSA(t *testing.T) {
	flat := relative("dsp.NEToRT", "PITSA, RJOB", 1e-6)
	for _, angle := range []int{30, 115, 185, 305} {
		a, b := pitsa(t, "_n"), pitsa(t, "_e")
		dsp.NEToRT(float64(angle)).Apply(a, b)
		flat.Trace(t, "R", a, pitsa(t, fmt.Sprintf("_r_%ddeg", angle)))
		flat.Trace(t, "T", b, pitsa(t, fmt.Sprintf("_t_%ddeg", angle)))
	}
	ray := relative("dsp.ZNEToLQT", "PITSA, RJOB", 1e-6)
	for _, c := range [][2]int{{210, 60}, {60, 130}} {
		z, n, e := pitsa(t, ""), pitsa(t, "_n"), pitsa(t, "_e")
		dsp.ZNEToLQT(float64(c[0]), float64(c[1])).Apply(z, n, e)
		for component, got := range map[string][]float64{"l": z, "q": n, "t": e} {
			suffix := fmt.Sprintf("_%s_%dba_%dinc", component, c[0], c[1])
			ray.Trace(t, suffix, got, pitsa(t, suffix))
		}
	}
}

// The instrument, a Lennartz LE-3D, is taken off with what this package has: 44 samples
// tapered at each end, padded with zeros to 4096, the spectrum divided by the
// response, and the line through the ends taken off.
func TestStepsOfADeconvolutionAgreeWithPITSA(t *testing.T) {
	x, want := pitsa(t, ""), pitsa(t, "_None")
	var w workspace
	dsp.TaperCosine(x, 44)
	padded := append(slices.Clone(x), make([]float64, 4096-len(x))...)
	plan := w.plans.FFT(len(padded))
	spectrum := plan.Coefficients(w.scratch.Spectrum(plan.Bins()), padded, &w.scratch)
	spectrum[0] = 0
	for k := 1; k < len(spectrum); k++ {
		s := complex(0, 2*math.Pi*float64(k)*pitsaRate/4096)
		spectrum[k] *= (s + (4.21 - 4.66i)) * (s + (4.21 + 4.66i)) * (s + 2.105) / (0.4 * s * s * s)
	}
	copy(x, plan.Sequence(padded, spectrum, &w.scratch))
	dsp.DetrendSimple(x)
	relative("dsp.TaperCosine", "PITSA, RJOB deconvolved", 3e-6).Trace(t, "LE-3D", x, want)
}
