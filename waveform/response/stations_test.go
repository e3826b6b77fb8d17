package response_test

import (
	"bufio"
	"fmt"
	"math"
	"math/cmplx"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
)

// sharedData is the folder of real recordings beside the repository. Where it
// is missing the test is skipped, in continuous integration it fails.
func sharedData(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../../shared/data")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no shared data: %v", err)
		}
		t.Skipf("no shared data: %v", err)
	}
	return dir
}

func readStations(t *testing.T, path string) []waveform.Station {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	stations, _, err := stationxml.Read(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return stations
}

// epochs is the channels of a file by name and start, as stations.json names them.
func epochs(stations []waveform.Station) map[string][]waveform.Channel {
	all := map[string][]waveform.Channel{}
	for _, s := range stations {
		for _, c := range s.Channels {
			key := epoch(c.ID.String(), c.From)
			all[key] = append(all[key], c)
		}
	}
	return all
}

func epoch(id string, start time.Time) string { return id + " " + start.Format(time.RFC3339) }

type channelGolden struct {
	File, ID, Start string
	Freqs           []float64
	VEL, DISP, ACC  [][2]float64
}

// Every channel of ground motion in the StationXML files of shared/data.
func TestEvaluateEqualsEvalrespOnRealStations(t *testing.T) {
	dir := sharedData(t)
	var g struct{ Channels []channelGolden }
	readGolden(t, "stations.json", &g)
	files := map[string]map[string][]waveform.Channel{}
	worst := 0.0
	for _, want := range g.Channels {
		if files[want.File] == nil {
			files[want.File] = epochs(readStations(t, filepath.Join(dir, want.File)))
		}
		start, _ := time.Parse(time.RFC3339, want.Start) // "None" is no time: the zero one
		key := epoch(want.ID, start)
		found := files[want.File][key]
		if len(found) == 0 {
			t.Errorf("%s: no channel %s", want.File, key)
			continue
		}
		d := want.deviation(t, found[0].Response)
		worst = max(worst, d)
		if !(d < 1e-9) {
			t.Errorf("%s %s: differs by %.1e", want.File, key, d)
		}
	}
	t.Logf("%d channels, worst relative deviation %.1e", len(g.Channels), worst)
}

func (want channelGolden) deviation(t *testing.T, r *waveform.Response) float64 {
	t.Helper()
	return max(
		furthest(evaluate(t, r, waveform.Velocity, want.Freqs...), want.VEL),
		furthest(evaluate(t, r, waveform.Displacement, want.Freqs[1]), want.DISP),
		furthest(evaluate(t, r, waveform.Acceleration, want.Freqs[3]), want.ACC))
}

// Amplitude and phase written by the program evalresp with seven digits:
// "evalresp ANMO BHZ 2015 1 0.001 10 100 -x -l 10 on station-1.xml".
func TestEvaluateEqualsTheOutputOfEvalresp(t *testing.T) {
	dir := filepath.Join(sharedData(t), "response", "evalresp-anmo")
	at := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)
	var r *waveform.Response
	for _, s := range readStations(t, filepath.Join(dir, "station-1.xml")) {
		for _, c := range s.Channels {
			epoch := waveform.Window{From: c.From, Until: c.Until}
			if c.ID == (waveform.SourceID{Network: "IU", Station: "ANMO", Location: "10", Channel: "BHZ"}) && epoch.Contains(at) {
				r = c.Response
			}
		}
	}
	amplitudes := readTable(t, filepath.Join(dir, "from-stationxml", "AMP.IU.ANMO.10.BHZ"))
	phases := readTable(t, filepath.Join(dir, "from-stationxml", "PHASE.IU.ANMO.10.BHZ"))
	if len(amplitudes) != 100 || len(phases) != 100 {
		t.Fatalf("%d amplitudes and %d phases", len(amplitudes), len(phases))
	}
	for i, row := range amplitudes {
		h := evaluate(t, r, waveform.Velocity, row[0])[0]
		// The frequency is rounded to seven digits too, which the steep ends multiply.
		if d := math.Abs(cmplx.Abs(h)/row[1] - 1); d > 5e-6 {
			t.Errorf("amplitude at %g Hz differs by %.1e", row[0], d)
		}
		phase := cmplx.Phase(h) * 180 / math.Pi
		if d := math.Abs(math.Remainder(phase-phases[i][1], 360)); d > 2e-4 {
			t.Errorf("phase at %g Hz differs by %.1e degrees", row[0], d)
		}
	}
}

func readTable(t *testing.T, path string) [][2]float64 {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var rows [][2]float64
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var row [2]float64
		if _, err := fmt.Sscan(lines.Text(), &row[0], &row[1]); err != nil {
			t.Fatalf("%s: %q: %v", path, lines.Text(), err)
		}
		rows = append(rows, row)
	}
	return rows
}
