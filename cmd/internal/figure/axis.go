package figure

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
)

// axis is a range of values, lo < hi, both finite.
type axis struct{ lo, hi float64 }

// tick is a labelled place on an axis.
type tick struct {
	at    float64
	label string
}

// on gives the place of a value on the page between two edges.
func (a axis) on(v float64, from, to vg.Length) vg.Length {
	return from + (to-from)*vg.Length((v-a.lo)/(a.hi-a.lo))
}

// padded widens the axis a little on both sides, and one without extent enough
// to have ticks. Values below 1e-200 count as zero: smaller steps have no powers
// of ten.
func (a axis) padded() axis {
	pad := 0.08 * (a.hi - a.lo)
	if size := max(math.Abs(a.lo), math.Abs(a.hi)); pad <= 1e-9*size || size < 1e-200 {
		pad = max(1e-3*size, min(1, size))
		if size < 1e-200 {
			pad = 1
		}
	}
	return axis{a.lo - pad, a.hi + pad}
}

// ticks gives at least two and at most about want+2 round values on the axis,
// 1, 2 or 5 times a power of ten apart.
func (a axis) ticks(want int) []tick {
	step := round125((a.hi - a.lo) / float64(want))
	first, last := math.Ceil(a.lo/step-1e-9), math.Floor(a.hi/step+1e-9)
	if last-first < 1 && want < 16 {
		return a.ticks(want + 1)
	}
	var ticks []tick
	for i := first; i <= last && len(ticks) < 32; i++ {
		ticks = append(ticks, tick{i * step, tickLabel(i*step, step, max(math.Abs(a.lo), math.Abs(a.hi)))})
	}
	return ticks
}

// round125 is the least 1, 2 or 5 times a power of ten that is not below v > 0.
func round125(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range [...]float64{1, 2, 5} {
		if m*power >= v*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// tickLabel writes a tick with the digits that its neighbours a step away need,
// in decimal notation while that is short.
func tickLabel(v, step, size float64) string {
	if size >= 1e10 || size < 1e-4 {
		digits := max(1, int(math.Ceil(math.Log10(size/step)))+1)
		return minus(strconv.FormatFloat(v, 'g', digits, 64))
	}
	decimals := int(max(0, -math.Floor(math.Log10(step)+1e-9)))
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-")
	}
	return minus(text)
}

// significant writes a number with three significant digits, without an exponent
// while that is short.
func significant(v float64) string {
	size := math.Abs(v)
	if size != 0 && (size < 1e-3 || size >= 1e6) {
		return minus(strconv.FormatFloat(v, 'g', 3, 64))
	}
	decimals := 2
	if size > 0 {
		decimals = int(min(5, max(0, 2-math.Floor(math.Log10(size)))))
	}
	return minus(strconv.FormatFloat(v, 'f', decimals, 64))
}

// minus writes the sign as the minus of typography, which is as wide as a digit.
func minus(s string) string { return strings.ReplaceAll(s, "-", "\u2212") }

// prefix is an SI prefix and the factor from the plain unit to it.
type prefix struct {
	symbol string
	scale  float64
}

// prefixFor is the prefix under which size has one to three digits before the
// point; sizes below nano and above unity keep nano and no prefix.
func prefixFor(size float64) prefix {
	switch {
	case size >= 1 || size == 0:
		return prefix{"", 1}
	case size >= 1e-3:
		return prefix{"m", 1e3}
	case size >= 1e-6:
		return prefix{"µ", 1e6}
	}
	return prefix{"n", 1e9}
}
