package db_test

import (
	"math"
	"slices"
	"testing"

	"github.com/lib/pq"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
)

// awkwardFloats are values whose shortest decimals are long, or that lie at the
// ends of the range (IEEE 754), and what is not a number.
func awkwardFloats() []float64 {
	return []float64{
		0, math.Copysign(0, -1), 1, -1.5, 0.1, 1.0 / 3, math.Pi, 1e21, 123456789.123456789,
		math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, 0x1p-1022, math.Nextafter(1, 2),
		math.Inf(1), math.Inf(-1), math.NaN(),
	}
}

func sameFloats(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool {
		return math.Float64bits(x) == math.Float64bits(y) || math.IsNaN(x) && math.IsNaN(y)
	})
}

func TestFloatArraysRoundTrip(t *testing.T) {
	t.Parallel()
	pool := dbtest.NewEmpty(t)
	rows := [][]float64{awkwardFloats(), {}, {42}, {1, 2, 3}}
	for i, want := range rows {
		var got pq.Float64Array
		if err := pool.Get(&got, `SELECT $1::text::double precision[]`, db.FloatArrayLiteral(want)); err != nil {
			t.Fatal(err)
		}
		if !sameFloats(got, want) {
			t.Errorf("row %d: wrote %v, read %v", i, want, got)
		}
	}
}

func TestFloatArrayLiteralRoundTrips(t *testing.T) {
	t.Parallel()
	var got pq.Float64Array
	err := dbtest.NewEmpty(t).Get(&got, `SELECT $1::double precision[]`, db.FloatArrayLiteral(awkwardFloats()))
	if err != nil || !sameFloats(got, awkwardFloats()) {
		t.Errorf("read %v, %v", got, err)
	}
}

func TestInt64ArrayLiteralRoundTrips(t *testing.T) {
	t.Parallel()
	want := []int64{0, -1, math.MaxInt64, math.MinInt64}
	var got pq.Int64Array
	err := dbtest.NewEmpty(t).Get(&got, `SELECT $1::bigint[]`, db.Int64ArrayLiteral(want))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("read %v, %v", got, err)
	}
}

func TestTextArrayLiteralRoundTrips(t *testing.T) {
	t.Parallel()
	want := []string{
		"", "plain", " spaces ", `quote " and \ backslash`, "NULL", "null", "{}", "{a,b}", "a,b", "tab\tline\nend",
		"Étna 観測 🌋", `\N`, `\x41`, "'; DROP TABLE event; --",
	}
	var got pq.StringArray
	err := dbtest.NewEmpty(t).Get(&got, `SELECT $1::text[]`, db.TextArrayLiteral(want))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestTextThatPostgreSQLCannotHoldIsReplaced(t *testing.T) {
	t.Parallel()
	var got pq.StringArray
	err := dbtest.NewEmpty(t).Get(&got, `SELECT $1::text[]`, db.TextArrayLiteral([]string{"a\x00b", "\xff\xfe"}))
	if want := []string{"a\uFFFDb", "\uFFFD\uFFFD"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestEmptyArraysAreNotNull(t *testing.T) {
	for _, got := range []string{
		db.FloatArrayLiteral(nil), db.Int64ArrayLiteral(nil), db.TextArrayLiteral(nil),
	} {
		if got != "{}" {
			t.Errorf("got %q", got)
		}
	}
}

func TestNullNaNKeepsNumbers(t *testing.T) {
	if got := db.NullNaN(math.NaN()); got != nil {
		t.Errorf("NaN became %v", *got)
	}
	for _, v := range []float64{0, -2.5, math.Inf(1)} {
		if got := db.NullNaN(v); got == nil || *got != v {
			t.Errorf("%v became %v", v, got)
		}
	}
}
