package css_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
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

// BenchmarkDatabase joins the tables of a hundred stations and events.
func BenchmarkDatabase(b *testing.B) {
	const n = 100
	tables := map[string]string{}
	for i := range n {
		sta := fmt.Sprintf("S%03d", i)
		tables["site"] += siteRow(sta, 1982274, -1, 33.5654, -116.7373, 1.128)
		tables["sitechan"] += sitechanRow(sta, "BHZ", 1982274, -1, 0, 0)
		tables["snetsta"] += made("snetsta", "AZ", sta, sta, loaded)
		tables["wfdisc"] += wfdiscRow(sta, "BHZ", 883612805, 1000, 40, 0.5, 2, "V", "s4", "-", "samples.w", 0)
		tables["origin"] += originRow(i+1, i+1, 33.5, -116.7, 8, 1451692800+float64(i), "qb", 3, -999, 3.1)
		tables["assoc"] += assocRow(i+1, i+1, sta, "P")
		tables["arrival"] += arrivalRow(i+1, sta, "BHZ", 1451692810+float64(i), "P")
	}
	prefix := database(b, tables)
	if err := os.WriteFile(filepath.Join(filepath.Dir(prefix), "samples.w"), make([]byte, 4000), 0o600); err != nil {
		b.Fatal(err)
	}
	d, err := css.Open(prefix, css.Options{})
	if err != nil {
		b.Fatal(err)
	}
	segments, _, err := d.Segments()
	if err != nil || len(segments) != n {
		b.Fatal(len(segments), err)
	}
	head := []byte(tables["wfdisc"])[:css.SniffSize]
	for _, c := range []struct {
		name, unit string
		count      int
		work       func() error
	}{
		{"Open", "databases", 1, func() error { _, err := css.Open(prefix, css.Options{}); return err }},
		{"Stations", "stations", n, func() error { _, _, err := d.Stations(); return err }},
		{"Segments", "rows", n, func() error { _, _, err := d.Segments(); return err }},
		{"Events", "events", n, func() error { _, _, err := d.Events(); return err }},
		{"Segment.Read", "samples", 1000, func() error { _, err := segments[0].Read(); return err }},
		{"Sniff", "files", 1, func() error { css.Sniff("demo.wfdisc", head); return nil }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.work(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(c.count)*float64(b.N)/b.Elapsed().Seconds(), c.unit+"/s")
		})
	}
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
