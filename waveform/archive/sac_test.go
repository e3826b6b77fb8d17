package archive

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/sac"
)

// sacked is a trace as a SAC file; change, if any, sees it before it is written.
func sacked(t testing.TB, tr waveform.Trace, change func(*sac.File)) []byte {
	t.Helper()
	f, err := sac.NewFile(tr, sac.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSACFilesAreToldByContentAndRead(t *testing.T) {
	file := sacked(t, made(hne, 100, 500, 3000), nil)
	ix := mustScan(t, file)
	if ix.Format != SAC || ix.Records != 1 || ix.BadCount != 0 {
		t.Fatalf("%+v", ix)
	}
	wantSpans(t, ix, 100, span{"HNE", 500, 3000, "\x00"})
	path := filepath.Join(t.TempDir(), "no.name")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	sources := []Source{{Path: path, Format: SAC, Segment: ix.Segments[0]}}
	wantPieces(t, mustRead(t, seconds(10, 20), sources), 100, 1000, 2000)
	// With the samples before it in miniSEED, it makes one trace.
	sources = append(sources, stored(t, "before", 0, packed(t, made(hne, 100, 0, 500), 'D')...)...)
	wantPieces(t, mustRead(t, seconds(0, 20), sources), 100, 0, 2000)
}

func TestSACFilesOfOtherThingsThanCountsAreRefused(t *testing.T) {
	tr := made(hne, 100, 0, 100)
	for name, c := range map[string]struct {
		file    []byte
		is      error
		says    string
		samples int64
	}{
		"velocity":    {sacked(t, tr, func(f *sac.File) { f.Header.Dependent = sac.DependentVelocity }), ErrNotCounts, "IDEP IVEL", 0},
		"no time":     {sacked(t, tr, func(f *sac.File) { f.Header.Reference.Year = sac.Undefined }), sac.ErrNoTime, "", 0},
		"a spectrum":  {sacked(t, tr, func(f *sac.File) { f.Header.Type, f.Second = sac.AmplitudePhase, f.Data }), nil, "IAMPH", 0},
		"a cut file":  {sacked(t, tr, nil)[:800], sac.ErrTruncated, "", 42},
		"a long file": {append(sacked(t, tr, nil), 1, 2, 3, 4), sac.ErrExcess, "", 100},
	} {
		ix := mustScan(t, c.file)
		if ix.Format != SAC || ix.BadCount != 1 {
			t.Errorf("%s: %+v", name, ix)
			continue
		}
		if err := ix.Bad[0].Err; c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %v %s", name, err, c.is, c.says)
		}
		var samples int64
		for _, s := range ix.Segments {
			samples += s.Samples
		}
		if samples != c.samples {
			t.Errorf("%s: %d samples, want %d", name, samples, c.samples)
		}
	}
}

func TestASACFileThatWasReplacedIsToldOfInTheCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, sacked(t, made(hnn, 100, 0, 100), nil), 0o600); err != nil {
		t.Fatal(err)
	}
	was := mustScan(t, sacked(t, made(hne, 100, 0, 100), nil)).Segments[0]
	cut := mustRead(t, seconds(0, 1), []Source{{Path: path, Format: SAC, Segment: was}})
	if len(cut.Traces) != 0 || len(cut.Bad) != 1 || !strings.Contains(cut.Bad[0].Error(), "XX.AAA..HNN now") {
		t.Errorf("%+v", cut)
	}
}

func TestRemarksAreOfTheRecordsInTheWindow(t *testing.T) {
	records := packed(t, made(hne, 100, 0, 20000), 'D')
	last := records[len(records)-1]
	last[38] |= mseed.DataQualityClipped | mseed.DataQualityTimeSuspect // byte 38 of a header of miniSEED 2
	last[36] |= mseed.ActivityCalibration
	sources := stored(t, "day", 0, records...)
	whole := mustRead(t, seconds(0, 200), sources).Remarks
	if whole.Records != len(records) || !slices.Equal(whole.Doubts(), []string{"calibration", "digitizer_clipped", "time_questionable"}) {
		t.Errorf("%+v of %d records: %q", whole, len(records), whole.Doubts())
	}
	first := mustRead(t, seconds(0, 1), sources).Remarks
	if first.Records == 0 || first.Records > 3 || len(first.Doubts()) != 0 {
		t.Errorf("%+v", first)
	}
}
