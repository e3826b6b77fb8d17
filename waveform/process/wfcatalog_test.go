package process_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/metric"
	"github.com/seisbatch/seisbatch/waveform/mseed"
)

// sampleMetrics is what WFCatalog says about samples.
type sampleMetrics struct {
	Start    time.Time `json:"start_time"`
	End      time.Time `json:"end_time"` // of a segment: a sample interval after the last sample
	Samples  int       `json:"num_samples"`
	Min      float64   `json:"sample_min"`
	Max      float64   `json:"sample_max"`
	Mean     float64   `json:"sample_mean"`
	Median   float64   `json:"sample_median"`
	RMS      float64   `json:"sample_rms"`
	Lower    float64   `json:"sample_lower_quartile"`
	Upper    float64   `json:"sample_upper_quartile"`
	Deviance float64   `json:"sample_stdev"`
}

type catalogDay struct {
	sampleMetrics
	File         []string `json:"files"`
	First        time.Time
	Gaps         int      `json:"num_gaps"`
	SumGaps      float64  `json:"sum_gaps"`
	MaxGap       *float64 `json:"max_gap"`
	StartGap     *float64 `json:"start_gap"`
	EndGap       *float64 `json:"end_gap"`
	Overlaps     int      `json:"num_overlaps"`
	Availability float64  `json:"percent_availability"`
	Segments     []struct {
		sampleMetrics
		Length float64 `json:"segment_length"`
	} `json:"c_segments"`
}

// compare notes each number of samples x against what ObsPy says. All are of counts, whose
// rms is the scale of their mean.
func (want sampleMetrics) compare(t *testing.T, label string, x []float64) {
	t.Helper()
	got := metric.Describe(x)
	if got.N != want.Samples || got.Min != want.Min || got.Max != want.Max {
		t.Errorf("%s: %d samples from %v to %v, want %d from %v to %v", label, got.N, got.Min, got.Max, want.Samples, want.Min, want.Max)
	}
	// ObsPy's sums of integers are exact; those of metric.Describe round, up to 3e-11 in millions of samples.
	describe := agree.Reference{Function: "metric.Describe", Source: "ObsPy 1.5.0 MSEEDMetadata", Measure: "value", Within: 1e-10}
	describe.Scalar(t, label+" mean", got.Mean, want.Mean, want.RMS)
	describe.Scalar(t, label+" rms", got.RMS, want.RMS, 0)
	describe.Scalar(t, label+" standard deviation", got.Std, want.Deviance, 0)
	lower, median, upper := metric.Quartiles(append([]float64(nil), x...))
	quartiles := agree.Reference{Function: "metric.Quartiles", Source: "ObsPy 1.5.0 MSEEDMetadata", Measure: "value", Within: 0}
	quartiles.Scalar(t, label+" lower quartile", lower, want.Lower, 0)
	quartiles.Scalar(t, label+" median", median, want.Median, 0)
	quartiles.Scalar(t, label+" upper quartile", upper, want.Upper, 0)
}

func readCatalogDay(t *testing.T, name string) (day catalogDay) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &day); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return day
}

// daySegments reads the segments of a file that have samples in a window, cut to it.
func daySegments(t *testing.T, name string, w waveform.Window) (traces []waveform.Trace) {
	t.Helper()
	f, err := os.Open(agree.Shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	segments, faults, err := mseed.Segments(f)
	if err != nil || len(faults) > 0 {
		t.Fatalf("%s: %v, %v", name, faults, err)
	}
	for _, s := range segments {
		tr := s.Trace()
		from, until := tr.Range(w)
		if from < until {
			tr.Start, tr.Data = tr.Time(from), tr.Data[from:until]
			traces = append(traces, tr)
		}
	}
	return traces
}

func TestMetricsOfDaysAndSegmentsAreThoseOfWFCatalog(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(agree.Shared(t, "continuous"), "*", "expected-wfcatalog", "*.json"))
	if err != nil || len(names) != 6 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	for _, name := range names {
		want := readCatalogDay(t, name)
		file := want.File[0]
		traces := daySegments(t, file, waveform.Window{From: want.Start, Until: want.End})
		if len(traces) != len(want.Segments) {
			t.Errorf("%s: %d segments, want %d", file, len(traces), len(want.Segments))
			continue
		}
		var all []float64
		for i, tr := range traces {
			segment := want.Segments[i]
			after := tr.Time(len(tr.Data))
			if after.After(want.End) {
				after = want.End
			}
			if !tr.Start.Equal(segment.Start) || after.Sub(segment.End).Abs() > time.Microsecond {
				t.Errorf("%s: segment %d from %v until %v, want %v until %v", file, i, tr.Start, after, segment.Start, segment.End)
			}
			segment.compare(t, file+" segment", tr.Data)
			all = append(all, tr.Data...)
		}
		want.compare(t, file, all)
		compareGaps(t, file, want, traces)
	}
}

// compareGaps counts what is missing of the day: before, between and after the segments. A step of
// less than half a sample is none.
func compareGaps(t *testing.T, file string, want catalogDay, traces []waveform.Trace) {
	t.Helper()
	gaps, overlaps, sum, longest := 0, 0, 0.0, 0.0
	missing := func(seconds float64) {
		if seconds > 0 {
			gaps, sum, longest = gaps+1, sum+seconds, max(longest, seconds)
		}
	}
	next := want.Start
	for _, tr := range traces {
		step := tr.Start.Sub(next).Seconds()
		if step < 0 {
			overlaps++
		}
		missing(step)
		next = tr.Time(len(tr.Data))
	}
	missing(want.End.Sub(next).Seconds())
	wantLongest := 0.0
	if want.MaxGap != nil {
		wantLongest = *want.MaxGap
	}
	if gaps != want.Gaps || overlaps != want.Overlaps || math.Abs(sum-want.SumGaps) > 1e-4 || math.Abs(longest-wantLongest) > 1e-5 {
		t.Errorf("%s: %d gaps of %.6f s, the longest %.6f s, %d overlaps; want %d of %.6f s, %.6f s, %d", file,
			gaps, sum, longest, overlaps, want.Gaps, want.SumGaps, wantLongest, want.Overlaps)
	}
	if available := 100 * (1 - sum/want.End.Sub(want.Start).Seconds()); math.Abs(available-want.Availability) > 1e-6 {
		t.Errorf("%s: %v %% there, want %v", file, available, want.Availability)
	}
}
