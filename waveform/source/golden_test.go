package source_test

import (
	"fmt"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
	"github.com/seisbatch/seisbatch/waveform/source"
)

// golden is testdata/golden.json, made by testdata/reference/source.py of the repository
// with the versions it names.
type golden struct {
	Spectra []struct {
		Options               known
		Moment, Corner, Kappa float64
		Freqs, Amplitudes     []float64
	}
	Fits []struct {
		Options                known
		Freqs, Amplitudes, Std []float64
		Free                   bool
		Fixed, Scatter         float64
		Moment, Corner, Kappa  float64
		Objective, R2          float64
		LnMoment               float64  `json:"ln_moment"`
		LnCorner               float64  `json:"ln_corner"`
		LnStressDrop           float64  `json:"ln_stress_drop"`
		KappaError             *float64 `json:"kappa_error"`
	}
	Magnitudes []struct {
		Trace, Distance, IASPEI float64
		HuttonBoore             float64 `json:"hutton_boore"`
	}
}

// known are options as source.py has them.
type known struct {
	Kind                                                                    string
	Distance, Radiation, Partition, Density, Velocity, Corner, Reference, Q float64
	FreeSurface                                                             float64 `json:"free_surface"`
	Spreading                                                               [][2]float64
	QExponent                                                               float64 `json:"q_exponent"`
	QVelocity                                                               float64 `json:"q_velocity"`
	Rock                                                                    bool
}

func (k known) make(t *testing.T) *source.Model {
	t.Helper()
	units := map[string]waveform.Unit{"displacement": waveform.Displacement, "velocity": waveform.Velocity, "acceleration": waveform.Acceleration}
	o := source.Options{
		Unit: units[k.Kind], Distance: k.Distance, Radiation: k.Radiation, Partition: k.Partition, FreeSurface: k.FreeSurface,
		Density: k.Density, Velocity: k.Velocity, Corner: k.Corner, Reference: k.Reference,
		Q: k.Q, QExponent: k.QExponent, QVelocity: k.QVelocity,
	}
	for _, s := range k.Spreading {
		o.Spreading = append(o.Spreading, source.Spreading{From: s[0], Exponent: s[1]})
	}
	if k.Rock {
		o.Amplification = source.GenericRock()
	}
	return newModel(t, o)
}

func newModel(t testing.TB, o source.Options) *source.Model {
	t.Helper()
	m, err := source.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	agree.Golden(t, "golden.json", &g)
	if len(g.Spectra) == 0 || len(g.Fits) == 0 || len(g.Magnitudes) == 0 {
		t.Fatal("golden.json lacks a part")
	}
	return g
}

func TestSpectrumAgreesWithNumPy(t *testing.T) {
	r := agree.Reference{Function: "source.Model.Spectrum", Source: "NumPy 2.4.6, the formula", Measure: "value", Within: 1e-13}
	for i, g := range readGolden(t).Spectra {
		got := make([]float64, len(g.Freqs))
		g.Options.make(t).Spectrum(got, g.Freqs, source.Source{Moment: g.Moment, Corner: g.Corner, Kappa: g.Kappa})
		for k, want := range g.Amplitudes {
			r.Scalar(t, fmt.Sprintf("spectrum %d at %g Hz", i, g.Freqs[k]), got[k], want, 0)
		}
	}
}

// The reference's derivatives are differences, so that it stops within 1e-8 of the
// minimum. What it says of the objective there is right to rounding.
func TestFitAgreesWithSciPy(t *testing.T) {
	parameter := agree.Reference{Function: "source.Model.Fit", Source: "SciPy 1.17.1 optimize.least_squares", Measure: "value", Within: 1e-7}
	objective := agree.Reference{Function: "source.Model.Fit", Source: "SciPy 1.17.1 optimize.least_squares, objective", Measure: "value", Within: 1e-11}
	deviation := agree.Reference{Function: "source.Model.Fit", Source: "SciPy 1.17.1 optimize.least_squares, covariance", Measure: "value", Within: 1e-6}
	for i, g := range readGolden(t).Fits {
		m := g.Options.make(t)
		o := source.FitOptions{FreeKappa: g.Free}
		if !g.Free {
			o.Kappa = g.Fixed
		}
		fit, err := m.Fit(g.Freqs, g.Amplitudes, g.Std, o)
		if err != nil {
			t.Fatal(err)
		}
		label := fmt.Sprintf("fit %d", i)
		parameter.Scalar(t, label+" moment", fit.Moment, g.Moment, 0)
		parameter.Scalar(t, label+" corner", fit.Corner, g.Corner, 0)
		parameter.Scalar(t, label+" kappa", fit.Kappa, g.Kappa, 0)
		objective.Scalar(t, label, fit.RMS*fit.RMS, g.Objective, 1e-12)
		objective.Scalar(t, label+" R2", fit.R2, g.R2, 0)
		if g.Scatter > 0 { // else they are rounding
			deviation.Scalar(t, label+" of ln moment", fit.LnMoment, g.LnMoment, 0)
			deviation.Scalar(t, label+" of ln corner", fit.LnCorner, g.LnCorner, 0)
			deviation.Scalar(t, label+" of ln stress drop", fit.LnStressDrop, g.LnStressDrop, 0)
			if g.Free {
				deviation.Scalar(t, label+" of kappa", fit.KappaError, *g.KappaError, 0)
			}
		}
	}
}

func TestLocalMagnitudeIsThatOfTheFormulas(t *testing.T) {
	r := agree.Reference{Function: "source.Scale.Station", Source: "IASPEI (2013), Hutton and Boore (1987), the formulas", Measure: "magnitude", Within: 1e-14}
	for _, g := range readGolden(t).Magnitudes {
		for _, c := range []struct {
			scale source.Scale
			want  float64
		}{{source.IASPEI(), g.IASPEI}, {source.HuttonBoore(), g.HuttonBoore}} {
			got, err := c.scale.Station(g.Trace, g.Distance, 0)
			if err != nil {
				t.Fatal(err)
			}
			r.Scalar(t, fmt.Sprintf("%+v", g), got.Value, c.want, 1)
		}
	}
}
