package stationxml

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
)

// everyFile is a document with every kind of stage, what it holds, and the number of stages.
func everyFile(b *testing.B) (content []byte, stations []waveform.Station, stages int) {
	b.Helper()
	content, err := os.ReadFile("testdata/every.xml")
	if err == nil {
		stations, _, err = Read(bytes.NewReader(content))
	}
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range stations {
		for _, c := range s.Channels {
			if c.Response != nil {
				stages += len(c.Response.Stages)
			}
		}
	}
	return content, stations, stages
}

func stagesPerSecond(b *testing.B, n int) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "stages/s")
}

func BenchmarkRead(b *testing.B) {
	content, _, stages := everyFile(b)
	for _, c := range []struct {
		name string
		read func() error
	}{
		{"Read", func() error { _, _, err := Read(bytes.NewReader(content)); return err }},
		{"ReadFunc", func() error {
			_, err := ReadFunc(bytes.NewReader(content), func(waveform.Station) error { return nil })
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			for b.Loop() {
				if err := c.read(); err != nil {
					b.Fatal(err)
				}
			}
			stagesPerSecond(b, stages)
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	content, stations, stages := everyFile(b)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, stations, "seisbatch", created); err != nil {
			b.Fatal(err)
		}
	}
	stagesPerSecond(b, stages)
}
