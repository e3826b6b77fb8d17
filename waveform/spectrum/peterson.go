package spectrum

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// piece is a line of a noise model: from this period (s) to that of the next, the
// acceleration is a + b log10(period) dB.
type piece struct{ period, a, b float64 }

// longestPeriod is where both models end, s.
const longestPeriod = 100000

// NLNM is the new low noise model: power spectral density in dB relative to 1
// (m/s^2)^2/Hz, (m/s)^2/Hz or m^2/Hz by unit, at a period in seconds. Velocity is
// acceleration + 20 log10(T/2 pi), displacement + 40 log10(T/2 pi). It is NaN outside
// 0.1 to 100000 s. It panics if unit is no motion. (Peterson 1993, USGS Open-File Report
// 93-322, table 3; its lines miss one another at their joints by up to 0.013 dB.)
func NLNM(period float64, unit waveform.Unit) float64 {
	return level([]piece{
		{0.10, -162.36, 5.64}, {0.17, -166.70, 0}, {0.40, -170.00, -8.30}, {0.80, -166.40, 28.90},
		{1.24, -168.60, 52.48}, {2.40, -159.98, 29.81}, {4.30, -141.10, 0}, {5.00, -71.36, -99.77},
		{6.00, -97.26, -66.49}, {10.00, -132.18, -31.57}, {12.00, -205.27, 36.16}, {15.60, -37.65, -104.33},
		{21.90, -114.37, -47.10}, {31.60, -160.58, -16.28}, {45.00, -187.50, 0}, {70.00, -216.47, 15.70},
		{101.00, -185.00, 0}, {154.00, -168.34, -7.61}, {328.00, -217.43, 11.90}, {600.00, -258.28, 26.60},
		{10000.00, -346.88, 48.75},
	}, period, unit)
}

// NHNM is the new high noise model, as [NLNM]. (Peterson 1993, table 4.)
func NHNM(period float64, unit waveform.Unit) float64 {
	return level([]piece{
		{0.10, -108.73, -17.23}, {0.22, -150.34, -80.50}, {0.32, -122.31, -23.87}, {0.80, -116.85, 32.51},
		{3.80, -108.48, 18.08}, {4.60, -74.66, -32.95}, {6.30, 0.66, -127.18}, {7.90, -93.37, -22.42},
		{15.40, 73.54, -162.98}, {20.00, -151.52, 10.01}, {354.80, -206.66, 31.63},
	}, period, unit)
}

func level(model []piece, period float64, unit waveform.Unit) float64 {
	if !unit.IsMotion() {
		panic("spectrum: noise model of what is no motion")
	}
	if !(period >= model[0].period && period <= longestPeriod) {
		return math.NaN()
	}
	i := len(model) - 1
	for period < model[i].period {
		i--
	}
	integrals := waveform.Acceleration.Derivatives() - unit.Derivatives()
	acceleration := model[i].a + float64(model[i].b*math.Log10(period))
	return acceleration + float64(20*float64(integrals)*math.Log10(period/(2*math.Pi)))
}
