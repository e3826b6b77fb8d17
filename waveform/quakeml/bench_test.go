package quakeml

import (
	"bytes"
	"io"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
)

// catalog is so many events with all that is read of them, and its document.
func catalog(b *testing.B, n int) ([]waveform.Event, []byte) {
	b.Helper()
	var events []waveform.Event
	for range n {
		events = append(events, everyKind()[0])
	}
	var document bytes.Buffer
	if err := Write(&document, events, "smi:local/catalog"); err != nil {
		b.Fatal(err)
	}
	return events, document.Bytes()
}

func BenchmarkRead(b *testing.B) {
	const n = 200
	_, document := catalog(b, n)
	for _, c := range []struct {
		name string
		read func() error
	}{
		{"Read", func() error { _, _, err := Read(bytes.NewReader(document)); return err }},
		{"ReadFunc", func() error {
			_, err := ReadFunc(bytes.NewReader(document), func(waveform.Event) error { return nil })
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(document)))
			b.ReportAllocs()
			for b.Loop() {
				if err := c.read(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	const n = 200
	events, document := catalog(b, n)
	b.SetBytes(int64(len(document)))
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, events, "smi:local/catalog"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
