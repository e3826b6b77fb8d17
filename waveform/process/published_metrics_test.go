package process_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/metric"
)

func usgs(function string, within float64) agree.Reference {
	return agree.Reference{Function: function, Source: "USGS table of nc73291880 (gmprocess 1.2.1)", Measure: "value", Within: within}
}

// Arias intensity, CAV and PGD are not in the tables. The h1 table is the E component, the h2 table
// the N component, whatever its column StationID says.
func TestChainAndMetricsGiveTheTablesOfTheUSGS(t *testing.T) {
	steps := readProvenanceTable(t, pleasantHill+"expected/provenance.csv")
	w := newWorker()
	tables := map[string]string{"E": "h1", "N": "h2", "Z": "z"}
	for component, table := range tables {
		for _, row := range readPublished(t, table, component) {
			tr := pleasantHillTrace(t, w, steps, row.station, component, nil)
			compareWithTable(t, row, tr)
		}
	}
}

func compareWithTable(t *testing.T, row published, tr waveform.Trace) {
	t.Helper()
	label, dt := row.station+" "+row.component+" ", 1/tr.SampleRate
	const percent = 100 / metric.Gravity
	peak, _ := metric.Peak(tr.Data)
	usgs("process.Chain (gmprocess), metric.Peak: PGA", 1e-7).Scalar(t, label+"PGA", peak*percent, row.value(t, "PGA"), 0)
	velocity := make([]float64, len(tr.Data))
	dsp.CumTrapezoid(velocity, tr.Data, dt)
	peak, _ = metric.Peak(velocity)
	usgs("process.Chain (gmprocess), metric.Peak: PGV", 1e-7).Scalar(t, label+"PGV", peak*100, row.value(t, "PGV"), 0)

	for head, off := range spectrumOff(t, row, tr) {
		usgs("process.Chain (gmprocess), metric.Bank.Spectrum: SA", 2e-7).Deviation(t, label+head, off)
	}
	compareDurations(t, row, tr)
}

// spectrumOff is how far SA by metric.Gmprocess is from a row, over the value, by the heads of the columns.
func spectrumOff(t *testing.T, row published, tr waveform.Trace) map[string]float64 {
	t.Helper()
	periods, heads := saPeriods(t, row)
	spectra, err := metric.NewSpectra(metric.SpectraOptions{Periods: periods, Method: metric.Gmprocess}, new(dsp.Plans), new(dsp.Scratch))
	if err != nil {
		t.Fatal(err)
	}
	spectrum := metric.NewSpectrum(len(periods), metric.SA)
	spectra.Spectrum(spectrum, tr.Data, 1/tr.SampleRate)
	off := map[string]float64{}
	for i, head := range heads {
		off[head] = math.Abs(spectrum.SA[i]*100/metric.Gravity/row.value(t, head) - 1)
	}
	return off
}

// gmprocess counts whole samples, to the nearest of a fraction, here they are linear between
// samples: together up to a sample for a significant duration, and up to half a sample for each of 14 pieces.
func compareDurations(t *testing.T, row published, tr waveform.Trace) {
	t.Helper()
	dt := 1 / tr.SampleRate
	for _, d := range []struct {
		column, function string
		seconds, samples float64
	}{
		{"DURATION5-75", "metric.SignificantDuration", metric.SignificantDuration(tr.Data, dt, 0.05, 0.75), 1},
		{"DURATION5-95", "metric.SignificantDuration", metric.SignificantDuration(tr.Data, dt, 0.05, 0.95), 1},
		{"SORTED_DURATION", "metric.SortedDuration", metric.SortedDuration(tr.Data, dt), 7},
	} {
		ref := usgs("process.Chain (gmprocess), "+d.function, d.samples)
		ref.Measure = "samples"
		off := math.Abs(d.seconds-row.value(t, d.column)) / dt
		ref.Deviation(t, fmt.Sprintf("%s %s %s %v s", row.station, row.component, d.column, d.seconds), off-1e-6)
	}
}

// gmprocess takes the median over 181 angles, where 0 and 180 degrees both are the E component: one of the
// two in the middle of [metric.Rotator]'s 180, of which the median is the mean. So it is compared twice: as it is, and
// with the one that the peak of E, counted twice, makes the middle.
func TestRotationsGiveTheTableOfTheUSGS(t *testing.T) {
	steps := readProvenanceTable(t, pleasantHill+"expected/provenance.csv")
	w := newWorker()
	for _, row := range readPublished(t, "rotd50.0", "rotated") {
		e := pleasantHillTrace(t, w, steps, row.station, "E", nil)
		n := pleasantHillTrace(t, w, steps, row.station, "N", nil)
		compareRotatedPeaks(t, row, e.Data, n.Data, 1/e.SampleRate)
		compareRotatedSpectra(t, row, e.Data, n.Data, 1/e.SampleRate)
	}
}

// middle is the fractions of the 90th and the 91st of 180 peaks in order, and of their mean.
var middle = [3]float64{89.0 / 179, 90.0 / 179, 0.5}

// twice is the median of 181 peaks, of which that of E is there twice.
func twice(middle [3]float64, e float64) float64 {
	if e < middle[2] {
		return middle[0]
	}
	return middle[1]
}

func compareRotatedPeaks(t *testing.T, row published, e, n []float64, dt float64) {
	t.Helper()
	var rotator metric.Rotator
	compare := func(column string, e, n []float64, factor float64) {
		t.Helper()
		var got [3]float64
		rotator.Percentiles(got[:], middle[:], e, n)
		peak, _ := metric.Peak(e)
		label, want := row.station+" RotD50 "+column, row.value(t, column)
		usgs("process.Chain (gmprocess), metric.Rotator.RotD: "+column, 1e-2).Scalar(t, label, got[2]*factor, want, 0)
		usgs("process.Chain (gmprocess), metric.Rotator.RotD, 0 and 180 degrees: "+column, 1e-7).Scalar(t, label, twice(got, peak)*factor, want, 0)
	}
	compare("PGA", e, n, 100/metric.Gravity)
	ve, vn := make([]float64, len(e)), make([]float64, len(n))
	dsp.CumTrapezoid(ve, e, dt)
	dsp.CumTrapezoid(vn, n, dt)
	compare("PGV", ve, vn, 100)
}

func compareRotatedSpectra(t *testing.T, row published, e, n []float64, dt float64) {
	t.Helper()
	periods, heads := saPeriods(t, row)
	bank, err := metric.NewBank(metric.SpectraOptions{Periods: periods, Method: metric.Gmprocess}, dt)
	if err != nil {
		t.Fatal(err)
	}
	spectra := metric.NewRotatedSpectra(bank.Len(), metric.SA, middle[:]...)
	bank.Rotated(spectra, e, n, metric.NewScratch(new(dsp.Plans), new(dsp.Scratch)))
	for i, head := range heads {
		got := [3]float64{spectra.Over[0].SA[i], spectra.Over[1].SA[i], spectra.Over[2].SA[i]}
		const percent = 100 / metric.Gravity
		label, want := row.station+" RotD50 "+head, row.value(t, head)
		usgs("process.Chain (gmprocess), metric.Bank.Rotated: RotD50 of SA", 1.5e-2).Scalar(t, label, got[2]*percent, want, 0)
		usgs("process.Chain (gmprocess), metric.Bank.Rotated, 0 and 180 degrees: RotD50 of SA", 1e-7).Scalar(t, label, twice(got, spectra.First.SA[i])*percent, want, 0)
	}
}
