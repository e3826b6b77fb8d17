package metric

import "math"

// ClippingRules says what makes raw counts look clipped. The zero value has the defaults.
type ClippingRules struct {
	// FullScale is the largest count of the digitizer; zero is 2^23, for 24 bits. Say 2^15 for 16 bits and
	// 2^31 for counts that are shifted up; infinity turns the rule off.
	FullScale float64
	// NearFullScale is the fraction of FullScale from which a sample counts as clipped; zero
	// is 0.9. The filters of a digitizer ring, so that clipped counts lie on both sides of FullScale.
	NearFullScale float64
	// FlatBand is how flat a flat top is: all of it within this fraction of the extreme,
	// which is taken from the mean of the trace. Zero is 0.01; negative turns the rule off.
	FlatBand float64
	// FlatSamples is the fewest samples of a flat top. Zero is 5.
	FlatSamples int
	// FlatSwing is the least extreme, in counts from the mean, that is looked at: the steps
	// between small counts are flat by nature. Zero is 1000.
	FlatSwing float64
	// Jump is the least step between two successive samples, as a fraction of the range
	// of the trace, that counts as one of a sensor that gave up. Zero turns the rule off: sharp strong motion
	// at 100 Hz has steps of 0.65, so the rule is for broadband data. gmprocess ("ping") uses 0.57.
	Jump float64
}

// Clipping is what [DetectClipping] found: the verdict, and what it rests on.
type Clipping struct {
	Clipped bool
	First   int // index of the first clipped sample, -1 if there is none

	FullScale int // samples near full scale

	FlatTops    int // number of flat tops
	FlatSamples int // samples in them
	LongestFlat int // samples in the longest of them

	Low, High float64 // extremes, counts: the level of clipping, where it is clipped
	Jump      float64 // the largest step between two successive samples over High-Low; 0 of a constant
}

// steepness is how much wider than a flat top the peak may be within four times its
// band, as a fraction of the samples there: a smooth peak of any width is a parabola, which is
// within the band for one half of that, one with a flatter top (a fourth power) for 0.71.
const steepness = 0.8

// DetectClipping looks for clipping in the raw counts x of one channel, before anything
// is removed or filtered. It is clipped if one of these holds:
//
//   - full scale: a sample is at or above 0.9 of what the digitizer can count. That is the
//     amplitude rule of Kleckner and others (2021), whose threshold of 6e6 counts is 0.72 of 2^23;
//   - flat tops, as of a sensor that meets its stops: five samples or more in succession near the largest
//     or smallest value, so near that they fill four fifths of the time within four times
//     the band, which no smooth peak does;
//   - jumps, as of an amplifier that falls back to zero, where the rules ask for them.
//
// Flat tops and falls to zero are the types of clipping that Yang and Ben-Zion (2010) tell apart. A square
// wave (calibration), or a stretch filled with a constant beyond the data, is a flat top
// too. A moderately clipped trace that was filtered since can show none of the three.
//
// An empty x has no extremes (NaN). After a NaN sample, extremes and jump are NaN and nothing is flat.
// It reads x twice, does not change or keep it, and may be called concurrently.
func DetectClipping(x []float64, rules ClippingRules) Clipping {
	rules = rules.withDefaults()
	c := Clipping{First: -1, Low: math.NaN(), High: math.NaN(), Jump: math.NaN()}
	if len(x) == 0 {
		return c
	}
	mean := c.extremes(x, rules.NearFullScale*rules.FullScale)
	if rules.FlatBand > 0 && mean-mean == 0 {
		c.tops(x, 1, c.High-mean, c.High, rules)
		c.tops(x, -1, mean-c.Low, -c.Low, rules)
	}
	jumps := rules.Jump > 0 && c.Jump >= rules.Jump
	if jumps {
		c.note(largestStep(x))
	}
	c.Clipped = c.FullScale > 0 || c.FlatTops > 0 || jumps
	return c
}

func (r ClippingRules) withDefaults() ClippingRules {
	for _, d := range []struct {
		field *float64
		value float64
	}{{&r.FullScale, 1 << 23}, {&r.NearFullScale, 0.9}, {&r.FlatBand, 0.01}, {&r.FlatSwing, 1000}} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	if r.FlatSamples == 0 {
		r.FlatSamples = 5
	}
	return r
}

// extremes finds the extremes, the largest step and the samples at or above level,
// and gives the mean.
func (c *Clipping) extremes(x []float64, level float64) (mean float64) {
	lo, hi, step, sum, last := x[0], x[0], 0.0, 0.0, x[0]
	for i, v := range x {
		sum += v
		if math.Abs(v) >= level {
			c.FullScale++
			c.note(i)
		}
		lo, hi = min(lo, v), max(hi, v)
		step = max(step, math.Abs(v-last))
		last = v
	}
	c.Low, c.High, c.Jump = lo, hi, step
	if hi != lo {
		c.Jump = step / (hi - lo)
	}
	return sum / float64(len(x))
}

// tops counts the flat tops of side*x, which goes up to top, swing above its mean.
func (c *Clipping) tops(x []float64, side, swing, top float64, rules ClippingRules) {
	if swing < rules.FlatSwing || math.IsInf(swing, 1) {
		return
	}
	inner, outer := top-rules.FlatBand*swing, top-4*rules.FlatBand*swing
	wide, flat, from := 0, 0, 0 // samples in the outer band, in the inner one, and the first of these
	for i, v := range x {
		if v *= side; v >= outer {
			wide++
			if v >= inner {
				if flat++; flat == 1 {
					from = i
				}
			}
			continue
		}
		c.top(flat, wide, from, rules)
		wide, flat = 0, 0
	}
	c.top(flat, wide, from, rules)
}

// top takes in a peak.
func (c *Clipping) top(flat, wide, from int, rules ClippingRules) {
	if flat < rules.FlatSamples || float64(flat) < steepness*float64(wide) {
		return
	}
	c.FlatTops++
	c.FlatSamples += flat
	c.LongestFlat = max(c.LongestFlat, flat)
	c.note(from)
}

// note takes in a clipped sample.
func (c *Clipping) note(i int) {
	if c.First < 0 || i < c.First {
		c.First = i
	}
}

// largestStep is the index of the first sample after the largest step.
func largestStep(x []float64) (at int) {
	largest := -1.0
	for i := 1; i < len(x); i++ {
		if step := math.Abs(x[i] - x[i-1]); step > largest {
			largest, at = step, i
		}
	}
	return at
}
