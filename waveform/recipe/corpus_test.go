package recipe

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/response"
)

var newAlgorithm = flag.Bool("new-algorithm", false, "write the results of the fixed corpus for a new recipe.Algorithm")

// result is what becomes of an item of the corpus. Numbers are texts, so that NaN is
// one and JSON keeps every digit.
type result struct {
	Item, Component, Failure string            `json:",omitempty"`
	Numbers                  map[string]string `json:",omitempty"`
	Flags                    []string          `json:",omitempty"`
}

// everything is a recipe that measures all there is, after most of the steps.
const everything = `
process:
  - detrend: {polynomial: 2}
  - taper: {fraction: 0.05, window: cosine}
  - remove_response: {output: velocity, water_level: 0, pre_filter: [0.02 Hz, 0.05 Hz, 0.85 nyquist, 0.95 nyquist], taper: false}
  - differentiate: spectral
  - demean: {from: P - 22 s, until: P - 2 s}
  - amplitude_highpass: {corner: 0.1 Hz}
  - lowpass: {corner: 0.7 nyquist, order: 2}
  - bandstop: {low: 14 Hz, high: 15 Hz, passes: 1}
  - correct_baseline: polynomial
measure:
  damping: [0.05, 0.02]
  spectra: [psa, sa, sd, sv]
  upsampling: gmprocess
  rotated: [RotD00, RotD50, RotD100, GeoMean]
  bands: [[0.5 Hz, 2 Hz], [2 Hz, 10 Hz]]
  fas: {frequencies: [0.5, 1, 2, 5, 10]}
  usable_band: {octaves: 1}
  local_magnitude: iaspei
  source: {q: 180, q_exponent: 0.45}
`

// corpus is items that between them take every way through the computation. It is
// all formulas: changing it is a change of the corpus, not of the algorithm.
func corpus() map[string]*Input {
	all := map[string]*Input{
		"three components": item("HNE", "HNN", "HNZ"),
		"no rotation":      item("HN1", "HN2"),
		"short":            item("HNE", "HNN", "HNZ"),
		"gap":              item("HNZ"),
		"broadband":        item("HHE", "HHN", "HHZ"),
	}
	all["no rotation"].Components[0].Channel.Azimuth, all["no rotation"].Components[1].Channel.Azimuth = 10, 20
	short := all["short"]
	short.Origin.Depth = math.NaN()
	short.Components[0].cut(-5, 70)
	short.Components[1].cut(-7, 68)
	short.Components[2].Traces = nil
	all["gap"].Components[0].cut(-40, 40, 41, 90)
	broadband := sensor("M/S", 6e8, []complex128{0, 0}, []complex128{-0.037 + 0.037i, -0.037 - 0.037i, -600 + 700i, -600 - 700i})
	for i := range all["broadband"].Components {
		c := &all["broadband"].Components[i]
		c.Channel.Response, c.ResponseHash = broadband, response.Hash(broadband)
		c.Traces = []waveform.Trace{madeTrace(c.Channel.ID, 40, -40, 110)}
	}
	return all
}

// Whoever changes a number must raise Algorithm: stored results carry it, and it is
// how a run knows that they are of another computation.
func TestResultsOfTheCorpusChangeOnlyWithANewAlgorithm(t *testing.T) {
	got := map[string]result{}
	for prefix, text := range map[string]string{"": DefaultText(), "everything, ": everything} { // and the default recipe is part of it
		p := newProcessor(t, text)
		for name, in := range corpus() {
			name = prefix + name
			rows, err := p.Process(in)
			if err != nil {
				got[name] = result{Item: name, Failure: string(code(t, err))}
			}
			for _, r := range rows {
				got[name+" "+r.Component] = result{name, r.Component, "", numbers(r), r.Flags}
			}
		}
	}
	path := filepath.Join("testdata", "corpus", fmt.Sprintf("algorithm-%d.json", Algorithm))
	if *newAlgorithm {
		writeNew(t, path, got)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v\nThere are no results of Algorithm %d yet: go test ./waveform/recipe -run Corpus -new-algorithm", err, Algorithm)
	}
	var want map[string]result
	if err := json.Unmarshal(content, &want); err != nil {
		t.Fatal(err)
	}
	if different := differences(want, got); len(different) > 0 {
		t.Errorf("the results differ from those of Algorithm %d:\n%s\nIf they are meant to, raise Algorithm in recipe.go and write down its results:\n"+
			"go test ./waveform/recipe -run Corpus -new-algorithm", Algorithm, strings.Join(different[:min(20, len(different))], "\n"))
	}
}

// writeNew refuses to write over the results of an algorithm.
func writeNew(t *testing.T, path string, results map[string]result) {
	content, err := json.MarshalIndent(results, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		t.Fatalf("%v: raise Algorithm in recipe.go first", err)
	}
	if _, err := f.Write(append(content, '\n')); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("wrote %s with %s on %s", path, runtime.Version(), runtime.GOARCH)
}

func numbers(r Measurement) map[string]string {
	all := map[string]float64{"mean": r.Mean, "rms": r.RMS, "min": r.Min, "max": r.Max, "std": r.Std, "skewness": r.Skewness, "kurtosis": r.Kurtosis,
		"snr": r.SNR, "pga": r.PGA, "pgv": r.PGV, "pgd": r.PGD, "arias": r.Arias, "cav": r.CAV, "d5_75": r.D575, "d5_95": r.D595,
		"sorted_duration": r.SortedDuration, "spectral_centroid": r.SpectralCentroid, "spectral_bandwidth": r.SpectralBandwidth,
		"usable_low": r.UsableLow, "usable_high": r.UsableHigh, "wood_anderson": r.WoodAnderson, "local_magnitude": r.LocalMagnitude,
		"moment": r.Moment, "corner_frequency": r.CornerFrequency, "stress_drop": r.StressDrop, "kappa": r.Kappa, "source_misfit": r.SourceMisfit,
		"stalta_max": r.STALTAMax, "dominant_frequency": r.DominantFrequency, "highpass": r.Highpass, "lowpass": r.Lowpass,
		"noise_start": r.Noise.From.Sub(made.Origin).Seconds(), "noise_end": r.Noise.Until.Sub(made.Origin).Seconds(),
		"signal_start": r.Signal.From.Sub(made.Origin).Seconds(), "measured_end": r.Measured.Until.Sub(made.Origin).Seconds(), "signal_end": r.Signal.Until.Sub(made.Origin).Seconds(),
		"pga_at": r.PGAAt.Sub(made.Origin).Seconds(), "pgv_at": r.PGVAt.Sub(made.Origin).Seconds(), "pgd_at": r.PGDAt.Sub(made.Origin).Seconds()}
	for name, series := range map[string][]float64{"psa": r.PSA, "sa": r.SA, "sd": r.SD, "sv": r.SV, "fas": r.FAS, "band_snr": r.BandSNR} {
		for i, x := range series {
			all[fmt.Sprintf("%s_%02d", name, i)] = x
		}
	}
	out := map[string]string{}
	for name, x := range all {
		out[name] = fmt.Sprintf("%.12g", x)
	}
	return out
}

// differences lists what is not the same to 1e-9 of max(|value|, natural scale), which
// leaves room for processors that fuse a product and a sum.
func differences(want, got map[string]result) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for key := range got {
		if _, ok := want[key]; !ok {
			add("%s: a new row", key)
		}
	}
	for key, w := range want {
		g, ok := got[key]
		if !ok || g.Failure != w.Failure || strings.Join(g.Flags, " ") != strings.Join(w.Flags, " ") || len(g.Numbers) != len(w.Numbers) {
			add("%s: %q %v and %d numbers, was %q %v and %d numbers", key, g.Failure, g.Flags, len(g.Numbers), w.Failure, w.Flags, len(w.Numbers))
			continue
		}
		scale := map[string]float64{"mean": parse(w.Numbers["rms"]), "min": parse(w.Numbers["pga"]), "max": parse(w.Numbers["pga"]), "skewness": 1, "kurtosis": 1}
		for name, text := range w.Numbers {
			a, b := parse(text), parse(g.Numbers[name])
			if !(math.Abs(a-b) <= 1e-9*max(math.Abs(a), scale[name])) && !(a != a && b != b) {
				add("%s %s: %s, was %s", key, name, g.Numbers[name], text)
			}
		}
	}
	return out
}

func parse(text string) (x float64) {
	if _, err := fmt.Sscan(text, &x); err != nil {
		return math.NaN()
	}
	return x
}

func TestCorpusTellsASmallDifference(t *testing.T) {
	r := func(pga string) map[string]result {
		return map[string]result{"x": {Numbers: map[string]string{"pga": pga, "mean": "NaN"}}}
	}
	for pga, want := range map[string]int{"1": 0, "1.0000000001": 0, "1.00000001": 1, "NaN": 1} {
		if got := differences(r("1"), r(pga)); len(got) != want {
			t.Errorf("1 and %s: %v", pga, got)
		}
	}
}
