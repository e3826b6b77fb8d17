package mseed

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Steim compression (SEED 2.4, appendix B): the payload is a row of frames of 16
// words. The first word of a frame has 16 codes of two bits, which say how many
// differences the words hold:
//
//	code 0         none
//	code 1         four of 8 bits
//	STEIM1 code 2  two of 16 bits
//	STEIM1 code 3  one of 32 bits
//	STEIM2 code 2  by the top two bits: 1: one of 30, 2: two of 15, 3: three of 10 bits
//	STEIM2 code 3  by the top two bits: 0: five of 6, 1: six of 5, 2: seven of 4 bits
//
// The second and third word of the first frame are the first sample and the
// last, the forward and reverse integration constants. The first difference leads
// from the sample before the record and is not needed. Sums wrap at 32 bits.
const (
	frameSize  = 64
	frameWords = 16
)

// decodeSteim fills dst, whose length is the header's sample count, and checks
// that the payload has that many samples and ends with the one it should.
func decodeSteim[T int32 | float64](dst []T, payload []byte, e Encoding, little bool) error {
	if len(dst) == 0 {
		return nil
	}
	var swapped [frameSize]byte
	var last, x int32
	done, primed := 0, false
	for at := 0; at+frameSize <= len(payload) && done < len(dst); at += frameSize {
		frame := (*[frameSize]byte)(payload[at:])
		if little {
			swapFrame(&swapped, frame, e)
			frame = &swapped
		}
		first := 1
		if at == 0 {
			x, last = int32(word(frame, 1)), int32(word(frame, 2))
			first = 3
		}
		if !primed {
			var d int32
			if d, primed = firstDifference(frame, first, e); primed {
				x -= d
			}
		}
		var n int
		var err error
		if e == Steim1 { // direct calls: the frame stays on the stack
			n, x, err = steim1Words(dst[done:], frame, first, x)
		} else {
			n, x, err = steim2Words(dst[done:], frame, first, x)
		}
		if err != nil {
			return fmt.Errorf("%w: frame %d: %v", ErrIntegrity, at/frameSize, err)
		}
		done += n
	}
	if done < len(dst) {
		return fmt.Errorf("%w: %d samples where the header counts %d", ErrIntegrity, done, len(dst))
	}
	if x != last {
		return fmt.Errorf("%w: last sample %d, reverse integration constant %d", ErrIntegrity, x, last)
	}
	return nil
}

func word(frame *[frameSize]byte, i int) uint32 { return binary.BigEndian.Uint32(frame[4*i:]) }

func code(codes uint32, i int) uint32 { return codes >> (30 - 2*i) & 3 }

// swapFrame turns a little endian frame into a big endian one: differences of 8
// bits are in order of memory, those of 16 bits are swapped one by one.
func swapFrame(dst, src *[frameSize]byte, e Encoding) {
	codes := bits.ReverseBytes32(word(src, 0))
	binary.BigEndian.PutUint32(dst[:], codes)
	for i := 1; i < frameWords; i++ {
		w := word(src, i)
		switch c := code(codes, i); {
		case c == 1:
		case c == 2 && e == Steim1:
			w = w<<8&0xff00ff00 | w>>8&0x00ff00ff
		default:
			w = bits.ReverseBytes32(w)
		}
		binary.BigEndian.PutUint32(dst[4*i:], w)
	}
}

// firstDifference is the first difference of a frame, false if it has none.
func firstDifference(frame *[frameSize]byte, from int, e Encoding) (int32, bool) {
	var d [7]int32
	for i := from; i < frameWords; i++ {
		if n, _ := unpack(&d, code(word(frame, 0), i), word(frame, i), e); n > 0 {
			return d[0], true
		}
	}
	return 0, false
}

// unpack gives the differences of one word.
func unpack(d *[7]int32, code, w uint32, e Encoding) (int, error) {
	count, width, err := packing(code, w, e)
	for i := range count {
		d[i] = int32(w<<(32-(count-i)*width)) >> (32 - width)
	}
	return count, err
}

// packing says how many differences a word has, and of how many bits.
func packing(code, w uint32, e Encoding) (count, width int, err error) {
	top := w >> 30
	switch {
	case code == 0:
		return 0, 0, nil
	case code == 1:
		return 4, 8, nil
	case e == Steim1 && code == 2:
		return 2, 16, nil
	case e == Steim1:
		return 1, 32, nil
	case code == 2 && top != 0:
		return int(top), 30 / int(top), nil
	case code == 3 && top != 3:
		return 5 + int(top), 6 - int(top), nil
	}
	return 0, 0, fmt.Errorf("impossible code %d.%d", code, top)
}

// tail decodes one word where dst may end within it.
func tail[T int32 | float64](dst []T, code, w uint32, x int32, e Encoding) (int, int32, error) {
	var d [7]int32
	n, err := unpack(&d, code, w, e)
	n = min(n, len(dst))
	for i := range n {
		x += d[i]
		dst[i] = T(x)
	}
	return n, x, err
}
