package sac

import (
	"fmt"
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// Undefined is what SAC writes into a variable that has no value. Here it stands in
// integers only: an undefined number is NaN, an undefined text "".
const Undefined = -12345

// FileType is IFTYPE: what the data sections of a file are.
type FileType int

// The types of files. Only [TimeSeries] that are evenly spaced become traces.
const (
	TimeSeries     FileType = 1  // ITIME
	RealImaginary  FileType = 2  // IRLIM: spectrum
	AmplitudePhase FileType = 3  // IAMPH: spectrum
	XY             FileType = 4  // IXY
	XYZ            FileType = 51 // IXYZ
)

// String gives the SAC name.
func (t FileType) String() string {
	switch t {
	case TimeSeries:
		return "ITIME"
	case RealImaginary:
		return "IRLIM"
	case AmplitudePhase:
		return "IAMPH"
	case XY:
		return "IXY"
	case XYZ:
		return "IXYZ"
	case Undefined:
		return "undefined"
	}
	return fmt.Sprint(int(t))
}

// Values of [Header.Dependent], IDEP. SAC means nm, nm/s and nm/s^2; many
// programs write SI units, or g, under the same numbers.
const (
	DependentUnknown      = 5  // IUNKN
	DependentDisplacement = 6  // IDISP
	DependentVelocity     = 7  // IVEL
	DependentAcceleration = 8  // IACC
	DependentVolts        = 50 // IVOLTS
)

// Values of [Header.ReferenceType], IZTYPE: what the reference time is the time of.
const (
	ReferenceUnknown = 5  // IUNKN
	ReferenceBegin   = 9  // IB: of the first sample
	ReferenceDay     = 10 // IDAY: midnight
	ReferenceOrigin  = 11 // IO
	ReferenceArrival = 12 // IA
	ReferencePick0   = 13 // IT0; up to IT9, 22
)

// Header is the header of a SAC file, but for NPTS, which is the length of the
// data. The SAC names of the variables are in the comments. Undefined numbers are NaN,
// undefined integers [Undefined], undefined or blank texts "". The zero value
// is not undefined: start with [NewHeader].
//
// Numbers are float32 in the file, and those marked 7 float64 in version 7.
// Times of events are in s after Reference.
type Header struct {
	Version int      // NVHDR: 6 or 7
	Type    FileType // IFTYPE
	Even    int      // LEVEN: 1 if evenly spaced, else 0

	Delta         float64   // DELTA, s, 7
	ObservedDelta float64   // ODELTA, s: if it differs from the nominal
	Begin, End    float64   // B, E, s, 7: of the first and last sample
	Reference     Reference // NZYEAR to NZMSEC
	ReferenceType int       // IZTYPE

	Station, Network, Channel string  // KSTNM, KNETWK, KCMPNM
	Hole                      string  // KHOLE: the location code
	StationPlace              Place   // STLA, STLO (7), STEL, STDP; depth in m
	Azimuth, Inclination      float64 // CMPAZ, degrees from north; CMPINC, degrees from up
	Instrument                string  // KINST
	InstrumentType            int     // IINST
	PositivePolarity          int     // LPSPOL: 1, 0

	Event         string   // KEVNM, 16 bytes
	EventPlace    Place    // EVLA, EVLO (7), EVEL, EVDP; depth in km, in old files m
	EventType     int      // IEVTYP
	Magnitude     float64  // MAG
	MagnitudeType int      // IMAGTYP
	MagnitudeFrom int      // IMAGSRC
	Origin        Pick     // O (7), KO
	First         Pick     // A (7), KA: first arrival
	Picks         [10]Pick // T0 to T9 (7), KT0 to KT9
	Finish        Pick     // F (7), KF: end of the event

	// Between station and event: DIST, km, and degrees. CalculateDistance is LCALDA: 1
	// if SAC is to compute them from the places.
	Distance, AzimuthTo, AzimuthBack, Arc float64 // DIST, AZ, BAZ, GCARC
	CalculateDistance                     int     // LCALDA: 1, 0
	Body                                  int     // IBODY: the spheroid

	Dependent      int     // IDEP: what the data are
	Scale          float64 // SCALE: not applied to the data, by SAC or here
	Min, Max, Mean float64 // DEPMIN, DEPMAX, DEPMEN, as written

	User     [10]float64 // USER0 to USER9
	UserText [3]string   // KUSER0 to KUSER2
	Response [10]float64 // RESP0 to RESP9

	EventRegion, StationRegion    int     // IEVREG, ISTREG
	OriginID, EventID, WaveformID int     // NORID, NEVID, NWFID
	Quality, Synthetic            int     // IQUAL, ISYNTH
	Overwrite                     int     // LOVROK: 1, 0
	DateRead                      string  // KDATRD
	XSize, YSize                  int     // NXSIZE, NYSIZE
	XMin, XMax, YMin, YMax        float64 // XMINIMUM to YMAXIMUM
	SavedSamples                  int     // NSNPTS: of the series that a spectrum was made of
	SavedBegin, SavedDelta        float64 // SB, SDELTA, s, 7: of that series
	TimeAdjustment, Internal      float64 // ADJTM; word 9, SAC's own
}

// Pick is a time with its label.
type Pick struct {
	Time  float64 // s after the reference time, NaN if undefined
	Label string  // 8 bytes
}

// Place is where a station or an event is.
type Place struct {
	Latitude, Longitude float64 // degrees
	Elevation           float64 // m
	Depth               float64 // see [Header]
}

// NewHeader is the header of an evenly spaced time series, version 6, with
// everything else undefined.
func NewHeader() Header {
	var h Header
	for _, p := range h.floats() {
		if p != nil {
			*p = math.NaN()
		}
	}
	for _, p := range h.ints() {
		if p != nil {
			*p = Undefined
		}
	}
	h.Version, h.Type, h.Even = 6, TimeSeries, 1
	return h
}

// ID is the channel's name: KNETWK, KSTNM, KHOLE and KCMPNM, without spaces around. A
// KHOLE of -- is the empty location.
func (h *Header) ID() waveform.SourceID {
	id := waveform.SourceID{Network: trim(h.Network), Station: trim(h.Station), Location: trim(h.Hole), Channel: trim(h.Channel)}
	if id.Location == "--" {
		id.Location = ""
	}
	return id
}

// sections is the number of data sections that a file of this type has.
func (h *Header) sections() int {
	if h.Even == 0 || h.Type == RealImaginary || h.Type == AmplitudePhase {
		return 2
	}
	return 1
}
