package export

// System is a choice of units.
type System int

// The systems. G has accelerations in % of g (9.80665 m/s^2), velocities, Arias intensity, CAV and Fourier
// amplitudes in cm/s, displacements in cm, and all else as SI.
const (
	SI System = iota
	G
)

// standardGravity is g, m/s^2 (CGPM 1901).
const standardGravity = 9.80665

// dimension is what a number is measured in.
type dimension int

const (
	pureNumber dimension = iota
	acceleration
	velocity
	displacement
	metres // distances and depths, in m in every system
	seconds
	hertz
	degrees
	percent
	newtonMetres
	pascals
)

// unit is a unit of a dimension in a system.
type unit struct {
	name   string  // as people and Ground Motion Packets write it; "" for none
	suffix string  // of names of columns
	factor float64 // from SI
}

func (d dimension) in(s System) unit {
	if s == G {
		switch d {
		case acceleration:
			return unit{"%g", "pct_g", 100 / standardGravity}
		case velocity:
			return unit{"cm/s", "cm_s", 100}
		case displacement:
			return unit{"cm", "cm", 100}
		}
	}
	return [...]unit{
		pureNumber: {"", "", 1}, acceleration: {"m/s^2", "m_s2", 1}, velocity: {"m/s", "m_s", 1}, displacement: {"m", "m", 1},
		metres: {"m", "m", 1}, seconds: {"s", "s", 1}, hertz: {"Hz", "hz", 1}, degrees: {"degrees", "deg", 1}, percent: {"%", "pct", 1},
		newtonMetres: {"N m", "n_m", 1}, pascals: {"Pa", "pa", 1},
	}[d]
}
