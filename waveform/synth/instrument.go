package synth

import (
	"math"
	"math/cmplx"

	"github.com/seisbatch/seisbatch/waveform"
)

const g = 9.80665 // m/s^2

// referenceFrequency (Hz) is where gains and sensitivities are given.
const referenceFrequency = 1.0

// instrument is a type of sensor with its digitizer.
type instrument struct {
	code, location, sensor string
	unit                   waveform.Unit
	motion                 string // unit of the sensor's input, as StationXML writes it
	gain                   float64
	zeros, poles           []complex128 // rad/s
	countsPerVolt          float64
	noise                  noiseModel
}

// instruments are the types there are.
//
// HN: the pole pairs are those that Kinemetrics publishes for the EpiSensor; gain
// for a full scale of 4 g at 10 V. HH: a 120 s velocity sensor, damping 0.707, made
// up in the pattern of those on the market: the corner's pole pair and another at
// 150 Hz; it clips at 5 cm/s. Both have a 24-bit digitizer.
func instruments() []instrument {
	const corner, top = 2 * math.Pi / 120, 2 * math.Pi * 150
	return []instrument{
		{
			code: "HN", location: "", sensor: "Synthetic accelerometer, 4 g",
			unit: waveform.Acceleration, motion: "m/s**2", gain: 10 / (4 * g),
			poles:         []complex128{-981 + 1009i, -981 - 1009i, -3290 + 1263i, -3290 - 1263i},
			countsPerVolt: fullScale / 10,
			noise:         noiseModel{white: 6e-6, cultural: 12e-6, microseism: 2e-6},
		},
		{
			code: "HH", location: "00", sensor: "Synthetic broadband, 120 s",
			unit: waveform.Velocity, motion: "m/s", gain: 400,
			zeros:         []complex128{0, 0},
			poles:         append(pair(corner, math.Sqrt2/2), pair(top, 0.7)...),
			countsPerVolt: fullScale / 20,
			noise:         noiseModel{white: 1e-8, cultural: 1e-7, microseism: 8e-7},
		},
	}
}

// fullScale is the largest count of a 24-bit digitizer.
const fullScale = 1<<23 - 1

// pair is the pole pair of an oscillator of angular frequency w (rad/s) and
// damping h < 1.
func pair(w, h float64) []complex128 {
	p := complex(-h*w, w*math.Sqrt(1-h*h))
	return []complex128{p, cmplx.Conj(p)}
}

// response is the full cascade of the instrument at a sample rate (Hz): sensor,
// analogue-to-digital conversion at 20 times the rate, and three linear-phase
// decimation filters by 5, 2 and 2, whose delay has been corrected for. trim is the
// factor by which this sensor's gain differs from the nominal one.
func (in instrument) response(rate, trim float64) *waveform.Response {
	stages := []waveform.Stage{in.sensorStage(trim), in.digitizerStage(20 * rate)}
	for _, f := range decimators() {
		in := rate
		for _, later := range decimators()[f.place:] {
			in *= float64(later.factor)
		}
		stages = append(stages, f.stage(len(stages)+1, in))
	}
	return &waveform.Response{
		Sensitivity: waveform.Sensitivity{
			Value: in.gain * trim * in.countsPerVolt, Frequency: referenceFrequency,
			InputUnits: in.motion, OutputUnits: "count",
		},
		Stages: stages,
	}
}

func (in instrument) sensorStage(trim float64) waveform.Stage {
	return waveform.Stage{
		Number: 1, InputUnits: in.motion, OutputUnits: "V",
		Gain: in.gain * trim, GainFrequency: referenceFrequency,
		PolesZeros: &waveform.PolesZeros{
			Type: waveform.LaplaceRadians, Zeros: in.zeros, Poles: in.poles,
			Normalization: in.normalization(), NormalizationFrequency: referenceFrequency,
		},
	}
}

// normalization is the A0 that makes the sensor's transfer function 1 in modulus
// at the reference frequency.
func (in instrument) normalization() float64 {
	s := complex(0, 2*math.Pi*referenceFrequency)
	h := complex(1, 0)
	for _, z := range in.zeros {
		h *= s - z
	}
	for _, p := range in.poles {
		h /= s - p
	}
	return 1 / cmplx.Abs(h)
}

func (in instrument) digitizerStage(rate float64) waveform.Stage {
	return waveform.Stage{
		Number: 2, InputUnits: "V", OutputUnits: "count",
		Gain: in.countsPerVolt, GainFrequency: referenceFrequency,
		Coefficients: &waveform.Coefficients{Type: waveform.Digital, Numerator: []float64{1}},
		Decimation:   &waveform.Decimation{InputRate: rate, Factor: 1},
	}
}
