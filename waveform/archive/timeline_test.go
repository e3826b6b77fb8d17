package archive

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// model is a timeline of whole samples, the slow and plain way: a value for each,
// and the first to come wins.
type model struct {
	values  map[int]float64
	differs bool
}

func (m *model) insert(from int, data []float64) {
	for k, x := range data {
		if y, ok := m.values[from+k]; !ok {
			m.values[from+k] = x
		} else if x != y {
			m.differs = true
		}
	}
}

// Random pieces of a series - cut, overlapping, repeated, out of order, with starts up to
// 0.4 samples late - come out as a grid of samples says.
func TestTimelineIsAsAGridOfSamples(t *testing.T) {
	for seed := range uint64(400) {
		random := rand.New(rand.NewPCG(seed, 0))
		rate := []float64{100, 18.2, 1, 250}[random.IntN(4)]
		var line timeline
		line.free = [][]float64{make([]float64, 0, 7)}
		m := model{values: map[int]float64{}}
		for range 1 + random.IntN(40) {
			from := random.IntN(300)
			piece := made(hne, rate, from, from+1+random.IntN(60))
			if random.IntN(3) == 0 {
				piece.Data[random.IntN(len(piece.Data))]++
			}
			piece.Start = piece.Start.Add(time.Duration(random.Float64() * 0.4 / rate * 1e9))
			line.insert(piece)
			m.insert(from, piece.Data)
		}
		compareWithModel(t, seed, rate, &line, &m)
	}
}

func compareWithModel(t *testing.T, seed uint64, rate float64, line *timeline, m *model) {
	t.Helper()
	if line.differs != m.differs {
		t.Fatalf("seed %d: differs %v, want %v", seed, line.differs, m.differs)
	}
	total := 0
	for _, tr := range line.traces {
		from := int(math.Floor(tr.Start.Sub(midnight).Seconds()*rate + 0.05)) // late by 0 to 0.4
		total += len(tr.Data)
		for k, x := range tr.Data {
			if y, ok := m.values[from+k]; !ok || x != y {
				t.Fatalf("seed %d: sample %d is %v, want %v (there: %v)", seed, from+k, x, y, ok)
			}
		}
		for _, outside := range []int{from - 1, from + len(tr.Data)} {
			if _, ok := m.values[outside]; ok {
				t.Fatalf("seed %d: the trace from %d leaves out sample %d", seed, from, outside)
			}
		}
	}
	if total != len(m.values) {
		t.Fatalf("seed %d: %d samples, want %d", seed, total, len(m.values))
	}
}

func TestDifferentRatesAreNotJoinedAndLoseNothingOutside(t *testing.T) {
	var line timeline
	middle := made(hne, 100, 1000, 2000) // 10 s to 20 s
	line.insert(middle)
	other := made(hne, 50, 0, 1500) // 0 s to 30 s
	line.insert(other)
	if !line.differs || len(line.traces) != 3 {
		t.Fatalf("differs %v, %d traces", line.differs, len(line.traces))
	}
	for i, want := range []struct {
		rate        float64
		from, until int
	}{{50, 0, 500}, {100, 1000, 2000}, {50, 1000, 1500}} {
		tr := line.traces[i]
		if first := made(hne, want.rate, want.from, want.until); tr.SampleRate != want.rate || len(tr.Data) != len(first.Data) || !tr.Start.Equal(first.Start) || tr.Data[0] != first.Data[0] {
			t.Errorf("trace %d: %d samples at %g Hz from %v, want %+v", i, len(tr.Data), tr.SampleRate, tr.Start, want)
		}
	}
}

func TestNaNIsNoDifferenceFromNaN(t *testing.T) {
	var line timeline
	tr := made(hne, 100, 0, 100)
	tr.Data[50] = math.NaN()
	line.insert(tr)
	line.insert(tr)
	if line.differs {
		t.Error("the same data, with a NaN, differ from themselves")
	}
	tr.Data[50] = 0
	line.insert(tr)
	if !line.differs {
		t.Error("a number in the place of a NaN is no difference")
	}
}

// Starts half a sample off decide either way, by a nanosecond, but never beyond the
// data.
func TestPiecesHalfASampleOffArePlacedSomehow(t *testing.T) {
	for _, rate := range []float64{100, 3, 300, 18.2, 99.995} {
		for _, other := range []float64{rate, rate * (1 + 0.9e-4), rate * (1 - 0.9e-4)} {
			for k := -3; k <= 3; k++ {
				for ns := -3; ns <= 3; ns++ {
					var line timeline
					tr := made(hne, rate, 0, 50)
					line.insert(tr)
					piece := made(hne, rate, 0, 20)
					piece.SampleRate = other
					piece.Start = tr.Start.Add(time.Duration((49.5+float64(k))/rate*1e9) + time.Duration(ns))
					line.insert(piece)
					checkTimeline(t, &line, 70)
				}
			}
		}
	}
}

// checkTimeline requires traces in order, with data, and not more than were inserted.
// They are apart, but that joined data may have moved by half a sample, which is long at the
// slowest rate.
func checkTimeline(t *testing.T, line *timeline, most int) {
	t.Helper()
	total := 0
	for i, tr := range line.traces {
		total += len(tr.Data)
		if len(tr.Data) == 0 {
			t.Fatalf("trace %d is empty", i)
		}
		if i == 0 {
			continue
		}
		last := line.traces[i-1]
		moved := 0.0
		if last.SampleRate != tr.SampleRate {
			moved = 0.5001 / min(last.SampleRate, tr.SampleRate)
		}
		if !tr.Start.After(last.Start) || last.End().Sub(tr.Start).Seconds() > moved {
			t.Fatalf("trace %d starts at %v, the one before goes from %v to %v", i, tr.Start, last.Start, last.End())
		}
	}
	if total > most {
		t.Fatalf("%d samples of %d inserted", total, most)
	}
}

func FuzzTimeline(f *testing.F) {
	f.Add([]byte("0123456789abcdef"))
	f.Add([]byte{0, 0, 0, 10, 20, 0, 0, 5, 0, 10, 20, 1, 0, 2, 255, 10, 255, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		rates := []float64{100, 100.00999, 99.9901, 50, 3, 1e-5, 1e8, 3e38}
		var line timeline
		most := 0
		for ; len(b) >= 6; b = b[6:] {
			piece := waveform.Trace{ID: hne, SampleRate: rates[b[5]%8], Data: make([]float64, 1+b[4]%64)}
			piece.Start = midnight.Add(time.Duration(binary.BigEndian.Uint32(b)) * 100_003)
			piece.Data[0] = float64(b[4])
			most += len(piece.Data)
			line.insert(piece)
		}
		checkTimeline(t, &line, most)
	})
}
