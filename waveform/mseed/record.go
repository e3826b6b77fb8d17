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
//
// Records of miniSEED 3 fill the same fields, by the mapping in its definition: flags,
// timing quality, time correction and sequence are those of the reserved extra
// headers FDSN.*, where they are there.
type Record struct {
	ID         waveform.SourceID
	Start      time.Time // of the first sample, to the microsecond (version 3: nanosecond), time correction applied
	SampleRate float64   // Hz, of blockette 100 where there is one; 0 in logs
	Samples    int       // as the header counts them; bytes in ASCII records
	Encoding   Encoding
	Quality    byte // D, R, Q or M; in version 3 that of the extra headers, else by the publication version: 1 R, 2 D, 3 Q, from 4 M, 0 D

	Version            uint8 // of the format: 2 or 3
	PublicationVersion uint8 // version 3: larger is later and preferred, at one data centre; 0 is unknown

	Sequence       int           // -1 if it is no number, or not there
	TimingQuality  int           // percent, of blockette 1001; -1 if there is none
	TimeCorrection time.Duration // of the header; Start includes it in any case
	Activity       uint8         // activity flags
	IOClock        uint8         // I/O and clock flags
	DataQuality    uint8         // data quality flags

	Offset int64 // of the record in its file
	Length int   // of the whole record, bytes

	LittleHeader, LittlePayload bool // little endian

	raw        []byte // the whole record
	extra      []byte // extra headers, part of raw
	dataOffset int    // of the payload in raw
}

// Bits of Record.Activity, IOClock and DataQuality that measurements look at.
const (
	ActivityCalibration    uint8 = 1 << 0 // calibration signals are present
	ActivityTimeCorrected  uint8 = 1 << 1 // the header's start time is already corrected
	ActivityEventBegins    uint8 = 1 << 2
	ActivityEventEnds      uint8 = 1 << 3
	ActivityLeapSecond     uint8 = 1 << 4 // a positive leap second happened in the record
	ActivityNegativeLeap   uint8 = 1 << 5 // a negative one
	ActivityEvent          uint8 = 1 << 6 // an event is in progress
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

// ExtraHeaders is the JSON of a record of miniSEED 3 as it is in the file, not checked;
// nil where there is none. Shared memory, not to be written to.
func (r *Record) ExtraHeaders() []byte { return r.extra }

// String describes the record in one line, with nanoseconds in version 3:
//
//	NC.CRH..HNE D 2019-10-15T05:33:12.000000Z 200 Hz 412 samples STEIM2 512 bytes at 4096
//	NC.CRH..HNE R 2019-10-15T05:33:12.000000000Z 200 Hz 412 samples STEIM2 1595 bytes at 4096, version 3
func (r *Record) String() string {
	layout, version := "2006-01-02T15:04:05.000000Z", ""
	if r.Version == 3 {
		layout, version = "2006-01-02T15:04:05.000000000Z", ", version 3"
	}
	return fmt.Sprintf("%v %c %s %s Hz %d samples %v %d bytes at %d%s",
		r.ID, r.Quality, r.Start.Format(layout),
		strconv.FormatFloat(r.SampleRate, 'g', -1, 64), r.Samples, r.Encoding, r.Length, r.Offset, version)
}
