package css_test

import (
	"io"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/css"
)

func BenchmarkRead(b *testing.B) {
	const n = 1000
	text := strings.Repeat(wfdiscRow("CRY", "BHZ", 883612805, 220600, 40, 0.5, 2, "V", "sd", "1998/001", "CRY.BHZ.1998:001:00:00:05", 4096), n)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		rows, _, err := css.Read[css.Wfdisc](strings.NewReader(text))
		if err != nil || len(rows) != n {
			b.Fatal(len(rows), err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkDecode(b *testing.B) {
	const n = 10000
	raw, err := io.ReadAll(io.LimitReader(endless{}, 4*n))
	if err != nil {
		b.Fatal(err)
	}
	dst := make([]float64, 0, n)
	b.ReportAllocs()
	for b.Loop() {
		if dst, err = css.Decode(dst[:0], raw, "s4"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
}

func TestDecodingDoesNotAllocate(t *testing.T) {
	raw, dst := make([]byte, 24000), make([]float64, 0, 12000)
	for _, datatype := range []string{"s2", "s3", "s4", "i2", "i3", "i4", "t4", "t8", "f4", "f8"} {
		allocated := testing.AllocsPerRun(10, func() {
			if _, err := css.Decode(dst, raw, datatype); err != nil {
				t.Fatal(err)
			}
		})
		if allocated != 0 {
			t.Errorf("%s: %v allocations", datatype, allocated)
		}
	}
}

// endless is a source of bytes that are not all alike.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i * 7)
	}
	return len(p), nil
}
