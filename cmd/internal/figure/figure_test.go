package figure

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

var origin = time.Date(2020, 2, 3, 4, 5, 6, 500_000_000, time.UTC)

func after(seconds float64) time.Time {
	return origin.Add(time.Duration(seconds * 1e9))
}

// trace begins 30 s before the origin.
func trace(channel string, rate float64, data []float64) waveform.Trace {
	id := waveform.SourceID{Network: "XX", Station: "ABC", Channel: channel}
	return waveform.Trace{ID: id, Start: after(-30), SampleRate: rate, Data: data}
}

// shake is n samples of a decaying oscillation about offset, of the given size.
func shake(n int, size, offset float64) []float64 {
	data := make([]float64, n)
	for i := range data {
		x := float64(i) / float64(n)
		data[i] = offset + size*math.Exp(-20*(x-0.35)*(x-0.35))*math.Sin(3000*x)
	}
	return data
}

// record has peaks of 0.25 m/s^2 at 12 s and of 3 mm/s at 13 s, in 100 s of data.
func record(channel string, n int) Record {
	rate := float64(n) / 100
	acc, vel := shake(n, 0.1, 0), shake(n, 0.001, 0)
	acc[42*n/100], vel[43*n/100] = -0.25, 0.003
	m := recipe.Motion{Acceleration: trace(channel, rate, acc), Velocity: vel}
	m.Channel.ID = m.Acceleration.ID
	m.Windows.Noise = waveform.Window{From: after(-20), Until: after(2)}
	m.Windows.Signal = waveform.Window{From: after(3), Until: after(60)}
	m.Windows.Measurement = m.Windows.Signal
	return Record{
		Raw:    []waveform.Trace{trace(channel, rate, shake(n, 5000, 300))},
		Motion: m,
		Row:    recipe.Measurement{PGA: 0.25, PGAAt: after(12), PGV: 0.003, PGVAt: after(13)},
	}
}

func example(n int) Figure {
	return Figure{
		Title: "XX.ABC..HN <of> an event & more", Subtitle: "M 4.5, distance 10.5 km",
		Onsets:  recipe.Onsets{Origin: origin, P: after(4), S: after(8)},
		Records: []Record{record("HNE", n), record("HNN", n), record("HNZ", n)},
	}
}

func write(t *testing.T, f Figure, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// texts gives the contents of the text elements of well-formed XML.
func texts(t *testing.T, svg []byte) []string {
	t.Helper()
	var found []string
	inside := false
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return found
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			inside = x.Name.Local == "text"
		case xml.CharData:
			if inside {
				found = append(found, string(x))
			}
		case xml.EndElement:
			inside = false
		}
	}
}

func TestSVGNamesWhatItShows(t *testing.T) {
	f := example(5000)
	f.Records[1].Motion.Windows.Measurement.Until = after(50)
	found := texts(t, write(t, f, SVG))
	for _, want := range []string{
		f.Title, f.Subtitle, "origin", "P", "S", "time after origin (s)", "counts", "mm/s²", "mm/s",
		"XX.ABC..HNE raw", "XX.ABC..HNE acceleration", "XX.ABC..HNN velocity", "XX.ABC..HNZ raw",
		"PGA = 250 mm/s²", "PGV = 3.00 mm/s", "noise window", "signal window", "measurement window", "P, predicted", "S, predicted", "peak", "−200",
	} {
		if !slices.Contains(found, want) {
			t.Errorf("%q is not in the picture; there are %q", want, found)
		}
	}
}

func TestLargeCountsAreWrittenInThousandsOrMillions(t *testing.T) {
	for size, want := range map[float64][]string{
		99_000: {"counts", "50000"}, 400_000: {"10³ counts", "−400"}, 8e6: {"10³ counts", "−5000"}, 2e9: {"10⁶ counts", "2000"},
	} {
		f := example(500)
		f.Records[2].Raw[0].Data = []float64{-size, size}
		svg := write(t, f, SVG)
		found := texts(t, svg)
		for _, w := range want {
			if !slices.Contains(found, w) {
				t.Errorf("%v: %q is not in the picture; there are %q", size, w, found)
			}
		}
		for _, r := range want[0] {
			if g, err := embedded(t, svg)["normal"].GlyphIndex(nil, r); g == 0 || err != nil {
				t.Errorf("no letter %q in the font", r)
			}
		}
	}
}

func TestSVGShowsNoMarksThatThereAreNone(t *testing.T) {
	f := example(500)
	f.Onsets = recipe.Onsets{}
	for i := range f.Records {
		f.Records[i].Row = recipe.Measurement{PGA: math.NaN(), PGV: math.NaN(), PGVAt: after(13)}
		f.Records[i].Motion.Windows = recipe.WindowSet{}
	}
	found := texts(t, write(t, f, SVG))
	for _, text := range found {
		for _, absent := range []string{"predicted", "arrival", "window", "PG", "peak", "origin", "NaN"} {
			if strings.Contains(text, absent) {
				t.Errorf("the picture says %q", text)
			}
		}
	}
	if !slices.Contains(found, "time after the first sample (s)") {
		t.Errorf("the time axis is not named; there are %q", found)
	}
}

func TestLegendTellsPickedOnsetsFromPredictedOnes(t *testing.T) {
	f := example(500)
	for i := range f.Records {
		f.Records[i].Row.TimeSource = recipe.SourceArrival
	}
	found := texts(t, write(t, f, SVG))
	if !slices.Contains(found, "P, arrival") || !slices.Contains(found, "S, arrival") || slices.Contains(found, "P, predicted") {
		t.Errorf("there are %q", found)
	}
}

func TestPNGHasTheSizeOfThePage(t *testing.T) {
	f := example(5000)
	img, err := png.Decode(bytes.NewReader(write(t, f, PNG)))
	if err != nil {
		t.Fatal(err)
	}
	height := int(math.Round(float64(layOut(f).height) * dotsPerInch / 72))
	if b := img.Bounds(); b.Dx() != 1520 || b.Dy() != height {
		t.Errorf("%d by %d dots, want 1520 by %d", b.Dx(), b.Dy(), height)
	}
}

func TestPNGDrawsTheTrace(t *testing.T) {
	blue := func(f Figure) (n int) {
		img, err := png.Decode(bytes.NewReader(write(t, f, PNG)))
		if err != nil {
			t.Fatal(err)
		}
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				if r, _, b, _ := img.At(x, y).RGBA(); b > r+0x4000 {
					n++
				}
			}
		}
		return n
	}
	f := example(5000)
	f.Onsets = recipe.Onsets{Origin: origin}
	with := blue(f)
	for i := range f.Records {
		clear(f.Records[i].Motion.Acceleration.Data)
	}
	if flat := blue(f); with < flat+1000 {
		t.Errorf("%d dots in the colour of acceleration, %d where it is zero", with, flat)
	}
}

func TestEqualFiguresGiveEqualBytesFromAnyGoroutine(t *testing.T) {
	f := example(5000)
	for _, format := range []string{SVG, PNG} {
		want := write(t, f, format)
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				var b bytes.Buffer
				if err := f.Write(&b, format); err != nil || !bytes.Equal(b.Bytes(), want) {
					t.Errorf("%s: another picture, error %v", format, err)
				}
			})
		}
		wg.Wait()
	}
}

func TestMillionsOfSamplesKeepTheSVGSmall(t *testing.T) {
	noise := func(data []float64) { // worse than any earthquake: every column is full
		state := uint32(1)
		for i := range data {
			state = state*1664525 + 1013904223
			data[i] = float64(state) / (1 << 32)
		}
	}
	f := example(1_000_000)
	for _, r := range f.Records {
		noise(r.Raw[0].Data)
		noise(r.Motion.Acceleration.Data)
		noise(r.Motion.Velocity)
	}
	n := len(write(t, f, SVG))
	t.Logf("%d bytes", n)
	if n > 500_000 {
		t.Errorf("%d bytes", n)
	}
}

func TestUnknownFormatIsNamedWithTheKnownOnes(t *testing.T) {
	var b bytes.Buffer
	err := example(100).Write(&b, "jpeg")
	if err == nil || b.Len() > 0 {
		t.Fatalf("error %v, %d bytes", err, b.Len())
	}
	for _, want := range []string{"jpeg", "svg", "png"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %q", want, err)
		}
	}
}

func TestFigureWithoutRecordsIsAnError(t *testing.T) {
	var b bytes.Buffer
	if err := (Figure{Title: "nothing"}).Write(&b, SVG); err == nil || b.Len() > 0 {
		t.Errorf("error %v, %d bytes", err, b.Len())
	}
}

type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriterErrorIsReturned(t *testing.T) {
	if err := example(100).Write(full{}, SVG); !errors.Is(err, errFull) {
		t.Errorf("error %v", err)
	}
}
