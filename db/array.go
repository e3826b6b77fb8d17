package db

import (
	"math"
	"strconv"
	"strings"
)

// A batch upsert passes one array per column and takes them apart with unnest.
// For columns of scalars that is pq.Array. For a column that holds arrays it cannot
// be an array of arrays: PostgreSQL wants those of equal length, and unnest would
// flatten them. Such a column travels as text[], one array literal a row, made by
// the functions here, and is cast row by row:
//
//	INSERT INTO t (id, values) SELECT id, v::double precision[]
//	FROM unnest($1::bigint[], $2::text[]) AS u (id, v)
//
// Literals follow the manual's section 8.15.6. A nil slice makes the empty array,
// "{}", unless said otherwise.

// FloatArrayLiteral writes double precision[]. Every value comes back bit by bit,
// with the exception that all NaNs become one; NaN and infinities are allowed.
func FloatArrayLiteral(values []float64) string {
	b := make([]byte, 0, 2+20*len(values))
	return string(appendArray(b, values, appendFloat))
}

// Int64ArrayLiteral writes bigint[].
func Int64ArrayLiteral(values []int64) string {
	b := make([]byte, 0, 2+12*len(values))
	return string(appendArray(b, values, func(b []byte, v int64) []byte { return strconv.AppendInt(b, v, 10) }))
}

// TextArrayLiteral writes text[]. Any text may be in it, empty, with quotes, or
// spelled NULL, except what PostgreSQL has no text for: NUL and broken UTF-8, which
// are replaced by U+FFFD.
func TextArrayLiteral(values []string) string {
	b := make([]byte, 0, 2+16*len(values))
	return string(appendArray(b, values, appendText))
}

// NullNaN is nil for NaN, which stands for a number that is not known, else a
// pointer to the value: for nullable columns.
func NullNaN(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

func appendArray[T any](b []byte, values []T, appendOne func([]byte, T) []byte) []byte {
	b = append(b, '{')
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendOne(b, v)
	}
	return append(b, '}')
}

// appendFloat writes the shortest decimal that reads back as v.
func appendFloat(b []byte, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(b, "NaN"...)
	case math.IsInf(v, 1):
		return append(b, "Infinity"...)
	case math.IsInf(v, -1):
		return append(b, "-Infinity"...)
	}
	return strconv.AppendFloat(b, v, 'g', -1, 64)
}

// validText is s with U+FFFD for what PostgreSQL has no text for.
func validText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// appendText writes s in quotes.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s { // broken UTF-8 yields U+FFFD
		switch r {
		case 0:
			r = '\uFFFD'
		case '"', '\\':
			b = append(b, '\\')
		}
		b = append(b, string(r)...)
	}
	return append(b, '"')
}
