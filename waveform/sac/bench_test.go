package sac

import (
	"bytes"
	"io"
	"testing"
)

// An hour at 100 Hz.
const benchSamples = 360000

func perSample(b *testing.B) {
	b.ReportMetric(float64(benchSamples)*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
}

func BenchmarkRead(b *testing.B) {
	for name, o := range map[string]Options{"little": {}, "big": {BigEndian: true}} {
		file := fileOf(b, madeTrace(100, benchSamples), o)
		run := func(name string, src func() io.Reader) {
			b.Run(name, func(b *testing.B) {
				b.SetBytes(int64(len(file)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Read(src()); err != nil {
						b.Fatal(err)
					}
				}
				perSample(b)
			})
		}
		run(name, func() io.Reader { return bytes.NewReader(file) })
		run(name+"-stream", func() io.Reader { return io.MultiReader(bytes.NewReader(file)) })
	}
}

func BenchmarkTrace(b *testing.B) {
	f, err := Read(bytes.NewReader(fileOf(b, madeTrace(100, benchSamples), Options{})))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Trace(); err != nil {
			b.Fatal(err)
		}
	}
	perSample(b)
}

func BenchmarkWrite(b *testing.B) {
	for name, big := range map[string]bool{"little": false, "big": true} {
		b.Run(name, func(b *testing.B) {
			f, err := NewFile(madeTrace(100, benchSamples), Options{BigEndian: big})
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(4*benchSamples + headerSize)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.WriteTo(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
			perSample(b)
		})
	}
	b.Run("Write", func(b *testing.B) {
		tr := madeTrace(100, benchSamples)
		b.ReportAllocs()
		for b.Loop() {
			if err := Write(io.Discard, tr, Options{}); err != nil {
				b.Fatal(err)
			}
		}
		perSample(b)
	})
}

// The header alone: what the file is, when its first sample is, and whose.
func BenchmarkHeader(b *testing.B) {
	file := fileOf(b, madeTrace(100, 1000), Options{})
	f, err := Read(bytes.NewReader(file))
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		work func() error
	}{
		{"Sniff", func() error { Sniff(file[:SniffSize]); return nil }},
		{"Header.At", func() error { _, err := f.Header.At(12.5); return err }},
		{"Header.ID", func() error { f.Header.ID(); return nil }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.work(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
		})
	}
}
