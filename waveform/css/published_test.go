package css_test

import (
	"bytes"
	"cmp"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/css"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/mseed"
)

// Each row of the published wfdisc table is a segment that package mseed reads from
// the waveforms, with its start and rate within half a sample and its number of
// samples. The colons of the file names are underscores in the shared recordings.
func TestPublishedSegmentsAreThoseOfTheWaveforms(t *testing.T) {
	root := agree.Shared(t, "continuous/AZ.1998001")
	d, err := css.Open(filepath.Join(root, "css3.0", "demo.wfdisc"), css.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, problems, err := d.Segments()
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v, problems %v", err, problems)
	}
	files := map[string][]css.Segment{}
	for _, s := range rows {
		if !s.IsMiniSEED() || filepath.Dir(s.Path) != filepath.Join(root, "css3.0", "1998", "001") || !math.IsNaN(s.Calibration) {
			t.Errorf("segment %+v", s)
		}
		name := strings.ReplaceAll(filepath.Base(s.Path), ":", "_")
		files[name] = append(files[name], s)
	}
	r := agree.Reference{Function: "css.Database.Segments", Source: "miniSEED of the same data, as package mseed joins it", Measure: "samples", Within: 0.5}
	compared := 0
	for name, want := range files {
		path := filepath.Join(root, "waveforms", name)
		content, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			t.Logf("%s: %d rows without waveforms", name, len(want))
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		got, faults, err := mseed.Segments(bytes.NewReader(content))
		if err != nil || len(faults) > 0 {
			t.Fatalf("%s: %v, %v", name, err, faults)
		}
		slices.SortFunc(got, func(a, b mseed.Segment) int { return a.Start.Compare(b.Start) })
		slices.SortFunc(want, func(a, b css.Segment) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Offset, b.Offset)) })
		if len(got) != len(want) {
			t.Errorf("%s: wfdisc has %d segments, mseed %d", name, len(want), len(got))
			continue
		}
		for i, w := range want {
			g := got[i]
			compared++
			if g.ID != w.ID || int64(g.Samples()) != w.Samples {
				t.Errorf("%s: segment %d is %v with %d samples, mseed has %v with %d", name, i, w.ID, w.Samples, g.ID, g.Samples())
			}
			first, err := mseed.ParseRecord(content[w.Offset:], w.Offset)
			if err != nil {
				t.Fatalf("%s: at the offset of segment %d: %v", name, i, err)
			}
			r.Deviation(t, name+" offset", math.Abs(w.Start.Sub(first.Start).Seconds()*g.SampleRate))
			r.Deviation(t, name+" start", math.Abs(w.Start.Sub(g.Start).Seconds()*g.SampleRate))
			r.Deviation(t, name+" end", math.Abs(w.End.Sub(g.End()).Seconds()*g.SampleRate))
			r.Deviation(t, name+" rate", math.Abs(w.SampleRate-g.SampleRate)/g.SampleRate*float64(w.Samples))
		}
	}
	if compared != 87 || len(rows) != 129 { // of LVA2, the recordings have one component
		t.Errorf("compared %d segments of %d rows, want 87 of 129", compared, len(rows))
	}
}
