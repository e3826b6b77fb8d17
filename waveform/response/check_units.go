package response

import (
	"strings"

	"github.com/seisbatch/seisbatch/waveform"
)

// units wants each stage to take what the one before gives, and the sensitivity
// to span them all.
func (c *checker) units() {
	before := ""
	for _, s := range c.r.Stages {
		if !sameUnits(before, s.InputUnits) {
			c.add(CodeStageUnits, "stage %d takes %q, the one before gives %q", s.Number, s.InputUnits, before)
		}
		if s.OutputUnits != "" {
			before = s.OutputUnits
		}
	}
	if len(c.r.Stages) == 0 {
		return
	}
	s := c.r.Sensitivity
	if first := c.r.Stages[0].InputUnits; !sameUnits(first, s.InputUnits) {
		c.add(CodeStageUnits, "the first stage takes %q, the sensitivity %q", first, s.InputUnits)
	}
	if !sameUnits(before, s.OutputUnits) {
		c.add(CodeStageUnits, "the last stage gives %q, the sensitivity %q", before, s.OutputUnits)
	}
}

// sameUnits is false for names of different units; nothing is known of "".
func sameUnits(a, b string) bool {
	if a == "" || b == "" {
		return true
	}
	unitA, factorA := waveform.ParseUnit(a)
	unitB, factorB := waveform.ParseUnit(b)
	if unitA != waveform.UnitOther || unitB != waveform.UnitOther {
		return unitA == unitB && factorA == factorB
	}
	return plainUnit(a) == plainUnit(b)
}

func plainUnit(name string) string {
	switch s := strings.ToUpper(strings.TrimSpace(name)); s {
	case "VOLT", "VOLTS":
		return "V"
	case "PASCAL", "PASCALS":
		return "PA"
	case "AMP", "AMPS", "AMPERE", "AMPERES":
		return "A"
	default:
		return s
	}
}

// instrument compares the units with what the channel code says that the
// instrument is.
func (c *checker) instrument(channel string) {
	name := c.r.Sensitivity.InputUnits
	if len(c.r.Stages) > 0 {
		name = inputName(c.r)
	}
	letter := instrumentCode(channel)
	unit, _ := waveform.ParseUnit(name)
	if unit == waveform.UnitUnknown || letter == "" {
		return
	}
	if want, ok := expected(letter, unit); !ok {
		c.add(CodeInstrumentUnits, "the response starts from %q, an instrument %s from %s", name, letter, want)
	}
}

// instrumentCode is the middle one of three letters or of three parts (H of BHZ and of
// B_H_Z), "" if there is none.
func instrumentCode(channel string) string {
	if parts := strings.Split(channel, "_"); len(parts) == 3 {
		return parts[1]
	}
	if len(channel) != 3 {
		return ""
	}
	return channel[1:2]
}

// expected is whether an instrument of that code starts from that unit, and what
// it should start from, after FDSN Source Identifiers 1.0 and what the codes mean
// besides: H and P are seismometers of velocity, or of displacement, N is an
// accelerometer. L may be either, and so may beams (Z).
func expected(letter string, unit waveform.Unit) (want string, ok bool) {
	switch letter {
	case "H", "P":
		return "velocity or displacement", unit == waveform.Velocity || unit == waveform.Displacement
	case "N", "G":
		return "acceleration", unit == waveform.Acceleration
	case "L", "Z":
		return "ground motion", unit.IsMotion()
	case "B", "T":
		return "a length", unit == waveform.Displacement
	case "O", "W":
		return "a velocity", unit == waveform.Velocity || letter == "W" && unit == waveform.UnitOther // direction in degrees
	case "A", "D", "F", "I", "J", "K", "Q", "S", "V":
		return "something that is no ground motion", unit == waveform.UnitOther
	}
	return "", true // M, C, E, R, U, X, Y and what is unknown: anything
}
