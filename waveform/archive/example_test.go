package archive_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/archive"
	"github.com/seisbatch/seisbatch/waveform/mseed"
)

// A file is scanned once, and its index kept. Later, half a second is cut out of it.
func Example() {
	start := time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)
	tr := waveform.Trace{ID: waveform.SourceID{Network: "XX", Station: "MADE", Channel: "HNZ"}, Start: start, SampleRate: 10}
	for i := range 600 {
		tr.Data = append(tr.Data, float64(i))
	}
	var file bytes.Buffer
	if err := mseed.Write(&file, tr, mseed.WriteOptions{}); err != nil {
		fmt.Println(err)
		return
	}
	folder, err := os.MkdirTemp("", "archive")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "made.mseed")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		fmt.Println(err)
		return
	}

	index, err := archive.Scan(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	var sources []archive.Source
	for _, s := range index.Segments {
		fmt.Printf("%s: %v, %d samples at %g Hz\n", index.Format, s.ID, s.Samples, s.SampleRate)
		sources = append(sources, archive.Source{Path: path, Format: index.Format, Segment: s})
	}

	var reader archive.Reader // one for each goroutine
	var cut archive.Cut
	window := waveform.Window{From: start.Add(30 * time.Second), Until: start.Add(30*time.Second + 500*time.Millisecond)}
	if err := reader.Read(context.Background(), &cut, tr.ID, window, sources); err != nil {
		fmt.Println(err)
		return
	}
	for _, piece := range cut.Traces {
		fmt.Println(piece.Start.Format("15:04:05.0"), piece.Unit, piece.Data)
	}
	// Output:
	// miniSEED: XX.MADE..HNZ, 600 samples at 10 Hz
	// 12:00:30.0 counts [300 301 302 303 304]
}
