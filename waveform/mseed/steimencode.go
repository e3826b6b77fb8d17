package mseed

import (
	"encoding/binary"
	"math/bits"
)

// steimPacker packs integers in STEIM1, or in STEIM2, for which all steps have to
// fit into 30 bits. Each word takes as many differences as it can.
type steimPacker struct {
	samples []int32
	kind    Encoding
}

func (p steimPacker) encoding() Encoding { return p.kind }

// layout is a way to fill a word: count differences of width bits, code in the
// frame's first word, top in the word's own two bits.
type layout struct {
	count, width int
	code, top    uint32
}

// layouts are all ways, most differences first, in the first n of an array, which
// unlike a slice need not be allocated.
func layouts(e Encoding) (ways [7]layout, n int) {
	if e == Steim1 {
		return [7]layout{{4, 8, 1, 0}, {2, 16, 2, 0}, {1, 32, 3, 0}}, 3
	}
	return [7]layout{{7, 4, 3, 2}, {6, 5, 3, 1}, {5, 6, 3, 0}, {4, 8, 1, 0}, {3, 10, 2, 3}, {2, 15, 2, 2}, {1, 30, 2, 1}}, 7
}

func (p steimPacker) pack(b []byte, done int) (samples, size int) {
	all, count := layouts(p.kind)
	ways := all[:count]
	left := p.samples[done:min(len(p.samples), done+maxSamples)]
	n, at := 0, 0
	for ; at+frameSize <= len(b) && n < len(left); at += frameSize {
		frame, first := b[at:at+frameSize], 1
		if at == 0 {
			first = 3
		}
		var codes uint32
		for i := first; i < frameWords && n < len(left); i++ {
			way, w := p.word(ways, done+n, len(left)-n)
			binary.BigEndian.PutUint32(frame[4*i:], w)
			codes |= way.code << (30 - 2*i)
			n += way.count
		}
		binary.BigEndian.PutUint32(frame, codes)
	}
	binary.BigEndian.PutUint32(b[4:], uint32(left[0]))
	binary.BigEndian.PutUint32(b[8:], uint32(left[n-1]))
	return n, at
}

// word packs the differences that lead to sample i and those after it, of which
// limit are left.
func (p steimPacker) word(ways []layout, i, limit int) (layout, uint32) {
	var d [7]int32
	fit := 0 // how many of d are there
	for _, way := range ways[:len(ways)-1] {
		if way.count > limit {
			continue
		}
		for ; fit < way.count; fit++ {
			d[fit] = p.difference(i + fit)
		}
		if widest(d[:way.count]) <= way.width {
			return way, assemble(way, d[:way.count])
		}
	}
	last := ways[len(ways)-1]
	d[0] = p.difference(i)
	return last, assemble(last, d[:1])
}

// difference leads to sample i; the one to the very first is zero.
func (p steimPacker) difference(i int) int32 {
	if i == 0 {
		return 0
	}
	return p.samples[i] - p.samples[i-1]
}

// widest is the number of bits that each of d fits in, sign included.
func widest(d []int32) int {
	var all uint32
	for _, v := range d {
		all |= uint32(v ^ v>>31)
	}
	return bits.Len32(all) + 1
}

func assemble(way layout, d []int32) uint32 {
	w := way.top << 30
	for k, v := range d {
		w |= uint32(v) << (32 - way.width) >> (32 - way.width) << ((way.count - 1 - k) * way.width)
	}
	return w
}
