package recipe

import (
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// Component is one channel of an instrument with the data of its read window.
type Component struct {
	Channel        waveform.Channel // the epoch that holds at P, with its response
	ResponseHash   [32]byte         // response.Hash of it
	Traces         []waveform.Trace // continuous pieces in counts, in order of time; the processor overwrites them
	EpochChange    bool             // other metadata, or none, hold in a part of the windows
	OverlapDiffers bool
	TimingQuality  *float64 // the least that the headers give, percent; nil if none does
	Doubts         []string // what the headers say against the data: flags of the row
	Damage         *Damage  // records that could not be read, if any
	Failure        *Failure // why reading failed, if it did
	Review         Review   // what an analyst settled
}

// Damage is the first of the damaged records met while reading a window. It is no
// failure as long as the data around it suffice.
type Damage struct {
	File    string
	Offset  int64
	Message string
}

// Input is what one work item is computed from.
type Input struct {
	Instrument waveform.InstrumentID
	Origin     waveform.Origin
	Onsets     Onsets
	TimeSource string
	Distance   float64 // m, epicentral
	Azimuth    float64 // degrees, from the event to the station
	Components []Component
}

// Measurement is the numbers of one component. NaN is a number that there is
// none of. Times are zero where there is none.
type Measurement struct {
	Component string // last letter of the channel code, or of both horizontals: RotD50 ...

	// Of the acceleration in the measurement window, m/s^2; the last two without unit.
	Mean, RMS, Min, Max, Std, Skewness, Kurtosis float64
	SNR                                          float64   // rms of the signal window over that of the noise window
	BandSNR                                      []float64 // the same in the recipe's bands
	PGA, PGV, PGD                                float64   // m/s^2, m/s, m
	PGAAt, PGVAt, PGDAt                          time.Time
	Arias, CAV                                   float64 // m/s
	D575, D595, SortedDuration                   float64 // s
	// Response spectra at the recipe's periods, with its first damping, then with the next ...;
	// nil where the recipe does not ask for them.
	PSA, SA                             []float64 // m/s^2
	SD                                  []float64 // m
	SV                                  []float64 // m/s
	STALTAMax                           float64   // largest classic STA/LTA of the acceleration in the signal window
	DominantFrequency                   float64   // Hz
	SpectralCentroid, SpectralBandwidth float64   // Hz

	FAS                                        []float64 // m/s, at the recipe's frequencies; nil if it asks for none
	FASLength                                  int       // samples of the transform
	UsableLow, UsableHigh                      float64   // Hz
	WoodAnderson                               float64   // m on the record
	WoodAndersonAt                             time.Time
	LocalMagnitude                             float64
	Moment, CornerFrequency, StressDrop, Kappa float64 // N m, Hz, Pa, s
	SourceMisfit                               float64 // rms of ln(observed/model)

	Extra map[string]float64 // numbers of the recipe's own measurements

	Definitions                   int     // version of the definitions of all these numbers: Algorithm
	Distance, Azimuth             float64 // m and degrees, as in the Input
	SampleRate, Highpass, Lowpass float64 // Hz
	Onsets                        Onsets
	TimeSource                    string
	Noise, Signal                 waveform.Window
	Measured, Read                waveform.Window // what peaks and the like are taken over; all that was processed
	TimingQuality                 *float64        // percent; nil if no header gives one
	Flags                         []string        // sorted
}

// The components of two horizontals together: the smallest, the median and the largest over
// all rotations, and the geometric mean of both as they were recorded.
const (
	RotD00  = "RotD00"
	RotD50  = "RotD50"
	RotD100 = "RotD100"
	GeoMean = "GeoMean"
)
