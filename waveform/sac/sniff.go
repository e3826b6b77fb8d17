package sac

import (
	"bytes"
	"encoding/binary"
	"strconv"
)

// SniffSize is the number of bytes from the start of a file that [Sniff] wants to
// see. A shorter file is shown as a whole.
const SniffSize = 2048

// Sniff reports whether b, the first bytes of a file, starts like a SAC file,
// binary in either byte order and of any version, or alphanumeric. It judges by content: by the
// version, the type, the logicals and the sizes in the header.
func Sniff(b []byte) bool {
	_, binary := byteOrder(b)
	return binary || isText(b)
}

const (
	lastVersion = 20 // that is taken for one; today's is 7
	typeCount   = 4  // of IFTYPE, besides XYZ
)

// byteOrder tells the order in which b starts like a binary header: a version
// cannot be small in both.
func byteOrder(b []byte) (order binary.ByteOrder, ok bool) {
	if len(b) < headerSize {
		return nil, false
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		integer := func(at int) int { return int(int32(order.Uint32(b[at:]))) }
		if plausible(integer(versionAt), integer(pointsAt), integer(typeAt), integer(evenAt)) {
			return order, true
		}
	}
	return nil, false
}

// plausible reports whether these can be variables of one header, if perhaps not one
// that can be read.
func plausible(version, points, fileType, even int) bool {
	knownType := isType(fileType) || fileType == Undefined
	return version >= 1 && version <= lastVersion && (points >= 0 || points == Undefined) &&
		knownType && (even == 0 || even == 1 || even == Undefined)
}

func isType(n int) bool { return n >= 1 && n <= typeCount || n == int(XYZ) }

// The lines of an alphanumeric header: numbers, integers and texts.
const (
	floatLines = floatCount / 5
	intLines   = intCount / 5
	textLines  = 8
)

// isText reports whether b starts like an alphanumeric header: lines of five
// numbers and of five integers, version 6 or 7 among them: tables of small integers have
// as many columns.
func isText(b []byte) bool {
	var integers []int
	for line := range floatLines + intLines {
		text, rest, ok := bytes.Cut(b, []byte("\n"))
		fields := bytes.Fields(text)
		if !ok || len(fields) != 5 {
			return false
		}
		b = rest
		for _, f := range fields {
			if line < floatLines {
				if _, err := strconv.ParseFloat(string(f), 32); err != nil {
					return false
				}
				continue
			}
			v, err := strconv.Atoi(string(f))
			if err != nil {
				return false
			}
			integers = append(integers, v)
		}
	}
	at := func(offset int) int { return integers[(offset-intsAt)/4] }
	version := at(versionAt)
	return (version == 6 || version == 7) && plausible(version, at(pointsAt), at(typeAt), at(evenAt))
}
