package mseed

// steim1Words decodes the words of a frame to dst, from word first and sum x on,
// and returns the number of samples and the sum. It stops where dst is full.
func steim1Words[T int32 | float64](dst []T, frame *[frameSize]byte, first int, x int32) (int, int32, error) {
	codes, done := word(frame, 0), 0
	for i := first; i < frameWords && done < len(dst); i++ {
		w, c := word(frame, i), code(codes, i)
		if len(dst)-done < 4 {
			n, sum, err := tail(dst[done:], c, w, x, Steim1)
			if err != nil {
				return done, x, err
			}
			done, x = done+n, sum
			continue
		}
		out := dst[done : done+4 : done+4]
		switch c {
		case 1:
			x += int32(w) >> 24
			out[0] = T(x)
			x += int32(w<<8) >> 24
			out[1] = T(x)
			x += int32(w<<16) >> 24
			out[2] = T(x)
			x += int32(w<<24) >> 24
			out[3] = T(x)
			done += 4
		case 2:
			x += int32(w) >> 16
			out[0] = T(x)
			x += int32(w<<16) >> 16
			out[1] = T(x)
			done += 2
		case 3:
			x += int32(w)
			out[0] = T(x)
			done++
		}
	}
	return done, x, nil
}

// steim2Words is steim1Words for STEIM2.
func steim2Words[T int32 | float64](dst []T, frame *[frameSize]byte, first int, x int32) (int, int32, error) {
	codes, done := word(frame, 0), 0
	for i := first; i < frameWords && done < len(dst); i++ {
		w, c := word(frame, i), code(codes, i)
		if len(dst)-done < 7 {
			n, sum, err := tail(dst[done:], c, w, x, Steim2)
			if err != nil {
				return done, x, err
			}
			done, x = done+n, sum
			continue
		}
		out := dst[done : done+7 : done+7]
		switch c<<2 | w>>30 {
		case 0, 1, 2, 3:
		case 4, 5, 6, 7: // four of 8 bits
			x += int32(w) >> 24
			out[0] = T(x)
			x += int32(w<<8) >> 24
			out[1] = T(x)
			x += int32(w<<16) >> 24
			out[2] = T(x)
			x += int32(w<<24) >> 24
			out[3] = T(x)
			done += 4
		case 9: // one of 30
			x += int32(w<<2) >> 2
			out[0] = T(x)
			done++
		case 10: // two of 15
			x += int32(w<<2) >> 17
			out[0] = T(x)
			x += int32(w<<17) >> 17
			out[1] = T(x)
			done += 2
		case 11: // three of 10
			x += int32(w<<2) >> 22
			out[0] = T(x)
			x += int32(w<<12) >> 22
			out[1] = T(x)
			x += int32(w<<22) >> 22
			out[2] = T(x)
			done += 3
		case 12: // five of 6
			x += int32(w<<2) >> 26
			out[0] = T(x)
			x += int32(w<<8) >> 26
			out[1] = T(x)
			x += int32(w<<14) >> 26
			out[2] = T(x)
			x += int32(w<<20) >> 26
			out[3] = T(x)
			x += int32(w<<26) >> 26
			out[4] = T(x)
			done += 5
		case 13: // six of 5
			x += int32(w<<2) >> 27
			out[0] = T(x)
			x += int32(w<<7) >> 27
			out[1] = T(x)
			x += int32(w<<12) >> 27
			out[2] = T(x)
			x += int32(w<<17) >> 27
			out[3] = T(x)
			x += int32(w<<22) >> 27
			out[4] = T(x)
			x += int32(w<<27) >> 27
			out[5] = T(x)
			done += 6
		case 14: // seven of 4
			x += int32(w<<4) >> 28
			out[0] = T(x)
			x += int32(w<<8) >> 28
			out[1] = T(x)
			x += int32(w<<12) >> 28
			out[2] = T(x)
			x += int32(w<<16) >> 28
			out[3] = T(x)
			x += int32(w<<20) >> 28
			out[4] = T(x)
			x += int32(w<<24) >> 28
			out[5] = T(x)
			x += int32(w<<28) >> 28
			out[6] = T(x)
			done += 7
		default:
			_, _, err := packing(c, w, Steim2)
			return done, x, err
		}
	}
	return done, x, nil
}
