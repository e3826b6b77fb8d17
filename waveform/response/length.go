package response

import "math/bits"

const (
	smallLength = 5000 // up to here any length is taken
	largePrime  = 500  // prime factors from here on make a transform slow
	maxTries    = 10
)

// Length is the length of the Fourier transforms in which a response is removed
// from n samples: twice n, with n rounded up to even. If that is above 5000 and
// has a prime factor of 500 or more, the first of the lengths 2, 4 .. 20 larger
// that has none is taken, else the next power of two. It is 0 for n <= 0.
//
// The length is part of the definition of the result, not a detail: another one
// moves a trace by several thousandths of its peak. The rule is ObsPy's.
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
	return 1 << bits.Len(uint(length-1))
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
