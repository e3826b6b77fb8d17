package mseed

import "strconv"

// Encoding is the payload encoding of a record, with the codes of blockette 1000.
type Encoding uint8

// The encodings of SEED that this package can decode.
const (
	ASCII   Encoding = 0
	Int16   Encoding = 1
	Int32   Encoding = 3
	Float32 Encoding = 4
	Float64 Encoding = 5
	Steim1  Encoding = 10
	Steim2  Encoding = 11
)

// String gives the usual name, STEIM2; of a code that SEED does not define, its number.
func (e Encoding) String() string {
	switch e {
	case ASCII:
		return "ASCII"
	case Int16:
		return "INT16"
	case 2:
		return "INT24"
	case Int32:
		return "INT32"
	case Float32:
		return "FLOAT32"
	case Float64:
		return "FLOAT64"
	case Steim1:
		return "STEIM1"
	case Steim2:
		return "STEIM2"
	case 12, 13, 14:
		return [...]string{"GEOSCOPE24", "GEOSCOPE163", "GEOSCOPE164"}[e-12]
	case 15, 16, 17, 18, 19:
		return [...]string{"USNSN", "CDSN", "GRAEFENBERG", "IPG", "STEIM3"}[e-15]
	case 30, 31, 32, 33:
		return [...]string{"SRO", "HGLP", "DWWSSN", "RSTN"}[e-30]
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
	case Int16, Int32, Steim1, Steim2:
		return kindInt32
	case Float32:
		return kindFloat32
	case Float64:
		return kindFloat64
	}
	return kindUnsupported
}

// Numeric reports whether this package can decode samples of the encoding to numbers.
func (e Encoding) Numeric() bool { return e.kind() >= kindInt32 }
