package response

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// Motion is the response of a trace that is ground motion in SI units already: one
// for one, from displacement, velocity or acceleration. For anything else the
// response is one that [NewSimulation] and [Evaluate] refuse with [ErrUnits].
func Motion(u waveform.Unit) *waveform.Response {
	name := unitName(u)
	return &waveform.Response{
		Sensitivity: waveform.Sensitivity{Value: 1, InputUnits: name, OutputUnits: name},
		Stages:      []waveform.Stage{{Number: 1, InputUnits: name, OutputUnits: name, Gain: 1}},
	}
}

func unitName(u waveform.Unit) string {
	switch u {
	case waveform.Displacement:
		return "M"
	case waveform.Velocity:
		return "M/S"
	case waveform.Acceleration:
		return "M/S**2"
	}
	return ""
}

// PolesZeros is the response gain prod(s-zero)/prod(s-pole), s = i w in rad/s, to
// ground motion in SI units of u: displacement, velocity or acceleration. The
// numbers are used as given. Output is the name of the unit that it gives.
func PolesZeros(u waveform.Unit, zeros, poles []complex128, gain float64, output string) *waveform.Response {
	name := unitName(u)
	return &waveform.Response{Stages: []waveform.Stage{{
		Number: 1, InputUnits: name, OutputUnits: output, Gain: gain,
		PolesZeros: &waveform.PolesZeros{Type: waveform.LaplaceRadians, Normalization: 1, Zeros: zeros, Poles: poles},
	}}}
}

// Pendulum is the response of a seismometer that writes the displacement of a mass
// on a spring, magnified: gain s^2/(s^2 + 2 damping w0 s + w0^2) to displacement, with
// w0 = 2 pi/period. The period is in seconds, damping is a fraction of critical.
func Pendulum(period, damping, gain float64) *waveform.Response {
	w0 := 2 * math.Pi / period
	poles := []complex128{complex(-damping*w0, w0*math.Sqrt(1-damping*damping)), complex(-damping*w0, -w0*math.Sqrt(1-damping*damping))}
	if damping >= 1 {
		spread := w0 * math.Sqrt(damping*damping-1)
		poles = []complex128{complex(-damping*w0+spread, 0), complex(-damping*w0-spread, 0)}
	}
	return PolesZeros(waveform.Displacement, []complex128{0, 0}, poles, gain, "M")
}

// WoodAnderson is the torsion seismograph of local magnitudes as the IASPEI working
// group on magnitudes defines it (2013, after Uhrhammer and Collins 1990): period
// 0.8 s, damping 0.7, gain 2080, in metres on the record per metre of displacement.
func WoodAnderson() *waveform.Response { return Pendulum(0.8, 0.7, 2080) }

// WoodAndersonNominal is the same seismograph with the constants of its makers
// (Anderson and Wood 1925): damping 0.8, gain 2800. Local magnitudes from it
// are 0.13 larger at short periods.
func WoodAndersonNominal() *waveform.Response { return Pendulum(0.8, 0.8, 2800) }

// WoodAndersonObsPy is the instrument of ObsPy's estimate_magnitude and of its
// constant WOODANDERSON: damping 0.8, gain 2080, with poles of five digits. It differs
// from [WoodAnderson] by up to 14 percent in amplitude.
func WoodAndersonObsPy() *waveform.Response {
	return PolesZeros(waveform.Velocity, []complex128{0}, []complex128{-6.283 + 4.7124i, -6.283 - 4.7124i}, 2080, "M")
}
