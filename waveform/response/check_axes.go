package response

import (
	"fmt"
	"math"
	"slices"

	"github.com/seisbatch/seisbatch/waveform"
)

// orientation looks at azimuth and dip of a channel that records along an axis.
func (c *checker) orientation(ch waveform.Channel) {
	letter, vertical := ch.ID.Component(), math.Abs(ch.Dip) > 90-axisTolerance
	if !hasAxis(ch) {
		return
	}
	switch {
	case math.IsNaN(ch.Dip):
		c.add(CodeOrientation, "the dip is missing")
		return
	case math.IsNaN(ch.Azimuth) && !vertical:
		c.add(CodeOrientation, "the azimuth is missing")
		return
	case math.Abs(ch.Dip) > 90 || ch.Azimuth < 0 || ch.Azimuth > 360:
		c.add(CodeOrientation, "azimuth %g and dip %g degrees are out of range", ch.Azimuth, ch.Dip)
		return
	}
	nominal := map[string][2]float64{"N": {0, 0}, "E": {90, 0}, "Z": {0, -90}}
	if want, ok := nominal[letter]; ok && angle(ch, waveform.Channel{Azimuth: want[0], Dip: want[1]}) > axisTolerance {
		c.add(CodeOrientationCode, "%s with azimuth %g and dip %g degrees should be named otherwise", letter, ch.Azimuth, ch.Dip)
	}
}

// hasAxis is whether a channel records motion along or about an axis: seismometers, accelerometers,
// gravimeters, and rotation sensors.
func hasAxis(ch waveform.Channel) bool {
	switch instrumentCode(ch.ID.Channel) {
	case "H", "L", "N", "P", "G", "J":
		return true
	}
	return false
}

// axis is the unit vector east, north, down of a channel.
func axis(ch waveform.Channel) [3]float64 {
	if math.Abs(ch.Dip) == 90 {
		return [3]float64{0, 0, ch.Dip / 90} // also without azimuth
	}
	sa, ca := math.Sincos(ch.Azimuth * math.Pi / 180)
	sd, cd := math.Sincos(ch.Dip * math.Pi / 180)
	return [3]float64{cd * sa, cd * ca, sd}
}

// angle is that between the axes of two channels in degrees, 0 to 90: a reversed
// axis is the same one. NaN where an angle is missing.
func angle(a, b waveform.Channel) float64 {
	u, v := axis(a), axis(b)
	cos := u[0]*v[0] + u[1]*v[1] + u[2]*v[2]
	return math.Acos(min(1, math.Abs(cos))) * 180 / math.Pi
}

// CheckInstrument looks for contradictions between the channels of one instrument
// that are in force at one time: axes that are not at right angles within 5
// degrees, different sample rates, units and gains. Channels that record no motion along
// an axis by their code (wind, mass positions) are left out, and epochs of one channel
// are not compared with one another. It may be called concurrently.
func CheckInstrument(channels []waveform.Channel) []Problem {
	var c checker
	channels = slices.DeleteFunc(slices.Clone(channels), func(ch waveform.Channel) bool { return !hasAxis(ch) })
	for i, a := range channels {
		for _, b := range channels[:i] {
			if a.ID != b.ID {
				c.pair(b, a)
			}
		}
	}
	c.siblingGains(channels)
	return c.found
}

func (c *checker) pair(a, b waveform.Channel) {
	if d := angle(a, b); d < 90-axisTolerance {
		c.add(CodeNotOrthogonal, "%s and %s are at an angle of %.1f degrees", a.ID.Channel, b.ID.Channel, d)
	}
	if differ(a.SampleRate, b.SampleRate) {
		c.add(CodeSiblingRate, "%s has %g Hz, %s has %g Hz", a.ID.Channel, a.SampleRate, b.ID.Channel, b.SampleRate)
	}
	if a.Response != nil && b.Response != nil && !sameUnits(inputName(a.Response), inputName(b.Response)) {
		c.add(CodeSiblingUnits, "%s starts from %q, %s from %q", a.ID.Channel, inputName(a.Response), b.ID.Channel, inputName(b.Response))
	}
}

// siblingGains compares reported sensitivities, and products of stage gains, with
// their medians.
func (c *checker) siblingGains(channels []waveform.Channel) {
	c.compareGains(channels, "sensitivity", func(r *waveform.Response) float64 { return r.Sensitivity.Value })
	c.compareGains(channels, "product of the stage gains", func(r *waveform.Response) float64 {
		product := 1.0
		for _, s := range r.Stages {
			product *= s.Gain
		}
		if len(r.Stages) < 2 { // says nothing new
			return 0
		}
		return product
	})
}

func (c *checker) compareGains(channels []waveform.Channel, what string, gain func(*waveform.Response) float64) {
	var all []float64
	for _, ch := range channels {
		if ch.Response != nil && usable(gain(ch.Response)) {
			all = append(all, math.Abs(gain(ch.Response)))
		}
	}
	if len(all) < 2 {
		return
	}
	slices.Sort(all)
	median := all[(len(all)-1)/2]
	for _, ch := range channels {
		if ch.Response == nil || !usable(gain(ch.Response)) {
			continue
		}
		g := math.Abs(gain(ch.Response))
		factor := math.Max(g/median, median/g)
		message := fmt.Sprintf("the %s of %s is %.6g, that of its siblings %.6g", what, ch.ID.Channel, g, median)
		switch {
		case factor >= absurdFactor*(1-gainTolerance): // a factor of just 100 is the usual mistake, cm for m
			c.add(CodeImplausible, "%s", message)
		case factor > siblingFactor:
			c.add(CodeSiblingGain, "%s", message)
		}
	}
}
