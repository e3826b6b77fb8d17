package recipe

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/process"
)

// between is a window in s after the origin.
func between(from, until float64) waveform.Window {
	return waveform.Window{From: moment(from), Until: moment(until)}
}

// reviewedItem is the made earthquake with one review for these channels; none named are all.
func reviewedItem(r Review, codes ...string) *Input {
	in := item("HNE", "HNN", "HNZ")
	for i := range in.Components {
		if c := &in.Components[i]; len(codes) == 0 || slices.Contains(codes, c.Channel.ID.Channel) {
			c.Review = r
		}
	}
	return in
}

func mustProcess(t *testing.T, recipe string, in *Input) map[string]Measurement {
	t.Helper()
	rows, err := newProcessor(t, recipe).Process(in)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]Measurement{}
	for _, r := range rows {
		all[r.Component] = r
	}
	return all
}

// sameRows compares rows but for the flag of reviews, which those of a must have, and the others not.
func sameRows(t *testing.T, reviewed, plain map[string]Measurement) {
	t.Helper()
	for name, r := range reviewed {
		n := len(r.Flags)
		r.Flags = slices.DeleteFunc(slices.Clone(r.Flags), func(f string) bool { return f == FlagReviewed })
		if len(r.Flags) != n-1 {
			t.Errorf("%s is not flagged once as reviewed", name)
		}
		if len(r.Flags) == 0 {
			r.Flags = nil
		}
		reviewed[name] = r
	}
	numbers := cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b })
	if diff := cmp.Diff(plain, reviewed, numbers); diff != "" {
		t.Errorf("rows differ (-by recipe +reviewed):\n%s", diff)
	}
}

// What a review says is what a recipe that says the same makes of it, to the last digit.
func TestAReviewIsAsARecipeThatSaysTheSame(t *testing.T) {
	const filters = "process: [detrend: linear, remove_response: {}, "
	for name, c := range map[string]struct {
		recipe string // that is reviewed
		review Review
		same   string // recipe
	}{
		"windows": {"", Review{Noise: between(-5, 5), Signal: between(11, 40)},
			"windows: {noise: {from: origin - 5 s, until: origin + 5 s}, signal: {from: origin + 11 s, until: origin + 40 s, reach: P + 1 s}}"},
		"noise": {"", Review{Noise: between(-5, 5)}, "windows: {noise: {from: origin - 5 s, until: origin + 5 s}}"},
		"a short noise": {"", Review{Noise: between(2, 4)},
			"windows: {noise: {from: origin + 2 s, until: origin + 4 s, at_least: 1 s}}"},
		"signal": {"", Review{Signal: between(9, 45)}, "windows: {signal: {from: origin + 9 s, until: origin + 45 s, reach: P + 1 s}}"},
		"signal, beside a measurement window": {"windows: {measurement: {from: P - 1 s, until: S + 5 s}}", Review{Signal: between(9, 45)},
			"windows: {measurement: {from: P - 1 s, until: S + 5 s}, signal: {from: origin + 9 s, until: origin + 45 s, reach: P + 1 s}}"},
		"signal, with a cut": {filters + "cut: {from: P - 23 s, until: S + 62 s}]", Review{Signal: between(10, 90)},
			filters + "cut: {from: P - 23 s, until: origin + 92 s}]\nwindows: {signal: {until: origin + 90 s}}"},
		"corners":    {"", Review{Highpass: 0.5, Lowpass: 20}, filters0 + "bandpass: {low: 0.5 Hz, high: 20 Hz}]"},
		"high-pass":  {"", Review{Highpass: 0.5}, filters0 + "bandpass: {low: 0.5 Hz, high: 0.75 nyquist}]"},
		"low-pass":   {"", Review{Lowpass: 20}, filters0 + "bandpass: {low: 0.08 Hz, high: 20 Hz}]"},
		"one filter": {filters + "highpass: {corner: 1 Hz}, lowpass: {corner: 30 Hz, order: 2}]", Review{Lowpass: 20}, filters + "highpass: {corner: 1 Hz}, lowpass: {corner: 20 Hz, order: 2}]"},
		"amplitude filters": {filters + "amplitude_highpass: {corner: 1 Hz}, amplitude_lowpass: {corner: 30 Hz}]", Review{Highpass: 0.3, Lowpass: 20},
			filters + "amplitude_highpass: {corner: 0.3 Hz}, amplitude_lowpass: {corner: 20 Hz}]"},
		"the last of two": {filters + "highpass: {corner: 0.1 Hz}, highpass: {corner: 1 Hz}]", Review{Highpass: 0.3}, filters + "highpass: {corner: 0.1 Hz}, highpass: {corner: 0.3 Hz}]"},
		"no filter":       {filters + "bandstop: {low: 14 Hz, high: 15 Hz}]", Review{Highpass: 0.3, Lowpass: 20}, filters + "bandstop: {low: 14 Hz, high: 15 Hz}, highpass: {corner: 0.3 Hz}, lowpass: {corner: 20 Hz}]"},
		"acceptance":      {"", Review{Verdict: Accept}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			in := reviewedItem(c.review)
			sameRows(t, mustProcess(t, c.recipe, in), mustProcess(t, c.same, item("HNE", "HNN", "HNZ")))
		})
	}
}

// filters0 is the default chain before its filter.
const filters0 = `process: [detrend: linear, taper: {fraction: 0.05, longest: 3 s},
  remove_response: {water_level: 100, pre_filter: [0.02 Hz, 0.05 Hz, 0.85 nyquist, 0.95 nyquist]}, `

func TestARowSaysTheCornersUsed(t *testing.T) {
	rows := mustProcess(t, "", reviewedItem(Review{Highpass: 0.03, Lowpass: 20}))
	if r := rows["Z"]; r.Highpass != 0.05 || r.Lowpass != 20 { // the pre-filter holds the first
		t.Errorf("%v to %v Hz", r.Highpass, r.Lowpass)
	}
}

func TestExportedStepsHaveTheReviewedCorners(t *testing.T) {
	until := func(recipe string, r Review, step string) []float64 {
		traces, err := newProcessor(t, recipe).Until(reviewedItem(r), step)
		if err != nil {
			t.Fatal(err)
		}
		return traces[0].Data
	}
	corners := Review{Highpass: 0.5, Lowpass: 20}
	same := filters0 + "bandpass: {low: 0.5 Hz, high: 20 Hz}]"
	if !slices.Equal(until("", corners, ""), until(same, Review{}, "")) || slices.Equal(until("", corners, ""), until("", Review{}, "")) {
		t.Error("the last step has other corners")
	}
	if !slices.Equal(until("", corners, "remove_response"), until("", Review{}, "remove_response")) {
		t.Error("a step before the filter is changed")
	}
}

func TestReviewedWindowsAreReadWithTheirPads(t *testing.T) {
	w := Default().Windows
	plain := w.Wanted(made, 100)
	r := Review{Noise: between(-100, -90), Signal: between(200, 230)}
	ws := w.For(r).Wanted(made, 100)
	if ws.Noise != r.Noise || ws.Signal != r.Signal || ws.Measurement != r.Signal {
		t.Errorf("%+v", ws)
	}
	if !ws.Read.From.Equal(moment(-120)) || ws.Read.Until.Before(moment(250)) {
		t.Errorf("read %v", ws.Read)
	}
	extent := w.For(r).Extent(made)
	if extent.From.After(ws.Read.From) || extent.Until.Before(ws.Read.Until) {
		t.Errorf("extent %v does not hold %v", extent, ws.Read)
	}
	if all := w.For(Review{Noise: between(300, 310)}).Measured(made); !all.From.Equal(made.P) || !all.Until.Equal(moment(310)) {
		t.Errorf("with noise behind, %v is measured", all)
	}
	if again := w.Wanted(made, 100); again != plain {
		t.Error("For has changed the recipe's windows")
	}
}

func TestNoiseMayLieBehindTheSignal(t *testing.T) {
	in := reviewedItem(Review{Noise: between(80, 90)})
	in.Components[0].Traces[0].Data[5700] = 8388607 // 17 s after the origin
	in.Components[0].Traces[0].Data[5701] = 8388607
	in.Components[0].Traces[0].Data[5702] = 8388607
	rows := mustProcess(t, "", in)
	r := rows["E"]
	if !r.Noise.From.Equal(moment(80)) || !r.Signal.From.Equal(made.P) || !(r.SNR > 1) || math.IsInf(r.SNR, 0) {
		t.Errorf("%+v", r)
	}
	if !slices.Contains(r.Flags, FlagClipped) || slices.Contains(rows["Z"].Flags, FlagClipped) {
		t.Errorf("flags %q of a clipped signal before the noise, %q of another", r.Flags, rows["Z"].Flags)
	}
	if flags := rows["Z"].Flags; slices.Contains(flags, FlagShortPad) {
		t.Errorf("flags %q with 20 s behind the noise", flags)
	}
	if flags := mustProcess(t, "", reviewedItem(Review{Noise: between(85, 95)}))["Z"].Flags; !slices.Contains(flags, FlagShortPad) {
		t.Errorf("flags %q with 15 s behind the noise", flags)
	}
}

func TestAReviewThatCannotBeHasItsCode(t *testing.T) {
	for _, c := range []struct {
		name   string
		review Review
		edit   func(*Component)
		code   Code
		says   string
	}{
		{"signal behind the data", Review{Signal: between(200, 230)}, nil, ShortWindow, "no data at the start of the reviewed signal"},
		{"signal that ends behind the data", Review{Signal: between(10, 109)}, nil, ShortWindow, "the reviewed signal window is from"},
		{"signal that ends at the last pad", Review{Signal: between(10, 107)}, nil, "", ""},
		{"noise before the data", Review{Noise: between(-50, -45)}, nil, ShortWindow, "allow 2024-03-01T11:59:23.000Z to"},
		{"noise in another piece", Review{Noise: between(-30, -25)}, func(c *Component) { c.cut(-40, -20, -19, 110) }, Gap, "2 pieces"},
		{"signal in another piece, noise not", Review{Signal: between(60, 70)}, func(c *Component) { c.cut(-40, 40, 41, 110) }, Gap, "leaves"},
		{"signal and noise in a piece without P", Review{Noise: between(50, 55), Signal: between(60, 70)}, func(c *Component) { c.cut(-40, 9, 41, 110) }, "", ""},
		{"signal at its least", Review{Signal: between(10, 11)}, nil, "", ""},
		{"a window between samples", Review{Noise: between(5.001, 5.002)}, nil, BadReview, "holds 0 samples"},
		{"a low-pass above Nyquist", Review{Lowpass: 50}, nil, BadReview, "not below the Nyquist frequency of 50 Hz: correct"},
		{"a high-pass above the recipe's low-pass", Review{Highpass: 40}, nil, BadReview, "XX.AAA..HNZ: with the reviewed corners"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := reviewedItem(c.review, "HNZ")
			if c.edit != nil {
				c.edit(&in.Components[2])
			}
			_, err := newProcessor(t, "").Process(in)
			if got := code(t, err); got != c.code {
				t.Fatalf("%q (%v), want %q", got, err, c.code)
			}
			if err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestACornerIsCheckedAtTheRateOfItsStep(t *testing.T) {
	const recipe = "process: [remove_response: {}, decimate: {factor: 5}, lowpass: {corner: 5 Hz}]"
	_, err := newProcessor(t, recipe).Process(reviewedItem(Review{Lowpass: 15}))
	if code(t, err) != BadReview || !strings.Contains(err.Error(), "10 Hz") {
		t.Errorf("%v", err)
	}
	if r := mustProcess(t, recipe, reviewedItem(Review{Lowpass: 4}))["E"]; r.Lowpass != 4 || r.SampleRate != 20 {
		t.Errorf("%v Hz at %v Hz", r.Lowpass, r.SampleRate)
	}
}

func TestRejectedComponentsHaveNoRows(t *testing.T) {
	for _, incomplete := range []string{"", "incomplete: fail"} {
		rows := mustProcess(t, incomplete, reviewedItem(Review{Verdict: Reject}, "HNN"))
		if len(rows) != 2 || rows["E"].Component == "" || rows["Z"].Component == "" {
			t.Errorf("%d rows", len(rows))
		}
		for _, r := range rows {
			if len(r.Flags) != 0 && !slices.Equal(r.Flags, []string{FlagUpsampled}) {
				t.Errorf("%s: flags %q", r.Component, r.Flags)
			}
		}
	}
	in := reviewedItem(Review{Verdict: Reject}, "HNN")
	in.Components[1].Failure = failf(FileMissing, "read", "gone") // of no interest
	in.Components[2].Traces = nil
	if r := mustProcess(t, "", in)["E"]; !slices.Contains(r.Flags, FlagIncomplete) {
		t.Errorf("flags %q without Z", r.Flags)
	}
	_, err := newProcessor(t, "").Process(reviewedItem(Review{Verdict: Reject}))
	if got := code(t, err); got != Rejected || !got.IsSkip() {
		t.Errorf("all rejected: %v", err)
	}
}

func TestRotationWantsTheSameCornersOfBothHorizontals(t *testing.T) {
	rotated := func(in *Input) (Measurement, bool, []string) {
		rows := mustProcess(t, "", in)
		r, ok := rows[RotD50]
		return r, ok, rows["E"].Flags
	}
	if _, ok, flags := rotated(reviewedItem(Review{Highpass: 0.5}, "HNE")); ok || !slices.Contains(flags, FlagNoRotation) {
		t.Errorf("other corners: RotD %v, flags %q", ok, flags)
	}
	if r, ok, flags := rotated(reviewedItem(Review{Highpass: 0.5}, "HNE", "HNN")); !ok || r.Highpass != 0.5 || slices.Contains(flags, FlagNoRotation) || !slices.Contains(r.Flags, FlagReviewed) {
		t.Errorf("the same corners: RotD %v, %v Hz, flags %q and %q", ok, r.Highpass, flags, r.Flags)
	}
	r, ok, _ := rotated(reviewedItem(Review{Signal: between(12, 30)}, "HNE"))
	if !ok || r.Measured != between(12, 30) || !slices.Contains(r.Flags, FlagReviewed) {
		t.Errorf("other windows: RotD %v, measured %v, flags %q", ok, r.Measured, r.Flags)
	}
	if _, ok, flags := rotated(reviewedItem(Review{Signal: between(79, 90)}, "HNE")); ok || !slices.Contains(flags, FlagNoRotation) {
		t.Errorf("windows without a common span: RotD %v, flags %q", ok, flags)
	}
}

func TestAChannelsReviewGoesBeforeThatOfItsInstrument(t *testing.T) {
	instrument := Review{Reject, between(-9, -8), between(10, 20), 0.1, 10}
	if got := (Review{}).Over(instrument); got != instrument {
		t.Errorf("%+v", got)
	}
	channel := Review{Accept, between(-5, -4), between(11, 21), 0.2, 20}
	if got := channel.Over(instrument); got != channel {
		t.Errorf("%+v", got)
	}
}

func TestReviewsAreChecked(t *testing.T) {
	for _, c := range []struct {
		review Review
		says   string // "" is nothing wrong
	}{
		{Review{}, ""},
		{Review{Accept, between(-9, 9), between(9, 90), 0.1, 10}, ""},
		{Review{Verdict: "maybe"}, "want accept or reject"},
		{Review{Noise: between(3, 3)}, "the noise window ends"},
		{Review{Signal: between(30, 3)}, "the signal window ends"},
		{Review{Signal: waveform.Window{From: moment(3)}}, "one end"},
		{Review{Signal: between(10, 6*3600)}, ""},
		{Review{Signal: between(10, 6*3600+1)}, "within 6h0m0s of the origin time"},
		{Review{Noise: between(-6*3600-1, 0)}, "within 6h0m0s of the origin time"},
		{Review{Noise: between(0, 11), Signal: between(10, 20)}, "overlap"},
		{Review{Highpass: -1}, "above 0"},
		{Review{Lowpass: math.NaN()}, "above 0"},
		{Review{Lowpass: math.Inf(1)}, "above 0"},
		{Review{Highpass: 10, Lowpass: 10}, "not below"},
	} {
		err := c.review.Check(made.Origin)
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%+v: %v, want %q", c.review, err, c.says)
		}
	}
	if err := (Review{Signal: between(10, 9*3600)}).Check(time.Time{}); err != nil {
		t.Errorf("without an origin: %v", err)
	}
}

func TestTheFingerprintHoldsAllThatAReviewSettles(t *testing.T) {
	if h := ReviewHash(item("HNE", "HNN").Components); h != nil {
		t.Errorf("%x without reviews", h)
	}
	known := map[string]string{}
	for name, r := range map[string]Review{
		"accept": {Verdict: Accept}, "reject": {Verdict: Reject}, "noise": {Noise: between(1, 2)}, "signal": {Signal: between(1, 2)},
		"another end": {Signal: between(1, 3)}, "another start": {Signal: between(0, 2)}, "highpass": {Highpass: 1}, "lowpass": {Lowpass: 1},
	} {
		for _, code := range []string{"HNE", "HNN"} {
			h := string(ReviewHash(reviewedItem(r, code).Components))
			if same, ok := known[h]; ok || h == "" {
				t.Errorf("%s of %s has the hash of %s", name, code, same)
			}
			known[h] = name + " of " + code
		}
	}
	local := Review{Noise: waveform.Window{From: moment(1).In(time.FixedZone("", 3600)), Until: moment(2)}}
	if known[string(ReviewHash(reviewedItem(local, "HNE").Components))] != "noise of HNE" {
		t.Error("the zone of a time counts")
	}
}

func TestAReviewedChainLeavesTheRecipesAlone(t *testing.T) {
	chain := process.Chain{process.RemoveResponse{}, process.Bandpass{Low: process.Hertz(1), High: process.Hertz(10), Order: 4, Passes: 2}}
	before := slices.Clone(chain)
	if _, err := (Review{Highpass: 2, Lowpass: 5}).chain(chain, len(chain), 100); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, chain); diff != "" {
		t.Error(diff)
	}
}
