package dsp

import "math"

// Resample stores in dst the band-limited interpolation of x at len(dst) equal
// steps over the same time: the rate is multiplied by len(dst)/len(x), and sample 0
// stays where it is. What lies above the lower of the two Nyquist frequencies is
// cut off sharply, so that nothing is aliased. This is SciPy's signal.resample
// without a window: the spectrum of all samples is cut, or extended with zeros. At
// the Nyquist frequency of the fewer samples, where they are even in number, one
// bin stands for two frequencies: it is halved when they part and doubled when they
// meet.
//
// x is taken for one period: unless it ends near where it starts, the step between
// rings on both ends of dst; [ResampleRatio] pads with zeros. See [ResampleHann]
// for what ObsPy does. dst may be x or start where it does. It panics if one of the
// two is empty and the other is not.
func Resample(dst, x []float64, plans *Plans, scratch *Scratch) {
	if len(dst) == len(x) {
		copy(dst, x)
		return
	}
	resample(dst, x, nil, plans, scratch)
}

// ResampleHann is [Resample] with the spectrum of x multiplied by a Hann window
// that falls from 1 at zero to 0 at the Nyquist frequency of x. It rings less, and
// takes off half of the amplitude at half of the Nyquist frequency. This is SciPy's
// signal.resample with window="hann"; of odd n its window is 0.5 + 0.5 cos(pi/n)
// cos(2 pi k/n) at bin k, a little less than 1 at zero.
//
// ObsPy's Trace.resample, which uses this window unless told not to, is another
// definition, and agrees only from an even number of samples to more, or to an odd
// number. It does not double the bin at the Nyquist frequency of fewer, even
// samples; without window it fills what it adds to the spectrum with the last bin
// in place of zeros; of odd n its window is half a bin off; and where len(x) times
// the ratio of the rates is not a whole number it interpolates the spectrum
// linearly between its bins.
func ResampleHann(dst, x []float64, plans *Plans, scratch *Scratch) {
	resample(dst, x, hannOfSpectrum, plans, scratch)
}

// hannOfSpectrum is the window of [ResampleHann] at bin k of n samples.
func hannOfSpectrum(k, n int) float64 {
	half := 0.5
	if n%2 == 1 && n > 1 {
		half *= math.Cos(math.Pi / float64(n))
	}
	return 0.5 + float64(half*math.Cos(2*math.Pi*float64(k)/float64(n)))
}

// resample is [Resample] with a window on the spectrum, nil for none. It leaves
// scratch.Samples alone.
func resample(dst, x []float64, window func(bin, samples int) float64, plans *Plans, scratch *Scratch) {
	n, m := len(x), len(dst)
	if n == 0 && m == 0 {
		return
	}
	from, to := plans.FFT(n), plans.FFT(m)
	whole := scratch.Spectrum(max(from.Bins(), to.Bins()))
	spectrum := from.Coefficients(whole[:from.Bins()], x, scratch)
	if window != nil {
		for k, c := range spectrum {
			spectrum[k] = scale(window(k, n), c)
		}
	}
	clear(whole[from.Bins():])
	switch fewer := min(n, m); {
	case fewer%2 == 1:
	case fewer == n:
		whole[fewer/2] = scale(0.5, whole[fewer/2])
	default:
		whole[fewer/2] = scale(2, whole[fewer/2])
	}
	to.Sequence(dst, whole[:to.Bins()], scratch)
	for i := range dst {
		dst[i] *= float64(m) / float64(n)
	}
}

// ResampledLen is the number of samples that [ResampleRatio] makes of n: those that
// are not later than the last of n, or none of none.
func ResampledLen(n, up, down int) int {
	if n == 0 {
		return 0
	}
	return (n-1)*up/down + 1
}

// ResampleRatio stores in dst the band-limited interpolation of x at exactly
// up/down times its rate, from the time of its first sample to that of its last: x
// is padded with zeros at its end to a multiple of down, of down times [NextFast],
// and resampled as by [Resample]. With down = 1 it is [Upsample] but for the
// padding, with up = 1 a decimation with zero phase and the sharpest of filters.
// See [RateRatio] for the two numbers.
//
// The zero padding is a step wherever x does not end near zero, and rings on both
// ends of dst. It panics if up or down is below 1 or dst has not the length
// ResampledLen(len(x), up, down). dst may be x or start where it does.
func ResampleRatio(dst, x []float64, up, down int, plans *Plans, scratch *Scratch) {
	if up < 1 || down < 1 || len(dst) != ResampledLen(len(x), up, down) {
		panic("dsp: length of the destination of ResampleRatio")
	}
	if len(x) == 0 || up == down {
		copy(dst, x)
		return
	}
	blocks := NextFast((len(x) + down - 1) / down)
	n, m := blocks*down, blocks*up
	samples := scratch.Samples(max(n, m))
	clear(samples[copy(samples, x):n])
	resample(samples[:m], samples[:n], nil, plans, scratch)
	copy(dst, samples)
}

// The limits of [RateRatio].
const (
	maxRatio       = 10000
	ratioTolerance = 1e-9 // 0.1 ms in a day
)

// RateRatio gives the smallest up and down, of 1 to 10000, with which
// [ResampleRatio] takes data from one rate to another, in Hz: up/down is to/from,
// to within 1e-9 of it. It is not ok where there are none, as for rates that are
// not positive or that were measured.
func RateRatio(from, to float64) (up, down int, ok bool) {
	want := to / from
	if !(from > 0 && 1.0/maxRatio <= want && want <= maxRatio) {
		return 0, 0, false
	}
	// Continued fraction: p/q are its convergents.
	p, q, earlierP, earlierQ, rest := 1.0, 0.0, 0.0, 1.0, want
	for {
		whole := math.Floor(rest)
		p, earlierP = float64(whole*p)+earlierP, p
		q, earlierQ = float64(whole*q)+earlierQ, q
		if p > maxRatio || q > maxRatio {
			return 0, 0, false
		}
		if p > 0 && math.Abs(p/q-want) <= ratioTolerance*want {
			return int(p), int(q), true
		}
		rest = 1 / (rest - whole)
	}
}
