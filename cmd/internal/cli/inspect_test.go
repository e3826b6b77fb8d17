package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform/recipe"
)

// sharedData is the folder of real recordings beside the repository.
func sharedData(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", "..", "shared", "data"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no real recordings: %v", err)
		}
		t.Skipf("no real recordings: %v", err)
	}
	return dir
}

// expectedSegments reads the numbers that libmseed gives (decode-expected.csv), by
// file; only of the folders named.
func expectedSegments(t *testing.T, data string, folders ...string) map[string][]map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(data, "decode-expected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]map[string]string{}
	for _, row := range rows[1:] {
		named := map[string]string{}
		for i, key := range rows[0] {
			named[key] = row[i]
		}
		numeric := slices.Contains([]string{"i", "f", "d"}, named["sampletype"])
		in := slices.ContainsFunc(folders, func(d string) bool { return strings.HasPrefix(named["file"], d+"/") })
		if in && numeric {
			files[named["file"]] = append(files[named["file"]], named)
		}
	}
	return files
}

func TestInspectGivesTheNumbersOfLibmseed(t *testing.T) {
	data := sharedData(t)
	files := expectedSegments(t, data, "formats", "events/nc73291880", "continuous/II.KAPI.2013005-007")
	for name, want := range files {
		var out, said bytes.Buffer
		status := Execute(recipe.Language{}, nil, []string{"inspect", "--json", filepath.Join(data, name)}, strings.NewReader(""), &out, &said)
		if status != exitDone {
			t.Errorf("%s: exit status %d: %s", name, status, said.String())
			continue
		}
		dec := json.NewDecoder(&out)
		got := map[string]segmentSummary{}
		n := 0
		for {
			var s segmentSummary
			if err := dec.Decode(&s); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			got[s.SHA256] = s
			n++
		}
		if n != len(want) {
			t.Errorf("%s: %d segments, want %d", name, n, len(want))
		}
		for _, w := range want {
			compareSegment(t, name, got[w["sha256_samples_le"]], w)
		}
	}
	if len(files) < 50 {
		t.Errorf("compared %d files only", len(files))
	}
	t.Logf("%d files", len(files))
}

func compareSegment(t *testing.T, file string, got segmentSummary, want map[string]string) {
	t.Helper()
	if got.SHA256 == "" {
		t.Errorf("%s: no segment with SHA-256 %s", file, want["sha256_samples_le"])
		return
	}
	if n := strconv.Itoa(got.Samples); n != want["npts"] {
		t.Errorf("%s: %s samples, want %s", file, n, want["npts"])
	}
	// Rounding of the scaled samples, against their rms.
	scale := float64(got.RMS) + math.SmallestNonzeroFloat64
	for key, v := range map[string]number{"min": got.Min, "max": got.Max, "mean": got.Mean, "rms": got.RMS} {
		w, err := strconv.ParseFloat(want[key], 64)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(float64(v)-w) > 1e-14*scale {
			t.Errorf("%s: %s is %v, want %v", file, key, v, w)
		}
	}
}

// inspected gives the lines of inspect --json.
func inspected(t *testing.T, path string) []segmentSummary {
	t.Helper()
	var out, said bytes.Buffer
	if status := Execute(recipe.Language{}, nil, []string{"inspect", "--json", path}, strings.NewReader(""), &out, &said); status != exitDone {
		t.Fatalf("%s: exit status %d: %s", path, status, said.String())
	}
	var all []segmentSummary
	for dec := json.NewDecoder(&out); dec.More(); {
		var s segmentSummary
		if err := dec.Decode(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

func TestInspectShowsGapsAndSAC(t *testing.T) {
	data := sharedData(t)
	all := inspected(t, filepath.Join(data, "continuous/AZ.1998001/waveforms/CRY.BHE.1998_001_00_00_05"))
	records := 0
	for i, s := range all {
		records += s.Records
		if i == 0 {
			if s.Gap != nil {
				t.Errorf("a gap of %v s before the first segment", *s.Gap)
			}
			continue
		}
		interval := time.Duration(1e9 / s.SampleRate)
		if want := s.Start.Sub(all[i-1].End.Add(interval)).Seconds(); s.Gap == nil || math.Abs(*s.Gap-want) > 1e-6 {
			t.Errorf("segment %d: gap %v, want %v s", i, s.Gap, want)
		}
	}
	if len(all) != 22 || records < 22 {
		t.Errorf("%d segments of %d records", len(all), records)
	}
	// The two are one file in both byte orders.
	little, big := inspected(t, filepath.Join(data, "formats/sac/obspy/test.sac")), inspected(t, filepath.Join(data, "formats/sac/obspy/test.sac.swap"))
	if len(little) != 1 || len(big) != 1 || little[0].SHA256 != big[0].SHA256 || little[0].Samples != 100 || little[0].Records != 0 {
		t.Errorf("%+v and %+v", little, big)
	}
}
