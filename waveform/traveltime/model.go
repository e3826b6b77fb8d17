package traveltime

// Wave is the kind of wave whose first arrival is asked for.
type Wave int

// The waves.
const (
	P Wave = iota // of P, Pdiff and PKP
	S             // of S and SKS
)

// String gives "P" or "S".
func (w Wave) String() string {
	if w == S {
		return "S"
	}
	return "P"
}

// Phase names a way through the Earth as rows and bulletins do. A phase has all
// branches of its name: P is Pg, Pb, Pn, p and P; PKP is PKPab, PKPbc and PKPdf
// (PKIKP), SKS is SKSac and SKSdf (SKIKS), without what the inner core reflects.
type Phase string

// The phases.
const (
	PhaseP     Phase = "P"
	PhasePdiff Phase = "Pdiff"
	PhasePKP   Phase = "PKP"
	PhaseS     Phase = "S"
	PhaseSKS   Phase = "SKS"
)

// Arrival is the first of the phases of a wave.
type Arrival struct {
	Time  float64 // s after the origin time
	Phase Phase
}

// Model gives the first arrival of a wave at a station on the surface, at a
// distance (m, along the ellipsoid as [Distance] gives it) from the epicentre of a
// source at depth (m, positive down). False: the model has no time for these
// numbers, which always holds for NaN and a negative distance. Models are values that
// do not change: they may be used concurrently.
//
// [*Earth] and [Constant] are models.
type Model interface {
	First(w Wave, distance, depth float64) (Arrival, bool)
}
