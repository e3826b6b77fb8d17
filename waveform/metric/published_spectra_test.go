package metric

import (
	"fmt"
	"math"
	"testing"
)

// The published response spectra here were all made with input linear between
// samples, which a period below ten samples sees in steps of a tenth of it:
// ceil(10 dt/T) to a sample. finer gives such input, so that every period can be compared.
// A period published as 0.035714 was 1/28, which 1e-4 allows for.
func finer(a []float64, dt, period float64) ([]float64, float64) {
	k := max(1, int(math.Ceil(10*dt/period-1e-4)))
	fine := make([]float64, (len(a)-1)*k+1)
	for i := range fine {
		fine[i] = a[i/k]
		if part := i % k; part > 0 {
			fine[i] += float64(part) / float64(k) * (a[i/k+1] - a[i/k])
		}
	}
	return fine, dt / float64(k)
}

// publishedPair gives PSA and RotD50 at one period as those who published did.
func publishedPair(t *testing.T, a1, a2 []float64, dt, period, damping float64) (psa1, psa2, rotd50 float64) {
	t.Helper()
	x1, step := finer(a1, dt, period)
	x2, _ := finer(a2, dt, period)
	o, err := NewOscillator(period, damping, step)
	if err != nil {
		t.Fatal(err)
	}
	u1, u2 := make([]float64, len(x1)), make([]float64, len(x1))
	o.Displacement(u1, x1)
	o.Displacement(u2, x2)
	w := 2 * math.Pi / period
	return o.PSA(x1), o.PSA(x2), w * w * new(Rotator).RotD(u1, u2).D50
}

// broadband is a synthetic motion of the SCEC broadband platform: NS, EW, UD in
// cm/s^2, 40 Hz.
func broadband(t *testing.T) (c [3][]float64, dt float64) {
	rows := readRows(t, "metrics/pyrotd/accel_ts.bbp")
	return [3][]float64{column(rows, 1), column(rows, 2), column(rows, 3)}, rows[1][0] - rows[0][0]
}

// The platform divided by 981 cm/s^2 (its header says cm/s^2) and wrote five
// digits, half of the last being up to 5e-5; periods have five digits too.
func TestOscillatorAgreesWithTheBroadbandPlatform(t *testing.T) {
	motion, dt := broadband(t)
	long, short := newWorst(t, 1.5e-3), newWorst(t, 1e-4)
	for _, row := range readRows(t, "metrics/pyrotd/indiv.csv") {
		for c, name := range []string{"NS", "EW", "UD"} {
			period, want := row[0], row[c+1]
			got, _, _ := publishedPair(t, motion[c], motion[c], dt, period, 0.05)
			w := short
			if period > 6.5 {
				w = long // a small part of the motion: the platform's rounding tells
			}
			w.near(fmt.Sprint(name, " ", period), got/981, want, want)
		}
	}
}

// Three digits were published, in g: half of the last is up to 5e-3.
func TestRotD50AgreesWithThePublishedOneOfTheBroadbandPlatform(t *testing.T) {
	motion, dt := broadband(t)
	w := newWorst(t, 5e-3)
	for _, row := range readRows(t, "metrics/pyrotd/rotd50.csv") {
		_, _, got := publishedPair(t, motion[0], motion[1], dt, row[0], 0.05)
		w.near("RotD50", got/(100*Gravity), row[1], row[1])
	}
}

type peerRecord struct {
	Fnames  []string
	Period  []float64
	Spectra []struct {
		Damping        float64
		RotD50, H1, H2 []float64
	}
}

// peer is record 8883 of PEER NGA-West2: two horizontals, 200 Hz, in g.
func peer(t *testing.T) (want peerRecord, h1, h2 []float64) {
	var records []peerRecord
	readJSON(t, "metrics/pyrotd/peer_nga_west2_rsn8883.json", &records)
	series := make([][]float64, 2)
	for i, name := range records[0].Fnames {
		for _, row := range readRows(t, "metrics/pyrotd/"+name) {
			series[i] = append(series[i], row...)
		}
		if len(series[i]) != 16396 {
			t.Fatalf("%s: %d samples, its header says 16396", name, len(series[i]))
		}
	}
	return records[0], series[0], series[1]
}

// Five digits were published, or eight decimals: half of the last is up to 8e-5.
func TestOscillatorAndRotD50AgreeWithPEERAtAllPeriods(t *testing.T) {
	record, h1, h2 := peer(t)
	w := newWorst(t, 8e-5)
	for _, want := range record.Spectra {
		for i, period := range record.Period {
			psa1, psa2, rotd50 := publishedPair(t, h1, h2, 0.005, period, want.Damping)
			w.near("RotD50", rotd50, want.RotD50[i], want.RotD50[i])
			if want.H1 != nil {
				w.near("H1", psa1, want.H1[i], want.H1[i])
				w.near("H2", psa2, want.H2[i], want.H2[i])
			}
		}
	}
}

// From twenty samples in a period, what Spectra does is the same. Below, it
// interpolates band-limited, and must not be the same.
func TestSpectraAgreeWithPEERFromTwentySamplesAPeriod(t *testing.T) {
	record, h1, h2 := peer(t)
	w := newWorst(t, 5e-5)
	off := 0.0
	for _, want := range record.Spectra {
		s := newSpectra(t, SpectraOptions{Periods: record.Period, Damping: want.Damping})
		got := NewPairSpectra(s.Len())
		if k := s.Pair(got, h1, h2, 0.005); k != 10 {
			t.Errorf("factor %d, want 10", k)
		}
		for i, period := range record.Period {
			if period >= 20*0.005 {
				w.near("RotD50", got.RotD50[i], want.RotD50[i], want.RotD50[i])
			} else {
				off = max(off, math.Abs(got.RotD50[i]/want.RotD50[i]-1))
			}
		}
	}
	t.Logf("below, band-limited and linear interpolation differ by up to %.3f", off)
	if off < 0.01 {
		t.Errorf("short periods differ by %.3f only: was the input interpolated?", off)
	}
}
