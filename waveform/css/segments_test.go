package css_test

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/css"
)

func nan() float64 { return math.NaN() }

func segmentsOf(t *testing.T, wfdisc string) (folder string, segments []css.Segment, problems []css.Problem) {
	t.Helper()
	prefix := database(t, map[string]string{"wfdisc": wfdisc, "snetsta": made("snetsta", "AZ", "CRY", "CRY", loaded)})
	d, err := css.Open(prefix, css.Options{})
	if err != nil {
		t.Fatal(err)
	}
	segments, problems, err = d.Segments()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(prefix), segments, problems
}

func TestSegmentsLieWhereTheTableIs(t *testing.T) {
	folder, segments, problems := segmentsOf(t,
		wfdiscRow("CRY", "BHZ_10", 883612805.0, 220600, 40, 0.5, 2, "V", "sd", "1998/001", "CRY.BHZ.1998:001:00:00:05", 4096)+
			wfdiscRow("CRY", "LHZ", 883612805.25, 3, 1.0/3, -1, -1, "-", "s4", "/data", "file.w", 12)+
			strings.Replace(wfdiscRow("CRY", "sz", 0, 1, 1, 1, -1, "-", "e1", "-", "f", 0), " e1 - ", " e1 c ", 1))
	if len(problems) > 0 {
		t.Error(problems)
	}
	start := time.Date(1998, 1, 1, 0, 0, 5, 0, time.UTC)
	want := []css.Segment{
		{ID: waveform.SourceID{Network: "AZ", Station: "CRY", Location: "10", Channel: "BHZ"}, Start: start, End: time.Date(1998, 1, 1, 1, 31, 59, 975e6, time.UTC), SampleRate: 40, Samples: 220600,
			Path: filepath.Join(folder, "1998", "001", "CRY.BHZ.1998:001:00:00:05"), Offset: 4096, Datatype: "sd", Calibration: 0.5, CalibrationPeriod: 2, CalibrationUnit: waveform.Velocity, Station: "CRY", Channel: "BHZ_10"},
		{ID: waveform.SourceID{Network: "AZ", Station: "CRY", Channel: "LHZ"}, Start: start.Add(250 * time.Millisecond), End: start.Add(6250 * time.Millisecond), SampleRate: 1.0 / 3, Samples: 3,
			Path: "/data/file.w", Offset: 12, Datatype: "s4", Calibration: nan(), CalibrationPeriod: nan(), Station: "CRY", Channel: "LHZ"},
		{ID: waveform.SourceID{Network: "AZ", Station: "CRY", Channel: "sz"}, Start: time.Unix(0, 0).UTC(), End: time.Unix(0, 0).UTC(), SampleRate: 1, Samples: 1,
			Path: filepath.Join(folder, "f"), Datatype: "e1", Clipped: true, Calibration: nan(), CalibrationPeriod: nan(), Station: "CRY", Channel: "sz"},
	}
	if diff := cmp.Diff(want, segments, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
	if !segments[0].IsMiniSEED() || segments[1].IsMiniSEED() {
		t.Error("sd, and only sd, is miniSEED")
	}
}

func TestRowsThatContradictThemselvesAreReported(t *testing.T) {
	row := wfdiscRow("CRY", "BHZ", 1000000000, 100, 10, 0, -1, "-", "s4", ".", "f", 0)
	late := strings.Replace(row, "1000000009.90000", "1000000010.00000", 1)
	none := wfdiscRow("CRY", "BHZ", 1000000000, 0, 10, 0, -1, "-", "s4", ".", "f", 0)
	stopped := wfdiscRow("CRY", "BHZ", 1000000000, 1, -2, 0, -1, "-", "s4", ".", "f", 0)
	open := strings.Replace(row, "1000000009.90000", "9999999999.99900", 1)
	_, segments, problems := segmentsOf(t, row+late+none+stopped+open)
	if len(segments) != 3 || !segments[1].End.Equal(segments[0].End) || !segments[2].End.Equal(segments[0].End) {
		t.Errorf("%+v", segments)
	}
	var got []css.Code
	for i, p := range problems {
		got = append(got, p.Code)
		if p.Line != i+2 || p.Subject != "CRY.BHZ" {
			t.Errorf("%v", p)
		}
	}
	if diff := cmp.Diff([]css.Code{css.Inconsistent, css.BadRow, css.BadRow}, got); diff != "" {
		t.Error(diff)
	}
}

// Bytes of the same three samples, written by hand in each datatype.
func TestSamplesOfFixedSizeAreRead(t *testing.T) {
	for _, c := range []struct {
		datatype, bytes string
		want            []float64
		unit            waveform.Unit
	}{
		{"s2", "\x00\x01\xff\xfe\x7f\xff", []float64{1, -2, 32767}, waveform.Counts},
		{"i2", "\x01\x00\xfe\xff\xff\x7f", []float64{1, -2, 32767}, waveform.Counts},
		{"s3", "\x00\x00\x01\xff\xff\xfe\x80\x00\x00", []float64{1, -2, -8388608}, waveform.Counts},
		{"i3", "\x01\x00\x00\xfe\xff\xff\xff\xff\x7f", []float64{1, -2, 8388607}, waveform.Counts},
		{"s4", "\x00\x00\x00\x01\xff\xff\xff\xfe\x80\x00\x00\x00", []float64{1, -2, -2147483648}, waveform.Counts},
		{"i4", "\x01\x00\x00\x00\xfe\xff\xff\xff\xff\xff\xff\x7f", []float64{1, -2, 2147483647}, waveform.Counts},
		{"t4", "\x3f\x80\x00\x00\xc0\x00\x00\x00\x3e\xaa\xaa\xab", []float64{1, -2, float64(float32(1.0 / 3))}, waveform.UnitUnknown},
		{"f4", "\x00\x00\x80\x3f\x00\x00\x00\xc0\xab\xaa\xaa\x3e", []float64{1, -2, float64(float32(1.0 / 3))}, waveform.UnitUnknown},
		{"t8", "\x3f\xf0\x00\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x00\x3f\xd5\x55\x55\x55\x55\x55\x55", []float64{1, -2, 1.0 / 3}, waveform.UnitUnknown},
		{"f8", "\x00\x00\x00\x00\x00\x00\xf0\x3f\x00\x00\x00\x00\x00\x00\x00\xc0\x55\x55\x55\x55\x55\x55\xd5\x3f", []float64{1, -2, 1.0 / 3}, waveform.UnitUnknown},
	} {
		folder, segments, _ := segmentsOf(t, wfdiscRow("CRY", "BHZ", 883612805, 3, 40, 0, -1, "-", c.datatype, "waves", "x.w", 5))
		if err := os.Mkdir(filepath.Join(folder, "waves"), 0o755); err != nil {
			t.Fatal(err)
		}
		write := func(content string) {
			if err := os.WriteFile(filepath.Join(folder, "waves", "x.w"), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		write("12345" + c.bytes + "9")
		got, err := segments[0].Read()
		want := waveform.Trace{ID: segments[0].ID, Start: segments[0].Start, SampleRate: 40, Unit: c.unit, Data: c.want}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v; want -, got +:\n%s", c.datatype, err, diff)
		}
		write("12345" + c.bytes[:len(c.bytes)-1])
		if _, err := segments[0].Read(); !errors.Is(err, css.ErrTruncated) {
			t.Errorf("%s, cut off: %v", c.datatype, err)
		}
	}
}

func TestSamplesThatAreNotReadAreRefusedWithAHint(t *testing.T) {
	for datatype, hint := range map[string]string{"e1": "compressed", "sd": "miniSEED", "sc": "SAC", "zz": "convert", "g2": "convert"} {
		_, segments, _ := segmentsOf(t, wfdiscRow("CRY", "BHZ", 883612805, 3, 40, 0, -1, "-", datatype, "waves", "x.w", 5))
		var unread *css.DatatypeError
		var at *css.Error
		_, err := segments[0].Read()
		if !errors.As(err, &unread) || unread.Datatype != datatype || !errors.As(err, &at) || at.Path != segments[0].Path || !strings.Contains(err.Error(), hint) {
			t.Errorf("%s: %v", datatype, err)
		}
		if dst, err := css.Decode([]float64{7}, []byte("12345678"), datatype); !errors.As(err, &unread) || len(dst) != 1 {
			t.Errorf("%s: %v, %v", datatype, dst, err)
		}
	}
	_, segments, _ := segmentsOf(t, wfdiscRow("CRY", "BHZ", 883612805, 3, 40, 0, -1, "-", "s4", "waves", "x.w", 5))
	if _, err := segments[0].Read(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// What a row claims allocates nothing that the file does not have.
func TestImpossibleSizesAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.w")
	if err := os.WriteFile(path, make([]byte, 100), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, s := range []css.Segment{
		{Samples: math.MaxInt64, Offset: 0}, {Samples: math.MaxInt64/4 + 1, Offset: 0}, {Samples: 1, Offset: 101}, {Samples: 1, Offset: math.MaxInt64}, {Samples: 1, Offset: -1}, {Samples: -1, Offset: 0}, {Samples: 26, Offset: 0}, {Samples: 25, Offset: 1},
	} {
		s.Path, s.Datatype = path, "s4"
		if _, err := s.Read(); !errors.Is(err, css.ErrTruncated) {
			t.Errorf("%d samples at %d: %v", s.Samples, s.Offset, err)
		}
	}
	if tr, err := (css.Segment{Path: path, Datatype: "s4", Samples: 25}).Read(); err != nil || len(tr.Data) != 25 {
		t.Errorf("the whole file: %d, %v", len(tr.Data), err)
	}
}
