package stationxml

import (
	"bytes"
	"io"
	"os"
	"testing"
)

func BenchmarkRead(b *testing.B) {
	content, err := os.ReadFile("testdata/every.xml")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Read(bytes.NewReader(content)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	content, err := os.ReadFile("testdata/every.xml")
	if err != nil {
		b.Fatal(err)
	}
	stations, _, err := Read(bytes.NewReader(content))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, stations, "seisbatch", created); err != nil {
			b.Fatal(err)
		}
	}
}
