package mseed

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// version3 is one record of miniSEED 3 of 100 samples.
func version3(t testing.TB) []byte {
	return written(t, madeTrace(100, wiggle(100, 8)), WriteOptions{Version: 3, TimingQuality: 87, Quality: 'Q'})
}

// checksummed gives a record of miniSEED 3 the checksum that its bytes have.
func checksummed(b []byte) []byte {
	binary.LittleEndian.PutUint32(b[crcOffset:], checksum3(b))
	return b
}

// put3 is a copy of a record with other bytes somewhere, and the checksum they have.
func put3(b []byte, at int, with ...byte) []byte {
	b = bytes.Clone(b)
	copy(b[at:], with)
	return checksummed(b)
}

func TestHeaderOfVersion3IsReadInFull(t *testing.T) {
	b := put3(version3(t), 3, flagCalibration|flagTimeSuspect|flagClockLocked)
	binary.LittleEndian.PutUint32(b[4:], 345678901)
	b[32] = 200
	r, err := ParseRecord(checksummed(b), 4096)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("XX.MADE.10.HNE Q 2019-10-15T05:33:12.345678901Z 100 Hz 100 samples STEIM2 %d bytes at 4096, version 3", len(b))
	if r.String() != want {
		t.Errorf("got  %s\nwant %s", r.String(), want)
	}
	if r.Version != 3 || r.PublicationVersion != 200 || r.TimingQuality != 87 || r.Sequence != -1 || !r.LittleHeader || r.LittlePayload ||
		r.Activity != ActivityCalibration || r.IOClock != IOClockLocked || r.DataQuality != DataQualityTimeSuspect {
		t.Errorf("header %+v", r)
	}
	if got := string(r.ExtraHeaders()); got != `{"FDSN":{"DataQuality":"Q","Time":{"Quality":87}}}` {
		t.Errorf("extra headers %s", got)
	}
}

func TestAnyChangedBitOfARecordOfVersion3IsNoticed(t *testing.T) {
	b := version3(t)
	for bit := range 8 * len(b) {
		b[bit/8] ^= 1 << (bit % 8)
		if _, err := ParseRecord(b, 0); err == nil {
			t.Errorf("bit %d of byte %d changed unnoticed", bit%8, bit/8)
		}
		b[bit/8] ^= 1 << (bit % 8)
	}
	b[len(b)-1] ^= 1
	_, err := ParseRecord(b, 512)
	var sum *ChecksumError
	if !errors.As(err, &sum) || !errors.Is(err, ErrIntegrity) || sum.Header != binary.LittleEndian.Uint32(b[crcOffset:]) || sum.Computed != checksum3(b) ||
		err.Error() != fmt.Sprintf("mseed: record at byte 512: checksum 0x%08X, but 0x%08X in the header", sum.Computed, sum.Header) {
		t.Errorf("got %v", err)
	}
}

func TestImpossibleHeadersOfVersion3AreErrorsWithPlaceAndReason(t *testing.T) {
	b := version3(t)
	double := func(v float64) []byte { return binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)) }
	for _, c := range []struct {
		record []byte
		want   string
	}{
		{b[:len(b)-1], fmt.Sprintf("record is cut off: %d of %d bytes", len(b)-1, len(b))},
		{put3(b, 36, 0xff, 0xff, 0xff, 0xff), fmt.Sprintf("record length %d is above 1048576", 1<<32-1+40+len("FDSN:XX_MADE_10_H_N_E")+len(`{"FDSN":{"DataQuality":"Q","Time":{"Quality":87}}}`))},
		{put3(b, 4, 0x00, 0xca, 0x9a, 0x3b), "implausible start: 1000000000 nanoseconds in a second"},
		{put3(b, 8, 0, 0), "implausible start: year 0"},
		{put3(b, 16, double(math.NaN())...), "impossible sample rate NaN"},
		{put3(b, 16, double(math.Inf(-1))...), "impossible sample rate -Inf"},
		{put3(b, 16, double(-5e-324)...), "impossible sample rate -5e-324"},
		{put3(b, 16, double(-1e300)...), "100 samples at 1e-300 Hz span more than 1e+09 s"},
		{put3(b, 24, 0xff, 0xff, 0xff, 0xff), "payload does not match its header: 4294967295 samples in "},
		{put3(b, 40, 'H'), `source identifier "HDSN:XX_MADE_10_H_N_E" is none of the form FDSN:`},
		{put3(b, 40, []byte("FDSN:XX_MADE_10_HNNNE")...), `source identifier "FDSN:XX_MADE_10_HNNNE" is none`},
		{put3(b, 45, ' '), `source identifier "FDSN: X_MADE_10_H_N_E" is none`},
		{put3(b[:len(b)-len("FDSN:XX_MADE_10_H_N_E")], 33, 0), "source identifier \"\" is none"},
		{put3(b, 2, 4), "miniSEED version 4 is not supported"},
		{put3(b, 10, 0, 0), `no miniSEED header: "MS\x03\x00`},
	} {
		_, err := ParseRecord(c.record, 4096)
		if err == nil || !strings.HasPrefix(err.Error(), "mseed: record at byte 4096: "+c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestQualityFollowsThePublicationVersion(t *testing.T) {
	for version, want := range map[int]byte{1: 'R', 2: 'D', 3: 'Q', 4: 'M', 5: 'M', 255: 'M'} {
		r := parsed(t, written(t, madeTrace(100, []float64{1}), WriteOptions{Version: 3, PublicationVersion: version}))
		if r.Quality != want || int(r.PublicationVersion) != version {
			t.Errorf("publication version %d: %c, %d", version, r.Quality, r.PublicationVersion)
		}
	}
	if got := publicationQuality(0); got != 'D' {
		t.Errorf("publication version 0: %c", got)
	}
}

func TestFilesOfBothVersionsAreReadInOnePass(t *testing.T) {
	tr := madeTrace(100, wiggle(3000, 12))
	var file []byte
	var lengths []int
	for i := range 30 {
		part := tr
		part.Start, part.Data = tr.Time(100*i), tr.Data[100*i:100*i+100]
		b := written(t, part, WriteOptions{Version: 2 + i%2})
		file, lengths = append(file, b...), append(lengths, len(b))
	}
	c, err := ReadAll(iotest.OneByteReader(bytes.NewReader(file)))
	if err != nil || len(c.Faults) != 0 || c.Version2 != 15 || c.Version3 != 15 || len(c.Segments) != 1 || !slices.Equal(c.Segments[0].Trace().Data, tr.Data) {
		t.Errorf("%d and %d records, %d segments, %v, %v", c.Version2, c.Version3, len(c.Segments), c.Faults, err)
	}
	// Any stretch of whole records reads as it does in the file.
	whole := outline(Records(file, 0))
	for from, at := 0, 0; from < len(lengths); at, from = at+lengths[from], from+1 {
		end := at + lengths[from]
		if from+1 < len(lengths) {
			end += lengths[from+1]
		}
		if got := outline(Records(file[at:end], int64(at))); !slices.Equal(got, whole[from:from+len(got)]) || len(got) != min(2, len(whole)-from) {
			t.Fatalf("stretch from byte %d: %q", at, got)
		}
	}
}

func TestReadingGoesOnAfterABadRecordOfVersion3(t *testing.T) {
	b := version3(t)
	n := len(b)
	wrong := bytes.Clone(b)
	wrong[n-1] ^= 1
	long := put3(b, 36, 0, 0, 8, 0) // half a megabyte: up to the end of the file
	v2 := written(t, madeTrace(100, wiggle(10, 8)), WriteOptions{})
	for _, c := range []struct {
		name string
		file []byte
		good int
		want string // start of the one fault
	}{
		{"wrong checksum", slices.Concat(b, wrong, b), 2, fmt.Sprintf("mseed: record at byte %d: checksum", n)},
		{"wrong checksum before version 2", slices.Concat(wrong, v2, b), 2, "mseed: record at byte 0: checksum"},
		{"damaged length", slices.Concat(b, long, b, v2), 3, fmt.Sprintf("mseed: record at byte %d: record is cut off", n)},
		{"garbage", slices.Concat(b, []byte("MS\x03 and other garbage of some length, longer than a header"), b), 2, fmt.Sprintf("mseed: record at byte %d: no miniSEED header", n)},
		{"cut off", slices.Concat(b, b[:n-1]), 1, fmt.Sprintf("mseed: record at byte %d: record is cut off: %d of %d bytes", n, n-1, n)},
	} {
		for _, lines := range [][]string{outline(Records(c.file, 0)), outline(fromReader(iotest.HalfReader(bytes.NewReader(c.file))))} {
			var faults []string
			for _, line := range lines {
				if strings.HasPrefix(line, "mseed: ") {
					faults = append(faults, line)
				}
			}
			if len(lines)-len(faults) != c.good || len(faults) != 1 || !strings.HasPrefix(faults[0], c.want) {
				t.Errorf("%s: %q", c.name, lines)
			}
		}
	}
}

func TestEncodingsThatVersion3HasGivenUpAreRefused(t *testing.T) {
	for _, e := range []Encoding{Int24, Geoscope24, Geoscope163, CDSN, SRO, DWWSSN, RSTN, Steim3, Opaque} {
		r := parsed(t, put3(version3(t), 15, byte(e)))
		var unsupported *UnsupportedEncodingError
		_, err1 := r.DecodeFloat64(nil)
		_, err2 := r.DecodeInt32(nil)
		_, err3 := r.DecodeFloat32(nil)
		for _, err := range []error{err1, err2, err3, new(Assembler).Add(&r)} {
			if !errors.As(err, &unsupported) || unsupported.Encoding != e {
				t.Errorf("%v: %v", e, err)
			}
		}
	}
}

func TestReadingAllocatesNothingPerRecord(t *testing.T) {
	for _, version := range []int{2, 3} {
		b := written(t, madeTrace(100, wiggle(20000, 9)), WriteOptions{Version: version, RecordLength: 512, TimingQuality: 90, Quality: 'M'})
		samples := make([]float64, 0, 20000)
		records := 0
		source := &repeated{b: b, n: 1000}
		in := NewReader(source)
		next := func() {
			r, err := in.Next()
			if err == nil {
				samples, err = r.DecodeFloat64(samples[:0])
			}
			if err != nil {
				t.Fatal(err)
			}
			records++
		}
		for range 300 { // until the buffer has its size
			next()
		}
		if got := testing.AllocsPerRun(300, next); got != 0 || records < 600 {
			t.Errorf("version %d: %v allocations a record", version, got)
		}
	}
}

func TestLeapSecondsOfBothVersionsAreTheNextMinute(t *testing.T) {
	want := time.Date(2017, 1, 1, 0, 0, 0, 500_000_000, time.UTC)
	tr := madeTrace(100, []float64{1})
	tr.Start = time.Date(2016, 12, 31, 23, 59, 59, 500_000_000, time.UTC)
	v2 := written(t, tr, WriteOptions{})
	v2[26] = 60
	v3 := put3(written(t, tr, WriteOptions{Version: 3}), 14, 60)
	for _, b := range [][]byte{v2, v3} {
		if r := parsed(t, b); !r.Start.Equal(want) {
			t.Errorf("version %d: %v", r.Version, r.Start)
		}
	}
}
