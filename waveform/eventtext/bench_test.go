package eventtext_test

import (
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/eventtext"
)

func BenchmarkRead(b *testing.B) {
	const n = 1000
	var text strings.Builder
	text.WriteString(comCatHeader)
	for i := range n {
		text.WriteString("2019-09-01T23:35:06.760Z,35.6553333,-117.463,1.9,2.83,ml,36,42,0.03347,0.16,ci,ci")
		text.WriteString(strings.Repeat("x", 1+i%7))
		text.WriteByte(byte('0' + i%10))
		text.WriteString(",2019-09-01T23:45:41.130Z,\"14km SSW of Searles Valley, CA\",earthquake,automatic,ci,ci\n")
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := eventtext.Read(strings.NewReader(text.String()), eventtext.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkSniff(b *testing.B) {
	head := []byte(comCatHeader)
	b.ReportAllocs()
	for b.Loop() {
		if eventtext.Sniff(head) != eventtext.ComCat {
			b.Fatal("not recognised")
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
}
