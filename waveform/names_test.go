package waveform_test

import (
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
)

func TestSourceIDsComeBackFromTheirText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"NC.CRH..HNE", "NC.CRH..HNE"}, {"CI.CCC.--.HNZ", "CI.CCC..HNZ"}, {"GS.OK048.00.HH1", "GS.OK048.00.HH1"}, {"...", "..."},
	} {
		id, err := waveform.ParseSourceID(c.text)
		if err != nil || id.String() != c.want {
			t.Errorf("%q: %q, %v; want %q", c.text, id, err, c.want)
		}
	}
	for _, text := range []string{"", "NC", "NC.CRH.HNE", "NC.CRH..HNE.D", "FDSN:NC_CRH__H_N_E"} {
		if id, err := waveform.ParseSourceID(text); err == nil {
			t.Errorf("%q was read as %q", text, id)
		}
	}
}

func TestInstrumentIsTheChannelWithoutItsLastLetter(t *testing.T) {
	for _, c := range []struct{ channel, instrument, component string }{
		{"HNE", "HN", "E"}, {"Z", "", "Z"}, {"", "", ""}, {"BH1", "BH", "1"},
	} {
		id := waveform.SourceID{Network: "NC", Station: "CRH", Location: "01", Channel: c.channel}
		want := waveform.InstrumentID{Network: "NC", Station: "CRH", Location: "01", Instrument: c.instrument}
		if id.Instrument() != want || id.Component() != c.component {
			t.Errorf("%q: instrument %v, component %q", c.channel, id.Instrument(), id.Component())
		}
	}
}

func TestIDsAreOrderedByNetworkStationLocationChannel(t *testing.T) {
	want := []string{"AA.B..HHZ", "AA.B.00.HHE", "AA.B.00.HHZ", "AA.C..BHZ", "AB.A..AAA"}
	var ids []waveform.SourceID
	for _, i := range []int{3, 1, 4, 0, 2} {
		id, err := waveform.ParseSourceID(want[i])
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	slices.SortFunc(ids, waveform.SourceID.Compare)
	for i := range ids {
		if ids[i].String() != want[i] {
			t.Fatalf("order %v, want %v", ids, want)
		}
	}
	if a, b := ids[1].Instrument(), ids[2].Instrument(); a.Compare(b) != 0 || a.Compare(ids[0].Instrument()) <= 0 || a.String() != "AA.B.00.HH" {
		t.Errorf("instruments %v and %v are not in order", a, b)
	}
}

func TestUnitNamesOfMetadataAreUnderstood(t *testing.T) {
	for _, c := range []struct {
		name   string
		unit   waveform.Unit
		factor float64
	}{
		{"M/S", waveform.Velocity, 1}, {"m/s", waveform.Velocity, 1}, {" M / S ", waveform.Velocity, 1}, {"NM/S", waveform.Velocity, 1e-9},
		{"nm/sec", waveform.Velocity, 1e-9}, {"µm/s", waveform.Velocity, 1e-6}, {"M/(SEC**2)", waveform.Acceleration, 1}, {"METERS/SECOND**2", waveform.Acceleration, 1}, {"m/s²", waveform.Acceleration, 1}, {"CM/S", waveform.Velocity, 1e-2},
		{"M/S**2", waveform.Acceleration, 1}, {"m/s^2", waveform.Acceleration, 1}, {"CM/S**2", waveform.Acceleration, 1e-2},
		{"M/(S**2)", waveform.Acceleration, 1}, {"M/S/S", waveform.Acceleration, 1}, {"mm/s2", waveform.Acceleration, 1e-3},
		{"M", waveform.Displacement, 1}, {"meter", waveform.Displacement, 1}, {"UM", waveform.Displacement, 1e-6},
		{"COUNTS", waveform.Counts, 1}, {"count", waveform.Counts, 1}, {"DIGITAL COUNTS", waveform.Counts, 1},
		{"", waveform.UnitUnknown, 1}, {"  ", waveform.UnitUnknown, 1},
		{"V", waveform.UnitOther, 1}, {"PA", waveform.UnitOther, 1}, {"M/S**3", waveform.UnitOther, 1}, {"M/M", waveform.UnitOther, 1},
		{"RAD/S", waveform.UnitOther, 1}, {"M**3/M**3", waveform.UnitOther, 1}, {"/S", waveform.UnitOther, 1},
	} {
		unit, factor := waveform.ParseUnit(c.name)
		if unit != c.unit || factor != c.factor {
			t.Errorf("%q: %v, %g; want %v, %g", c.name, unit, factor, c.unit, c.factor)
		}
	}
}

func TestUnitsOfMotionKnowTheirDerivatives(t *testing.T) {
	for unit, want := range map[waveform.Unit]int{waveform.Displacement: 0, waveform.Velocity: 1, waveform.Acceleration: 2} {
		if !unit.IsMotion() || unit.Derivatives() != want {
			t.Errorf("%v: motion %v, %d derivatives, want %d", unit, unit.IsMotion(), unit.Derivatives(), want)
		}
		if back, factor := waveform.ParseUnit(unit.String()); back != unit || factor != 1 {
			t.Errorf("%v is read back as %v, %g", unit, back, factor)
		}
	}
	for unit, name := range map[waveform.Unit]string{waveform.UnitUnknown: "unknown", waveform.Counts: "counts", waveform.UnitOther: "other"} {
		if unit.IsMotion() || unit.String() != name {
			t.Errorf("%v: motion %v, want %s", unit, unit.IsMotion(), name)
		}
	}
}

func TestPreferredOriginAndMagnitudeAreTheNamedElseTheFirst(t *testing.T) {
	e := waveform.Event{
		Origins:    []waveform.Origin{{PublicID: "o1"}, {PublicID: ""}, {PublicID: "o2", Depth: 3}},
		Magnitudes: []waveform.Magnitude{{PublicID: "", Value: 1}, {PublicID: "m2", Value: 2}},
	}
	for _, c := range []struct {
		origin, magnitude string
		wantOrigin        string
		wantMagnitude     float64
	}{{"", "", "o1", 1}, {"o2", "m2", "o2", 2}, {"elsewhere", "elsewhere", "o1", 1}} {
		e.PreferredOriginID, e.PreferredMagnitudeID = c.origin, c.magnitude
		o, okO := e.PreferredOrigin()
		m, okM := e.PreferredMagnitude()
		if !okO || !okM || o.PublicID != c.wantOrigin || m.Value != c.wantMagnitude {
			t.Errorf("named %q and %q: %+v, %+v", c.origin, c.magnitude, o, m)
		}
	}
	if _, ok := (waveform.Event{PreferredOriginID: "x"}).PreferredOrigin(); ok {
		t.Error("an event without origins has a preferred one")
	}
	if _, ok := (waveform.Event{}).PreferredMagnitude(); ok {
		t.Error("an event without magnitudes has a preferred one")
	}
}
