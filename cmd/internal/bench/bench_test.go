package main

import (
	"context"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
)

func TestWatchSeesWhatIsLiveAndForgetsWhatIsNot(t *testing.T) {
	base, err := startWatch("").stop()
	if err != nil {
		t.Fatal(err)
	}
	w := startWatch("")
	held := make([]byte, 64*mib+1<<16) // for what is freed meanwhile
	p, err := w.stop()
	runtime.KeepAlive(held)
	if grown := int64(p.live) - int64(base.live); err != nil || grown < 64*mib || grown > 65*mib {
		t.Errorf("64 MiB held look like %d bytes, %v", grown, err)
	}
	held = nil
	if p, _ := startWatch("").stop(); grows(base, p) {
		t.Errorf("live heap is %d bytes, %d before", p.live, base.live)
	}
}

func TestSixteenMiBMoreIsAllowed(t *testing.T) {
	small := peak{live: 100 * mib}
	if grows(small, peak{live: 116 * mib}) || !grows(small, peak{live: 116*mib + 1}) || grows(small, peak{}) {
		t.Error("the bound is not N + 16 MiB")
	}
}

func TestBytesAreThoseOfExtentsThatOverlap(t *testing.T) {
	at := func(s int64) time.Time { return time.Unix(s, 0) }
	extents := db.Ints{0, 1, 0, 10e9, 512, 2, 10e9, 20e9, 1024, 4, 21e9, 30e9}
	for _, c := range []struct{ from, until, want int64 }{
		{0, 40, 7}, {5, 6, 1}, {10, 11, 3}, {11, 21, 2}, {20, 22, 6}, {31, 40, 0}, {-9, 0, 0},
	} {
		if got := bytesIn(extents, waveform.Window{From: at(c.from), Until: at(c.until)}); got != c.want {
			t.Errorf("from %d to %d s: %d bytes, want %d", c.from, c.until, got, c.want)
		}
	}
}

func TestDSNOfAnotherDatabase(t *testing.T) {
	for dsn, want := range map[string]string{
		"host=/run/pg dbname=postgres":               "host=/run/pg dbname=postgres dbname=x",
		"postgres://u:p@h:5/postgres?sslmode=prefer": "postgres://u:p@h:5/x?sslmode=prefer",
		"postgresql://h":                             "postgresql://h/x",
	} {
		if got, err := withDatabase(dsn, "x"); got != want || err != nil {
			t.Errorf("%s: %s, %v", dsn, got, err)
		}
	}
	if _, err := withDatabase("postgres://u:secret@h:port/", "x"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a URL that is none: %v", err)
	}
}

func TestMedian(t *testing.T) {
	if m := median([]float64{3, 1, 2}); m != 2 {
		t.Errorf("of three: %g", m)
	}
	if m := median([]float64{4, 1, 3, 2}); m != 2.5 {
		t.Errorf("of four: %g", m)
	}
}

func TestRowsOfOneEventAreFoundAndCompared(t *testing.T) {
	p := time.Date(2024, 3, 1, 0, 0, 10, 5e6, time.UTC)
	later := p.Add(time.Minute)
	number := func(v float64) *float64 { return &v }
	rows := []db.Measurement{
		{PAt: &later, PGA: number(9), PGV: number(9), PSA: db.Floats{9, 9}},
		{PAt: &p, PGA: number(1), PGV: number(2 * (1 + 3e-7)), PSA: db.Floats{3, 4}},
	}
	r := referenceRow{P: "2024-03-01T00:00:10.004999700Z", PGA: 1, PGV: 2, PSA: []float64{3, 4}}
	m, err := r.among(rows)
	if err != nil || m != &rows[1] {
		t.Fatalf("%+v, %v", m, err)
	}
	if d := r.difference(m); math.Abs(d-3e-7) > 1e-12 {
		t.Errorf("difference %g, want 3e-7", d)
	}
	m.PSA[1] = 5
	if d := r.difference(m); d != 0.25 {
		t.Errorf("difference of a spectrum %g, want 0.25", d)
	}
	m.PSA[1] = math.NaN()
	if d := r.difference(m); d <= agreement {
		t.Errorf("difference to NaN %g", d)
	}
	r.P = "2024-03-01T00:00:11Z"
	if m, err := r.among(rows); err == nil {
		t.Errorf("found %+v", m)
	}
}

func TestOutputEndsWithWhatTheProgramSaid(t *testing.T) {
	text, err := output(t.Context(), "sh", "-c", "echo done; echo >&2 fine")
	if string(text) != "done" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := output(t.Context(), "sh", "-c", "echo >&2 first; echo >&2 last; exit 3"); err == nil || !strings.HasSuffix(err.Error(), ": last") {
		t.Errorf("failed program: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := output(ctx, "sh", "-c", "sleep 60"); err != context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
}
