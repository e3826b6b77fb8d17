package mseed

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"time"
)

// The fixed section of a record of miniSEED 3 (FDSN, miniSEED 3, record definition),
// little endian. Behind it are the source identifier, the extra headers and the payload.
//
//	at  bytes
//	 0   2     MS
//	 2   1     version of the format
//	 3   1     flags
//	 4   4     start: nanosecond
//	 8   7     start: year (2 bytes), day of year (2), hour, minute, second
//	15   1     encoding
//	16   8     sample rate in Hz, or minus the period in seconds
//	24   4     number of samples
//	28   4     CRC-32C of the record with zeros here
//	32   1     publication version
//	33   1     length of the source identifier
//	34   2     length of the extra headers
//	36   4     length of the payload
const (
	fixedSize3 = 40
	crcOffset  = 28
)

// Bits of the flags of miniSEED 3.
const (
	flagCalibration = 1 << 0
	flagTimeSuspect = 1 << 1
	flagClockLocked = 1 << 2
)

// isVersion3 reports whether b starts like a record of miniSEED 3.
func isVersion3(b []byte) bool { return hasMark(b) && b[2] == 3 }

// isLater reports whether b starts like a record of a later version with the same mark.
func isLater(b []byte) bool { return hasMark(b) && b[2] > 3 && b[2] <= 9 }

func hasMark(b []byte) bool {
	if len(b) < fixedSize3 || b[0] != 'M' || b[1] != 'S' {
		return false
	}
	day := binary.LittleEndian.Uint16(b[10:])
	return day >= 1 && day <= 366 && b[12] <= 23 && b[13] <= 59 && b[14] <= 60
}

// parse3 reads the record at the start of b, for which isVersion3 holds, on the terms of parse.
func parse3(r *Record, b []byte, offset int64, eof bool, ids *idCache) error {
	order := binary.LittleEndian
	extraAt := fixedSize3 + int(b[33])
	dataAt := extraAt + int(order.Uint16(b[34:]))
	payload := order.Uint32(b[36:])
	length := int64(dataAt) + int64(payload)
	switch {
	case length > maxLength:
		return fmt.Errorf("record length %d is above %d", length, maxLength)
	case length <= int64(len(b)):
	case !eof:
		return errShort
	default:
		return fmt.Errorf("%w: %d of %d bytes", ErrTruncated, len(b), length)
	}
	b = b[:length:length]
	if stored, computed := order.Uint32(b[crcOffset:]), checksum3(b); stored != computed {
		return &ChecksumError{Header: stored, Computed: computed}
	}
	samples := order.Uint32(b[24:])
	if densest := 7 * uint64(payload); uint64(samples) > densest { // STEIM2 has seven in four bytes, text one in one
		return fmt.Errorf("%w: %d samples in %d bytes of payload", ErrIntegrity, samples, payload)
	}
	rate := rate3(math.Float64frombits(order.Uint64(b[16:])))
	id, err := ids.identifier(b[fixedSize3:extraAt])
	if err != nil {
		return err
	}
	*r = Record{
		ID: id, Start: headerTime3(b), SampleRate: rate, Samples: int(samples), Encoding: Encoding(b[15]),
		Version: 3, PublicationVersion: b[32], Quality: publicationQuality(b[32]),
		Sequence: -1, TimingQuality: -1, Offset: offset, Length: int(length),
		LittleHeader: true, raw: b, dataOffset: dataAt,
	}
	r.LittlePayload = r.Encoding != Steim1 && r.Encoding != Steim2
	r.takeFlags(b[3])
	if dataAt > extraAt {
		r.extra = b[extraAt:dataAt:dataAt]
		r.takeExtra(r.extra)
	}
	return r.check3(order.Uint32(b[4:]))
}

// checksum3 is the CRC-32C of a record, as if its own place were zero.
func checksum3(b []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli) // made once, by the library
	crc := ^crc32.Update(0, table, b[:crcOffset])
	for range 4 {
		crc = table[byte(crc)] ^ crc>>8
	}
	return crc32.Update(^crc, table, b[crcOffset+4:])
}

// rate3 is the sample rate in Hz: a negative number is minus the period in seconds.
func rate3(v float64) float64 {
	if v < 0 {
		return -1 / v
	}
	return v
}

func headerTime3(b []byte) time.Time {
	order := binary.LittleEndian
	return time.Date(int(order.Uint16(b[8:])), time.January, int(order.Uint16(b[10:])),
		int(b[12]), int(b[13]), int(b[14]), int(order.Uint32(b[4:])), time.UTC)
}

// publicationQuality is the quality of miniSEED 2 that the definition of miniSEED 3
// (appendix on the mapping) sets equal to a publication version.
func publicationQuality(version uint8) byte {
	return "DRDQM"[min(version, 4)]
}

// takeFlags puts the flags where miniSEED 2 has them.
func (r *Record) takeFlags(flags uint8) {
	r.Activity |= flagIf(flags&flagCalibration != 0, ActivityCalibration)
	r.DataQuality |= flagIf(flags&flagTimeSuspect != 0, DataQualityTimeSuspect)
	r.IOClock |= flagIf(flags&flagClockLocked != 0, IOClockLocked)
}

func flagIf(set bool, flag uint8) uint8 {
	if set {
		return flag
	}
	return 0
}

// check3 refuses headers whose numbers cannot be.
func (r *Record) check3(nanosecond uint32) error {
	year := binary.LittleEndian.Uint16(r.raw[8:])
	field := math.Float64frombits(binary.LittleEndian.Uint64(r.raw[16:]))
	switch {
	case nanosecond >= 1e9:
		return fmt.Errorf("implausible start: %d nanoseconds in a second", nanosecond)
	case year < firstYear || year > lastYear:
		return fmt.Errorf("implausible start: year %d", year)
	case math.IsNaN(field) || math.IsInf(field, 0) || math.IsInf(r.SampleRate, 0):
		return fmt.Errorf("impossible sample rate %g", field)
	case r.SampleRate > 0 && float64(r.Samples)/r.SampleRate > maxSpan:
		return fmt.Errorf("%d samples at %g Hz span more than %g s", r.Samples, r.SampleRate, maxSpan)
	}
	return nil
}
