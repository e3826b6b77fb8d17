package response

import "math/bits"

const (
	smallLength = 5000 // up to here any length is taken
	largePrime  = 500  // prime factors from here on make a transform slow
	maxTries    = 10
)

// Padding is the rule by which samples are extended with zeros before they are
// transformed. It is part of the definition of the result: what a response shorter
// than the padding sends round the end of the trace stays out of it.
type Padding uint8

const (
	// PadTwice is the rule of [Length], and ObsPy's.
	PadTwice Padding = iota
	// PadTwicePowerOfTwo is the least power of two that is twice the samples or
	// more: PITSA's rule, and that of ObsPy's simulate_seismometer with nfft_pow2.
	PadTwicePowerOfTwo
	// PadPowerOfTwo is the least power of two that holds the samples: the rule of
	// the command TRANSFER of SAC. Of up to half of its length the ends are not kept
	// apart.
	PadPowerOfTwo
	// PadNone adds one zero to an odd number of samples and none to an even one.
	// The trace is taken for periodic.
	PadNone
)

// Length is the length of the Fourier transforms of n samples by the rule, 0 for
// n <= 0. It is even.
func (p Padding) Length(n int) int {
	if n <= 0 {
		return 0
	}
	switch p {
	case PadTwicePowerOfTwo:
		return powerOfTwo(2 * n)
	case PadPowerOfTwo:
		return max(2, powerOfTwo(n))
	case PadNone:
		return n + n%2
	}
	return Length(n)
}

// powerOfTwo is the least one that is n >= 1 or more.
func powerOfTwo(n int) int { return 1 << bits.Len(uint(n-1)) }

// Length is the length of the Fourier transforms in which a response is removed
// from n samples: twice n, with n rounded up to even. If that is above 5000 and
// has a prime factor of 500 or more, the first of the lengths 2, 4 .. 20 larger
// that has none is taken, else the next power of two. It is 0 for n <= 0.
//
// The length is part of the definition of the result, not a detail: another one
// moves a trace by several thousandths of its peak. The rule is ObsPy's; others are
// in [Padding].
func Length(n int) int {
	if n <= 0 {
		return 0
	}
	length := 2 * (n + n%2)
	if length <= smallLength || largestPrime(length) < largePrime {
		return length
	}
	for i := 1; i <= maxTries; i++ {
		if largestPrime(length+2*i) < largePrime {
			return length + 2*i
		}
	}
	return powerOfTwo(length)
}

// largestPrime is the largest prime factor of n > 1.
func largestPrime(n int) int {
	largest := 1
	for p := 2; p*p <= n; p++ {
		for n%p == 0 {
			largest, n = p, n/p
		}
	}
	return max(largest, n)
}
