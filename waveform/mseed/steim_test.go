package mseed

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestFrameOfTheStandardIsDecoded(t *testing.T) {
	// A frame put together by hand from SEED 2.4, appendix B: every way to fill a
	// word of STEIM2, with the numbers 0, 1, 2 ... in alternating sign as differences.
	payload := make([]byte, frameSize)
	put := func(i int, w uint32) { binary.BigEndian.PutUint32(payload[4*i:], w) }
	var codes uint32
	var want []int32
	x := int32(1000)
	want = append(want, x)
	for k, way := range []struct {
		code, top    uint32
		count, width int
	}{{1, 0, 4, 8}, {2, 1, 1, 30}, {2, 2, 2, 15}, {2, 3, 3, 10}, {3, 0, 5, 6}, {3, 1, 6, 5}, {3, 2, 7, 4}} {
		i := 3 + k
		codes |= way.code << (30 - 2*i)
		w := uint64(way.top) << 30
		for n := range way.count {
			d := int32(n)
			if n%2 == 1 {
				d = -d
			}
			w |= uint64(uint32(d)) & (1<<way.width - 1) << (way.width * (way.count - 1 - n))
			if k > 0 || n > 0 { // the very first leads from the sample before
				x += d
				want = append(want, x)
			}
		}
		put(i, uint32(w))
	}
	put(0, codes)
	put(1, uint32(want[0]))
	put(2, uint32(x))
	got := make([]int32, len(want))
	if err := decodeSteim(got, payload, Steim2, false); err != nil || !slices.Equal(got, want) {
		t.Errorf("got  %d, %v\nwant %d", got, err, want)
	}
}

func TestSteimDecodesToIntegersAndFloatsAlike(t *testing.T) {
	for _, e := range []Encoding{Steim1, Steim2} {
		for n := 1; n < 200; n++ {
			r := parsed(t, written(t, madeTrace(100, wiggle(n, 20)), WriteOptions{Encoding: e, RecordLength: 4096}))
			ints, err1 := r.DecodeInt32(nil)
			floats, err2 := r.DecodeFloat64(nil)
			if err1 != nil || err2 != nil || len(ints) != n {
				t.Fatalf("%v, %d samples: %v, %v", e, n, err1, err2)
			}
			for i := range ints {
				if float64(ints[i]) != floats[i] {
					t.Fatalf("%v, sample %d: %d and %v", e, i, ints[i], floats[i])
				}
			}
		}
	}
}

func TestDecodingAppendsAndLeavesDstAloneOnError(t *testing.T) {
	b := written(t, madeTrace(100, wiggle(100, 8)), WriteOptions{})
	r := parsed(t, b)
	got, err := r.DecodeInt32([]int32{7, 8})
	if err != nil || len(got) != 102 || got[0] != 7 || got[1] != 8 {
		t.Errorf("%d, %v", got[:3], err)
	}
	b[72] ^= 1 // reverse integration constant
	r = parsed(t, b)
	if got, err := r.DecodeInt32([]int32{7, 8}); !errors.Is(err, ErrIntegrity) || !slices.Equal(got, []int32{7, 8}) {
		t.Errorf("%d, %v", got, err)
	}
}

func TestPayloadThatContradictsItselfIsAnIntegrityError(t *testing.T) {
	steim := written(t, madeTrace(100, wiggle(100, 8)), WriteOptions{})
	double := written(t, madeTrace(100, wiggle(50, 8)), WriteOptions{Encoding: Float64})
	code := edited(steim, 66, binary.BigEndian.Uint16(steim[66:])|3) // the last word of frame 0: code 3 ...
	code[64+60] |= 0xc0                                              // ... and top 3
	for _, c := range []struct {
		record []byte
		want   string
	}{
		{edited(steim, 30, 99), "reverse integration constant"},
		{edited(steim, 30, 101), "100 samples where the header counts 101"},
		{edited(steim, 30, 65535), "65535 samples in 448 bytes of STEIM2"},
		{code, "impossible code 3.3"},
		{edited(double, 30, 57), "57 samples of FLOAT64 need 456 bytes, 448 are there"},
		{edited(double, 30, 8192), "8192 samples of FLOAT64 need 65536 bytes, 448 are there"}, // 0 in 16 bits
	} {
		r := parsed(t, c.record)
		_, err := r.DecodeFloat64(nil)
		if !errors.Is(err, ErrIntegrity) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestAnyFlippedBitOfASteimPayloadIsNoticedOrHarmless(t *testing.T) {
	data := wiggle(300, 10)
	b := written(t, madeTrace(100, data), WriteOptions{})[:512]
	whole := parsed(t, b)
	want, err := whole.DecodeInt32(nil)
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for bit := 64 * 8; bit < 512*8; bit++ {
		b[bit/8] ^= 1 << (bit % 8)
		r := parsed(t, b)
		if got, err := r.DecodeInt32(nil); err == nil && !slices.Equal(got, want) {
			changed++
		}
		b[bit/8] ^= 1 << (bit % 8)
	}
	// A flipped difference always changes the last sample; a flipped code could
	// keep it by chance, which it does not in these data.
	if changed > 0 {
		t.Errorf("%d of %d flipped bits changed samples unnoticed", changed, 448*8)
	}
}

func TestRecordOf300FramesHasAllItsFrames(t *testing.T) {
	data := wiggle(300*15, 31) // about one sample a word
	b := written(t, madeTrace(100, data), WriteOptions{Encoding: Steim1, RecordLength: 32768})
	r := parsed(t, b)
	if r.Length != 32768 || r.Samples != len(data) {
		t.Fatalf("%v", r.String())
	}
	for _, count := range []byte{44, 0, 255} { // 300 in 8 bits is 44
		b[63] = count
		if got, err := r.DecodeFloat64(nil); err != nil || !slices.Equal(got, data) {
			t.Errorf("frame count %d: %d samples, %v", count, len(got), err)
		}
	}
}

func TestRecordOfMoreThan64KilobytesOfDoublesIsDecoded(t *testing.T) {
	const n = 9000 // 72000 bytes, 6464 in 16 bits
	b := make([]byte, 1<<17)
	h := recordHeader{quality: 'D', encoding: Float64, rate: 100, factor: 100, multiplier: 1}
	if err := h.setID(madeTrace(100, nil).ID); err != nil {
		t.Fatal(err)
	}
	data := wiggle(n, 20)
	packFloat64(data).pack(b[h.dataOffset():], 0)
	h.put(b, madeStart, 1, n)
	segments, faults, err := Segments(strings.NewReader(string(b)))
	if err != nil || len(faults) != 0 || len(segments) != 1 || !slices.Equal(segments[0].Float64, data) {
		t.Errorf("%d segments, %v, %v", len(segments), faults, err)
	}
}

func TestFloatsKeepTheirBits(t *testing.T) {
	data := []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(-1), math.MaxFloat32, math.SmallestNonzeroFloat32}
	for _, e := range []Encoding{Float32, Float64} {
		r := parsed(t, written(t, madeTrace(100, data), WriteOptions{Encoding: e}))
		got, err := r.DecodeFloat64(nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range data {
			if math.Float64bits(got[i]) != math.Float64bits(data[i]) && !(math.IsNaN(got[i]) && math.IsNaN(data[i])) {
				t.Errorf("%v: %v came back as %v", e, data[i], got[i])
			}
		}
	}
}
