package mseed

import (
	"fmt"
	"strconv"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// Record is the header of one miniSEED record, with its undecoded payload. The
// payload is part of the memory the record was parsed from: it lives, unchanged,
// as long as that does. A Record may be read concurrently.
type Record struct {
	ID         waveform.SourceID
	Start      time.Time // of the first sample, to the microsecond, time correction applied
	SampleRate float64   // Hz, of blockette 100 where there is one; 0 in logs
	Samples    int       // as the header counts them; characters in ASCII records
	Encoding   Encoding
	Quality    byte // D, R, Q or M

	Sequence       int           // -1 if it is no number
	TimingQuality  int           // percent, of blockette 1001; -1 if there is none
	TimeCorrection time.Duration // of the header; Start includes it in any case
	Activity       uint8         // activity flags
	IOClock        uint8         // I/O and clock flags
	DataQuality    uint8         // data quality flags

	Offset int64 // of the record in its file
	Length int   // of the whole record, bytes

	LittleHeader, LittlePayload bool // little endian

	raw        []byte // the whole record
	dataOffset int    // of the payload in raw
}

// Bits of Record.Activity, IOClock and DataQuality that measurements look at.
const (
	ActivityTimeCorrected  uint8 = 1 << 1 // the header's start time is already corrected
	DataQualitySaturated   uint8 = 1 << 0 // amplifier saturation
	DataQualityClipped     uint8 = 1 << 1 // digitizer clipping
	DataQualitySpikes      uint8 = 1 << 2
	DataQualityGlitches    uint8 = 1 << 3
	DataQualityMissing     uint8 = 1 << 4 // missing or padded data
	DataQualityTelemetry   uint8 = 1 << 5 // telemetry synchronisation error
	DataQualityCharging    uint8 = 1 << 6 // a filter may be charging
	DataQualityTimeSuspect uint8 = 1 << 7 // the time tag is questionable
	IOClockLocked          uint8 = 1 << 5
)

// End is the time of the last sample, from its index; Start, where the record
// has no samples or no rate.
func (r *Record) End() time.Time {
	if r.Samples < 1 || r.SampleRate <= 0 {
		return r.Start
	}
	return waveform.SampleTime(r.Start, r.SampleRate, int64(r.Samples-1))
}

// Bytes is the whole record as it is in the file: shared memory, not to be written to.
func (r *Record) Bytes() []byte { return r.raw }

// String describes the record in one line:
//
//	NC.CRH..HNE D 2019-10-15T05:33:12.000000Z 200 Hz 412 samples STEIM2 512 bytes at 4096
func (r *Record) String() string {
	return fmt.Sprintf("%v %c %s %s Hz %d samples %v %d bytes at %d",
		r.ID, r.Quality, r.Start.Format("2006-01-02T15:04:05.000000Z"),
		strconv.FormatFloat(r.SampleRate, 'g', -1, 64), r.Samples, r.Encoding, r.Length, r.Offset)
}
