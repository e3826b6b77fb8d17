package synth

import (
	"os"
	"runtime"
	"testing"
	"time"
)

func TestZZBig(t *testing.T) {
	dir := os.Getenv("SYNTH_OUT")
	if dir == "" {
		t.Skip()
	}
	t0 := time.Now()
	cfg := Config{Seed: 1, Stations: 10, Events: 20, Gaps: 20, Continuous: true, Arrivals: true}
	if os.Getenv("SYNTH_TRIG") != "" {
		cfg = Config{Seed: 5, Stations: 4, Events: 5, Gaps: 3, Arrivals: true, RecordLength: 4096}
	}
	s, err := Write(t.Context(), dir, cfg, nil)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Log(time.Since(t0), s, err, m.Sys>>20)
}
