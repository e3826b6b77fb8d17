package mseed

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

// takeExtra takes from the extra headers of miniSEED 3 what miniSEED 2 has in its header
// (names: FDSN extra headers 1.0). Nothing is allocated. JSON that is none, which
// the checksum shows to have been written so, is taken as far as it goes.
func (r *Record) takeExtra(json []byte) {
	members(json, func(name, value []byte) {
		if string(name) == "FDSN" {
			members(value, r.reserved)
		}
	})
}

// reserved takes a member of FDSN.
func (r *Record) reserved(name, value []byte) {
	switch string(name) {
	case "DataQuality":
		if len(value) == 3 && value[0] == '"' && isQuality(value[1]) {
			r.Quality = value[1]
		}
	case "Sequence":
		if v, ok := number(value); ok && v >= 0 && v <= math.MaxInt32 {
			r.Sequence = int(v)
		}
	case "Time":
		members(value, r.timing)
	case "Event":
		members(value, r.event)
	case "Flags":
		members(value, r.flag)
	}
}

func (r *Record) timing(name, value []byte) {
	v, ok := number(value)
	if !ok {
		return
	}
	switch string(name) {
	case "Quality":
		if v >= 0 && v <= 100 {
			r.TimingQuality = int(v)
		}
	case "Correction":
		if math.Abs(v) <= maxSpan {
			r.TimeCorrection = time.Duration(math.Round(v * 1e9))
			r.Activity |= ActivityTimeCorrected
		}
	case "LeapSecond":
		r.Activity |= flagIf(v > 0, ActivityLeapSecond) | flagIf(v < 0, ActivityNegativeLeap)
	}
}

func (r *Record) event(name, value []byte) {
	set := string(value) == "true"
	switch string(name) {
	case "Begin":
		r.Activity |= flagIf(set, ActivityEventBegins)
	case "End":
		r.Activity |= flagIf(set, ActivityEventEnds)
	case "InProgress":
		r.Activity |= flagIf(set, ActivityEvent)
	}
}

// flag takes one of FDSN.Flags, the bits of I/O and data quality that have no place in the
// fixed section.
func (r *Record) flag(name, value []byte) {
	if string(value) != "true" {
		return
	}
	switch string(name) {
	case "StationVolumeParityError":
		r.IOClock |= 1 << 0
	case "LongRecordRead":
		r.IOClock |= 1 << 1
	case "ShortRecordRead":
		r.IOClock |= 1 << 2
	case "StartOfTimeSeries":
		r.IOClock |= 1 << 3
	case "EndOfTimeSeries":
		r.IOClock |= 1 << 4
	case "AmplifierSaturation":
		r.DataQuality |= DataQualitySaturated
	case "DigitizerClipping":
		r.DataQuality |= DataQualityClipped
	case "Spikes":
		r.DataQuality |= DataQualitySpikes
	case "Glitches":
		r.DataQuality |= DataQualityGlitches
	case "MissingData":
		r.DataQuality |= DataQualityMissing
	case "TelemetrySyncError":
		r.DataQuality |= DataQualityTelemetry
	case "FilterCharging":
		r.DataQuality |= DataQualityCharging
	}
}

func number(value []byte) (float64, bool) {
	if len(value) > 40 { // longer than any number that is meant
		return 0, false
	}
	v, err := strconv.ParseFloat(string(value), 64)
	return v, err == nil && !math.IsNaN(v)
}

// members calls visit with name and value, as they are written, of each member of a JSON
// object. It stops where the text is not one.
func members(json []byte, visit func(name, value []byte)) {
	rest, ok := after(json, '{')
	for ok {
		var name, value []byte
		if rest, ok = after(rest, '"'); !ok {
			return
		}
		end := stringEnd(rest)
		if end < 0 {
			return
		}
		name, rest = rest[:end], rest[end+1:]
		if rest, ok = after(rest, ':'); !ok {
			return
		}
		if value, rest = valueOf(rest); len(value) == 0 {
			return
		}
		visit(name, value)
		rest, ok = after(rest, ',')
	}
}

const jsonSpace = " \t\r\n"

// after is what follows c, the first character of b but for spaces.
func after(b []byte, c byte) ([]byte, bool) {
	b = bytes.TrimLeft(b, jsonSpace)
	if len(b) == 0 || b[0] != c {
		return nil, false
	}
	return b[1:], true
}

// stringEnd is where the string ends in whose middle b starts, -1 if it does not.
func stringEnd(b []byte) int {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// valueOf is the value that b starts with, whatever is nested in it, and the rest. The value is
// empty where it does not end.
func valueOf(b []byte) (value, rest []byte) {
	b = bytes.TrimLeft(b, jsonSpace)
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			end := stringEnd(b[i+1:])
			if end < 0 {
				return nil, nil
			}
			i += end + 1
		case '{', '[':
			depth++
		case '}', ']', ',':
			if depth == 0 {
				return bytes.TrimRight(b[:i], jsonSpace), b[i:]
			}
			if b[i] != ',' {
				depth--
			}
		}
	}
	return nil, nil
}
