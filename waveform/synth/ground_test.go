package synth

import (
	"math"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
)

// oneEvent is an archive whose single event is replaced by one of the given magnitude and
// distance (degrees of latitude south of the only station).
func oneEvent(t *testing.T, magnitude, south float64) *Archive {
	t.Helper()
	a := mustPlan(t, Config{Stations: 1, Events: 1, Instruments: []string{"HN", "HH"}})
	o := &a.Events[0].Origins[0]
	o.Latitude, o.Longitude, o.Depth = a.Stations[0].Latitude-south, a.Stations[0].Longitude, 10e3
	a.Events[0].Magnitudes[1].Value = magnitude
	return a
}

func peak(x []float64) (p float64) {
	for _, v := range x {
		p = max(p, math.Abs(v))
	}
	return p
}

func groundOf(t *testing.T, a *Archive, channel int) waveform.Trace {
	t.Helper()
	tr, err := a.Ground(0, a.Stations[0].Channels[channel].ID)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestGroundBeginsAtP(t *testing.T) {
	for _, south := range []float64{0.05, 0.3, 0.9} {
		a := oneEvent(t, 4.5, south)
		tr := groundOf(t, a, 2)
		p, _ := a.Onsets(0, 0)
		i := 0
		for tr.Data[i] == 0 {
			i++
		}
		if at := tr.Index(p); float64(i) < at || float64(i) > at+1.001 {
			t.Errorf("first motion at sample %d, P at %.3f", i, at)
		}
	}
}

func TestGroundPeaksFollowTheAttenuationRelation(t *testing.T) {
	// Site at most 10^0.15, axis at most 1.15, and some more for the highpass and for P
	// and coda adding up.
	const most = 1.4125 * 1.15 * 1.15
	for _, m := range []float64{3, 4, 5, 6} {
		for _, south := range []float64{0.05, 0.2, 0.8} {
			a := oneEvent(t, m, south)
			q := a.quake(0)
			r := math.Hypot(south*111.2e3, q.depth)
			got, want := peak(groundOf(t, a, 0).Data), PeakAcceleration(m, r)
			if got > want*most || got < want/most {
				t.Errorf("M %v at %.0f km: peak %.3g m/s^2, relation %.3g", m, r/1e3, got, want)
			}
		}
	}
}

func TestGroundGrowsWithMagnitudeAndFallsWithDistance(t *testing.T) {
	before := 0.0
	for _, m := range []float64{3, 3.5, 4, 4.5, 5, 5.5, 6} {
		if p := peak(groundOf(t, oneEvent(t, m, 0.3), 0).Data); p <= before {
			t.Errorf("peak %.3g at M %v is not above %.3g", p, m, before)
		} else {
			before = p
		}
	}
	before = math.Inf(1)
	for _, south := range []float64{0.05, 0.1, 0.2, 0.4, 0.8} {
		if p := peak(groundOf(t, oneEvent(t, 5, south), 0).Data); p >= before {
			t.Errorf("peak %.3g at %v degrees is not below %.3g", p, south, before)
		} else {
			before = p
		}
	}
}

func TestLargeEventsHaveLowerFrequencies(t *testing.T) {
	// Brune with 5 MPa: 0.49 * 3500 * cbrt(5e6/10^(1.5 M + 9.1)).
	for m, want := range map[float64]float64{3: 8.57, 6: 0.271} {
		if got := cornerFrequency(m); math.Abs(got/want-1) > 5e-3 {
			t.Errorf("corner of M %v is %.4g Hz, want %.4g", m, got, want)
		}
	}
	crossings := func(m float64) (n int) {
		x := groundOf(t, oneEvent(t, m, 0.3), 0).Data
		v := 0.0 // velocity shows it best
		for _, a := range x {
			next := v + a/100
			if next*v < 0 {
				n++
			}
			v = next
		}
		return n
	}
	if small, large := crossings(3), crossings(6); small < 2*large {
		t.Errorf("%d zero crossings of velocity at M 3, %d at M 6", small, large)
	}
}

func TestInstrumentsOfAStationShareTheGround(t *testing.T) {
	a := oneEvent(t, 4, 0.2)
	hn, hh := groundOf(t, a, 1), groundOf(t, a, 4)
	for i := range hn.Data {
		if hn.Data[i] != hh.Data[i] {
			t.Fatalf("sample %d of %s and %s: %v and %v", i, hn.ID, hh.ID, hn.Data[i], hh.Data[i])
		}
	}
}

func TestRotatedChannelsRecordTheRotatedGround(t *testing.T) {
	a := oneEvent(t, 4, 0.2)
	c := a.Stations[0].Channels
	e, n := groundOf(t, a, 0), groundOf(t, a, 1)
	c[2].Azimuth, c[2].Dip = 37, 0
	turned := groundOf(t, a, 2)
	sin, cos := math.Sincos(37 * math.Pi / 180)
	top := peak(turned.Data)
	for i := range turned.Data {
		if want := e.Data[i]*sin + n.Data[i]*cos; math.Abs(turned.Data[i]-want) > 1e-12*top {
			t.Fatalf("sample %d is %v, want %v", i, turned.Data[i], want)
		}
	}
}

func TestGroundComesToRest(t *testing.T) {
	a := oneEvent(t, 6, 0.3)
	tr := groundOf(t, a, 0)
	_, s := a.Onsets(0, 0)
	end := int(tr.Index(s)) + codaEnd*100 + 1
	if p := peak(tr.Data[end:]); p != 0 {
		t.Errorf("%.3g m/s^2 after the end of the coda", p)
	}
	v, top := 0.0, 0.0
	for _, x := range tr.Data {
		v += x / 100
		top = max(top, math.Abs(v))
	}
	if math.Abs(v) > 1e-3*top {
		t.Errorf("velocity ends at %.3g m/s after a peak of %.3g", v, top)
	}
}

func TestGroundRefusesUnknownNames(t *testing.T) {
	a := oneEvent(t, 4, 0.2)
	if _, err := a.Ground(1, a.Stations[0].Channels[0].ID); err == nil {
		t.Error("no error for an event that is not there")
	}
	if _, err := a.Ground(0, waveform.SourceID{Network: "XX"}); err == nil {
		t.Error("no error for a channel that is not there")
	}
}
