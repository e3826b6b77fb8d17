package process_test

import (
	"encoding/xml"
	"math"
	"os"
	"testing"

	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/metric"
)

// measured is an element of the published metrics of a station.
type measured struct {
	Period float64 `xml:"period,attr"`
	H1     float64
	H2     float64
	Z      float64
	RotD   float64
}

type ferndaleMetrics struct {
	PGA      measured   `xml:"pga"`
	PGV      measured   `xml:"pgv"`
	PSA      []measured `xml:"psa"`
	PSV      []measured `xml:"psv"`
	Duration []struct {
		Interval string `xml:"interval,attr"`
		measured
	} `xml:"duration"`
	CAV   measured `xml:"cav"`
	Arias measured `xml:"arias"`
}

func readFerndaleMetrics(t *testing.T) (m ferndaleMetrics) {
	t.Helper()
	text, err := os.ReadFile(agree.Shared(t, ferndale+"expected/WaveFormMetrics.NC.KCT..HN_nc73821036_default.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	if len(m.PSA) != 4 || len(m.PSV) != 4 || len(m.Duration) != 2 {
		t.Fatalf("published metrics: %+v", m)
	}
	return m
}

// ferndaleReference is for a number with eight digits.
func ferndaleReference(function string) agree.Reference {
	return agree.Reference{Function: "process.Chain (gmprocess, HN), " + function, Source: "USGS metrics of NC.KCT, nc73821036 (gmprocess)", Measure: "value", Within: 1e-7}
}

// spectralIntegral is the integral of x as that program makes it for peaks of velocity: in
// the frequency domain, so that the mean of x is dropped, from zero at the first sample.
func spectralIntegral(x []float64, dt float64) []float64 {
	y := make([]float64, len(x))
	dsp.IntegrateSpectral(y, x, dt, new(dsp.Plans), new(dsp.Scratch))
	first := y[0]
	for i := range y {
		y[i] -= first
	}
	return y
}

func TestChainAndMetricsGiveThePublishedMetricsOfNCKCT(t *testing.T) {
	want, w := readFerndaleMetrics(t), newWorker()
	for _, channel := range []struct {
		name  string
		value func(m measured) float64
	}{
		{"HNE", func(m measured) float64 { return m.H1 }}, {"HNN", func(m measured) float64 { return m.H2 }}, {"HNZ", func(m measured) float64 { return m.Z }},
	} {
		tr := ferndaleTrace(t, w, channel.name)
		dt := 1 / tr.SampleRate
		compare := func(function, what string, got float64, m measured) {
			t.Helper()
			ferndaleReference(function).Scalar(t, channel.name+" "+what, got, channel.value(m), 0)
		}
		peak, _ := metric.Peak(tr.Data)
		compare("metric.Peak: PGA", "PGA", peak*100/metric.Gravity, want.PGA)
		peak, _ = metric.Peak(spectralIntegral(tr.Data, dt))
		compare("dsp.IntegrateSpectral, metric.Peak: PGV", "PGV", peak*100, want.PGV)

		compare("metric.CAV", "CAV", metric.CAV(tr.Data, dt)/metric.Gravity, want.CAV)
		compare("metric.Arias", "Arias", metric.Arias(tr.Data, dt), want.Arias)
		for i, psa := range want.PSA {
			o, err := metric.NewOscillator(psa.Period, 0.05, dt)
			if err != nil {
				t.Fatal(err)
			}
			compare("metric.Oscillator.PSA", "PSA", o.PSA(tr.Data)*100/metric.Gravity, psa)
			compare("metric.Oscillator.PSA over w: PSV", "PSV", o.PSA(tr.Data)*100*psa.Period/(2*math.Pi), want.PSV[i])
		}
		for _, d := range want.Duration {
			until := map[string]float64{"5-75": 0.75, "5-95": 0.95}[d.Interval]
			off := math.Abs(metric.SignificantDuration(tr.Data, dt, 0.05, until)-channel.value(d.measured)) / dt
			ref := ferndaleReference("metric.SignificantDuration")
			ref.Measure, ref.Within = "samples", 1
			ref.Deviation(t, channel.name+" D"+d.Interval, off)
		}
	}
}

// The PSA of one second is what the program's own test asks for: 24.236534 %g.
func TestRotationsGiveThePublishedMetricsOfNCKCT(t *testing.T) {
	want, w := readFerndaleMetrics(t), newWorker()
	e, n := ferndaleTrace(t, w, "HNE"), ferndaleTrace(t, w, "HNN")
	dt := 1 / e.SampleRate
	var rotator metric.Rotator
	compare := func(function, what string, x, y []float64, factor, want float64) {
		t.Helper()
		var got [3]float64
		rotator.Percentiles(got[:], middle[:], x, y)
		peak, _ := metric.Peak(x)
		ferndaleReference(function+", 0 and 180 degrees").Scalar(t, what, twice(got, peak)*factor, want, 0)
		ref := ferndaleReference(function)
		ref.Within = 1.5e-2
		ref.Scalar(t, what, got[2]*factor, want, 0)
	}
	compare("metric.Rotator.RotD: PGA", "RotD50 PGA", e.Data, n.Data, 100/metric.Gravity, want.PGA.RotD)
	compare("metric.Rotator.RotD: PGV", "RotD50 PGV", spectralIntegral(e.Data, dt), spectralIntegral(n.Data, dt), 100, want.PGV.RotD)
	if second := want.PSA[2]; second.Period != 1 || second.RotD != 24.236534 {
		t.Errorf("published: %+v", second)
	}
	for _, psa := range want.PSA {
		o, err := metric.NewOscillator(psa.Period, 0.05, dt)
		if err != nil {
			t.Fatal(err)
		}
		x, y := make([]float64, len(e.Data)), make([]float64, len(n.Data))
		o.Displacement(x, e.Data)
		o.Displacement(y, n.Data)
		omega := 2 * math.Pi / psa.Period
		compare("metric.Rotator.RotD: RotD50 of PSA", "RotD50 PSA", x, y, omega*omega*100/metric.Gravity, psa.RotD)
	}
}
