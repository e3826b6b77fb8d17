package response_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/resp"
	"github.com/seisbatch/seisbatch/waveform/response"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
)

// What a factor costs is a rounding or two on either side; a sum of hundreds of
// coefficients that cancel in the stop band costs a few digits more.
const within = 1e-12

// realRow is a response of shared/data in testdata/responses.json, made by
// testdata/reference/resp.py.
type realRow struct {
	File, ID, Start, By, Refused string
	Freqs                        []float64
	DEF, VEL, DISP, ACC          [][2]float64
}

// Every response of shared/data, RESP and StationXML: the ground motion of real
// seismometers, and pressures, currents and voltages.
func TestEveryResponseOfTheSharedDataIsThatOfEvalresp(t *testing.T) {
	agree.Shared(t, "response")
	var g struct{ Responses []realRow }
	agree.Golden(t, "responses.json", &g)
	files := map[string]map[string][]waveform.Channel{}
	compared, refused := 0, 0
	for _, want := range g.Responses {
		if files[want.File] == nil {
			files[want.File] = readEpochs(t, want.File)
		}
		key := want.ID + " " + want.Start
		channels := files[want.File][key]
		if len(channels) == 0 {
			t.Errorf("%s: no channel %s", want.File, key)
			continue
		}
		files[want.File][key] = channels[1:] // identical epochs come in the order of the file
		if want.Refused != "" {
			refused++
			want.refusal(t, channels[0].Response)
			continue
		}
		compared++
		want.compare(t, channels[0].Response)
	}
	if compared < 260 || refused > 12 {
		t.Errorf("%d responses compared and %d refused, want at least 260 and at most 12", compared, refused)
	}
}

// refusal holds that what evalresp refuses is refused here, too, but for units that
// do not fit between stages, which are not compared.
func (want realRow) refusal(t *testing.T, r *waveform.Response) {
	t.Helper()
	if want.File == "bad/obspy-mseed/TM.SKLT.__.BHZ_faulty_response.xml" { // from M/S to V, and on from M/S to M/S
		return
	}
	if err := response.Evaluate(nil, r, waveform.Velocity, nil); err == nil {
		t.Errorf("%s %s: no error, evalresp says %s", want.File, want.ID, want.Refused)
	}
}

func (want realRow) compare(t *testing.T, r *waveform.Response) {
	t.Helper()
	source := "evalresp 3.3.3 in ObsPy 1.5.0, " + want.By
	label := want.File + " " + want.ID + " " + want.Start
	transfer := agree.Reference{Function: "response.Transfer.Evaluate", Source: source, Measure: "value", Within: within}
	transfer.Spectrum(t, label, evaluation(t, label, response.Evaluation{Linear: true}, r, want.Freqs), complexes(want.DEF))
	if len(want.VEL) == 0 {
		return
	}
	motion := agree.Reference{Function: "response.Evaluate", Source: source, Measure: "value", Within: within}
	for _, c := range []struct {
		out   waveform.Unit
		freqs []float64
		want  [][2]float64
	}{{waveform.Velocity, want.Freqs, want.VEL}, {waveform.Displacement, want.Freqs[1:2], want.DISP}, {waveform.Acceleration, want.Freqs[3:4], want.ACC}} {
		if r.Stages[0].Polynomial != nil {
			transfer.Spectrum(t, label, evaluation(t, label, response.Evaluation{Unit: c.out, Linear: true}, r, c.freqs), complexes(c.want))
			continue
		}
		motion.Spectrum(t, label, evaluate(t, r, c.out, c.freqs...), complexes(c.want))
	}
}

// evaluation is what e makes of r, failing the test on an error.
func evaluation(t *testing.T, label string, e response.Evaluation, r *waveform.Response, freqs []float64) []complex128 {
	t.Helper()
	transfer, err := e.Compile(r)
	if err != nil {
		t.Errorf("%s: %v", label, err)
		return nil
	}
	h := make([]complex128, len(freqs))
	transfer.Evaluate(h, freqs)
	return h
}

func complexes(pairs [][2]float64) []complex128 {
	out := make([]complex128, len(pairs))
	for i, p := range pairs {
		out[i] = complex(p[0], p[1])
	}
	return out
}

// readEpochs is the channels of a file by name and start, as responses.json names
// them. every.resp is that of package resp.
func readEpochs(t *testing.T, name string) map[string][]waveform.Channel {
	t.Helper()
	path := filepath.Join("..", "resp", "testdata", name)
	if name != "every.resp" {
		path = agree.Shared(t, name)
	}
	all := map[string][]waveform.Channel{}
	for _, s := range readFile(t, path) {
		for _, c := range s.Channels {
			key := c.ID.String() + " "
			if !c.From.IsZero() {
				key += c.From.Format("2006-01-02T15:04:05.000000Z")
			}
			all[key] = append(all[key], c)
		}
	}
	return all
}

// readFile reads a RESP or StationXML file, whichever it is.
func readFile(t *testing.T, path string) []waveform.Station {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var stations []waveform.Station
	if resp.Sniff(content[:min(len(content), resp.SniffSize)]) {
		stations, _, err = resp.Read(strings.NewReader(string(content)))
	} else {
		stations, _, err = stationxml.Read(strings.NewReader(string(content)))
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return stations
}

// at is the response of a channel's epoch that holds an instant.
func at(t *testing.T, path, id string, instant time.Time) *waveform.Response {
	t.Helper()
	for _, s := range readFile(t, path) {
		for _, c := range s.Channels {
			if c.ID.String() == id && (waveform.Window{From: c.From, Until: c.Until}).Contains(instant) {
				return c.Response
			}
		}
	}
	t.Fatalf("%s: no %s at %v", path, id, instant)
	return nil
}
