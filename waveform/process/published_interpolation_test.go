package process_test

import (
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/metric"
)

// interpolated is the input that gmprocess gives to oscillators with periods shorter than ten
// samples, and its interval: factor times as many samples from the first to the last, as ObsPy's
// Trace.resample(window=None) makes them. That does not pad, has another number of samples than
// was asked for, and so interpolates the spectrum linearly between bins that nearly meet; and it goes on
// above the old Nyquist frequency with the coefficient there, which adds to the first sample
// what the lowpass left of it.
func interpolated(x []float64, dt float64, factor int) ([]float64, float64) {
	n := len(x)
	fine := float64(n-1) * dt / float64(n*factor-1)
	m := int(float64(n) * dt / fine)
	var scratch dsp.Scratch
	from, to := dsp.NewFFT(n), dsp.NewFFT(m)
	coarse := from.Coefficients(make([]complex128, from.Bins()), x, &scratch)
	spectrum := make([]complex128, to.Bins())
	for k := range spectrum {
		at := float64(k) / (float64(m) * fine) * (float64(n) * dt) // in bins of coarse
		below := int(at)
		if below >= len(coarse)-1 {
			spectrum[k] = coarse[len(coarse)-1]
			continue
		}
		part := complex(at-float64(below), 0)
		spectrum[k] = coarse[below] + part*(coarse[below+1]-coarse[below])
	}
	y := to.Sequence(make([]float64, m), spectrum, &scratch)
	for i := range y {
		y[i] *= float64(m) / float64(n)
	}
	return y[:n*factor], fine
}

// What [metric.Gmprocess] leaves out of gmprocess's interpolation is all that
// parts it from the tables, up to 0.005 (NC.C010 Z at 0.02 s).
func TestOscillatorsGiveTheTablesOfTheUSGSAtInterpolatedPeriods(t *testing.T) {
	steps := readProvenanceTable(t, pleasantHill+"expected/provenance.csv")
	w := newWorker()
	ref := usgs("process.Chain (gmprocess), metric.Oscillator.Motion: SA, interpolated as there", 2e-7)
	cases := 0
	for component, table := range map[string]string{"E": "h1", "N": "h2", "Z": "z"} {
		for _, row := range readPublished(t, table, component) {
			tr := pleasantHillTrace(t, w, steps, row.station, component, nil)
			dt := 1 / tr.SampleRate
			x, fine := interpolated(tr.Data, dt, int(10*dt/0.01-0.01)+1)
			periods, heads := saPeriods(t, row)
			for i, period := range periods {
				if int(10*dt/period-0.01)+1 == 1 {
					continue
				}
				o, err := metric.NewOscillator(period, 0.05, fine)
				if err != nil {
					t.Fatal(err)
				}
				m := metric.Motion{Acceleration: make([]float64, len(x))}
				o.Motion(m, x)
				peak, _ := metric.Peak(m.Acceleration)
				ref.Scalar(t, row.station+" "+component+" "+heads[i], peak*100/metric.Gravity, row.value(t, heads[i]), 0)
				cases++
			}
		}
	}
	if cases < 60 {
		t.Errorf("%d cases", cases)
	}
	if y, fine := interpolated([]float64{0, 1, 0, -1, 0, 1, 0, -1}, 1, 1); fine != 1 || math.Abs(y[1]-1) > 1e-15 {
		t.Errorf("interpolation by 1: %v, %v", y, fine)
	}
}
