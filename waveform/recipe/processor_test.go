package recipe

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// cut is the component's data in these pieces, s after the origin.
func (c *Component) cut(edges ...float64) {
	c.Traces = nil
	for i := 0; i < len(edges); i += 2 {
		c.Traces = append(c.Traces, madeTrace(c.Channel.ID, 100, edges[i], edges[i+1]))
	}
}

func TestWhatIsWrongHasItsCode(t *testing.T) {
	for _, c := range []struct {
		name   string
		recipe string
		edit   func(in *Input)
		code   Code
		says   string // part of the message
	}{
		{"nothing", "", func(*Input) {}, "", ""},
		{"no data at all", "", func(in *Input) { in.Components[0].Traces, in.Components[1].Traces = nil, nil }, NoData, "no waveforms of XX.AAA..HN"},
		{"a component without data, keep", "", func(in *Input) { in.Components[1].Traces = nil }, "", ""},
		{"a component without data, fail", "incomplete: fail", func(in *Input) { in.Components[1].Traces = nil }, MissingChannel, "XX.AAA..HNN"},
		{"a damaged component without data", "", func(in *Input) {
			in.Components[1].Traces, in.Components[1].Damage = nil, &Damage{"/f", 512, "nonsense"}
		}, BadRecord, "byte 512 of /f (nonsense)"},
		{"a file that is gone", "", func(in *Input) { in.Components[1].Failure = failf(FileMissing, "read", "gone") }, FileMissing, "gone"},
		{"data begin too late", "", func(in *Input) { in.Components[0].cut(4, 110) }, ShortWindow, "leaves"},
		{"data begin behind P", "", func(in *Input) { in.Components[0].cut(11, 110) }, ShortWindow, "no data at P"},
		{"data end too early", "", func(in *Input) { in.Components[0].cut(-40, 30) }, ShortWindow, "at least"},
		{"data end before P", "", func(in *Input) { in.Components[0].cut(-40, 9) }, ShortWindow, "no data at P"},
		{"P in a gap", "", func(in *Input) { in.Components[0].cut(-40, 9, 11, 110) }, Gap, "in pieces: 2"},
		{"a gap in the noise", "", func(in *Input) { in.Components[0].cut(-40, 3, 4, 110) }, Gap, "2 pieces"},
		{"a gap in the signal", "", func(in *Input) { in.Components[0].cut(-40, 30, 31, 110) }, Gap, "2 pieces"},
		{"a gap that leaves enough", "", func(in *Input) { in.Components[0].cut(-40, -20, -19, 110) }, "", ""},
		{"a bad record at P", "", func(in *Input) {
			in.Components[0].cut(-40, 9, 11, 110)
			in.Components[0].Damage = &Damage{"/f", 512, "nonsense"}
		}, BadRecord, "get the file again"},
		{"a bad record and a short window", "", func(in *Input) {
			in.Components[0].cut(-40, 30)
			in.Components[0].Damage = &Damage{"/f", 512, "nonsense"}
		}, BadRecord, "nonsense"},
		{"a bad record that leaves enough", "", func(in *Input) { in.Components[0].Damage = &Damage{"/f", 512, "nonsense"} }, "", ""},
		{"another rate", "", func(in *Input) {
			in.Components[0].cut(-40, -20)
			in.Components[0].Traces = append(in.Components[0].Traces, madeTrace(in.Components[0].Channel.ID, 50, -19, 110))
		}, RateChange, "from 100 to 50 Hz"},
		{"a rate written otherwise", "", func(in *Input) {
			in.Components[0].cut(-40, -20, -19, 110)
			in.Components[0].Traces[0].SampleRate = 100.0001
		}, "", ""},
		{"no response", "", func(in *Input) { in.Components[0].Channel.Response = nil }, NoResponse, "level"},
		{"a response to pressure", "", func(in *Input) {
			c := &in.Components[0]
			c.Channel.Response = sensor("PA", 1, nil, nil)
			c.ResponseHash = response.Hash(c.Channel.Response)
		}, BadUnits, "PA"},
		{"a polynomial", "", func(in *Input) {
			c := &in.Components[0]
			c.Channel.Response = accelerometer()
			c.Channel.Response.Stages[0].PolesZeros, c.Channel.Response.Stages[0].Polynomial = nil, &waveform.Polynomial{Coefficients: []float64{1, 2}}
			c.ResponseHash = response.Hash(c.Channel.Response)
		}, BadResponse, ""},
		{"a filter above Nyquist", "process: [remove_response: {}, bandpass: {low: 1 Hz, high: 60 Hz}]", func(*Input) {}, ProcessingError, "bandpass"},
		{"a NaN", "", func(in *Input) { in.Components[0].Traces[0].Data[7000] = math.NaN() }, NotFinite, "XX.AAA..HNE"},
		{"an infinity", "", func(in *Input) { in.Components[0].Traces[0].Data[7000] = math.Inf(1) }, NotFinite, ""},
		{"no samples to measure", "windows: {signal: {until: P + 5 ms, reach: P}}", func(*Input) {}, ShortWindow, "holds 1 samples"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := item("HNE", "HNN")
			c.edit(in)
			rows, err := newProcessor(t, c.recipe).Process(in)
			if got := code(t, err); got != c.code {
				t.Fatalf("%q (%v), want %q", got, err, c.code)
			}
			if err != nil && (rows != nil || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("%d rows with the error %v, which does not say %q", len(rows), err, c.says)
			}
		})
	}
}

// byComponent gives the rows by component, and the components in their order.
func byComponent(rows []Measurement) (map[string]Measurement, string) {
	all, order := map[string]Measurement{}, ""
	for _, r := range rows {
		all[r.Component] = r
		order += r.Component + " "
	}
	return all, strings.TrimSpace(order)
}

func TestRowsAndFlagsOfAnItem(t *testing.T) {
	upsampled := FlagUpsampled
	for _, c := range []struct {
		name  string
		codes []string
		edit  func(in *Input)
		order string
		flags map[string]string // flags of a component besides that of upsampling
	}{
		{"three components", []string{"HNE", "HNN", "HNZ"}, func(*Input) {}, "E N Z RotD50 RotD100", nil},
		{"named by number", []string{"HN1", "HN2", "HNZ"}, func(*Input) {}, "1 2 Z RotD50 RotD100", nil},
		{"numbers with a dip", []string{"HN1", "HN2", "HN3"}, func(in *Input) {
			in.Components[0].Channel.Dip = 90
		}, "1 2 3 RotD50 RotD100", nil},
		{"one horizontal", []string{"HNE", "HNZ"}, func(*Input) {}, "E Z", nil},
		{"three horizontals", []string{"HN1", "HN2", "HN3"}, func(*Input) {}, "1 2 3", nil},
		{"at ten degrees from square", []string{"HNE", "HNN"}, func(in *Input) { in.Components[0].Channel.Azimuth = 280 }, "E N RotD50 RotD100", nil},
		{"not square", []string{"HNE", "HNN", "HNZ"}, func(in *Input) { in.Components[0].Channel.Azimuth = 101 }, "E N Z",
			map[string]string{"E": FlagNoRotation, "N": FlagNoRotation}},
		{"parallel", []string{"HNE", "HNN"}, func(in *Input) { in.Components[0].Channel.Azimuth = 180 }, "E N",
			map[string]string{"E": FlagNoRotation, "N": FlagNoRotation}},
		{"azimuth unknown", []string{"HNE", "HNN"}, func(in *Input) { in.Components[0].Channel.Azimuth = math.NaN() }, "E N RotD50 RotD100", nil},
		{"different rates", []string{"HNE", "HNN"}, func(in *Input) {
			in.Components[0].Traces[0] = madeTrace(in.Components[0].Channel.ID, 200, -40, 110)
		}, "E N", map[string]string{"E": FlagNoRotation, "N": FlagNoRotation}},
		{"a component without data", []string{"HNE", "HNN", "HNZ"}, func(in *Input) { in.Components[1].Traces = nil }, "E Z",
			map[string]string{"E": FlagIncomplete, "Z": FlagIncomplete}},
		{"no depth", []string{"HNZ"}, func(in *Input) { in.Origin.Depth = math.NaN() }, "Z", map[string]string{"Z": FlagNoDepth}},
		{"differing overlap", []string{"HNE", "HNN"}, func(in *Input) { in.Components[1].OverlapDiffers = true }, "E N RotD50 RotD100",
			map[string]string{"N": FlagOverlap, "RotD50": FlagOverlap, "RotD100": FlagOverlap}},
		{"short noise", []string{"HNZ"}, func(in *Input) { in.Components[0].cut(-5, 110) }, "Z", map[string]string{"Z": FlagShortNoise + " " + FlagShortPad}},
		{"implausible", []string{"HNZ"}, func(in *Input) {
			for i := range in.Components[0].Traces[0].Data {
				in.Components[0].Traces[0].Data[i] *= 1000
			}
		}, "Z", map[string]string{"Z": FlagClipped + " " + FlagImplausible}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := item(c.codes...)
			c.edit(in)
			rows, err := newProcessor(t, "").Process(in)
			if err != nil {
				t.Fatal(err)
			}
			all, order := byComponent(rows)
			if order != c.order {
				t.Errorf("rows %q, want %q", order, c.order)
			}
			for name, r := range all {
				got := slices.DeleteFunc(slices.Clone(r.Flags), func(f string) bool { return f == upsampled })
				if strings.Join(got, " ") != c.flags[name] || len(got) == len(r.Flags) {
					t.Errorf("%s: flags %v, want %q and %s", name, r.Flags, c.flags[name], upsampled)
				}
				if len(r.PSA) != 21 || slices.ContainsFunc(r.PSA, func(x float64) bool { return !(x > 0) }) || !(r.PGA > 0) || !(r.PGV > 0) {
					t.Errorf("%s: psa %v, pga %v, pgv %v", name, r.PSA, r.PGA, r.PGV)
				}
			}
		})
	}
}

func TestRotatedRowsAreOfTheCommonSpan(t *testing.T) {
	in := item("HNE", "HNN")
	in.Components[1].cut(-40, 70) // the signal of N ends at 67 s
	rows, err := newProcessor(t, "").Process(in)
	if err != nil {
		t.Fatal(err)
	}
	all, _ := byComponent(rows)
	e, n, r50, r100 := all["E"], all["N"], all[RotD50], all[RotD100]
	if !r50.Signal.Until.Equal(moment(67)) || r50.Signal != r100.Signal || !e.Signal.Until.Equal(moment(77)) || !n.Signal.Until.Equal(moment(67)) {
		t.Errorf("signals until %v, %v and %v", e.Signal.Until, n.Signal.Until, r50.Signal.Until)
	}
	// The strongest shaking is in both windows, so no rotation is below either or above their sum.
	if r100.PGA < max(e.PGA, n.PGA)*(1-1e-12) || r100.PGA > math.Hypot(e.PGA, n.PGA)*(1+1e-12) || r50.PGA > r100.PGA {
		t.Errorf("PGA of E, N, RotD50, RotD100: %g %g %g %g", e.PGA, n.PGA, r50.PGA, r100.PGA)
	}
	for i := range e.PSA {
		if r50.PSA[i] > r100.PSA[i] || r100.PSA[i] < n.PSA[i]*(1-1e-9) {
			t.Errorf("period %d: PSA of N, RotD50, RotD100: %g %g %g", i, n.PSA[i], r50.PSA[i], r100.PSA[i])
		}
	}
	if !math.IsNaN(r50.Arias) || !math.IsNaN(r50.SNR) || !r50.PGAAt.IsZero() || !r50.Noise.From.IsZero() {
		t.Errorf("a rotated row has numbers of one component: %+v", r50)
	}
}

// A processor carries nothing from one item to the next.
func TestItemsDoNotDependOnThoseBefore(t *testing.T) {
	p := newProcessor(t, "")
	want, err := newProcessor(t, "").Process(item("HNE", "HNN", "HNZ"))
	if err != nil {
		t.Fatal(err)
	}
	other := item("HNE", "HNN", "HN1")
	other.Components[0].cut(-30, 60)
	bad := item("HNE")
	bad.Components[0].Traces[0].Data[5000] = math.NaN()
	for _, in := range []*Input{other, bad, item("HNZ")} {
		_, _ = p.Process(in) // whatever comes of it
	}
	got, err := p.Process(item("HNE", "HNN", "HNZ"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if text(want[i]) != text(got[i]) {
			t.Errorf("%s: %s\nafter other items: %s", want[i].Component, text(want[i]), text(got[i]))
		}
	}
}
