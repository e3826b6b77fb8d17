package mseed

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadingGoesOnAfterABadStretch(t *testing.T) {
	b := written(t, madeTrace(100, wiggle(3000, 12)), WriteOptions{})
	first, second, rest := b[:512], b[512:1024], b[1024:]
	for _, c := range []struct {
		name    string
		between []byte
		want    string // "" if nothing is lost
	}{
		{"nothing", second, ""},
		{"one byte more", append([]byte{7}, second...), "mseed: record at byte 512: no miniSEED header: \"\\a000002D\" (1 bytes)"},
		{"garbage of an odd length", append([]byte(strings.Repeat("noise ", 21)+"!"), second...),
			"mseed: record at byte 512: no miniSEED header: \"noise no\" (127 bytes)"},
		{"a damaged record", edited(second, 46, 65534), "mseed: record at byte 512: blockette offset 65534 past end 512 (512 bytes)"},
		{"a record that claims those behind it", append(bytes.Clone(second[:54]), append([]byte{12}, second[55:]...)...),
			"mseed: record at byte 512: record length 4096, but a header at byte 512 of it (512 bytes)"},
		{"half a record of zeros", make([]byte, 256), "mseed: record at byte 512: no miniSEED header: \"\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\" (256 bytes)"},
		{"two megabytes of zeros", make([]byte, 2<<20), "mseed: record at byte 512: no miniSEED header: \"\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\" (2097152 bytes)"},
	} {
		file := slices.Concat(first, c.between, rest)
		want := len(rest)/512 + 1
		if bytes.HasSuffix(c.between, second) {
			want++ // the second record is still whole
		}
		records, fault := 0, ""
		for _, line := range outline(fromReader(iotest.DataErrReader(bytes.NewReader(file)))) {
			if strings.HasPrefix(line, "mseed: ") {
				fault += line
			} else {
				records++
			}
		}
		if records != want || fault != c.want {
			t.Errorf("%s: %d records, want %d; fault %q, want %q", c.name, records, want, fault, c.want)
		}
	}
}

func TestControlHeadersAndBlankRecordsArePassedOverInSilence(t *testing.T) {
	data := written(t, madeTrace(100, wiggle(500, 12)), WriteOptions{})
	volume := bytes.Repeat([]byte(" "), 4096)
	copy(volume, "000001V 0100034 2.4122019,288~2019,289~~~")
	station := bytes.Repeat([]byte(" "), 4096)
	copy(station, "000002S*continued text of any kind")
	blank := append([]byte("000003"), bytes.Repeat([]byte(" "), 506)...)
	lines := outline(Records(slices.Concat(volume, station, data[:512], blank, data[512:]), 0))
	if len(lines) != len(data)/512 || strings.Contains(strings.Join(lines, ""), "mseed:") {
		t.Errorf("%q", lines)
	}
}

func TestRecordOfALaterVersionBetweenOthersIsOneStretch(t *testing.T) {
	b := written(t, madeTrace(100, wiggle(10, 8)), WriteOptions{})
	later := make([]byte, 200)
	copy(later, "MS\x04\x00\x00\x00\x00\x00\xe6\x07\x9c\x00\x14\x20\x26")
	for _, behind := range [][]byte{b, written(t, madeTrace(100, wiggle(10, 8)), WriteOptions{Version: 3})} {
		var version *UnsupportedVersionError
		var bad *BadRecordError
		good := 0
		for _, err := range Records(slices.Concat(b, later, behind), 0) {
			switch {
			case err == nil:
				good++
			case !errors.As(err, &version) || version.Version != 4 || !errors.As(err, &bad) || bad.Offset != 512 || bad.Length != 200:
				t.Errorf("%v", err)
			}
		}
		if good != 2 || version == nil {
			t.Errorf("%d records, %v", good, version)
		}
	}
}

func TestRecordsOfAnyLengthFollowEachOther(t *testing.T) {
	var file []byte
	var want []int
	for _, length := range []int{256, 65536, 512, 4096, 32768, 256} {
		file = append(file, written(t, madeTrace(100, wiggle(10, 8)), WriteOptions{RecordLength: length})...)
		want = append(want, length)
	}
	var got []int
	for r, err := range fromReader(iotest.OneByteReader(bytes.NewReader(file))) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r.Length)
	}
	if !slices.Equal(got, want) {
		t.Errorf("lengths %d, want %d", got, want)
	}
}

func TestErrorOfTheStreamIsFinal(t *testing.T) {
	b := written(t, madeTrace(100, wiggle(10, 8)), WriteOptions{})
	broken := errors.New("connection reset")
	in := NewReader(io.MultiReader(bytes.NewReader(b), iotest.ErrReader(broken)))
	if _, err := in.Next(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := in.Next(); !errors.Is(err, broken) || !strings.Contains(err.Error(), "byte 512") {
			t.Errorf("got %v", err)
		}
	}
	if segments, _, err := Segments(io.MultiReader(bytes.NewReader(b), iotest.ErrReader(broken))); len(segments) != 1 || !errors.Is(err, broken) {
		t.Errorf("%d segments, %v", len(segments), err)
	}
}

// idle is a stream that never says anything.
type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestStreamThatNeverSaysAnythingIsGivenUp(t *testing.T) {
	if _, err := NewReader(idle{}).Next(); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("got %v", err)
	}
}

func TestEndIsReportedAgainAndAgain(t *testing.T) {
	in := NewReader(strings.NewReader(""))
	for range 3 {
		if r, err := in.Next(); r != nil || err != io.EOF {
			t.Errorf("%v, %v", r, err)
		}
	}
}

// repeated is n copies of b, as a stream.
type repeated struct {
	b       []byte
	n, from int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.n == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.b[r.from:])
	if r.from += n; r.from == len(r.b) {
		r.n, r.from = r.n-1, 0
	}
	return n, nil
}

func TestMemoryOfAReaderDoesNotDependOnTheLengthOfTheStream(t *testing.T) {
	b := written(t, madeTrace(100, wiggle(3000, 12)), WriteOptions{})
	for _, unit := range [][]byte{b, bytes.Repeat([]byte("garbage"), 1000)} {
		in := NewReader(&repeated{b: unit, n: 20 << 20 / len(unit)})
		before := allocated()
		for {
			if _, err := in.Next(); err == io.EOF {
				break
			}
		}
		if used := allocated() - before; used > 256<<10 {
			t.Errorf("%d bytes allocated", used)
		}
	}
}

// allocated is the number of bytes allocated since the program's start.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
