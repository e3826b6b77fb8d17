package mseed

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/internal/agree"
)

// sharedData is the directory of real recordings beside the repository. Without
// it the test is skipped, in CI it fails.
func sharedData(t testing.TB) string {
	t.Helper()
	return agree.Shared(t, ".")
}

// expectation is a numeric segment that another reader found.
type expectation struct {
	id         waveform.SourceID
	start, end time.Time
	rate       float64
	samples    int
	sha256     string // of the native samples, little endian
}

func readCSV(t testing.TB, path string, row func(get func(column string) string)) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := csv.NewReader(f)
	in.Comment = '#'
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		row(func(column string) string { return r[slices.Index(rows[0], column)] })
	}
}

// libmseedSegments reads the numeric segments in decode-expected.csv, made with
// libmseed 3, by file.
func libmseedSegments(t testing.TB, dir string) map[string][]expectation {
	t.Helper()
	out := map[string][]expectation{}
	readCSV(t, filepath.Join(dir, "decode-expected.csv"), func(get func(string) string) {
		if strings.Contains("t-", get("sampletype")) {
			return
		}
		out[get("file")] = append(out[get("file")], expectation{
			id: fdsnID(t, get("source_id")), start: parseTime(t, get("start")), end: parseTime(t, get("end")),
			rate: parseNumber(t, get("samprate")), samples: int(parseNumber(t, get("npts"))), sha256: get("sha256_samples_le")})
	})
	return out
}

// obspySegments reads testdata/obspy-segments.csv, made by testdata/reference/mseed_golden.py.
func obspySegments(t testing.TB) map[string][]expectation {
	t.Helper()
	out := map[string][]expectation{}
	readCSV(t, filepath.Join("testdata", "obspy-segments.csv"), func(get func(string) string) {
		id, err := waveform.ParseSourceID(get("id"))
		if err != nil {
			t.Fatal(err)
		}
		out[get("file")] = append(out[get("file")], expectation{
			id: id, start: parseTime(t, get("start")), end: parseTime(t, get("end")),
			rate: parseNumber(t, get("rate")), samples: int(parseNumber(t, get("samples"))), sha256: get("sha256")})
	})
	return out
}

func parseTime(t testing.TB, s string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func parseNumber(t testing.TB, s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func fdsnID(t testing.TB, s string) waveform.SourceID {
	p := strings.Split(strings.TrimPrefix(s, "FDSN:"), "_")
	if len(p) != 6 {
		t.Fatalf("source id %q", s)
	}
	return waveform.SourceID{Network: p[0], Station: p[1], Location: p[2], Channel: p[3] + p[4] + p[5]}
}

func checksum(s *Segment) string {
	h := sha256.New()
	var b [8]byte
	for _, v := range s.Int32 {
		h.Write(binary.LittleEndian.AppendUint32(b[:0], uint32(v)))
	}
	for _, v := range s.Float32 {
		h.Write(binary.LittleEndian.AppendUint32(b[:0], math.Float32bits(v)))
	}
	for _, v := range s.Float64 {
		h.Write(binary.LittleEndian.AppendUint64(b[:0], math.Float64bits(v)))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// damaged are the files whose bad records libmseed decodes all the same.
var damaged = []string{
	"bad/made/flipped-payload-byte.mseed",
	"bad/obspy-mseed/infinite-loop.mseed",
}

// lateEnds are the files where the last record's header says another end than
// the index of the last sample does, by up to one sample: libmseed gives the former.
var lateEnds = []string{
	"bad/obspy-mseed/three_records_zero_data_in_middle.mseed",                           // the end is that of an empty record
	"events/nc51194936/waveforms/NN.SBT..SHZ__20080119T231135Z__20080119T232005Z.mseed", // drifts by half a sample
}

func TestRealRecordingsDecodeAsOtherReadersDo(t *testing.T) {
	dir := sharedData(t)
	files := libmseedSegments(t, dir)
	if len(files) < 200 {
		t.Fatalf("only %d files in decode-expected.csv", len(files))
	}
	byObsPy := obspySegments(t)
	maps.Copy(files, byObsPy)
	samples := 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if slices.Contains(damaged, name) {
			continue
		}
		got, faults := segmentsOf(t, filepath.Join(dir, name))
		if len(faults) > 0 && !strings.HasPrefix(name, "bad/") {
			t.Errorf("%s: %v", name, faults[0])
		}
		ref := agree.Reference{Function: "mseed.Segments", Source: "libmseed 3 (decode-expected.csv)", Measure: "segments that differ"}
		if byObsPy[name] != nil {
			ref.Source = "ObsPy 1.5.0 read"
		}
		ref.Deviation(t, name, float64(compare(t, name, got, files[name])))
		for i := range got {
			samples += got[i].Samples()
		}
	}
	t.Logf("%d files, %d samples", len(files)-len(damaged), samples)
}

func segmentsOf(t testing.TB, path string) ([]Segment, []*BadRecordError) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, faults, err := Segments(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return got, faults
}

// compare matches segments of equal content in any order: several may have one
// channel and start. It says how many have no match.
func compare(t *testing.T, name string, got []Segment, want []expectation) (differ int) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d segments, want %d", name, len(got), len(want))
		return max(len(got), len(want))
	}
	rest := slices.Clone(want)
	for i := range got {
		g := &got[i]
		sum := checksum(g)
		// Headers have 0.1 ms; libmseed takes the end from the last one.
		slack := 100 * time.Microsecond
		if slices.Contains(lateEnds, name) {
			slack = time.Duration(1e9 / g.SampleRate)
		}
		k := slices.IndexFunc(rest, func(w expectation) bool {
			return w.id == g.ID && w.start.Equal(g.Start) && w.samples == g.Samples() && w.sha256 == sum &&
				math.Abs(g.SampleRate/w.rate-1) < 1e-6 && // of six digits and more
				g.End().Sub(w.end).Abs() <= slack
		})
		if k < 0 {
			t.Errorf("%s: segment %d, %v %v..%v %g Hz %d samples %.8s, is not expected",
				name, i, g.ID, g.Start, g.End(), g.SampleRate, g.Samples(), sum)
			differ++
			continue
		}
		rest = slices.Delete(rest, k, k+1)
	}
	return differ
}

func TestDamagedFilesKeepTheirGoodRecordsAndNameTheBad(t *testing.T) {
	dir := filepath.Join(sharedData(t), "bad")
	for _, c := range []struct {
		file     string
		segments []int // samples of each
		faults   []string
	}{
		{"made/empty.mseed", nil, nil},
		{"made/flipped-payload-byte.mseed", []int{3148, 34864},
			[]string{"4096+4096: payload does not match its header: last sample -1425875914, reverse integration constant 187446"}},
		{"made/record-missing.mseed", []int{5241, 30218}, nil},
		{"made/duplicate-records.mseed", []int{39001, 4137}, nil},
		{"made/records-reversed.mseed", []int{39001}, nil},
		{"made/truncated-mid-record.mseed", []int{4137}, []string{"8192+2185: record is cut off: 2185 of 4096 bytes"}},
		{"made/bad-year.mseed", []int{35853}, []string{"0+4096: implausible start: year 65535 day 187 hour 3 minute 19 second 23"}},
		{"made/html-error.mseed", nil, []string{`0+83: no miniSEED header: "<html><h"`}},
		{"made/mseed3-bad-crc.mseed3", nil, []string{"0+1595: checksum 0x0D2C404E, but 0x90B59769 in the header"}},
		{"obspy-mseed/not2.mseed", nil, []string{"0+9: record is cut off: 9 bytes are less than a header"}},
		{"obspy-mseed/corrupt_one_extra_byte_at_end.mseed", []int{412}, []string{"512+1: record is cut off: 1 bytes are less than a header"}},
		{"obspy-mseed/single_record_plus_noise_record.mseed", []int{277}, nil},
	} {
		got, faults := segmentsOf(t, filepath.Join(dir, c.file))
		var samples []int
		for i := range got {
			samples = append(samples, got[i].Samples())
		}
		var reasons []string
		for _, f := range faults {
			reasons = append(reasons, fmt.Sprintf("%d+%d: %v", f.Offset, f.Length, f.Err))
		}
		if !slices.Equal(samples, c.segments) || !slices.Equal(reasons, c.faults) {
			t.Errorf("%s: segments of %d samples, want %d; faults %q, want %q", c.file, samples, c.segments, reasons, c.faults)
		}
	}
}

func TestGapOfMissingRecordsLiesWhereTheyWere(t *testing.T) {
	got, _ := segmentsOf(t, filepath.Join(sharedData(t), "bad/made/record-missing.mseed"))
	if len(got) != 2 {
		t.Fatalf("%d segments", len(got))
	}
	from, until := got[0].End(), got[1].Start
	if !from.Equal(parseTime(t, "2019-07-06T03:20:15.4383Z")) || !until.Equal(parseTime(t, "2019-07-06T03:20:50.8683Z")) {
		t.Errorf("gap from %v until %v", from, until)
	}
}

// everyFile calls f with each regular file of the recordings, of up to a megabyte.
func everyFile(t *testing.T, f func(name string, b []byte)) {
	dir := sharedData(t)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err != nil || info.Size() > 1<<20 {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil {
			f(strings.TrimPrefix(path, dir), b)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnyFileReadsTheSameAsAStreamAndFromMemory(t *testing.T) {
	records := 0
	everyFile(t, func(name string, b []byte) {
		fromMemory := outline(Records(b, 0))
		fromStream := outline(fromReader(iotest.HalfReader(bytes.NewReader(b))))
		if !slices.Equal(fromMemory, fromStream) {
			t.Errorf("%s: %d from memory, %d from a stream", name, len(fromMemory), len(fromStream))
		}
		records += len(fromMemory)
	})
	if records < 8000 {
		t.Errorf("only %d records", records)
	}
}

// fromReader iterates like Records.
func fromReader(src io.Reader) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		in := NewReader(src)
		for {
			r, err := in.Next()
			switch {
			case err == io.EOF:
				return
			case err != nil:
				r = &Record{}
			}
			if !yield(*r, err) {
				return
			}
		}
	}
}

// outline has a line for each record and bad stretch.
func outline(records iter.Seq2[Record, error]) []string {
	var out []string
	for r, err := range records {
		var bad *BadRecordError
		switch {
		case err == nil:
			out = append(out, r.String())
		case errors.As(err, &bad):
			out = append(out, fmt.Sprintf("%v (%d bytes)", bad, bad.Length))
		default:
			out = append(out, err.Error())
		}
	}
	return out
}
