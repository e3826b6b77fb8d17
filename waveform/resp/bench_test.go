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
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := resp.Read(bytes.NewReader(content)); err != nil {
			b.Fatal(err)
		}
	}
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
}
