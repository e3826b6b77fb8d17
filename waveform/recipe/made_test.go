package recipe

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// The made earthquake: P at 10 s and S at 17 s after the origin.
var made = Onsets{Origin: moment(0), P: moment(10), S: moment(17)}

// moment is a time in s after the origin.
func moment(s float64) time.Time {
	return time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(math.Round(s * 1e9)))
}

// sensor is a response of one stage; no poles make it flat to acceleration.
func sensor(units string, gain float64, zeros, poles []complex128) *waveform.Response {
	a0 := 1.0
	s := complex(0, 2*math.Pi)
	h := complex(1, 0)
	for _, z := range zeros {
		h *= s - z
	}
	for _, p := range poles {
		h /= s - p
	}
	a0 = 1 / math.Hypot(real(h), imag(h))
	return &waveform.Response{Stages: []waveform.Stage{{Number: 1, InputUnits: units, OutputUnits: "COUNTS", Gain: gain, GainFrequency: 1,
		PolesZeros: &waveform.PolesZeros{Normalization: a0, NormalizationFrequency: 1, Zeros: zeros, Poles: poles}}}}
}

// accelerometer gives 4e5 counts for 1 m/s^2 at any frequency.
func accelerometer() *waveform.Response { return sensor("M/S**2", 4e5, nil, nil) }

// madeChannel has the azimuth and dip of its letter, or none for 1 and 2.
func madeChannel(code string, r *waveform.Response) waveform.Channel {
	c := waveform.Channel{ID: waveform.SourceID{Network: "XX", Station: "AAA", Channel: code}, Azimuth: math.NaN(), Dip: math.NaN(), Response: r}
	switch c.ID.Component() {
	case "Z":
		c.Azimuth, c.Dip = 0, -90
	case "N":
		c.Azimuth, c.Dip = 0, 0
	case "E":
		c.Azimuth, c.Dip = 90, 0
	}
	return c
}

// madeTrace is what an instrument records from..until s after the origin: a little noise, P
// and S that die away, in counts. It is a formula, and depends on the component's letter.
func madeTrace(id waveform.SourceID, rate, from, until float64) waveform.Trace {
	letter := float64(id.Component()[0])
	tr := waveform.Trace{ID: id, Start: moment(from), SampleRate: rate, Unit: waveform.Counts}
	n := int(math.Ceil((until - from) * rate))
	for i := range n {
		t := from + float64(i)/rate
		x := 800 + 0.3*t + 40*math.Sin(2*math.Pi*1.7*t+letter) + 25*math.Sin(2*math.Pi*0.31*t) + 15*math.Sin(2*math.Pi*7.3*t*t/100)
		for _, w := range [][4]float64{{10, 9e3, 6.1, 0.9}, {17, 6e4, 2.3, 0.35}} {
			if d := t - w[0]; d > 0 {
				x += w[1] * d * math.Exp(-w[3]*d) * math.Sin(2*math.Pi*(w[2]+letter/100)*d+letter)
			}
		}
		tr.Data = append(tr.Data, math.Round(x))
	}
	return tr
}

// item is the made earthquake at channels with all the data they want.
func item(codes ...string) *Input {
	in := &Input{Instrument: waveform.InstrumentID{Network: "XX", Station: "AAA", Instrument: "HN"}, Onsets: made, TimeSource: SourceConstant,
		Origin: waveform.Origin{Time: made.Origin, Depth: 8000}, Distance: 60e3, Azimuth: 123}
	for _, code := range codes {
		c := madeChannel(code, accelerometer())
		in.Components = append(in.Components, Component{Channel: c, ResponseHash: response.Hash(c.Response),
			Traces: []waveform.Trace{madeTrace(c.ID, 100, -40, 110)}})
	}
	return in
}

func mustParse(t testing.TB, text string) Recipe {
	t.Helper()
	r, err := Parse("test", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newProcessor(t testing.TB, text string) *Processor {
	t.Helper()
	return processorOf(t, mustParse(t, text))
}

func processorOf(t testing.TB, r Recipe) *Processor {
	t.Helper()
	shared, err := NewShared(r, 16<<20)
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewProcessor(shared)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// code is the failure's code, "" for none.
func code(t testing.TB, err error) Code {
	t.Helper()
	if err == nil {
		return ""
	}
	var f *Failure
	if !errors.As(err, &f) || f.Message == "" || f.Stage == "" {
		t.Errorf("not a failure with stage and message: %v", err)
		return "?"
	}
	return f.Code
}
