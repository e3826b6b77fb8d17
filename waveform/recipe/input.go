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
	Component string // last letter of the channel code, RotD50 or RotD100

	Mean, RMS, Min, Max, Std, Skewness, Kurtosis float64 // of the acceleration, m/s^2
	SNR                                          float64
	PGA, PGV, PGD                                float64 // m/s^2, m/s, m
	PGAAt, PGVAt, PGDAt                          time.Time
	Arias, CAV                                   float64   // m/s
	D575, D595                                   float64   // s
	PSA                                          []float64 // m/s^2, at the recipe's periods
	STALTAMax                                    float64
	DominantFrequency                            float64 // Hz
	Distance, Azimuth                            float64
	SampleRate, Highpass, Lowpass                float64 // Hz
	Onsets                                       Onsets
	TimeSource                                   string
	Noise, Signal                                waveform.Window
	Extra                                        map[string]float64 // numbers of the recipe's own measurements
	Flags                                        []string           // sorted
}

// The components of rotated horizontals.
const (
	RotD50  = "RotD50"
	RotD100 = "RotD100"
)
