package cli

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/recipe"
	"github.com/seisbatch/seisbatch/waveform/sac"
)

// exported is an event at a channel, 100 samples of it.
func exported(quality, magnitude *float64) (job.Exported, waveform.Trace) {
	tr := waveform.Trace{ID: waveform.SourceID{Network: "XX", Station: "ABC", Channel: "HNZ"}, SampleRate: 100, Unit: waveform.Acceleration,
		Start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Data: make([]float64, 100)}
	in := &recipe.Input{Components: []recipe.Component{{Channel: waveform.Channel{ID: waveform.SourceID{Network: "XX", Station: "ABC", Channel: "HNE"}}, TimingQuality: new(float64)},
		{Channel: waveform.Channel{ID: tr.ID}, TimingQuality: quality}}}
	in.Onsets = recipe.Onsets{Origin: tr.Start, P: tr.Start, S: tr.Start}
	return job.Exported{EventID: "quakeml:us.anss.org/event/nc73291880", Magnitude: magnitude, Input: in, Traces: []waveform.Trace{tr}}, tr
}

func TestExportWritesTheTimingQualityWhereItIsKnown(t *testing.T) {
	for _, c := range []struct {
		format  string
		quality float64 // NaN: not known
		want    string
	}{{"mseed", 87.5, "87"}, {"mseed", math.NaN(), ""}, {"mseed", 0, "0"}, {"mseed3", 100, "100"}, {"mseed3", math.NaN(), ""}} {
		quality := &c.quality
		if math.IsNaN(c.quality) {
			quality = nil
		}
		x, tr := exported(quality, nil)
		var b bytes.Buffer
		if err := writeMiniSEED(&b, c.format, x.Input, []waveform.Trace{tr, tr}); err != nil {
			t.Fatal(err)
		}
		segments, faults, err := mseed.Segments(&b)
		if err != nil || len(faults) > 0 || len(segments) != 2 {
			t.Fatalf("%d segments, %v, %v", len(segments), faults, err)
		}
		const timing = 8 // the cell of inspect
		if got := summarise("a", &segments[1]).cells()[timing]; got != c.want {
			t.Errorf("%+v: inspect shows %q", c, got)
		}
	}
}

func TestExportNamesTheEventInSAC(t *testing.T) {
	magnitude := 4.5
	for _, c := range []struct {
		id, want  string
		magnitude *float64
	}{
		{"quakeml:us.anss.org/event/nc73291880", "nc73291880", &magnitude},
		{"smi:local/a-long-id-20240101-000012", "-20240101-000012", nil},
		{"smi:local/éééééééé!", "ééééééé!", nil},
		{"smi:local/-12345", "", nil},
	} {
		x, tr := exported(nil, c.magnitude)
		x.EventID = c.id
		var b bytes.Buffer
		if err := writeSAC(&b, x, tr); err != nil {
			t.Fatalf("%s: %v", c.id, err)
		}
		f, err := sac.Read(&b)
		if err != nil {
			t.Fatal(err)
		}
		want := math.NaN()
		if c.magnitude != nil {
			want = *c.magnitude
		}
		if got := f.Header.Magnitude; f.Header.Event != c.want || got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("%s: KEVNM %q, MAG %v", c.id, f.Header.Event, got)
		}
	}
}
