package recipe

import (
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/metric"
	"github.com/seisbatch/seisbatch/waveform/response"
	"github.com/seisbatch/seisbatch/waveform/source"
	"github.com/seisbatch/seisbatch/waveform/spectrum"
)

// measured is the motions and rows of the made earthquake with additions to the default recipe.
func measured(t *testing.T, measure string, codes ...string) ([]Motion, map[string]Measurement) {
	t.Helper()
	motions, rows, err := newProcessor(t, "measure:\n"+measure).MotionsAndRows(item(codes...))
	if err != nil {
		t.Fatal(err)
	}
	all, _ := byComponent(rows)
	return motions, all
}

// window is the measured acceleration of a component, and its interval.
func (m *Motion) window() ([]float64, float64) {
	from, until := m.Acceleration.Range(m.Windows.Measurement)
	return m.Acceleration.Data[from:until], 1 / m.Acceleration.SampleRate
}

func near(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) && !(got != got && want != want) {
		t.Errorf("%s: %v, want %v", name, got, want)
	}
}

func TestSpectraOfSeveralDampingsAndKinds(t *testing.T) {
	motions, rows := measured(t, "  periods: [0.1, 1]\n  damping: [0.05, 0.2]\n  spectra: [psa, sa, sd, sv]\n  rotated: [GeoMean, RotD100, RotD00]", "HNE", "HNN", "HNZ")
	a, dt := motions[0].window()
	for i, damping := range []float64{0.05, 0.05, 0.2, 0.2} {
		period := []float64{0.1, 1}[i%2]
		bank, err := metric.NewBank(metric.SpectraOptions{Periods: []float64{0.1, 1}, Damping: damping}, dt)
		if err != nil {
			t.Fatal(err)
		}
		s := metric.NewSpectrum(2, metric.PSA|metric.SA|metric.SD|metric.SV)
		bank.Spectrum(s, a, metric.NewScratch(new(dsp.Plans), new(dsp.Scratch)))
		e := rows["E"]
		near(t, "psa", e.PSA[i], s.PSA[i%2], 0)
		near(t, "sa", e.SA[i], s.SA[i%2], 0)
		near(t, "sd", e.SD[i], s.SD[i%2], 0)
		near(t, "sv", e.SV[i], s.SV[i%2], 0)
		near(t, "psa of sd", e.PSA[i], math.Pow(2*math.Pi/period, 2)*e.SD[i], 1e-12)
		near(t, "mean of both", rows["GeoMean"].PSA[i], math.Sqrt(e.PSA[i]*rows["N"].PSA[i]), 1e-15)
		if !(rows["RotD00"].SA[i] <= e.SA[i] && e.SA[i] <= rows["RotD100"].SA[i]) {
			t.Errorf("SA %v is not from %v to %v", e.SA[i], rows["RotD00"].SA[i], rows["RotD100"].SA[i])
		}
	}
	if g := rows["GeoMean"]; g.PGA != metric.GeometricMean(rows["E"].PGA, rows["N"].PGA) || g.PGD != metric.GeometricMean(rows["E"].PGD, rows["N"].PGD) || !math.IsNaN(g.Arias) {
		t.Errorf("GeoMean: PGA %v, PGD %v, Arias %v", g.PGA, g.PGD, g.Arias)
	}
	if len(rows) != 6 {
		t.Errorf("%d rows", len(rows))
	}
}

func TestFourierAmplitudesAreOfTheMeasurementWindow(t *testing.T) {
	motions, rows := measured(t, "  fas: {frequencies: [1, 5], bandwidth: 40}", "HNZ")
	a, dt := motions[0].window()
	n := 1 << bits.Len(uint(len(a)-1))
	raw := make([]float64, spectrum.Bins(n))
	spectrum.FAS(raw, a, dt, n, new(dsp.Plans), new(dsp.Scratch))
	smoother, err := spectrum.NewSmoother(spectrum.SmootherOptions{Centres: []float64{1, 5}, Bandwidth: 40}, n, dt)
	if err != nil {
		t.Fatal(err)
	}
	want := make([]float64, 2)
	smoother.Smooth(want, raw)
	if z := rows["Z"]; !slices.Equal(z.FAS, want) || z.FASLength != n || !(want[0] > 0) {
		t.Errorf("%v of %d, want %v of %d", z.FAS, z.FASLength, want, n)
	}
}

func TestTheUsableBandIsWhereSignalStandsOutOfNoise(t *testing.T) {
	_, rows := measured(t, "  usable_band: {snr: 3, around: 2 Hz}", "HNE")
	if e := rows["E"]; !(e.UsableLow > 0.08 && e.UsableLow < 2 && e.UsableHigh > 5 && e.UsableHigh <= 37.5) || slices.Contains(e.Flags, FlagNoBand) {
		t.Errorf("from %v to %v Hz, flags %v", e.UsableLow, e.UsableHigh, e.Flags)
	}
	_, rows = measured(t, "  usable_band: {snr: 1e9}\n  source: {}", "HNE")
	if e := rows["E"]; !math.IsNaN(e.UsableLow) || !math.IsNaN(e.Moment) || !slices.Contains(e.Flags, FlagNoBand) {
		t.Errorf("from %v to %v Hz, moment %v, flags %v", e.UsableLow, e.UsableHigh, e.Moment, e.Flags)
	}
	_, rows = measured(t, "  bands: [[1 Hz, 4 Hz], [60 Hz, 80 Hz]]", "HNE")
	if e := rows["E"]; !(e.BandSNR[0] > 10) || !math.IsNaN(e.BandSNR[1]) || !math.IsNaN(e.UsableLow) {
		t.Errorf("ratios %v in bands, usable from %v", e.BandSNR, e.UsableLow)
	}
}

// The Wood-Anderson amplitude agrees with the one from displacement, and the magnitude with the
// formula.
func TestLocalMagnitudeIsThatOfTheHorizontals(t *testing.T) {
	motions, rows := measured(t, "  local_magnitude: iaspei", "HNE", "HNN", "HNZ")
	e := rows["E"]
	sim, err := response.NewSimulation(response.Motion(waveform.Acceleration), response.WoodAnderson(), len(motions[0].Acceleration.Data), 0.01, response.Options{NoWaterLevel: true})
	if err != nil {
		t.Fatal(err)
	}
	x := slices.Clone(motions[0].Acceleration.Data)
	sim.Apply(x, new(dsp.Plans), new(dsp.Scratch))
	from, until := motions[0].Acceleration.Range(motions[0].Windows.Measurement)
	want, at := metric.Peak(x[from:until])
	near(t, "amplitude", e.WoodAnderson, want, 0)
	if !e.WoodAndersonAt.Equal(motions[0].Acceleration.Time(from + at)) {
		t.Errorf("at %v", e.WoodAndersonAt)
	}
	ml, err := source.IASPEI().Station(want, math.Hypot(60e3, 8e3), 0)
	if err != nil || ml.Value != e.LocalMagnitude {
		t.Errorf("magnitude %v, want %v, %v", e.LocalMagnitude, ml, err)
	}
	if z := rows["Z"]; !math.IsNaN(z.LocalMagnitude) || !math.IsNaN(z.WoodAnderson) || !z.WoodAndersonAt.IsZero() {
		t.Errorf("the vertical has %v", z.LocalMagnitude)
	}
	far := item("HNE")
	far.Distance = 5e3
	far.Origin.Depth = math.NaN()
	got, err := newProcessor(t, "measure: {local_magnitude: hutton_boore}").Process(far)
	if err != nil || !slices.Contains(got[0].Flags, FlagScaleRange) || !(got[0].LocalMagnitude < e.LocalMagnitude) {
		t.Errorf("at 5 km: %v, flags %v, %v", got[0].LocalMagnitude, got[0].Flags, err)
	}
}

func TestTheSourceIsFittedToTheHorizontals(t *testing.T) {
	_, rows := measured(t, "  source: {velocity: 3500, density: 2700}", "HNE", "HNN", "HNZ")
	for _, c := range []string{"E", "N"} {
		r := rows[c]
		model, err := source.New(source.Options{Distance: math.Hypot(60e3, 8e3), Velocity: 3500, Density: 2700})
		if err != nil {
			t.Fatal(err)
		}
		drop := model.StressDrop(source.Source{Moment: r.Moment, Corner: r.CornerFrequency, Kappa: r.Kappa})
		if !(r.Moment > 1e13 && r.Moment < 1e18 && r.Kappa >= 0 && r.SourceMisfit > 0) {
			t.Errorf("%s: moment %v, kappa %v, misfit %v", c, r.Moment, r.Kappa, r.SourceMisfit)
		}
		near(t, "stress drop", r.StressDrop, drop, 1e-12)
	}
	if !math.IsNaN(rows["Z"].Moment) || !math.IsNaN(rows["RotD50"].Moment) {
		t.Error("a source of the vertical, or of rotations")
	}
}

func TestKappaIsGivenOrFree(t *testing.T) {
	_, given := measured(t, "  source: {kappa: 40 ms}", "HNE")
	_, free := measured(t, "  source: {kappa: free}", "HNE")
	if given["E"].Kappa != 0.04 || free["E"].Kappa == 0.04 || free["E"].SourceMisfit >= given["E"].SourceMisfit {
		t.Errorf("kappa %v given and %v free, misfits %v and %v", given["E"].Kappa, free["E"].Kappa, given["E"].SourceMisfit, free["E"].SourceMisfit)
	}
}

// A corner frequency that the band does not hold is no number.
func TestACornerAtTheLimitIsFlaggedAndNull(t *testing.T) {
	const narrow = "\nprocess:\n  - remove_response: {output: acceleration}\n  - bandpass: {low: 0.1 Hz, high: 0.4 Hz}\n"
	rows, err := newProcessor(t, "measure: {source: {}, usable_band: {around: 0.2 Hz, octaves: 0}}"+narrow).Process(item("HNE"))
	if err != nil {
		t.Fatal(err)
	}
	r := rows[0]
	if slices.Contains(r.Flags, FlagCornerLimit) != (math.IsNaN(r.CornerFrequency) && !math.IsNaN(r.Moment)) || math.IsNaN(r.CornerFrequency) != math.IsNaN(r.StressDrop) {
		t.Errorf("corner %v, stress drop %v, moment %v, flags %v", r.CornerFrequency, r.StressDrop, r.Moment, r.Flags)
	}
	// No band at all: flagged, not failed.
	const none = "\nprocess:\n  - remove_response: {output: acceleration}\n  - bandpass: {low: 0.01 Hz, high: 0.04 Hz}\n"
	rows, err = newProcessor(t, "measure: {source: {}, usable_band: {around: 0.02 Hz}}"+none).Process(item("HNE"))
	if err != nil || !slices.Contains(rows[0].Flags, FlagNoBand) || !math.IsNaN(rows[0].Moment) {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestAGainAloneIsFlagged(t *testing.T) {
	velocity := sensor("M/S", 6e8, nil, nil)
	velocity.Sensitivity = waveform.Sensitivity{Value: 6e8, Frequency: 1, InputUnits: "M/S", OutputUnits: "COUNTS"}
	velocity.Stages = nil
	in := item("HHE", "HHN")
	for i := range in.Components {
		in.Components[i].Channel.Response, in.Components[i].ResponseHash = velocity, response.Hash(velocity)
	}
	_, err := newProcessor(t, "").Process(in)
	if code(t, err) != NoResponse || !strings.Contains(err.Error(), "remove_sensitivity") {
		t.Errorf("without stages: %v", err)
	}
	in = item("HHE", "HHN")
	for i := range in.Components {
		in.Components[i].Channel.Response, in.Components[i].ResponseHash = velocity, response.Hash(velocity)
	}
	rows, err := newProcessor(t, "process:\n  - detrend: linear\n  - remove_sensitivity: {output: acceleration}\n").Process(in)
	if err != nil || !slices.Contains(rows[0].Flags, FlagGainOnly) || !slices.Contains(rows[2].Flags, FlagGainOnly) || !(rows[0].PGA > 0) {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestWhatIsWrongWithTheDataIsFlagged(t *testing.T) {
	flat := func(c *Component) {
		data := c.Traces[0].Data
		for i := 5000; i < 5400; i++ {
			data[i] = data[5000]
		}
	}
	gain := func(r *waveform.Response, by float64) *waveform.Response {
		louder := *r
		louder.Stages = slices.Clone(r.Stages)
		louder.Stages[0].Gain *= by
		louder.Sensitivity = waveform.Sensitivity{Value: 4e5 * by, Frequency: 1, InputUnits: "M/S**2", OutputUnits: "COUNTS"}
		return &louder
	}
	quality := 55.0
	for name, c := range map[string]struct {
		edit func(in *Input)
		want string // of the first component
	}{
		"sound":         {func(*Input) {}, ""},
		"headers":       {func(in *Input) { in.Components[0].Doubts = []string{"time_questionable", "spikes"} }, "spikes time_questionable"},
		"a flat line":   {func(in *Input) { flat(&in.Components[0]) }, FlagFlat},
		"another epoch": {func(in *Input) { in.Components[0].EpochChange = true }, FlagEpochChange},
		"a tiny horizontal": {func(in *Input) {
			for i, v := range in.Components[1].Traces[0].Data {
				in.Components[1].Traces[0].Data[i] = v / 5000
			}
		}, FlagImplausible},
		"a sensitivity off by 100": {func(in *Input) {
			for i := range in.Components {
				r := gain(in.Components[i].Channel.Response, 1)
				r.Sensitivity.Value *= 100
				in.Components[i].Channel.Response, in.Components[i].ResponseHash = r, response.Hash(r)
			}
		}, FlagImplausible},
		"a gain off by 200": {func(in *Input) {
			for i, by := range []float64{200, 1, 1} {
				r := gain(in.Components[i].Channel.Response, by)
				in.Components[i].Channel.Response, in.Components[i].ResponseHash = r, response.Hash(r)
			}
		}, FlagImplausible},
	} {
		in := item("HNE", "HNN", "HNZ")
		in.Components[0].TimingQuality = &quality
		c.edit(in)
		rows, err := newProcessor(t, "").Process(in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := slices.DeleteFunc(slices.Clone(rows[0].Flags), func(f string) bool { return f == FlagUpsampled })
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: flags %q, want %q", name, got, c.want)
		}
		if q := rows[0].TimingQuality; q == nil || *q != 55 || rows[1].TimingQuality != nil || rows[3].TimingQuality != q || rows[0].Definitions != Algorithm {
			t.Errorf("%s: timing quality %v, %v, %v", name, q, rows[1].TimingQuality, rows[3].TimingQuality)
		}
	}
}

func TestMistakesInMeasurementsAreReported(t *testing.T) {
	for text, want := range map[string]string{
		"measure: {damping: []}":               "measure.damping: want a damping",
		"measure: {damping: [0.05, 0.05]}":     "each once",
		"measure: {spectra: [psv]}":            `measure.spectra: "psv": want psa, sa, sd or sv`,
		"measure: {spectra: []}":               "want one spectrum or more",
		"measure: {upsampling: coarse}":        `"coarse": want fine or gmprocess`,
		"measure: {rotated: [RotD51]}":         "want RotD00, RotD50, RotD100 or GeoMean",
		"measure: {rotated: [RotD50, RotD50]}": "each once",
		"measure: {bands: [[1 Hz]]}":           "measure.bands[0]: want two frequencies",
		"measure: {bands: [[2 Hz, 1 Hz]]}":     "want bands that rise",
		"measure: {fas: {bandwidth: 20}}":      "want frequencies in Hz",
		"measure: {fas: some}":                 "want a mapping",
		"measure: {usable_band: {snr: 0}}":     "want a positive ratio",
		"measure: {local_magnitude: richter}":  `"richter": want iaspei, hutton_boore or none`,
		"measure: {source: {density: -1}}":     "want positive density",
		"quality: {flat_line: 3}":              "is not a duration",
		"measure: {source: {speed: 1}}":        "unknown key; known here: density, kappa, q, q_exponent, velocity",
	} {
		_, err := Parse("x", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n got %v\nwant %s", text, err, want)
		}
	}
	for _, text := range []string{"measure: {fas: none, source: none, usable_band: none, local_magnitude: none}", "measure: {rotated: []}", "quality: {clipping: false, flat_line: 0 s}"} {
		if _, err := Parse("x", []byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
