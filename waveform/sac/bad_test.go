package sac

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/seisbatch/seisbatch/waveform"
)

func TestBadFilesAreNamedByFieldAndOffset(t *testing.T) {
	six, seven := fileOf(t, madeTrace(100, 50), Options{}), fileOf(t, madeTrace(100, 50), Options{Version: 7})
	text, err := os.ReadFile(filepath.Join("testdata", "text.sac"))
	if err != nil {
		t.Fatal(err)
	}
	in := func(old, new string) []byte { return bytes.Replace(text, []byte(old), []byte(new), 1) }
	for _, c := range []struct {
		name    string
		file    []byte
		want    string
		samples int // of the file that comes with the error, -1 for none
	}{
		{"nothing", nil, "at byte 0: file is cut off: 0 bytes are less than a header", -1},
		{"half a header", six[:300], "at byte 300: file is cut off: 300 bytes are less than a header", -1},
		{"another format", bytes.Repeat([]byte("<html>"), 200), "NVHDR at byte 304: no SAC header: NVHDR, NPTS, IFTYPE and LEVEN are those of no file in either byte order", -1},
		{"an old version", edited(six, versionAt, 5), "NVHDR at byte 304: header version 5 is not supported, only 6 and 7", -1},
		{"a version of the future", edited(six, versionAt, 8), "NVHDR at byte 304: header version 8 is not supported, only 6 and 7", -1},
		{"undefined NPTS", edited(six, pointsAt, Undefined), "NPTS at byte 316: -12345 samples", -1},
		{"undefined IFTYPE", edited(six, typeAt, Undefined), "IFTYPE at byte 340: undefined type of file", -1},
		{"undefined LEVEN", edited(six, evenAt, Undefined), "LEVEN at byte 420: -12345: want 0 or 1", -1},
		{"too short", six[:len(six)-3], "NPTS at byte 316: file is cut off: 50 samples from byte 632 need 200 bytes, 197 are there", 49},
		{"no data", six[:headerSize], "NPTS at byte 316: file is cut off: 50 samples from byte 632 need 200 bytes, 0 are there", 0},
		{"two billion samples", edited(six, pointsAt, math.MaxInt32), "NPTS at byte 316: file is cut off: 2147483647 samples from byte 632 need 8589934588 bytes, 200 are there", 50},
		{"too long", append(bytes.Clone(six), 1, 2, 3), "NPTS at byte 316: file is longer than its header says: 50 samples end at byte 832, the file at 835", 50},
		{"no footer", seven[:len(six)], "at byte 832: file is cut off: 0 bytes of the 176 of a footer, which NVHDR 7 wants", 50},
		{"half a footer", seven[:len(six)+100], "at byte 832: file is cut off: 100 bytes of the 176 of a footer, which NVHDR 7 wants", 50},
		{"a footer of version 6", edited(seven, versionAt, 6), "NPTS at byte 316: file is longer than its header says: 50 samples end at byte 832, the file at 1008", 50},
		{"uneven, without times", edited(six, evenAt, 0), "NPTS at byte 316: file is cut off: 50 samples from byte 832 need 200 bytes, 0 are there", 50},
		{"text: four numbers", in(" 10.10000", "         "), "T0 at byte 152: 4 numbers on a line of 5", -1},
		{"text: a word", in("0.0001230000", "zero"), "B at byte 76: \"zero\" is no float32", -1},
		{"text: a number out of range", in("  7.100000", "  7.1e9999"), "O at byte 76: \"7.1e9999\" is no float32", -1},
		{"text: an integer with a fraction", in("2024 ", "20.4 "), "NZYEAR at byte 1064: \"20.4\" is no integer", -1},
		{"text: version 5", in("         6", "         5"), "NVHDR at byte 1115: header version 5 is not supported, only 6 and 7", -1},
		{"text: cut in the header", text[:1500], "KT0 at byte 1500: file is cut off within the header", -1},
		{"text: cut in the data", text[:1800], "NPTS at byte 1800: file is cut off: 7 samples of 37", 7},
		{"text: a word among the data", in("361.7583", "nothing"), "at byte 1672: sample 1: \"nothing\" is no float32", -1},
		{"text: too much", append(bytes.Clone(text), "1 2 3\n"...), "NPTS at byte 2254: file is longer than its header says: text behind 37 samples", 37},
		{"text: no footer", in("         6", "         7"), "DELTA at byte 2254: file is cut off within the footer, which NVHDR 7 wants", 37},
	} {
		f, err := Read(iotest.HalfReader(bytes.NewReader(c.file)))
		var e *Error
		if !errors.As(err, &e) || err.Error() != "sac: "+c.want {
			t.Errorf("%s: %v, want sac: %s", c.name, err, c.want)
			continue
		}
		partial := errors.Is(err, ErrTruncated) || errors.Is(err, ErrExcess)
		if f != nil && (!partial || len(f.Data) != c.samples) || f == nil && c.samples >= 0 {
			t.Errorf("%s: file %v", c.name, f)
		}
	}
}

func TestErrorsOfTheReaderArePassedOn(t *testing.T) {
	b := fileOf(t, madeTrace(100, 50), Options{})
	broken := errors.New("disk on fire")
	for _, n := range []int{0, 100, headerSize, headerSize + 10, len(b)} {
		_, err := Read(io.MultiReader(bytes.NewReader(b[:n]), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

func TestOnlyEvenlySpacedSeriesAreTraces(t *testing.T) {
	b := fileOf(t, madeTrace(100, 50), Options{})
	uneven := append(edited(b, evenAt, 0), b[headerSize:]...)
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"spectrum", bytesOf(t, spectrum(7, true)), "IFTYPE at byte 340: IFTYPE IAMPH with LEVEN 1 is no evenly spaced time series"},
		{"x and y", edited(b, typeAt, int32(XY)), "IFTYPE at byte 340: IFTYPE IXY with LEVEN 1 is no evenly spaced time series"},
		{"uneven", uneven, "LEVEN at byte 420: IFTYPE ITIME with LEVEN 0 is no evenly spaced time series"},
		{"no interval", withFloat(b, 0, 0), "DELTA at byte 0: interval 0 s: want a positive number"},
		{"an undefined interval", withFloat(b, 0, Undefined), "DELTA at byte 0: interval NaN s: want a positive number"},
		{"no start", withFloat(b, beginWord, Undefined), "B at byte 20: no reference time: the time of the first sample is undefined"},
		{"an endless start", withFloat(b, beginWord, float32(math.Inf(1))), "+Inf s after the reference time is no time"},
		{"centuries", withFloat(b, 0, 1e9), "DELTA at byte 0: 50 samples every 1e+09 s span more than 9.2e+09 s"},
		{"a station of zeros and ones", edited(b, textsAt, 0x01010101), `KSTNM at byte 440: "\x01\x01\x01\x01" is no code`},
	} {
		f, err := Read(bytes.NewReader(c.file))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		tr, err := f.Trace()
		if err == nil || err.Error() != "sac: "+c.want || tr.Data != nil {
			t.Errorf("%s: %v, want sac: %s", c.name, err, c.want)
		}
		var kind *NotSeriesError
		if errors.As(err, &kind) != strings.Contains(c.want, "series") {
			t.Errorf("%s: %T", c.name, err)
		}
	}
}

func TestHeadersThatWouldNotComeBackAreRefused(t *testing.T) {
	for _, c := range []struct {
		edit func(*File)
		want string
	}{
		{func(f *File) { f.Header.Version = 0 }, "NVHDR at byte 304: header version 0 is not supported, only 6 and 7"},
		{func(f *File) { f.Header.User[3] = -12345 }, "USER3 at byte 172: -12345 has no float32 of its own"},
		{func(f *File) { f.Header.Scale = 1e39 }, "SCALE at byte 12: 1e+39 has no float32 of its own"},
		{func(f *File) { f.Header.EventID = 1 << 40 }, "NEVID at byte 312: 1099511627776 does not fit"},
		{func(f *File) { f.Header.Station = "ABCDEFGHI" }, `KSTNM at byte 440: "ABCDEFGHI" has more than 8 bytes`},
		{func(f *File) { f.Header.Picks[9].Label = "größter" }, `KT9 at byte 560: "größter" has more than 8 bytes`},
		{func(f *File) { f.Header.Event = "-12345" }, `KEVNM at byte 448: "-12345" means another text in a file`},
		{func(f *File) { f.Header.Instrument = "a\x00b" }, `KINST at byte 624: "a\x00b" means another text in a file`},
		{func(f *File) { f.Header.Type = Undefined }, "IFTYPE at byte 340: undefined type of file"},
		{func(f *File) { f.Header.Even = 2 }, "LEVEN at byte 420: 2: want 0 or 1"},
		{func(f *File) { f.Header.Even = 0 }, "NPTS at byte 316: second section of 0 samples where ITIME with LEVEN 0 has 5"},
		{func(f *File) { f.Second = f.Data }, "NPTS at byte 316: second section of 5 samples where ITIME with LEVEN 1 has 0"},
	} {
		f, err := NewFile(madeTrace(100, 5), Options{})
		if err != nil {
			t.Fatal(err)
		}
		c.edit(f)
		var out bytes.Buffer
		if n, err := f.WriteTo(&out); err == nil || err.Error() != "sac: "+c.want || n != 0 || out.Len() != 0 {
			t.Errorf("%d bytes, %v, want sac: %s", n, err, c.want)
		}
	}
}

func TestSamplesThatFloat32DoesNotHoldAreRefused(t *testing.T) {
	for _, c := range []struct {
		unit waveform.Unit
		v    float64
		want string
	}{
		{waveform.Counts, 1<<24 + 1, "sac: writing XX.MADE.10.HNE: sample 3: float32 does not hold 1.6777217e+07"},
		{waveform.Velocity, 1e39, "sac: writing XX.MADE.10.HNE: sample 3: float32 does not hold 1e+39"},
		{waveform.Counts, 1 << 24, ""},
		{waveform.Velocity, 0.1, ""},
	} {
		tr := madeTrace(100, 5)
		tr.Unit, tr.Data[3] = c.unit, c.v
		err := Write(io.Discard, tr, Options{})
		if got := ""; err != nil {
			if got = err.Error(); got != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		} else if c.want != "" {
			t.Errorf("%v %v is written", c.v, c.unit)
		}
	}
}

// limited takes n bytes and then fails, or says that it took less.
type limited struct {
	n   int
	err error
}

func (l *limited) Write(b []byte) (int, error) {
	n := min(l.n, len(b))
	if l.n -= n; n < len(b) {
		return n, l.err
	}
	return n, nil
}

func TestErrorsOfTheWriterArePassedOn(t *testing.T) {
	f, err := NewFile(madeTrace(100, 50000), Options{Version: 7})
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	for _, n := range []int{0, 100000, headerSize + 4*50000 + 10} {
		if done, err := f.WriteTo(&limited{n, full}); done != int64(n) || !errors.Is(err, full) {
			t.Errorf("%d bytes of %d, %v", done, n, err)
		}
		if done, err := f.WriteTo(&limited{n, nil}); done != int64(n) || !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%d bytes of %d, %v", done, n, err)
		}
	}
}

func TestSniffKnowsSACFilesByTheirContent(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "text.sac"))
	if err != nil {
		t.Fatal(err)
	}
	b := fileOf(t, madeTrace(100, 5), Options{})
	for _, c := range []struct {
		name string
		b    []byte
		want bool
	}{
		{"little endian", b, true}, {"big endian", fileOf(t, madeTrace(100, 5), Options{BigEndian: true}), true},
		{"version 7", fileOf(t, madeTrace(100, 5), Options{Version: 7}), true}, {"spectrum", bytesOf(t, spectrum(6, false)), true},
		{"alphanumeric", text, true}, {"alphanumeric, of another system", bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")), true},
		{"an old version", edited(b, versionAt, 3), true},
		{"the header alone", b[:headerSize], true}, {"half a header", b[:headerSize-1], false}, {"nothing", nil, false},
		{"zeros", make([]byte, 4096), false}, {"spaces", bytes.Repeat([]byte(" "), 4096), false},
		{"no IFTYPE", edited(b, typeAt, 17), false}, {"negative NPTS", edited(b, pointsAt, -1), false},
		{"five columns", bytes.Repeat([]byte("1 2 3 4 5\n"), 400), false},
	} {
		if got := Sniff(c.b[:min(len(c.b), SniffSize)]); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Of all the files beside the repository, those are SAC that are called so.
func TestSniffKnowsRealFiles(t *testing.T) {
	dir := sharedData(t)
	found := map[bool]int{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		b, err := io.ReadAll(io.LimitReader(f, SniffSize))
		if err != nil {
			return err
		}
		name := strings.ToLower(d.Name())
		got, want := Sniff(b), strings.Contains(name, ".sac") && !strings.Contains(name, "sacpz")
		if got != want {
			t.Errorf("%s: %v", path, got)
		}
		found[got]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found[true] < 20 || found[false] < 200 {
		t.Errorf("%d files are SAC, %d are not", found[true], found[false])
	}
	t.Logf("%d files are SAC, %d are not", found[true], found[false])
}

// allocated is the number of bytes allocated so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func TestMemoryIsThatOfTheFileNotOfItsHeader(t *testing.T) {
	b := edited(fileOf(t, madeTrace(100, 100000), Options{}), pointsAt, math.MaxInt32)
	for name, src := range map[string]io.Reader{"of known size": bytes.NewReader(b), "stream": io.MultiReader(bytes.NewReader(b))} {
		before := allocated()
		f, err := Read(src)
		used := allocated() - before
		if !errors.Is(err, ErrTruncated) || len(f.Data) != 100000 {
			t.Errorf("%s: %v", name, err)
		}
		if used > uint64(4*len(b)) {
			t.Errorf("%s: %d bytes for %d", name, used, len(b))
		}
	}
}

func TestSpectraAndUnevenSeriesHaveTwoSections(t *testing.T) {
	for _, f := range []*File{spectrum(6, true), spectrum(7, false)} {
		for _, change := range []func(){func() {}, func() { f.Header.Type, f.Header.Even = TimeSeries, 0 }, func() { f.Header.Type = RealImaginary }} {
			change()
			again, err := Read(bytes.NewReader(bytesOf(t, f)))
			if err != nil || !slices.Equal(again.Data, f.Data) || !slices.Equal(again.Second, f.Second) || again.BigEndian != f.BigEndian {
				t.Errorf("%v, LEVEN %d: %v, %+v", f.Header.Type, f.Header.Even, err, again)
			}
		}
	}
}

func TestAlphanumericFooterHasItsDoubles(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "text.sac"))
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("         6"), []byte("         7"), 1)
	// As the SAC manual has it, with other numbers.
	footer := "0.0099999997764825821\n9.4599990844726562\n19.449998861178756\n-41.430000305175781\n10.46399974822998\n" +
		strings.Repeat("-12345\n", 11) + "-125.5\n48.25\n-120\n48\n-12345\n-12345\n"
	f, err := Read(bytes.NewReader(append(text, footer...)))
	if err != nil {
		t.Fatal(err)
	}
	h := &f.Header
	if h.End != 19.449998861178756 || h.Origin.Time != -41.430000305175781 || h.EventPlace.Longitude != -125.5 || h.EventPlace.Latitude != 48.25 ||
		h.StationPlace.Longitude != -120 || h.StationPlace.Latitude != 48 || rateOf(h.Delta) != 100 {
		t.Errorf("%+v", h)
	}
	if h.Picks[0].Time != float64(float32(10.1)) { // undefined in the footer
		t.Errorf("T0 %v", h.Picks[0].Time)
	}
	for _, c := range []struct{ old, new, want string }{
		{"-125.5", "west", "sac: EVLO at byte 2429: \"west\" is no float64"}, {"48\n-12345\n-12345\n", "48\n", "sac: SB at byte 2450: file is cut off within the footer, which NVHDR 7 wants"},
	} {
		_, err := Read(bytes.NewReader(append(bytes.Clone(text), strings.Replace(footer, c.old, c.new, 1)...)))
		if err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

func TestLocationIsTheHole(t *testing.T) {
	for hole, want := range map[string]string{"": "XX.A..HHZ", "--": "XX.A..HHZ", " 00 ": "XX.A.00.HHZ"} {
		h := Header{Network: "XX", Station: "A", Hole: hole, Channel: "HHZ"}
		if got := h.ID().String(); got != want {
			t.Errorf("%q: %s, want %s", hole, got, want)
		}
	}
}
