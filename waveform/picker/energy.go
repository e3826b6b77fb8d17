package picker

import (
	"math"

	"github.com/seisbatch/seisbatch/waveform/dsp"
)

// slidingEnergy stores in dst[i] the sum of squares of the n samples of x up to and
// with i, and 0 for the first n-1. Cut at multiples of n, a window is the end of one
// block and the beginning of the next: it is summed from both, without subtraction.
func slidingEnergy(dst, x []float64, n int) {
	clear(dst)
	for from := 0; from+n <= len(x); from += n {
		sum := 0.0
		for i := from + n - 1; i >= from; i-- { // ends of this block, left where their windows end
			sum += float64(x[i] * x[i])
			if at := i + n - 1; at < len(dst) {
				dst[at] = sum
			}
		}
		sum = 0
		for i := from + n; i < min(from+2*n-1, len(x)); i++ {
			sum += float64(x[i] * x[i])
			dst[i] += sum
		}
	}
}

// Delayed stores in dst the delayed STA/LTA (Withers et al. 1998): the mean of x^2
// over the last nsta samples, the sample itself included, over the mean of the nlta
// samples before those. The two windows do not overlap, so that the long-term average
// does not rise with the signal at once. It is 0 for the first nsta+nlta-1 samples
// and where the long-term average is 0.
//
// ObsPy's delayed_sta_lta is another function: it adds the samples that leave the
// windows, where the definition subtracts them.
//
// It panics if dst and x differ in length or a window is below 1.
func Delayed(dst, x []float64, nsta, nlta int, scratch *dsp.Scratch) {
	checkLengths(dst, x)
	if nsta < 1 || nlta < 1 {
		panic("picker: windows of STA/LTA must be 1 or more")
	}
	clear(dst)
	first := nsta + nlta - 1
	if first >= len(x) || first < 0 {
		return
	}
	long := scratch.Samples(len(x))
	slidingEnergy(long, x, nlta)
	slidingEnergy(dst, x, nsta)
	ratio := float64(nlta) / float64(nsta)
	for i := len(x) - 1; i >= first; i-- {
		if l := long[i-nsta]; l != 0 {
			dst[i] = dst[i] / l * ratio
		} else {
			dst[i] = 0
		}
	}
	clear(dst[:first])
}

// ZDetect stores in dst the Z statistic (Swindell and Snell 1977; Withers et al.
// 1998): the energy of the n samples before each sample, less its mean over the whole
// trace, over its standard deviation. As in ObsPy's z_detect the energy of a sample
// does not include the sample itself, is 0 for the first n, and these zeros count in
// mean and deviation (divided by the number of samples).
//
// All of dst is NaN where all samples that count are zero, where one is not finite, and
// where x has no more than n samples. It panics if dst and x differ in length or n < 1.
func ZDetect(dst, x []float64, n int) {
	checkLengths(dst, x)
	if n < 1 {
		panic("picker: window of the Z detector must be 1 or more")
	}
	if len(x) <= n {
		for i := range dst {
			dst[i] = math.NaN()
		}
		return
	}
	slidingEnergy(dst, x, n)
	copy(dst[1:], dst) // what was summed up to a sample belongs to the next
	dst[0] = 0
	mean := dsp.Mean(dst)
	squares := 0.0
	for _, v := range dst {
		d := v - mean
		squares += float64(d * d)
	}
	deviation := math.Sqrt(squares / float64(len(dst)))
	for i, v := range dst {
		dst[i] = (v - mean) / deviation
	}
}

func checkLengths(dst, x []float64) {
	if len(dst) != len(x) {
		panic("picker: destination and trace differ in length")
	}
}
