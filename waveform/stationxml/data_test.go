package stationxml

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// dataDir is the directory of shared recordings beside the repository. Where it
// is absent the test is skipped, but fails on CI.
func dataDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("shared data are required on CI: %v", err)
		}
		t.Skip("no directory shared/data beside the repository")
	}
	return dir
}

// stationFiles lists the StationXML files below the shared data by their
// slash-separated relative names.
func stationFiles(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		ext := filepath.Ext(path)
		if err != nil || d.IsDir() || ext != ".xml" && ext != ".stationxml" {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil && bytes.Contains(b[:min(len(b), 2000)], []byte("FDSNStationXML")) {
			rel, _ := filepath.Rel(dir, path)
			files[filepath.ToSlash(rel)] = b
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// golden is what testdata/reference/stationxml_golden.py writes.
type golden struct {
	Files map[string]struct {
		Error    string
		Stations []goldenStation
	}
}

type goldenStation struct {
	Code, Name  string
	From, Until *string
	Pos         []*float64
	Channels    []goldenChannel
}

type goldenChannel struct {
	ID          string
	From, Until *string
	Pos         []*float64
	Rate        *float64
	Sens, Poly  []float64
	Units       []string
	Stages      []goldenStage
}

type goldenStage struct {
	N          int
	Gain, GF   *float64
	In, Out    *string
	Dec        []float64
	Kind, Type string
	A0, NF     float64
	Count      []int
	Sum, First []float64
}

func readGolden(t *testing.T) golden {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "golden.json"))
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(b, &g); err != nil {
		t.Fatal(err)
	}
	return g
}
