package waveform

import "strings"

// Unit is the physical quantity of a trace, always in SI.
type Unit uint8

// The units that traces and responses have here. Everything that is neither
// counts nor ground motion is UnitOther: it can be read, not turned into motion.
const (
	UnitUnknown  Unit = iota
	Counts            // digitizer counts
	Displacement      // m
	Velocity          // m/s
	Acceleration      // m/s^2
	UnitOther         // volts, pascals, kelvins and the like
)

// String gives the SI symbol.
func (u Unit) String() string {
	switch u {
	case Counts:
		return "counts"
	case Displacement:
		return "m"
	case Velocity:
		return "m/s"
	case Acceleration:
		return "m/s^2"
	case UnitOther:
		return "other"
	}
	return "unknown"
}

// IsMotion reports whether u is displacement, velocity or acceleration.
func (u Unit) IsMotion() bool { return u == Displacement || u == Velocity || u == Acceleration }

// Derivatives is the number of time derivatives from displacement: 0, 1, 2 for
// displacement, velocity, acceleration. It is meaningless where IsMotion is false.
func (u Unit) Derivatives() int { return int(u) - int(Displacement) }

// ParseUnit reads a unit name as metadata writes it (any case: M/S, M/S**2,
// cm/s^2, NM, counts ...) and gives the unit and the factor from the named unit
// to SI: 1 for M/S, 1e-9 for NM/S. An empty name is UnitUnknown, a name that is
// neither counts nor motion is UnitOther; both have factor 1.
func ParseUnit(name string) (Unit, float64) {
	s := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(name), " ", ""))
	if s == "" {
		return UnitUnknown, 1
	}
	switch s {
	case "COUNT", "COUNTS", "DIGITALCOUNTS", "DIGITAL":
		return Counts, 1
	}
	length, rest, _ := strings.Cut(s, "/")
	factor := 1.0
	switch length {
	case "M", "METER", "METERS":
	case "CM":
		factor = 1e-2
	case "MM":
		factor = 1e-3
	case "UM", "ΜM", "µM": // the Greek letter, and the micro sign
		factor = 1e-6
	case "NM":
		factor = 1e-9
	default:
		return UnitOther, 1
	}
	switch rest {
	case "":
		return Displacement, factor
	case "S", "SEC", "SECOND", "SECONDS":
		return Velocity, factor
	case "S**2", "S^2", "S2", "S²", "(S**2)", "(S^2)", "S/S", "SEC**2", "SEC^2", "SEC2", "(SEC**2)", "(SEC^2)", "SEC/SEC",
		"SECOND**2", "SECOND^2", "SECOND/SECOND":
		return Acceleration, factor
	}
	return UnitOther, 1
}
