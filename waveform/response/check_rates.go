package response

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform"
)

// rates compares the sample rates of the stages with one another, with that of the
// channel and with that of the data.
func (c *checker) rates(channel, data float64) {
	last := 0.0
	for _, s := range c.r.Stages {
		if s.Decimation != nil && differ(s.Decimation.InputRate, last) {
			c.add(CodeStageRate, "stage %d takes %g Hz, the one before gives %g Hz", s.Number, s.Decimation.InputRate, last)
		}
		if rate := outputRate(s.Decimation); rate > 0 {
			last = rate
		}
	}
	switch {
	case differ(last, data):
		c.add(CodeResponseRate, "the last stage gives %g Hz, the data have %g Hz", last, data)
	case differ(last, channel):
		c.add(CodeResponseRate, "the last stage gives %g Hz, the channel has %g Hz", last, channel)
	}
	if differ(channel, data) {
		c.add(CodeChannelRate, "the channel has %g Hz, the data have %g Hz", channel, data)
	}
}

// lastRate is the sample rate (Hz) that the last stage gives, 0 if none says.
func lastRate(r *waveform.Response) float64 {
	last := 0.0
	for _, s := range r.Stages {
		if rate := outputRate(s.Decimation); rate > 0 {
			last = rate
		}
	}
	return last
}

func outputRate(d *waveform.Decimation) float64 {
	if d == nil || !usable(d.InputRate) || d.Factor < 1 {
		return 0
	}
	return d.InputRate / float64(d.Factor)
}

// differ is whether two sample rates are known and not the same.
func differ(a, b float64) bool {
	return a > 0 && b > 0 && math.Abs(a-b) > rateTolerance*math.Max(a, b)
}
