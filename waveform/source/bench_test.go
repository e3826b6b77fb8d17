package source_test

import (
	"testing"

	"github.com/seisbatch/seisbatch/waveform/source"
)

func BenchmarkSource(b *testing.B) {
	m := newModel(b, source.GMProcess(20e3))
	f := frequencies(300, 0.1, 30)
	a := amplitudes(m, f, source.Source{Moment: 1e15, Corner: 1.5, Kappa: 0.04})
	x := make([]float64, 30000)
	random := noise(3)
	for i := range x {
		x[i] = random.next()
	}
	for _, c := range []struct {
		name string
		n    int
		f    func()
	}{
		{"Spectrum", len(f), func() { m.Spectrum(a, f, source.Source{Moment: 1e15, Corner: 1.5, Kappa: 0.04}) }},
		{"Fit", len(f), func() { _, _ = m.Fit(f, a, nil, source.FitOptions{Kappa: 0.04}) }},
		{"FitKappa", len(f), func() { _, _ = m.Fit(f, a, nil, source.FitOptions{FreeKappa: true}) }},
		{"Zero", len(x), func() { source.Zero(x) }},
		{"Swing", len(x), func() { source.Swing(x, 0.01) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.f()
			}
			b.ReportMetric(float64(c.n)*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

func BenchmarkMagnitudes(b *testing.B) {
	m := newModel(b, source.GMProcess(20e3))
	scale, stations := source.IASPEI(), make([]source.StationMagnitude, 100)
	for i := range stations {
		stations[i].Value = 3 + float64(i*37%100)/100
	}
	for _, c := range []struct {
		name string
		n    int
		f    func() error
	}{
		{"Scale.Station", 1, func() error { _, err := scale.Station(1e-3, 60e3, 0.1); return err }},
		{"Network", len(stations), func() error { _, err := source.Network(stations); return err }},
		{"Model.CornerFrequency", 1, func() error { m.CornerFrequency(1e15, 3e6); return nil }},
		{"Model.StressDrop", 1, func() error { m.StressDrop(source.Source{Moment: 1e15, Corner: 1.5}); return nil }},
		{"MomentMagnitude", 1, func() error { source.MomentMagnitude(1e15); return nil }},
		{"Moment", 1, func() error { source.Moment(4); return nil }},
		{"New", 1, func() error { _, err := source.New(source.GMProcess(20e3)); return err }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.f(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(c.n)*float64(b.N)/b.Elapsed().Seconds(), "magnitudes/s")
		})
	}
}
