package mseed

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// The fixed section of the data header of miniSEED 2.
//
//	at  bytes
//	 0   6     sequence number, digits (or spaces, or zero bytes)
//	 6   1     data quality: D R Q M
//	 7   1     space
//	 8   5     station
//	13   2     location
//	15   3     channel
//	18   2     network
//	20   10    start: year, day of year, hour, minute, second, unused, 0.1 ms
//	30   2     number of samples
//	32   2     sample rate factor
//	34   2     sample rate multiplier
//	36   1     activity flags
//	37   1     I/O and clock flags
//	38   1     data quality flags
//	39   1     number of blockettes (the chain is followed, not counted)
//	40   4     time correction, 0.1 ms
//	44   2     offset of the payload
//	46   2     offset of the first blockette
const headerSize = 48

const (
	minLength  = 128     // of a record: 2^7
	maxLength  = 1 << 20 // of a record: enough for 65535 samples of 8 bytes
	maxGuessed = 1 << 16 // of a record whose length is not written down
	firstYear  = 1900
	lastYear   = 2100
)

// isHeader reports whether b starts like a record of miniSEED 2.
func isHeader(b []byte) bool {
	if len(b) < headerSize || !isQuality(b[6]) || (b[7] != ' ' && b[7] != 0) {
		return false
	}
	for _, c := range b[:6] {
		if (c < '0' || c > '9') && c != ' ' && c != 0 {
			return false
		}
	}
	for _, c := range b[8:20] {
		if (c < ' ' || c > '~') && c != 0 {
			return false
		}
	}
	if b[24] > 23 || b[25] > 59 || b[26] > 60 {
		return false
	}
	return plausibleDate(binary.BigEndian, b) || plausibleDate(binary.LittleEndian, b)
}

func isQuality(c byte) bool { return c == 'D' || c == 'R' || c == 'Q' || c == 'M' }

func plausibleDate(order binary.ByteOrder, b []byte) bool {
	year, day := order.Uint16(b[20:]), order.Uint16(b[22:])
	return year >= firstYear && year <= lastYear && day >= 1 && day <= 366
}

// littleEndian tells the byte order of a header: the one in which the date is
// plausible, and if it is in both (2056 day 1 is 2056 day 256 backwards), the one
// in which the offset of the first blockette is the smaller.
func littleEndian(b []byte) bool {
	big, little := plausibleDate(binary.BigEndian, b), plausibleDate(binary.LittleEndian, b)
	if big && little {
		return binary.LittleEndian.Uint16(b[46:]) < binary.BigEndian.Uint16(b[46:])
	}
	return little
}

// isControl reports whether b starts like a control header of a full SEED volume.
func isControl(b []byte) bool {
	if len(b) < headerSize || !isDigits(b[:6]) || strings.IndexByte("VAST", b[6]) < 0 {
		return false
	}
	return b[7] == '*' || b[7] == ' ' && isDigits(b[8:11])
}

// isBlank reports whether b starts like a blank record: a sequence number and spaces.
func isBlank(b []byte) bool {
	return len(b) >= headerSize && isDigits(b[:6]) && strings.TrimLeft(string(b[6:headerSize]), " ") == ""
}

func isDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// headerFault says why b, of at least headerSize bytes, does not start like a record.
func headerFault(b []byte) error {
	if isQuality(b[6]) && isDigits(b[:6]) && (b[7] == ' ' || b[7] == 0) {
		return fmt.Errorf("implausible start: year %d day %d hour %d minute %d second %d",
			binary.BigEndian.Uint16(b[20:]), binary.BigEndian.Uint16(b[22:]), b[24], b[25], b[26])
	}
	return fmt.Errorf("no miniSEED header: %q", b[:8])
}

// headerTime is the start time as written, without microseconds and correction.
func headerTime(order binary.ByteOrder, b []byte) time.Time {
	year, day := int(order.Uint16(b[20:])), int(order.Uint16(b[22:]))
	ns := int(order.Uint16(b[28:])) * 100_000
	return time.Date(year, time.January, day, int(b[24]), int(b[25]), int(b[26]), ns, time.UTC)
}

// sequenceNumber reads the first six bytes, -1 if they are no number.
func sequenceNumber(b []byte) int {
	n := 0
	for _, c := range b[:6] {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}
