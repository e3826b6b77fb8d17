package synth

import (
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// BenchmarkWrite makes 4 hours of three channels with 4 events.
func BenchmarkWrite(b *testing.B) {
	var samples int64
	for b.Loop() {
		s, err := Write(b.Context(), b.TempDir(), Config{
			Stations: 1, Instruments: []string{"HN"}, Events: 4, Duration: 4 * time.Hour, Continuous: true,
		}, nil)
		if err != nil {
			b.Fatal(err)
		}
		samples += s.Samples
	}
	b.ReportMetric(float64(samples)/b.Elapsed().Seconds()/1e6, "Msamples/s")
}

// BenchmarkGround computes an event on one horizontal channel.
func BenchmarkGround(b *testing.B) {
	a, err := Plan(Config{Stations: 1, Events: 1})
	if err != nil {
		b.Fatal(err)
	}
	s, err := newShaker(a, new(dsp.Plans))
	if err != nil {
		b.Fatal(err)
	}
	dst := make([]float64, len(s.x))
	for b.Loop() {
		s.ground(dst, 0, channelRef{})
	}
}
