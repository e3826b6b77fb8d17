package mseed

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

func TestHeaderIsReadInFull(t *testing.T) {
	opt := WriteOptions{Quality: 'M', TimingQuality: 87, Sequence: 42, Encoding: Steim1, RecordLength: 1024}
	b := written(t, madeTrace(200, wiggle(100, 8)), opt)
	b[36], b[37], b[38] = 0x04, IOClockLocked, DataQualityClipped
	r, err := ParseRecord(b, 4096)
	if err != nil {
		t.Fatal(err)
	}
	if want := "XX.MADE.10.HNE M 2019-10-15T05:33:12.345678Z 200 Hz 100 samples STEIM1 1024 bytes at 4096"; r.String() != want {
		t.Errorf("got  %s\nwant %s", r.String(), want)
	}
	if r.Sequence != 42 || r.TimingQuality != 87 || r.Activity != 4 || r.IOClock != IOClockLocked ||
		r.DataQuality != DataQualityClipped || r.LittleHeader || r.LittlePayload {
		t.Errorf("header %+v", r)
	}
	if want := madeStart.Add(495 * time.Millisecond); !r.End().Equal(want) {
		t.Errorf("end %v, want %v", r.End(), want)
	}
}

func TestByteOrdersOfHeaderAndPayloadAreIndependent(t *testing.T) {
	for _, e := range []Encoding{Steim1, Steim2, Int16, Int32, Float32, Float64} {
		data := wiggle(20, 9)
		big := written(t, madeTrace(62.3, data), WriteOptions{Encoding: e})
		for _, c := range []struct{ header, payload bool }{{false, false}, {false, true}, {true, false}, {true, true}} {
			r := parsed(t, littleRecord(t, big, c.header, c.payload))
			if r.LittleHeader != c.header || r.LittlePayload != c.payload || !r.Start.Equal(madeStart) || r.Encoding != e {
				t.Errorf("%v %v: header %+v", e, c, r)
			}
			if got, err := r.DecodeFloat64(nil); err != nil || !slices.Equal(got, data) {
				t.Errorf("%v %v: %v, %v", e, c, got, err)
			}
		}
	}
}

func TestByteOrderIsToldApartWhereTheYearReadsBothWays(t *testing.T) {
	tr := madeTrace(1, []float64{1, 2, 3})
	tr.Start = time.Date(2056, 1, 1, 0, 0, 0, 0, time.UTC) // 0x0808, day 0x0001
	b := written(t, tr, WriteOptions{})
	for _, little := range []bool{false, true} {
		if r := parsed(t, littleRecord(t, b, little, false)); r.LittleHeader != little || !r.Start.Equal(tr.Start) {
			t.Errorf("little %v: %v, little %v", little, r.Start, r.LittleHeader)
		}
	}
}

func TestTimeCorrectionIsAppliedUnlessItWasAlready(t *testing.T) {
	b := written(t, madeTrace(100, wiggle(10, 8)), WriteOptions{})
	correction := int32(-15000) // 0.1 ms
	binary.BigEndian.PutUint32(b[40:], uint32(correction))
	if r := parsed(t, b); !r.Start.Equal(madeStart.Add(-1500 * time.Millisecond)) {
		t.Errorf("not applied yet: start %v", r.Start)
	}
	b[36] |= ActivityTimeCorrected
	if r := parsed(t, b); !r.Start.Equal(madeStart) || r.TimeCorrection != -1500*time.Millisecond {
		t.Errorf("applied already: start %v, correction %v", r.Start, r.TimeCorrection)
	}
}

func TestBlockette100IsTheTrueRate(t *testing.T) {
	b := written(t, madeTrace(math.Pi*10, wiggle(10, 8)), WriteOptions{})
	if r := parsed(t, b); r.SampleRate != float64(float32(math.Pi*10)) {
		t.Errorf("rate %v", r.SampleRate)
	}
	for _, bad := range []float64{0, -5, math.NaN(), math.Inf(1)} {
		binary.BigEndian.PutUint32(b[68:], math.Float32bits(float32(bad)))
		if r := parsed(t, b); math.Abs(r.SampleRate-math.Pi*10) > 1e-3 {
			t.Errorf("blockette 100 with %v: rate %v, want that of the header", bad, r.SampleRate)
		}
	}
}

func TestUnknownBlockettesArePassedOver(t *testing.T) {
	b := written(t, madeTrace(100, wiggle(10, 8)), WriteOptions{})
	b = edited(b, 58, 128)                    // 1001 is followed by
	b = edited(edited(b, 128, 201), 130, 180) // a detection at 128, in what is free of the payload
	b = edited(edited(b, 180, 2000), 182, 0)  // and opaque data
	if r := parsed(t, b); r.Length != 512 || r.Samples != 10 {
		t.Errorf("%v", r.String())
	}
}

func TestRecordWithoutBlockette1000EndsAtTheNextHeader(t *testing.T) {
	for _, length := range []int{256, 512, 4096} {
		b := written(t, madeTrace(100, wiggle(8*length, 8)), WriteOptions{Encoding: Steim1, RecordLength: length})
		two := slices.Concat(withoutBlockettes(b[:length]), withoutBlockettes(b[length:2*length]))
		var n int
		for r, err := range Records(two, 0) {
			if err != nil || r.Length != length || r.Encoding != Steim1 {
				t.Fatalf("length %d: %v, %v", length, r.String(), err)
			}
			if _, err := r.DecodeInt32(nil); err != nil {
				t.Error(err)
			}
			n++
		}
		if n != 2 {
			t.Errorf("length %d: %d records", length, n)
		}
	}
}

func TestImpossibleHeadersAreErrorsWithPlaceAndReason(t *testing.T) {
	one := written(t, madeTrace(100, wiggle(100, 8)), WriteOptions{})
	b := slices.Concat(one, one) // bytes after the record must not make it right
	length := func(exponent byte) []byte {
		c := bytes.Clone(b)
		c[54] = exponent
		return c
	}
	for _, c := range []struct {
		record []byte
		want   string
	}{
		{edited(b, 46, 65534), "blockette offset 65534 past end 512"},
		{edited(b, 46, 600), "blockette offset 600 past end 512"},
		{edited(b, 50, 510), "blockette offset 510 past end 512"},
		{edited(b, 50, 65535), "blockette offset 65535 past end 512"},
		{edited(b, 58, 48), "blockette offset 48 before byte 60"},
		{edited(b, 58, 56), "blockette offset 56 before byte 60"},
		{edited(b, 46, 20), "blockette offset 20 before byte 48"},
		{edited(b, 44, 65535), "data offset 65535 past end 512"},
		{edited(b, 44, 512), "data offset 512 past end 512"},
		{edited(b, 44, 0), "data offset 0 inside the header"},
		{edited(b, 28, 10001), "implausible start: 10001 ticks of 0.1 ms in a second"},
		{edited(b, 20, 2101), "implausible start: year 2101 day 288 hour 5 minute 33 second 12"},
		{edited(b, 22, 367), "implausible start: year 2019 day 367 hour 5 minute 33 second 12"},
		{edited(edited(b, 32, 0x8000), 34, 0x8000), "100 samples at 9.313225746154785e-10 Hz span more than 1e+09 s"},
		{length(6), "record length 2^6 in blockette 1000"},
		{length(21), "record length 2^21 in blockette 1000"},
		{length(255), "record length 2^255 in blockette 1000"},
		{length(10), "record length 1024, but a header at byte 512 of it"},
		{length(20), "record length 1048576, but a header at byte 512 of it"},
		{one[:500], "record is cut off: 500 of 512 bytes"},
		{b[:47], "record is cut off: 47 bytes are less than a header"},
		{nil, "record is cut off: 0 bytes are less than a header"},
		{withoutBlockettes(b)[:500], "no blockette 1000, and no next header to tell the length"},
	} {
		_, err := ParseRecord(c.record, 4096)
		if err == nil || err.Error() != "mseed: record at byte 4096: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
		var bad *BadRecordError
		if !errors.As(err, &bad) || bad.Offset != 4096 {
			t.Errorf("%v is a %T", err, err)
		}
	}
}

func TestOtherEncodingsAreRecognisedAndNotDecoded(t *testing.T) {
	for code, name := range map[byte]string{15: "USNSN", 17: "GRAEFENBERG", 18: "IPG", 19: "STEIM3", 31: "HGLP", 100: "OPAQUE", 99: "encoding 99"} {
		b := written(t, madeTrace(100, wiggle(100, 8)), WriteOptions{})
		b[52] = code
		r := parsed(t, b)
		_, err := r.DecodeFloat64(nil)
		var unsupported *UnsupportedEncodingError
		if !errors.As(err, &unsupported) || err.Error() != "mseed: record at byte 0: unsupported encoding: "+name+" as numbers" {
			t.Errorf("%d: %v", code, err)
		}
		var a Assembler
		if err := a.Add(&r); !errors.As(err, &unsupported) {
			t.Errorf("%d: assembled: %v", code, err)
		}
	}
}

func TestLogsAreTextAndNoSeries(t *testing.T) {
	b := written(t, madeTrace(1, wiggle(100, 8)), WriteOptions{})
	b = edited(edited(edited(b, 30, 5), 32, 0), 34, 0)
	b[52] = byte(ASCII)
	copy(b[64:], "hello, world")
	r := parsed(t, b)
	if s, err := r.Text(); s != "hello" || err != nil || r.SampleRate != 0 || !r.End().Equal(r.Start) {
		t.Errorf("%q, %v, %v", s, err, r.String())
	}
	segments, faults, err := Segments(bytes.NewReader(b))
	if len(segments) != 0 || len(faults) != 0 || err != nil {
		t.Errorf("%v, %v, %v", segments, faults, err)
	}
}

func TestNumbersWithoutARateAreAFault(t *testing.T) {
	b := written(t, madeTrace(1, wiggle(100, 8)), WriteOptions{})
	_, faults, _ := Segments(bytes.NewReader(edited(b, 32, 0)))
	if len(faults) != 1 || !errors.Is(faults[0], ErrNoRate) {
		t.Errorf("faults %v", faults)
	}
}

func TestEndAfter65535SamplesAt300HzIsExact(t *testing.T) {
	r := Record{Start: madeStart, SampleRate: 300, Samples: 65535}
	// 65534/300 s = 218.44666... s; a period rounded to 0.1 us or so ends early.
	if want := madeStart.Add(218446666667 * time.Nanosecond); !r.End().Equal(want) {
		t.Errorf("end %v, want %v", r.End(), want)
	}
}

func TestNominalRateFollowsTheSigns(t *testing.T) {
	for _, c := range []struct {
		factor, multiplier int16
		want               float64
	}{{100, 1, 100}, {33, 10, 330}, {125, -2, 62.5}, {-10, 1, 0.1}, {-5, -4, 0.05}, {0, 1, 0}, {1, 0, 0}, {32760, -819, 40}} {
		if got := nominalRate(c.factor, c.multiplier); got != c.want {
			t.Errorf("%d, %d: %v, want %v", c.factor, c.multiplier, got, c.want)
		}
	}
}

func TestEmptyCodesAreEmptyStrings(t *testing.T) {
	tr := madeTrace(1, []float64{1})
	tr.ID = waveform.SourceID{}
	if r := parsed(t, written(t, tr, WriteOptions{})); r.ID != tr.ID {
		t.Errorf("%#v", r.ID)
	}
}
