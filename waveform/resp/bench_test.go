package resp_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/resp"
)

func BenchmarkRead(b *testing.B) {
	content, err := os.ReadFile("testdata/every.resp")
	if err != nil {
		b.Fatal(err)
	}
	stations, _, err := resp.Read(bytes.NewReader(content))
	if err != nil {
		b.Fatal(err)
	}
	stages := 0
	for _, s := range stations {
		for _, c := range s.Channels {
			stages += len(c.Response.Stages)
		}
	}
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := resp.Read(bytes.NewReader(content)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(stages)*float64(b.N)/b.Elapsed().Seconds(), "stages/s")
}

func BenchmarkSniff(b *testing.B) {
	content, err := os.ReadFile("testdata/every.resp")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if !resp.Sniff(content[:resp.SniffSize]) {
			b.Fatal("not taken for RESP")
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
}
