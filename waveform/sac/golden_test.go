package sac

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

// golden is testdata/golden.json, made by testdata/reference/sac.py.
type golden struct {
	Made struct {
		Floats, Footer map[string]float64
		Ints           map[string]int
		Texts          map[string]string
		Data           []float32
	}
	Files map[string]reading
}

// reading is what ObsPy reads.
type reading struct {
	Error  string
	Floats map[string]float64 // those that are defined
	Ints   map[string]int
	ID     string
	Start  int64 // ns
	Rate   float64
	NPTS   int
	SHA256 string // of the samples, little endian
}

func readGolden(t testing.TB) golden {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "golden.json"))
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(b, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func readFile(t testing.TB, path string) (*File, error) {
	t.Helper()
	src, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	return Read(src)
}

// floatFields are the numbers of h by the names that ObsPy gives them.
func floatFields(h *Header) map[string]float64 {
	m := map[string]float64{
		"delta": h.Delta, "depmin": h.Min, "depmax": h.Max, "scale": h.Scale, "odelta": h.ObservedDelta, "b": h.Begin, "e": h.End,
		"o": h.Origin.Time, "a": h.First.Time, "internal0": h.Internal, "f": h.Finish.Time,
		"stla": h.StationPlace.Latitude, "stlo": h.StationPlace.Longitude, "stel": h.StationPlace.Elevation, "stdp": h.StationPlace.Depth,
		"evla": h.EventPlace.Latitude, "evlo": h.EventPlace.Longitude, "evel": h.EventPlace.Elevation, "evdp": h.EventPlace.Depth,
		"mag": h.Magnitude, "dist": h.Distance, "az": h.AzimuthTo, "baz": h.AzimuthBack, "gcarc": h.Arc,
		"internal1": h.SavedBegin, "internal2": h.SavedDelta, "depmen": h.Mean, "cmpaz": h.Azimuth, "cmpinc": h.Inclination,
		"xminimum": h.XMin, "xmaximum": h.XMax, "yminimum": h.YMin, "ymaximum": h.YMax, "unused6": h.TimeAdjustment,
	}
	for i, digit := range strings.Split("0123456789", "") {
		m["t"+digit], m["user"+digit], m["resp"+digit] = h.Picks[i].Time, h.User[i], h.Response[i]
	}
	return m
}

func intFields(h *Header) map[string]int {
	z := h.Reference
	return map[string]int{
		"nzyear": z.Year, "nzjday": z.Day, "nzhour": z.Hour, "nzmin": z.Minute, "nzsec": z.Second, "nzmsec": z.Millisecond,
		"nvhdr": h.Version, "norid": h.OriginID, "nevid": h.EventID, "nwfid": h.WaveformID, "iftype": int(h.Type), "idep": h.Dependent,
		"iztype": h.ReferenceType, "iinst": h.InstrumentType, "istreg": h.StationRegion, "ievreg": h.EventRegion, "ievtyp": h.EventType,
		"iqual": h.Quality, "isynth": h.Synthetic, "imagtyp": h.MagnitudeType, "imagsrc": h.MagnitudeFrom,
		"leven": h.Even, "lpspol": h.PositivePolarity, "lovrok": h.Overwrite, "lcalda": h.CalculateDistance,
	}
}

func textFields(h *Header) map[string]string {
	m := map[string]string{
		"kstnm": h.Station, "khole": h.Hole, "ko": h.Origin.Label, "ka": h.First.Label, "kf": h.Finish.Label, "kuser0": h.UserText[0],
		"kuser1": h.UserText[1], "kuser2": h.UserText[2], "kcmpnm": h.Channel, "knetwk": h.Network, "kdatrd": h.DateRead, "kinst": h.Instrument,
	}
	for i, digit := range strings.Split("0123456789", "") {
		m["kt"+digit] = h.Picks[i].Label
	}
	return m
}

func TestEveryVariableIsWhereObsPyWritesIt(t *testing.T) {
	g := readGolden(t).Made
	for _, c := range []struct {
		file string
		big  bool
	}{{"little.sac", false}, {"big.sac", true}, {"little7.sac", false}, {"big7.sac", true}, {"text.sac", false}} {
		f, err := readFile(t, filepath.Join("testdata", c.file))
		if err != nil {
			t.Fatalf("%s: %v", c.file, err)
		}
		close := cmpopts.EquateApprox(0, 0)
		floats, data := maps.Clone(g.Floats), cmpopts.EquateApprox(0, 0)
		switch f.Header.Version {
		case 6:
			if c.file == "text.sac" { // has 7 digits
				close, data = cmpopts.EquateApprox(5e-7, 0), cmpopts.EquateApprox(5e-7, 0)
			}
		case 7:
			maps.Copy(floats, g.Footer)
			g.Ints["nvhdr"] = 7
		}
		for name, v := range floatFields(&f.Header) {
			if !cmp.Equal(v, floats[name], close) {
				t.Errorf("%s: %s is %v, want %v", c.file, name, v, floats[name])
			}
		}
		for name, v := range intFields(&f.Header) {
			if want, ok := g.Ints[name]; !ok || v != want {
				t.Errorf("%s: %s is %v, want %v", c.file, name, v, want)
			}
		}
		for name, v := range textFields(&f.Header) {
			if want := strings.TrimRight(g.Texts[name], " "); want == "" || v != want {
				t.Errorf("%s: %s is %q, want %q", c.file, name, v, want)
			}
		}
		h := &f.Header
		if want := "K01     K02"; h.Event != want || h.Body != 1027 || h.SavedSamples != 1010 || h.XSize != 1012 || h.YSize != 1013 {
			t.Errorf("%s: event %q, body %d, sizes %d %d %d", c.file, h.Event, h.Body, h.SavedSamples, h.XSize, h.YSize)
		}
		if f.BigEndian != c.big || f.Second != nil || !cmp.Equal(f.Data, g.Data, data) {
			t.Errorf("%s: big endian %v, samples %v", c.file, f.BigEndian, f.Data)
		}
		g.Ints["nvhdr"] = 6
	}
}

func TestFilesOfObsPyAreWrittenAgainByteForByte(t *testing.T) {
	for _, name := range []string{"little.sac", "big.sac", "little7.sac", "big7.sac"} {
		want, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		f, err := Read(bytes.NewReader(want))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got bytes.Buffer
		if n, err := f.WriteTo(&got); err != nil || n != int64(got.Len()) {
			t.Errorf("%s: %d bytes of %d, %v", name, n, got.Len(), err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			for i := range min(len(want), got.Len()) {
				if got.Bytes()[i] != want[i] {
					t.Fatalf("%s: differs at byte %d: % x, want % x", name, i, got.Bytes()[i&^7:i&^7+8], want[i&^7:i&^7+8])
				}
			}
			t.Errorf("%s: %d bytes, want %d", name, got.Len(), len(want))
		}
	}
}

func TestTimesOfObsPyFilesAreThoseOfTheirDecimals(t *testing.T) {
	at := time.Date(2024, 12, 31, 23, 59, 58, 999e6, time.UTC)
	for _, c := range []struct {
		file  string
		start time.Duration // after the reference time
		rate  float64
	}{{"little.sac", 123 * time.Microsecond, 100}, {"big7.sac", 123456*time.Second + 123457, 99.999123}} {
		f, err := readFile(t, filepath.Join("testdata", c.file))
		if err != nil {
			t.Fatal(err)
		}
		tr, err := f.Trace()
		if err != nil {
			t.Fatal(err)
		}
		if !tr.Start.Equal(at.Add(c.start)) || tr.SampleRate != c.rate || tr.ID.String() != "K21.K00.K03.K20" {
			t.Errorf("%s: %v %v, %v Hz", c.file, tr.ID, tr.Start, tr.SampleRate)
		}
	}
}

// sharedData is the directory of real recordings beside the repository. Without
// it the test is skipped, in CI it fails.
func sharedData(t testing.TB) string {
	t.Helper()
	return agree.Shared(t, ".")
}

func checksum(data []float32) string {
	h := sha256.New()
	for _, v := range data {
		var b [4]byte
		binary.LittleEndian.PutUint32(b[:], math.Float32bits(v))
		h.Write(b[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// unlike are the recordings that do not become the trace that ObsPy makes of them,
// with the reason; ObsPy makes traces of spectra, and dates what has none from 1970.
var unlike = map[string]string{
	"formats/sac/iu-hrv-chain/IU.HRV.__.BHE_fft.sac.am": "IFTYPE at byte 340: IFTYPE IXY with LEVEN 1 is no evenly spaced time series",
	"formats/sac/iu-hrv-chain/IU.HRV.__.BHE_fft.sac.ph": "IFTYPE at byte 340: IFTYPE IXY with LEVEN 1 is no evenly spaced time series",
	"formats/sac/iu-hrv-chain/const100.sac":             "NZYEAR at byte 280: no reference time: it is undefined",
	"formats/sac/iu-hrv-chain/impulse.sac":              "NZYEAR at byte 280: no reference time: it is undefined",
	"formats/sac/iu-hrv-chain/impulse_onezero.sac":      "NZYEAR at byte 280: no reference time: it is undefined",
	"formats/sac/iu-hrv-chain/taper100.sac":             "NZYEAR at byte 280: no reference time: it is undefined",
	"formats/sac/obspy/testxy.sac":                      "NZYEAR at byte 280: no reference time: it is undefined",
}

func TestRealRecordingsAreReadAsObsPyReadsThem(t *testing.T) {
	dir, files := sharedData(t), readGolden(t).Files
	if len(files) < 20 {
		t.Fatalf("only %d files in the golden file", len(files))
	}
	samples := 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		want := files[name]
		f, err := readFile(t, filepath.Join(dir, name))
		if want.Error != "" {
			if !errors.Is(err, ErrTruncated) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if strings.Contains(name, "longer") == (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if f == nil {
			continue
		}
		checkReading(t, name, f, want)
		samples += len(f.Data)
	}
	t.Logf("%d files, %d samples", len(files), samples)
}

func checkReading(t *testing.T, name string, f *File, want reading) {
	t.Helper()
	differ := 0.0
	if len(f.Data) != want.NPTS || checksum(f.Data) != want.SHA256 {
		t.Errorf("%s: %d samples, %.8s, want %d, %.8s", name, len(f.Data), checksum(f.Data), want.NPTS, want.SHA256)
		differ = 1
	}
	agree.Reference{Function: "sac.Read", Source: "ObsPy 1.5.0 SACTrace", Measure: "files that differ"}.Deviation(t, name, differ)
	for field, v := range floatFields(&f.Header) {
		if w, ok := want.Floats[field]; ok && v != w || !ok && !math.IsNaN(v) && !strings.HasPrefix(field, "internal") {
			t.Errorf("%s: %s is %v, want %v", name, field, v, w)
		}
	}
	for field, v := range intFields(&f.Header) {
		if w, ok := want.Ints[field]; ok && v != w || !ok && v != Undefined {
			t.Errorf("%s: %s is %v, want %v", name, field, v, w)
		}
	}
	tr, err := f.Trace()
	if reason, ok := unlike[name]; ok {
		if err == nil || err.Error() != "sac: "+reason {
			t.Errorf("%s: %v, want %s", name, err, reason)
		}
		return
	}
	if err != nil || tr.ID.String() != want.ID || tr.SampleRate != want.Rate || len(tr.Data) != want.NPTS {
		t.Errorf("%s: %v %v, %v Hz; want %+v", name, err, tr.ID, tr.SampleRate, want)
	}
	// B is a float32: half a unit of 9.46 is 0.5 microseconds.
	if d := tr.Start.Sub(time.Unix(0, want.Start)).Abs(); d > 500 {
		t.Errorf("%s: starts %v from where it does for ObsPy", name, d)
	}
}

func TestUndefinedVariablesAreWrittenAsSACDoes(t *testing.T) {
	b := bytesOf(t, &File{Header: NewHeader()})
	for at := 0; at < textsAt; at += 4 {
		want := uint32(0xffffcfc7) // -12345
		switch at {
		case versionAt:
			want = 6
		case pointsAt:
			want = 0
		case typeAt, evenAt:
			want = 1
		default:
			if at < intsAt {
				want = 0xc640e400 // -12345.0
			}
		}
		if got := binary.LittleEndian.Uint32(b[at:]); got != want {
			t.Errorf("byte %d: %#x, want %#x", at, got, want)
		}
	}
	if want := strings.Repeat("-12345  ", 2) + strings.Repeat(" ", 8) + strings.Repeat("-12345  ", 21); string(b[textsAt:]) != want {
		t.Errorf("texts %q", b[textsAt:])
	}
}

func TestRealRecordingsSurviveWriting(t *testing.T) {
	dir := sharedData(t)
	for name := range readGolden(t).Files {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		f, err := Read(bytes.NewReader(b))
		if err != nil {
			continue // of another size: their file is not the whole
		}
		for _, version := range []int{6, 7} {
			f.Header.Version = version
			var out bytes.Buffer
			if _, err := f.WriteTo(&out); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if version == 6 && !strings.Contains(name, "xy") && !bytes.Equal(out.Bytes()[headerSize:], b[headerSize:]) {
				t.Errorf("%s: other samples", name)
			}
			if last := evenAt + 4*4; version == 6 && !strings.Contains(name, "xy") && !bytes.Equal(out.Bytes()[:last], b[:last]) { // the word there is unused
				t.Errorf("%s: other numbers", name)
			}
			checkSame(t, name, f, out.Bytes())
		}
	}
}

// checkSame makes sure that b is read as f.
func checkSame(t testing.TB, name string, f *File, b []byte) {
	t.Helper()
	again, err := Read(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: written, but %v", name, err)
	}
	if diff := cmp.Diff(f.Header, again.Header, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("%s: header written -, and read again +:\n%s", name, diff)
	}
	if checksum(f.Data) != checksum(again.Data) || checksum(f.Second) != checksum(again.Second) || f.BigEndian != again.BigEndian {
		t.Errorf("%s: other sections", name)
	}
}

func TestPublishedPeaksOfTheRidgecrestFiles(t *testing.T) {
	dir := filepath.Join(sharedData(t), "events", "ci38457511", "sac")
	// Peaks in cm/s^2 from the source's own test: |a| in g, times 980.665.
	for channel, want := range map[string]float64{"HNE": 42.54516983, "HNN": 33.5615921, "HNZ": 992.60430908} {
		f, err := readFile(t, filepath.Join(dir, "20190706031952.CJ.T001230."+channel+".sac"))
		if err != nil {
			t.Fatal(err)
		}
		tr, err := f.Trace()
		if err != nil {
			t.Fatal(err)
		}
		peak := 0.0
		for _, v := range tr.Data {
			peak = max(peak, math.Abs(v)*980.665)
		}
		if math.Abs(peak/want-1) > 2e-7 || tr.ID.String() != "CJ.T001230.."+channel { // the source has float32
			t.Errorf("%v: peak %.8f cm/s^2, want %.8f", tr.ID, peak, want)
		}
	}
}

// The chain was computed by program SAC, from a big endian file into little endian ones.
func TestSACsOwnMeanAndTaperAreThoseOfTheSamples(t *testing.T) {
	dir := filepath.Join(sharedData(t), "formats", "sac", "iu-hrv-chain")
	var data [3]*File
	for i, name := range []string{"IU.HRV.__.BHE.SAC", "1_rmean.sac", "2_taper.sac"} {
		f, err := readFile(t, filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if data[i] = f; f.BigEndian != (i == 0) || len(f.Data) != 31450 {
			t.Fatalf("%s: big endian %v, %d samples", name, f.BigEndian, len(f.Data))
		}
	}
	raw, demeaned, tapered := data[0].Data, data[1].Data, data[2].Data
	sum := 0.0
	for _, v := range raw {
		sum += float64(v)
	}
	mean := sum / float64(len(raw))
	if math.Abs(mean/data[0].Header.Mean-1) > 1e-6 { // SAC sums in float32
		t.Errorf("mean %v, DEPMEN %v", mean, data[0].Header.Mean)
	}
	for i, v := range raw {
		if math.Abs(float64(v)-mean-float64(demeaned[i])) > 2e-3 { // half a unit of DEPMAX in float32, and the mean's
			t.Fatalf("sample %d: %v less the mean %v is %v", i, v, mean, demeaned[i])
		}
	}
	n := len(raw) / 20 // width 0.05
	if tapered[0] != 0 || !slices.Equal(tapered[n+1:len(raw)-n-1], demeaned[n+1:len(raw)-n-1]) {
		t.Error("the taper reaches beyond its width")
	}
}
