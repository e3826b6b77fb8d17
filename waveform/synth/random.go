package synth

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
)

// source is a random generator. It uses only the 64-bit stream of PCG, which is
// fixed by definition, never the distributions of math/rand/v2, which a release
// of Go may change.
type source struct{ pcg rand.PCG }

// newSource gives the generator that belongs to a name and numbers under a seed.
func newSource(seed uint64, name string, numbers ...int64) source {
	h := fnv.New128a()
	var b [8]byte
	put := func(u uint64) {
		binary.LittleEndian.PutUint64(b[:], u)
		h.Write(b[:])
	}
	put(seed)
	h.Write([]byte(name))
	for _, n := range numbers {
		put(uint64(n))
	}
	var sum [16]byte
	h.Sum(sum[:0])
	return source{*rand.NewPCG(binary.LittleEndian.Uint64(sum[:8]), binary.LittleEndian.Uint64(sum[8:]))}
}

// uniform is evenly distributed in [0, 1).
func (s *source) uniform() float64 { return float64(s.pcg.Uint64()>>11) * 0x1p-53 }

// between is evenly distributed in [low, high).
func (s *source) between(low, high float64) float64 { return low + (high-low)*s.uniform() }

// intn is evenly distributed in 0..n-1 (n > 0, far below 2^53).
func (s *source) intn(n int64) int64 { return int64(s.uniform() * float64(n)) }

// normal has mean 0 and variance 1: the sum of four 16-bit uniform numbers, so a
// bell that ends at 3.46. That is near enough to a normal distribution for
// ground noise and costs 2 ns.
func (s *source) normal() float64 {
	u := s.pcg.Uint64()
	sum := u&0xffff + u>>16&0xffff + u>>32&0xffff + u>>48
	const scale = 0x1p-16 * 1.7320508075688772 // sqrt 3: one number has variance 1/12
	return (float64(sum) - 2*0xffff) * scale
}
