package mseed

import "strconv"

// Encoding is the payload encoding of a record, with the codes of blockette 1000,
// most of which miniSEED 3 has taken over.
type Encoding uint8

// The encodings that FDSN has given a code.
const (
	ASCII       Encoding = 0 // text; UTF-8 in miniSEED 3
	Int16       Encoding = 1
	Int24       Encoding = 2
	Int32       Encoding = 3
	Float32     Encoding = 4
	Float64     Encoding = 5
	Steim1      Encoding = 10
	Steim2      Encoding = 11
	Geoscope24  Encoding = 12 // 24-bit integers
	Geoscope163 Encoding = 13 // gain ranged, 3-bit exponent
	Geoscope164 Encoding = 14 // gain ranged, 4-bit exponent
	USNSN       Encoding = 15 // US National Seismic Network; not decoded: no public definition
	CDSN        Encoding = 16 // China Digital Seismic Network, gain ranged
	Graefenberg Encoding = 17 // not decoded: no public definition
	IPG         Encoding = 18 // Strasbourg; not decoded: no public definition
	Steim3      Encoding = 19 // not decoded: not in use
	SRO         Encoding = 30 // Seismic Research Observatories, gain ranged
	HGLP        Encoding = 31 // not decoded: no public definition
	DWWSSN      Encoding = 32 // Digital World-Wide Standardized Seismograph Network
	RSTN        Encoding = 33 // Regional Seismic Test Network, gain ranged
	Opaque      Encoding = 100
)

// String gives the usual name, STEIM2; of a code that is not defined, its number.
func (e Encoding) String() string {
	switch {
	case e <= Float64:
		return [...]string{"ASCII", "INT16", "INT24", "INT32", "FLOAT32", "FLOAT64"}[e]
	case e >= Steim1 && e <= Steim3:
		return [...]string{"STEIM1", "STEIM2", "GEOSCOPE24", "GEOSCOPE163", "GEOSCOPE164",
			"USNSN", "CDSN", "GRAEFENBERG", "IPG", "STEIM3"}[e-Steim1]
	case e >= SRO && e <= RSTN:
		return [...]string{"SRO", "HGLP", "DWWSSN", "RSTN"}[e-SRO]
	case e == Opaque:
		return "OPAQUE"
	}
	return "encoding " + strconv.Itoa(int(e))
}

// kind is the type of the decoded samples.
type kind uint8

const (
	kindUnsupported kind = iota
	kindText
	kindInt32
	kindFloat32
	kindFloat64
)

func (e Encoding) kind() kind {
	switch e {
	case ASCII:
		return kindText
	case Int16, Int24, Int32, Steim1, Steim2, Geoscope24, CDSN, SRO, DWWSSN, RSTN:
		return kindInt32
	case Float32, Geoscope163, Geoscope164:
		return kindFloat32
	case Float64:
		return kindFloat64
	}
	return kindUnsupported
}

// Numeric reports whether this package can decode samples of the encoding to
// numbers. miniSEED 3 has no byte order for INT24 and the encodings of networks, and they are
// not decoded in its records.
func (e Encoding) Numeric() bool { return e.kind() >= kindInt32 }

// writable reports whether this package can write numbers in the encoding.
func (e Encoding) writable() bool { return e.inVersion3() && e.Numeric() }

// inVersion3 reports whether miniSEED 3 still has the encoding, and this package reads it.
func (e Encoding) inVersion3() bool {
	switch e {
	case ASCII, Int16, Int32, Float32, Float64, Steim1, Steim2:
		return true
	}
	return false
}

// kind is that of the record's encoding, where its version allows it.
func (r *Record) kind() kind {
	if r.Version == 3 && !r.Encoding.inVersion3() {
		return kindUnsupported
	}
	return r.Encoding.kind()
}
