package synth

import (
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// BenchmarkWrite makes 4 hours of three channels with 4 events.
func BenchmarkWrite(b *testing.B) {
	var samples int64
	b.ReportAllocs()
	for b.Loop() {
		s, err := Write(b.Context(), b.TempDir(), Config{
			Stations: 1, Instruments: []string{"HN"}, Events: 4, Duration: 4 * time.Hour, Continuous: true,
		}, nil)
		if err != nil {
			b.Fatal(err)
		}
		samples += s.Samples
	}
	b.ReportMetric(float64(samples)/b.Elapsed().Seconds(), "samples/s")
}

// BenchmarkGround computes an event on one horizontal channel, with work space that is
// there already, and as who calls it from without.
func BenchmarkGround(b *testing.B) {
	a, err := Plan(Config{Stations: 1, Events: 1})
	if err != nil {
		b.Fatal(err)
	}
	s, err := newShaker(a, new(dsp.Plans))
	if err != nil {
		b.Fatal(err)
	}
	dst, id := make([]float64, len(s.x)), a.Stations[0].Channels[0].ID
	for _, c := range []struct {
		name string
		work func() error
	}{
		{"worker", func() error { s.ground(dst, 0, channelRef{}); return nil }},
		{"Archive.Ground", func() error { _, err := a.Ground(0, id); return err }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.work(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(dst))*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

func TestGroundDoesNotAllocate(t *testing.T) {
	a := mustPlan(t, Config{Stations: 1, Events: 1})
	s, err := newShaker(a, new(dsp.Plans))
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]float64, len(s.x))
	s.ground(dst, 0, channelRef{}) // scratch grows
	if n := testing.AllocsPerRun(3, func() { s.ground(dst, 0, channelRef{}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkPlan(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Plan(Config{Stations: 10, Events: 10}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(10*float64(b.N)/b.Elapsed().Seconds(), "stations/s")
}
