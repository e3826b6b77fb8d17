package mseed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// errShort: more bytes are needed to tell what this record is.
var errShort = errors.New("more bytes needed")

// maxBlockettes of a record: as many as its header can count.
const maxBlockettes = 255

// maxSpan is what the samples of one record may span; beyond it, rate or count is
// damaged, and times would overflow.
const maxSpan = 1e9 // s, 31 years

// ParseRecord reads the header of the record at the start of b, which may go on
// after the record. The offset is that of b in its file. The payload is not
// decoded, but must be there; the checksum of miniSEED 3 covers it.
//
// Where no blockette 1000 tells the length of the record (and its encoding,
// which is STEIM1 then), it goes to the next header in b at a power of two, or to the end of b.
//
// The error is a [*BadRecordError] whose Length is 0.
func ParseRecord(b []byte, offset int64) (Record, error) {
	var r Record
	var ids idCache
	var err error
	switch {
	case isHeader(b):
		err = parse(&r, b, offset, true, &ids)
	case isVersion3(b):
		err = parse3(&r, b, offset, true, &ids)
	case isLater(b):
		err = &UnsupportedVersionError{Version: int(b[2])}
	case len(b) < headerSize:
		err = fmt.Errorf("%w: %d bytes are less than a header", ErrTruncated, len(b))
	default:
		err = headerFault(b)
	}
	if err != nil {
		return Record{}, &BadRecordError{Offset: offset, Err: err}
	}
	return r, nil
}

// parse reads the record of miniSEED 2 at the start of b, for which isHeader holds. Where b
// does not reach, the error is errShort, or ErrTruncated if b is all there is.
func parse(r *Record, b []byte, offset int64, eof bool, ids *idCache) error {
	var order binary.ByteOrder = binary.BigEndian
	little := littleEndian(b)
	if little {
		order = binary.LittleEndian
	}
	*r = Record{
		ID:            ids.sourceID(b),
		Start:         headerTime(order, b),
		SampleRate:    nominalRate(int16(order.Uint16(b[32:])), int16(order.Uint16(b[34:]))),
		Samples:       int(order.Uint16(b[30:])),
		Encoding:      Steim1,
		Version:       2,
		Quality:       b[6],
		Sequence:      sequenceNumber(b),
		TimingQuality: -1,
		Activity:      b[36], IOClock: b[37], DataQuality: b[38],
		TimeCorrection: time.Duration(int32(order.Uint32(b[40:]))) * 100 * time.Microsecond,
		Offset:         offset,
		LittleHeader:   little, LittlePayload: little,
		dataOffset: int(order.Uint16(b[44:])),
	}
	if ticks := order.Uint16(b[28:]); ticks > 10000 { // 10000 is in real files
		return fmt.Errorf("implausible start: %d ticks of 0.1 ms in a second", ticks)
	}
	chainEnd, err := r.blockettes(b, order, eof)
	if err != nil {
		return err
	}
	if err := r.findLength(b, eof); err != nil {
		return err
	}
	if chainEnd > r.Length {
		return fmt.Errorf("blockettes up to byte %d past end %d", chainEnd, r.Length)
	}
	if r.Activity&ActivityTimeCorrected == 0 {
		r.Start = r.Start.Add(r.TimeCorrection)
	}
	r.raw = b[:r.Length:r.Length]
	return r.check()
}

// blockettes follows the chain and takes what it needs from it; chainEnd is the
// byte behind what was read.
func (r *Record) blockettes(b []byte, order binary.ByteOrder, eof bool) (chainEnd int, err error) {
	previous := headerSize - 4
	at := int(order.Uint16(b[46:]))
	for count := 0; at != 0; count++ {
		if at < previous+4 {
			return 0, fmt.Errorf("blockette offset %d before byte %d", at, previous+4)
		}
		if count == maxBlockettes {
			return 0, fmt.Errorf("more than %d blockettes", maxBlockettes)
		}
		if err := r.reach(b, at, at+4, eof); err != nil {
			return 0, err
		}
		kind, next := order.Uint16(b[at:]), int(order.Uint16(b[at+2:]))
		chainEnd = at + blocketteSize(kind)
		if err := r.reach(b, at, chainEnd, eof); err != nil {
			return 0, err
		}
		if err := r.blockette(kind, b[at:chainEnd], order); err != nil {
			return 0, err
		}
		previous, at = at, next
	}
	return chainEnd, nil
}

// reach makes sure that the blockette at byte at lies inside the record as far as
// byte until, and inside b. As long as the length is not known, the next start of a
// record counts as the end.
func (r *Record) reach(b []byte, at, until int, eof bool) error {
	end := r.Length
	if end == 0 && until > minLength {
		n, err := span(b, eof)
		if err == errShort {
			return err
		}
		end = n // or still 0
	}
	switch {
	case end != 0 && until > end:
		return fmt.Errorf("blockette offset %d past end %d", at, end)
	case until <= len(b):
		return nil
	case !eof:
		return errShort
	case end == 0:
		return fmt.Errorf("blockette offset %d past end %d", at, len(b))
	}
	return fmt.Errorf("%w: %d of %d bytes", ErrTruncated, len(b), end)
}

// blocketteSize is how much of a blockette is read here.
func blocketteSize(kind uint16) int {
	switch kind {
	case 100, 1000, 1001:
		return 8
	}
	return 4
}

func (r *Record) blockette(kind uint16, b []byte, order binary.ByteOrder) error {
	switch kind {
	case 100: // sample rate
		rate := float64(math.Float32frombits(order.Uint32(b[4:])))
		if rate > 0 && !math.IsInf(rate, 0) {
			r.SampleRate = rate
		}
	case 1000: // encoding, word order, record length
		if r.Length != 0 {
			break
		}
		if exponent := b[6]; exponent < 7 || exponent > 20 {
			return fmt.Errorf("record length 2^%d in blockette 1000", exponent)
		}
		r.Encoding, r.LittlePayload, r.Length = Encoding(b[4]), b[5] == 0, 1<<b[6]
	case 1001: // timing quality, microseconds
		r.TimingQuality = int(b[4])
		r.Start = r.Start.Add(time.Duration(int8(b[5])) * time.Microsecond)
	}
	return nil
}

// findLength makes sure of the record's length and that all of it is in b.
func (r *Record) findLength(b []byte, eof bool) error {
	if r.Length == 0 {
		n, err := span(b, eof)
		if err != nil {
			return err
		}
		r.Length = n
	}
	// A damaged length would swallow the records behind this one without a word.
	for n := minLength; n < r.Length && n+headerSize <= len(b); n *= 2 {
		if isHeader(b[n:]) {
			return fmt.Errorf("record length %d, but a header at byte %d of it", r.Length, n)
		}
	}
	switch {
	case len(b) >= r.Length:
		return nil
	case !eof:
		return errShort
	}
	return fmt.Errorf("%w: %d of %d bytes", ErrTruncated, len(b), r.Length)
}

// check refuses headers whose numbers cannot be.
func (r *Record) check() error {
	if r.Samples == 0 {
		r.dataOffset = r.Length
		return nil
	}
	if r.dataOffset < headerSize {
		return fmt.Errorf("data offset %d inside the header", r.dataOffset)
	}
	if r.dataOffset >= r.Length {
		return fmt.Errorf("data offset %d past end %d", r.dataOffset, r.Length)
	}
	if r.SampleRate > 0 && float64(r.Samples)/r.SampleRate > maxSpan {
		return fmt.Errorf("%d samples at %g Hz span more than %g s", r.Samples, r.SampleRate, maxSpan)
	}
	return nil
}

// span is the length of a record that does not tell it: up to the next start of
// a record at a power of two, or the end of all data.
func span(b []byte, eof bool) (int, error) {
	for n := minLength; n <= maxGuessed; n *= 2 {
		switch {
		case len(b) >= n+headerSize:
			if isBoundary(b[n:]) {
				return n, nil
			}
		case !eof:
			return 0, errShort
		case len(b) == n:
			return n, nil
		}
	}
	return 0, errors.New("no blockette 1000, and no next header to tell the length")
}

func isBoundary(b []byte) bool {
	return isHeader(b) || isControl(b) || isBlank(b) || isVersion3(b) || isLater(b)
}
