package process_test

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/process"
	"github.com/seisbatch/seisbatch/waveform/response"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
)

// readTrace reads the only segment of a miniSEED file. A pattern stands for the one file that it matches.
func readTrace(t testing.TB, pattern string) waveform.Trace {
	t.Helper()
	dir, base := path.Split(pattern)
	names, err := filepath.Glob(filepath.Join(agree.Shared(t, dir), base))
	if err != nil || len(names) != 1 {
		t.Fatalf("%s: %d files, %v", pattern, len(names), err)
	}
	f, err := os.Open(names[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c, err := mseed.ReadAll(f)
	if err != nil || len(c.Faults) > 0 || len(c.Segments) != 1 {
		t.Fatalf("%s: %d segments, %v, %v", pattern, len(c.Segments), c.Faults, err)
	}
	return c.Segments[0].Trace()
}

// readInstrument gives the response of the channel of a trace at its time, and its station.
func readInstrument(t testing.TB, name string, tr waveform.Trace) (process.Instrument, waveform.Station) {
	t.Helper()
	f, err := os.Open(agree.Shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	stations, _, err := stationxml.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stations {
		for _, c := range s.Channels {
			epoch := waveform.Window{From: c.From, Until: c.Until}
			if c.ID == tr.ID && epoch.Contains(tr.Start) {
				return process.Instrument{Response: c.Response, Hash: response.Hash(c.Response)}, s
			}
		}
	}
	t.Fatalf("%s: no epoch of %v at %v", name, tr.ID, tr.Start)
	return process.Instrument{}, waveform.Station{}
}

func newWorker() *process.Worker { return process.NewWorker(process.NewShared(64 << 20)) }

// inCentimetres is a copy in the unit of the tables of the USGS.
func inCentimetres(x []float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = 100 * v
	}
	return y
}

// parameters is what gmprocess stored of a record besides its provenance.
type parameters struct {
	Split struct {
		Time time.Time `json:"split_time"`
	} `json:"signal_split"`
	End struct {
		Time time.Time `json:"end_time"`
	} `json:"signal_end"`
	Baseline struct {
		Coefficients []float64 `json:"polynomial_coefs"` // of t^6, t^5 .. 1, t in s and displacement in cm
	} `json:"baseline"`
	Corners struct{ Highpass, Lowpass float64 } `json:"corner_frequencies"`
}

// readParameters reads those of each record, by its name.
func readParameters(t *testing.T, name string) map[string]parameters {
	t.Helper()
	text, err := os.ReadFile(agree.Shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ TraceProcessingParameters map[string]parameters }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.TraceProcessingParameters
}
