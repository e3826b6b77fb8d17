package quakeml

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// eventFiles lists the QuakeML files of the shared data beside the repository by
// their slash-separated relative names. Where the data are absent the test is
// skipped, but fails on CI.
func eventFiles(t *testing.T) map[string][]byte {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("shared data are required on CI: %v", err)
		}
		t.Skip("no directory shared/data beside the repository")
	}
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil && bytes.Contains(b[:min(len(b), 2000)], []byte(":quakeml")) {
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
		Events []goldenEvent
	}
}

type goldenEvent struct {
	ID, Type, Text string
	Preferred      []string
	// Rows of mixed type, as the script lists them.
	Origins, Magnitudes, Picks [][]any
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
