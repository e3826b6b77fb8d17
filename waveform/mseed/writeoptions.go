package mseed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// WriteOptions says how traces become records. The zero value is ready.
type WriteOptions struct {
	// Version of the format, 2 or 3; default 2.
	Version int
	// Encoding of the payload. The zero value stands for the smallest that holds
	// every sample exactly: STEIM2, or INT32 where a step takes more than 30
	// bits, or FLOAT64 where a sample is no 32-bit integer.
	Encoding Encoding
	// RecordLength in bytes. In version 2 a power of two from 256 to 65536; default
	// 512. In version 3 the most that a record may have, from 256 to 65536; default 4096.
	RecordLength int
	// Quality is D, R, Q or M; default D. In version 3 it is an extra header
	// (FDSN.DataQuality), by default none.
	Quality byte
	// TimingQuality in percent, 0 to 100, or -1 where it is not known; default 0. In
	// version 2 it is in blockette 1001, which for -1 is left out of each record that starts at a
	// multiple of 0.1 ms; another needs the blockette for its microseconds, and says 0 there, as the
	// format has no other word. In version 3 it is an extra header (FDSN.Time.Quality), for 0
	// and -1 none.
	TimingQuality int
	// Sequence is the number of the first record; default 1. After 999999 comes
	// 1. Version 3 has none.
	Sequence int
	// PublicationVersion of records of version 3, 1 to 255; default 1, raw data.
	PublicationVersion int
	// ExtraHeaders of each record of version 3: a JSON object, written as it is; with
	// them, Quality and TimingQuality are to be left out. Default none.
	ExtraHeaders []byte
}

const maxSequence = 999999

func (o WriteOptions) withDefaults() (WriteOptions, error) {
	if o.Version == 0 {
		o.Version = 2
	}
	length, quality := 512, byte('D')
	if o.Version == 3 {
		length, quality = 4096, 0
	}
	if o.RecordLength == 0 {
		o.RecordLength = length
	}
	if o.Quality == 0 {
		o.Quality = quality
	}
	if o.Sequence == 0 {
		o.Sequence = 1
	}
	if o.PublicationVersion == 0 {
		o.PublicationVersion = 1
	}
	if err := o.check(); err != nil {
		return o, fmt.Errorf("mseed: %w", err)
	}
	return o, nil
}

func (o WriteOptions) check() error {
	switch n := o.RecordLength; {
	case o.Version != 2 && o.Version != 3:
		return fmt.Errorf("version %d: want 2 or 3", o.Version)
	case o.Version == 2 && (n < 256 || n > 65536 || n&(n-1) != 0):
		return fmt.Errorf("record length %d: want a power of two from 256 to 65536", n)
	case n < 256 || n > 65536:
		return fmt.Errorf("record length %d: want 256 to 65536", n)
	case o.Quality != 0 && !isQuality(o.Quality):
		return fmt.Errorf("quality %q: want D, R, Q or M", o.Quality)
	case o.TimingQuality < -1 || o.TimingQuality > 100:
		return fmt.Errorf("timing quality %d: want 0 to 100, or -1 where it is not known", o.TimingQuality)
	case o.Sequence < 0 || o.Sequence > maxSequence:
		return fmt.Errorf("sequence number %d: want 1 to %d", o.Sequence, maxSequence)
	case o.PublicationVersion < 1 || o.PublicationVersion > math.MaxUint8:
		return fmt.Errorf("publication version %d: want 1 to %d", o.PublicationVersion, math.MaxUint8)
	case o.Encoding != 0 && !o.Encoding.writable():
		return &UnsupportedEncodingError{o.Encoding, "output"}
	case len(o.ExtraHeaders) > 0:
		return o.checkExtra()
	}
	return nil
}

func (o WriteOptions) checkExtra() error {
	switch {
	case o.Version == 2:
		return errors.New("miniSEED 2 has no extra headers")
	case o.Quality != 0 || o.TimingQuality > 0:
		return errors.New("quality and timing quality go into the extra headers that are given")
	case len(o.ExtraHeaders) > math.MaxUint16:
		return fmt.Errorf("extra headers of %d bytes: at most %d", len(o.ExtraHeaders), math.MaxUint16)
	case !json.Valid(o.ExtraHeaders) || bytes.TrimLeft(o.ExtraHeaders, jsonSpace)[0] != '{':
		return errors.New("extra headers are no JSON object")
	}
	return nil
}

// extra is the JSON of each record of version 3, nil for none.
func (o WriteOptions) extra() []byte {
	if len(o.ExtraHeaders) > 0 {
		return bytes.Clone(o.ExtraHeaders)
	}
	quality := fmt.Sprintf(`"DataQuality":"%c"`, o.Quality)
	timing := fmt.Sprintf(`"Time":{"Quality":%d}`, o.TimingQuality)
	switch {
	case o.Quality != 0 && o.TimingQuality > 0:
		return []byte(`{"FDSN":{` + quality + "," + timing + "}}")
	case o.Quality != 0:
		return []byte(`{"FDSN":{` + quality + "}}")
	case o.TimingQuality > 0:
		return []byte(`{"FDSN":{` + timing + "}}")
	}
	return nil
}
