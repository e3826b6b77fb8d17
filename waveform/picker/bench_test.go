package picker_test

import (
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/picker"
)

func BenchmarkFunctions(b *testing.B) {
	var scratch dsp.Scratch
	x := series(360000, 1) // an hour at 100 Hz
	dst := make([]float64, len(x))
	var triggers []picker.Trigger
	for _, c := range []struct {
		name string
		f    func()
	}{
		{"Delayed", func() { picker.Delayed(dst, x, 50, 1000, &scratch) }},
		{"ZDetect", func() { picker.ZDetect(dst, x, 50) }},
		{"Kurtosis", func() { picker.Kurtosis(dst, x, 500, &scratch) }},
		{"AIC", func() { picker.AIC(dst, x) }},
		{"Onset", func() { picker.Onset(x, dst) }},
		{"Triggers", func() { triggers = picker.Triggers(triggers[:0], x, picker.Thresholds{On: 1000, Off: -1000}) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			c.f() // scratch grows
			b.ReportAllocs()
			for b.Loop() {
				c.f()
			}
			b.ReportMetric(float64(len(x))*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

func BenchmarkPick(b *testing.B) {
	x := shock(3000, 50, 0)
	for f := picker.ClassicSTALTA; f <= picker.KurtosisRise; f++ {
		b.Run(f.String(), func(b *testing.B) {
			p := newPicker(b, picker.Options{Function: f}, 100)
			var picks []picker.Pick
			picks = p.Pick(picks, x, nil) // work space grows
			b.ReportAllocs()
			for b.Loop() {
				picks = p.Pick(picks[:0], x, nil)
			}
			b.ReportMetric(float64(len(x))*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}
