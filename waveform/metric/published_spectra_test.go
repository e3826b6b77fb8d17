package metric

import (
	"fmt"
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

const peerTable = "PEER NGA-West2 flatfile, RSN 8883"

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
	long := published("Oscillator.PSA", "SCEC broadband platform, periods above 6.5 s", "value", 1.5e-3)
	short := published("Oscillator.PSA", "SCEC broadband platform, periods to 6.5 s", "value", 1e-4)
	for _, row := range readRows(t, "metrics/pyrotd/indiv.csv") {
		for c, name := range []string{"NS", "EW", "UD"} {
			period, want := row[0], row[c+1]
			got, _, _ := publishedPair(t, motion[c], motion[c], dt, period, 0.05)
			w := short
			if period > 6.5 {
				w = long // a small part of the motion: the platform's rounding tells
			}
			w.Scalar(t, fmt.Sprint(name, " ", period), got/981, want, 0)
		}
	}
}

// Three digits were published, in g: half of the last is up to 5e-3.
func TestRotD50AgreesWithThePublishedOneOfTheBroadbandPlatform(t *testing.T) {
	motion, dt := broadband(t)
	w := published("Rotator.RotD", "SCEC broadband platform", "value", 5e-3)
	for _, row := range readRows(t, "metrics/pyrotd/rotd50.csv") {
		_, _, got := publishedPair(t, motion[0], motion[1], dt, row[0], 0.05)
		w.Scalar(t, fmt.Sprint("RotD50 ", row[0]), got/(100*Gravity), row[1], 0)
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
	rotd := published("Rotator.RotD", peerTable, "value", 8e-5)
	psa := published("Oscillator.PSA", peerTable, "value", 8e-5)
	for _, want := range record.Spectra {
		for i, period := range record.Period {
			psa1, psa2, rotd50 := publishedPair(t, h1, h2, 0.005, period, want.Damping)
			label := fmt.Sprintf("%g s, damping %g", period, want.Damping)
			rotd.Scalar(t, label, rotd50, want.RotD50[i], 0)
			if want.H1 != nil {
				psa.Scalar(t, "H1, "+label, psa1, want.H1[i], 0)
				psa.Scalar(t, "H2, "+label, psa2, want.H2[i], 0)
			}
		}
	}
}

// From twenty samples in a period, what a bank does is the same, ten for the
// other method. Below, it interpolates band-limited, and must not be the same.
func TestBanksAgreeWithPEERWhereTheyDoNotInterpolate(t *testing.T) {
	record, h1, h2 := peer(t)
	const dt = 0.005
	var dampings []float64
	for _, want := range record.Spectra {
		dampings = append(dampings, want.Damping)
	}
	scratch := NewScratch(new(dsp.Plans), new(dsp.Scratch))
	for _, c := range []struct {
		method         Method
		points, factor int
	}{{Fine, 20, 10}, {Gmprocess, 10, 5}} {
		b, err := NewBank(SpectraOptions{Periods: record.Period, Dampings: dampings, Method: c.method}, dt)
		if err != nil {
			t.Fatal(err)
		}
		if b.Factor() != c.factor {
			t.Errorf("%v: factor %d, want %d", c.method, b.Factor(), c.factor)
		}
		got := NewRotatedSpectra(b.Len(), PSA, 0.5)
		b.Rotated(got, h1, h2, scratch)
		w, off := published("Bank.Rotated", peerTable, "value", 5e-5), 0.0
		for d, want := range record.Spectra {
			for i, period := range record.Period {
				rotd50 := got.Over[0].PSA[d*len(record.Period)+i]
				if period >= float64(c.points)*dt {
					w.Scalar(t, fmt.Sprintf("%v, %g s, damping %g", c.method, period, want.Damping), rotd50, want.RotD50[i], 0)
				} else {
					off = max(off, math.Abs(rotd50/want.RotD50[i]-1))
				}
			}
		}
		t.Logf("%v: below, band-limited and linear interpolation differ by up to %.3f", c.method, off)
		if off < 0.01 {
			t.Errorf("short periods differ by %.3f only: was the input interpolated?", off)
		}
	}
}
