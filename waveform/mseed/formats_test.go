package mseed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// withoutSegments are the files of the collection of formats that have no numeric
// segment, and why. Their texts and headers are looked at below.
var withoutSegments = map[string]string{
	"formats/mseed2/libmseed/reference-testdata-headeronly.mseed2": "no samples",
	"formats/mseed3/libmseed/reference-testdata-headeronly.mseed3": "no samples",
	"formats/mseed3/fdsn-reference/reference-detectiononly.mseed3": "no samples",
	"formats/mseed2/libmseed/reference-testdata-text.mseed2":       "text",
	"formats/mseed3/libmseed/reference-testdata-text.mseed3":       "text",
	"formats/mseed3/fdsn-reference/reference-text.mseed3":          "text",
	"formats/mseed2/obspy/rt130_sr0_cropped.mseed":                 "text",
	"formats/mseed2/obspy-encoding/fullASCII_bigEndian.mseed":      "text",
	"formats/mseed2/obspy-encoding/fullASCII_littleEndian.mseed":   "text",
	"formats/mseed2/obspy-encoding/smallASCII_bigEndian.mseed":     "text",
	"formats/mseed2/obspy-encoding/smallASCII_littleEndian.mseed":  "text",
}

// formatFiles are the recordings in the collection of formats.
func formatFiles(t *testing.T, dir string) []string {
	var out []string
	for _, version := range []string{"mseed2", "mseed3"} {
		files, err := filepath.Glob(filepath.Join(dir, "formats", version, "*", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if e := filepath.Ext(f); e != ".json" && e != ".txt" {
				name, _ := filepath.Rel(dir, f)
				out = append(out, filepath.ToSlash(name))
			}
		}
	}
	if len(out) < 80 {
		t.Fatalf("only %d files", len(out))
	}
	return out
}

func TestEveryFileOfTheFormatsIsReadWhole(t *testing.T) {
	dir := sharedData(t)
	known := libmseedSegments(t, dir)
	maps.Copy(known, obspySegments(t))
	for _, name := range formatFiles(t, dir) {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		c, err := ReadAll(f)
		f.Close()
		if err != nil || len(c.Faults) > 0 {
			t.Errorf("%s: %v, %v", name, c.Faults, err)
		}
		version2, version3 := strings.Contains(name, "/mseed2/"), strings.Contains(name, "/mseed3/")
		if version2 != (c.Version2 > 0) || version3 != (c.Version3 > 0) {
			t.Errorf("%s: %d records of version 2, %d of version 3", name, c.Version2, c.Version3)
		}
		switch why := withoutSegments[name]; {
		case why == "" && (known[name] == nil || len(c.Texts) > 0):
			t.Errorf("%s: nothing to compare its %d segments and %d texts with", name, len(c.Segments), len(c.Texts))
		case why != "" && (len(c.Segments) > 0 || (why == "text") != (len(c.Texts) > 0)):
			t.Errorf("%s: %d segments, %d texts, but it has %s", name, len(c.Segments), len(c.Texts), why)
		}
	}
}

func TestTextsAreAsLongAsOtherReadersFindThem(t *testing.T) {
	dir := sharedData(t)
	type text struct {
		id    string
		start time.Time
		bytes int
	}
	want, got := map[string][]text{}, map[string][]text{}
	readCSV(t, filepath.Join(dir, "decode-expected.csv"), func(get func(string) string) {
		if get("sampletype") != "t" {
			return
		}
		file := get("file")
		want[file] = append(want[file], text{fdsnID(t, get("source_id")).String(), parseTime(t, get("start")), int(parseNumber(t, get("npts")))})
	})
	for file := range want {
		for _, x := range contentsOf(t, filepath.Join(dir, file)).Texts {
			got[file] = append(got[file], text{x.ID.String(), x.Start, len(x.Content)})
		}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(text{})); diff != "" || len(want) < 8 {
		t.Errorf("%d files: %s", len(want), diff)
	}
	first := contentsOf(t, filepath.Join(dir, "formats/mseed2/obspy/rt130_sr0_cropped.mseed")).Texts[0].Content
	if want := "001:00:00:00 REF TEK 130\r\n"; first != want {
		t.Errorf("log starts %q, want %q", first, want)
	}
}

func contentsOf(t *testing.T, path string) Contents {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c, err := ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// description is the JSON beside a reference record of FDSN.
type description struct {
	SID                string
	RecordLength       int
	FormatVersion      uint8
	Flags              struct{ RawUInt8 uint8 }
	StartTime          time.Time
	EncodingFormat     Encoding
	SampleRate         float64 // Hz
	SampleCount        int
	CRC                string
	PublicationVersion uint8
	ExtraHeaders       any
	Data               any
}

func TestReferenceRecordsOfFDSNReadAsTheyAreDescribed(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedData(t), "formats/mseed3/fdsn-reference/*.json"))
	if err != nil || len(files) < 11 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		var want []description
		b, err := os.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(b, &want)
		}
		if err != nil || len(want) != 1 {
			t.Fatalf("%s: %v", name, err)
		}
		if b, err = os.ReadFile(strings.TrimSuffix(name, "json") + "mseed3"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[0], described(t, b)); diff != "" {
			t.Errorf("%s: %s", filepath.Base(name), diff)
		}
	}
}

// described describes the record b as FDSN does.
func described(t *testing.T, b []byte) description {
	t.Helper()
	r := parsed(t, b)
	sid, err := formatIdentifier(r.ID)
	if err != nil {
		t.Error(err)
	}
	d := description{SID: sid, RecordLength: r.Length, FormatVersion: r.Version, StartTime: r.Start, EncodingFormat: r.Encoding,
		SampleRate: r.SampleRate, SampleCount: r.Samples, PublicationVersion: r.PublicationVersion}
	d.Flags.RawUInt8 = r.Activity&ActivityCalibration | r.DataQuality&DataQualityTimeSuspect>>6 | r.IOClock&IOClockLocked>>3
	d.CRC = fmt.Sprintf("0x%08X", checksum3(r.Bytes()))
	if len(r.ExtraHeaders()) > 0 {
		if err := json.Unmarshal(r.ExtraHeaders(), &d.ExtraHeaders); err != nil {
			t.Error(err)
		}
	}
	switch {
	case r.Samples == 0:
	case r.Encoding == ASCII:
		d.Data, err = r.Text()
	default:
		var data []float64
		data, err = r.DecodeFloat64(nil)
		all := make([]any, len(data))
		for i, v := range data {
			all[i] = v
		}
		d.Data = all
	}
	if err != nil {
		t.Error(err)
	}
	return d
}

func TestReservedExtraHeadersFillTheFieldsOfMiniSEED2(t *testing.T) {
	dir := filepath.Join(sharedData(t), "formats/mseed3/fdsn-reference")
	b, err := os.ReadFile(filepath.Join(dir, "reference-sinusoid-FDSN-All.mseed3"))
	if err != nil {
		t.Fatal(err)
	}
	r := parsed(t, b)
	// As its JSON says: all flags but calibration, suspect time and a negative leap second.
	if r.Quality != 'D' || r.Sequence != 123456 || r.TimingQuality != 100 || r.TimeCorrection != 1234*time.Millisecond ||
		r.Activity != 0b01011110 || r.IOClock != 0b111111 || r.DataQuality != 0b01111111 {
		t.Errorf("%+v", r)
	}
}

func TestRecordsAreWrittenByteByByteAsLibmseedWritesThem(t *testing.T) {
	dir := filepath.Join(sharedData(t), "formats/mseed3/libmseed")
	for _, c := range []struct {
		name   string
		length int
	}{{"int16", 512}, {"int32", 512}, {"float32", 512}, {"float64", 512}, {"nsec", 512}, {"oddrate", 512}, {"defaults", 4096}} {
		want, err := os.ReadFile(filepath.Join(dir, "reference-testdata-"+c.name+".mseed3"))
		if err != nil {
			t.Fatal(err)
		}
		segments, _, _ := Segments(bytes.NewReader(want))
		if len(segments) != 1 {
			t.Fatalf("%s: %d segments", c.name, len(segments))
		}
		first := parsed(t, want)
		got := written(t, segments[0].Trace(), WriteOptions{Version: 3, RecordLength: c.length,
			Encoding: first.Encoding, ExtraHeaders: first.ExtraHeaders()})
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d bytes differ from the %d of libmseed", c.name, len(got), len(want))
		}
	}
}
