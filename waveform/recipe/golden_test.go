package recipe_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/archive"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/quakeml"
	"github.com/seisbatch/seisbatch/waveform/recipe"
	"github.com/seisbatch/seisbatch/waveform/response"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// golden is a file that testdata/reference/recipe_golden.py made with ObsPy and SciPy.
type golden struct {
	Rows []map[string]any `json:"rows"`
}

// The golden events: every measurement of every channel is compared.
func TestRealEventsMatchObsPyAndSciPy(t *testing.T) {
	for _, event := range []string{"nc73291880", "ci38038071", "nc71126864", "nc73821036"} {
		t.Run(event, func(t *testing.T) { compareEvent(t, event) })
	}
}

func compareEvent(t *testing.T, event string) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "golden", event+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	rows := measureFolder(t, filepath.Join(sharedData(t), "events", event))
	worst := map[string]float64{}
	for _, want := range g.Rows {
		key := ""
		for _, k := range []string{"network", "station", "location", "instrument", "component"} {
			key += want[k].(string) + "."
		}
		got, ok := rows[key]
		if !ok {
			t.Errorf("%s: no row", key)
			continue
		}
		delete(rows, key)
		compareRow(t, key, got, want, worst)
	}
	for key := range rows {
		t.Errorf("%s: a row that the reference has not", key)
	}
	names := slices.Collect(maps.Keys(worst))
	sort.Slice(names, func(i, j int) bool { return worst[names[i]] > worst[names[j]] })
	for _, n := range names[:min(4, len(names))] {
		t.Logf("%s: worst deviation %.1e (%s)", event, worst[n], n)
	}
	t.Logf("%s: %d rows compared", event, len(g.Rows))
}

// compareRow holds every number to 1e-6 of max(|reference|, natural scale) and
// every time to one sample.
func compareRow(t *testing.T, key string, got recipe.Measurement, want map[string]any, worst map[string]float64) {
	number := func(name string) float64 {
		if v, ok := want[name].(float64); ok {
			return v
		}
		return math.NaN()
	}
	peak := number("peak")
	if math.IsNaN(peak) {
		peak = number("pga")
	}
	scale := map[string]float64{"mean": number("rms"), "min": peak, "max": peak, "skewness": 1, "kurtosis": 1,
		"azimuth": 360, "pgv": 0, "pgd": 0}
	check := func(name string, got, want float64) {
		if math.IsNaN(want) != math.IsNaN(got) {
			t.Errorf("%s %s: %v, want %v", key, name, got, want)
			return
		}
		if math.IsNaN(want) {
			return
		}
		d := math.Abs(got-want) / max(math.Abs(want), scale[name], 1e-300)
		worst[name] = max(worst[name], d)
		agree.Reference{Function: "recipe.Processor.Process, " + name, Source: "ObsPy 1.5.0 and SciPy 1.17.1, the whole recipe", Measure: "value", Within: 1e-6}.
			Deviation(t, fmt.Sprintf("%s %s: %.12g, want %.12g", key, name, got, want), d)
	}
	for name, v := range map[string]float64{
		"mean": got.Mean, "rms": got.RMS, "min": got.Min, "max": got.Max, "std": got.Std, "skewness": got.Skewness,
		"kurtosis": got.Kurtosis, "snr": got.SNR, "pga": got.PGA, "pgv": got.PGV, "pgd": got.PGD, "arias": got.Arias,
		"cav": got.CAV, "d5_75": got.D575, "d5_95": got.D595, "sorted_duration": got.SortedDuration, "stalta_max": got.STALTAMax,
		"dominant_frequency": got.DominantFrequency, "spectral_centroid": got.SpectralCentroid, "spectral_bandwidth": got.SpectralBandwidth, "distance": got.Distance, "azimuth": got.Azimuth,
		"sample_rate": got.SampleRate, "highpass": got.Highpass, "lowpass": got.Lowpass,
	} {
		check(name, v, number(name))
	}
	psa := want["psa"].([]any)
	if len(psa) != len(got.PSA) {
		t.Fatalf("%s: %d periods, want %d", key, len(got.PSA), len(psa))
	}
	for i := range psa {
		check("psa", got.PSA[i], psa[i].(float64))
	}
	sample := time.Duration(1e9 / got.SampleRate)
	for name, at := range map[string]time.Time{
		"pga_at": got.PGAAt, "pgv_at": got.PGVAt, "pgd_at": got.PGDAt, "p_at": got.Onsets.P, "s_at": got.Onsets.S,
		"noise_start": got.Noise.From, "noise_end": got.Noise.Until, "signal_start": got.Signal.From, "signal_end": got.Signal.Until,
	} {
		text, ok := want[name].(string)
		if !ok {
			if !at.IsZero() {
				t.Errorf("%s %s: %v, want none", key, name, at)
			}
			continue
		}
		ref, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		if d := at.Sub(ref).Abs(); d > sample {
			t.Errorf("%s %s: %v, want %v: more than a sample apart", key, name, at, ref)
		}
	}
	flags := []string{}
	for _, f := range want["flags"].([]any) {
		flags = append(flags, f.(string))
	}
	if len(flags)+len(got.Flags) > 0 && !reflect.DeepEqual(flags, got.Flags) {
		t.Errorf("%s flags: %v, want %v", key, got.Flags, flags)
	}
}

// sharedData is the folder of real recordings beside the repository.
func sharedData(t *testing.T) string {
	return agree.Shared(t, ".")
}

// measureFolder carries out the default recipe on an event folder, with the public
// packages and without a database.
func measureFolder(t *testing.T, dir string) map[string]recipe.Measurement {
	t.Helper()
	f := mustOpen(t, filepath.Join(dir, "event.xml"))
	events, _, err := quakeml.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	origin, _ := events[0].PreferredOrigin()
	var channels []waveform.Channel
	for _, name := range glob(t, filepath.Join(dir, "stations", "*.xml")) {
		stations, _, err := stationxml.Read(mustOpen(t, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stations {
			channels = append(channels, s.Channels...)
		}
	}
	var sources []archive.Source
	for _, name := range glob(t, filepath.Join(dir, "waveforms", "*")) {
		ix, err := archive.Scan(mustOpen(t, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range ix.Segments {
			sources = append(sources, archive.Source{Path: name, Segment: s})
		}
	}
	shared, err := recipe.NewShared(goldenRecipe(t), 64<<20)
	if err != nil {
		t.Fatal(err)
	}
	p, err := recipe.NewProcessor(shared)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]recipe.Measurement{}
	for id, in := range inputs(t, origin, channels, sources) {
		measured, err := p.Process(in)
		if err != nil {
			t.Errorf("%v: %v", id, err)
		}
		for _, m := range measured {
			rows[id.String()+"."+m.Component+"."] = m
		}
	}
	return rows
}

// goldenRecipe is that of recipe_golden.py: the default one with times that a line of Python
// gives, and no look at the counts. What layered earths give is held against TauP by package
// traveltime.
func goldenRecipe(t *testing.T) recipe.Recipe {
	t.Helper()
	r, err := recipe.Parse("golden", []byte("times: {model: constant}\nquality: {clipping: false, flat_line: 0 s}"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func inputs(t *testing.T, origin waveform.Origin, channels []waveform.Channel, sources []archive.Source) map[waveform.InstrumentID]*recipe.Input {
	r := goldenRecipe(t)
	all := map[waveform.InstrumentID]*recipe.Input{}
	slices.SortStableFunc(channels, func(a, b waveform.Channel) int { return a.ID.Compare(b.ID) })
	var reader archive.Reader
	for _, c := range channels {
		if !(waveform.Window{From: c.From, Until: c.Until}).Contains(origin.Time) ||
			!slices.ContainsFunc(sources, func(s archive.Source) bool { return s.ID == c.ID }) {
			continue
		}
		in := all[c.ID.Instrument()]
		if in == nil {
			in = &recipe.Input{Instrument: c.ID.Instrument(), Origin: origin}
			in.Distance, in.Azimuth = traveltime.Distance(origin.Latitude, origin.Longitude, c.Latitude, c.Longitude)
			in.Onsets, in.TimeSource = r.Times.Onsets(origin.Time, in.Distance, origin.Depth)
			all[c.ID.Instrument()] = in
		}
		rate := archive.Rate(c.ID, in.Onsets.P, r.Windows.Extent(in.Onsets), sources)
		var cut archive.Cut
		if err := reader.Read(t.Context(), &cut, c.ID, r.Windows.Wanted(in.Onsets, rate).Read, sources); err != nil {
			t.Fatal(err)
		}
		in.Components = append(in.Components, recipe.Component{Channel: c, ResponseHash: response.Hash(c.Response), Traces: cut.Traces, OverlapDiffers: cut.Differs})
	}
	return all
}

func mustOpen(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("nothing matches %s", pattern)
	}
	return names
}
