package recipe

import (
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"slices"
	"time"

	"github.com/seisbatch/seisbatch/waveform/metric"
	"github.com/seisbatch/seisbatch/waveform/process"
	"github.com/seisbatch/seisbatch/waveform/traveltime"
)

// Algorithm is the version of the computation: see the package comment.
const Algorithm = 2

// Recipe is a validated recipe. It is a value: read it concurrently, do not
// change it after Parse.
type Recipe struct {
	Eligible   Eligible
	Times      Times
	Windows    Windows
	Process    process.Chain
	Quality    Quality
	Measure    Measurements
	Incomplete Incomplete

	words []string // of the steps of Process, as the text has them
}

// Quality says what is looked for in the counts.
type Quality struct {
	Clipping  bool
	FullScale float64       // counts of the digitizer; 0: 2^23
	FlatLine  time.Duration // the longest run of identical samples that is not flagged; 0: none is
}

// Eligible says which instruments are measured at all.
type Eligible struct {
	Instruments        []string // band and instrument codes
	MaxDistance        []DistanceLimit
	UnknownMagnitudeKM float64
}

// DistanceLimit is the greatest epicentral distance for magnitudes below Below;
// a nil Below is for all.
type DistanceLimit struct {
	Below *float64
	KM    float64
}

// Times names the travel-time model.
type Times struct {
	Model                string  // ak135, iasp91, or constant: straight rays at these velocities
	PVelocity, SVelocity float64 // m/s

	earth *traveltime.Earth // the model; Parse loads it
}

// Windows says where noise, signal and measurement lie by the P and S times.
type Windows struct {
	Pad         Pad
	Noise       Noise
	Signal      Signal
	Measurement *Span // nil: the signal

	review Review // see For
}

// Pad is the data wanted before the noise and after the signal.
type Pad struct{ Length, AtLeast time.Duration }

// Noise is the noise window and the shortest that will do.
type Noise struct {
	Span
	AtLeast time.Duration
}

// Signal is the signal window and the time that it must reach.
type Signal struct {
	Span
	Reach Mark
}

// Span is a window between two marks.
type Span struct{ From, Until Mark }

// Measurements has the parameters of the measurements.
type Measurements struct {
	Periods    []float64         // s
	Dampings   []float64         // fractions of critical
	Spectra    metric.Quantities // PSA, SA, SD, SV
	Upsampling metric.Method
	Rotated    []string      // components of both horizontals together
	Bands      []metric.Band // of the SNR, Hz
	STA, LTA   time.Duration
	FAS        *FAS        // nil: none
	UsableBand *UsableBand // nil: none
	Source     *Source     // nil: none

	LocalMagnitude string    // its formula: iaspei or hutton_boore; "": none
	Extra          []Measure `json:"-"` // of the program's own
}

// FAS asks for Fourier amplitude spectra.
type FAS struct {
	Frequencies []float64 // Hz
	Bandwidth   float64   // of Konno and Ohmachi's smoothing
}

// UsableBand asks for the band in which signal stands out of noise.
type UsableBand struct {
	SNR     float64 // least ratio
	Around  float64 // Hz: a frequency that must be in it
	Octaves float64 // least width
}

// Source asks for a fit of Brune's spectrum.
type Source struct {
	Density, Velocity float64 // at the source, kg/m^3 and m/s (of S)
	Q, QExponent      float64 // Q f^exponent on the path; a Q of 0 does not attenuate
	Kappa             float64 // s
	FreeKappa         bool    // kappa is fitted
}

// Incomplete says what becomes of an instrument with a component without data.
type Incomplete string

// The two ways to treat a missing component.
const (
	Keep Incomplete = "keep"
	Fail Incomplete = "fail"
)

//go:embed default.yaml
var defaultText string

// DefaultText is the default recipe as a documented YAML file.
func DefaultText() string { return defaultText }

// Default is the default recipe.
func Default() Recipe {
	r, err := Parse("default.yaml", nil)
	if err != nil {
		panic(err) // the embedded file is wrong: a programming mistake
	}
	return r
}

// until is the chain up to a step, by the word that the text of the recipe has for it.
func (r *Recipe) until(step string) (process.Chain, error) {
	if len(r.words) != len(r.Process) {
		return r.Process.Until(step) // not made by Parse
	}
	n, err := process.Find(r.words, step)
	return r.Process[:n], err
}

// IsEligible reports whether the recipe measures instruments with this band and
// instrument code, such as HN.
func (e Eligible) IsEligible(instrument string) bool {
	return slices.Contains(e.Instruments, instrument)
}

// Reach is the greatest epicentral distance in m at which an event is measured.
// A nil magnitude is an unknown one.
func (e Eligible) Reach(magnitude *float64) float64 {
	if magnitude == nil {
		return e.UnknownMagnitudeKM * 1e3
	}
	for _, l := range e.MaxDistance {
		if l.Below == nil || *magnitude < *l.Below {
			return l.KM * 1e3
		}
	}
	return 0
}

// Hash is the SHA-256 of everything in the recipe that decides results. Two texts
// with the same meaning have the same hash.
func (r Recipe) Hash() [32]byte {
	type step struct {
		Name    string
		Version int `json:",omitempty"`
		process.Step
	}
	steps := make([]step, len(r.Process))
	for i, s := range r.Process {
		steps[i] = step{Name: s.Name(), Step: s}
		if v, ok := s.(Versioned); ok {
			steps[i].Version = v.Version()
		}
	}
	type extra struct {
		Keys    []string
		Version int
		Measure
	}
	extras := make([]extra, len(r.Measure.Extra))
	for i, m := range r.Measure.Extra {
		extras[i] = extra{m.Keys(), m.Version(), m}
	}
	text, err := json.Marshal(struct {
		Eligible   Eligible
		Times      Times
		Windows    Windows
		Process    []step
		Quality    Quality
		Measure    Measurements
		Extra      []extra
		Incomplete Incomplete
	}{r.Eligible, r.Times, r.Windows, steps, r.Quality, r.Measure, extras, r.Incomplete})
	if err != nil {
		panic(err) // plain values only, finite by validation
	}
	return sha256.Sum256(text)
}
