package synth

import (
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// recordedTrace writes an archive of oneEvent and reads a channel back.
func recordedTrace(t *testing.T, a *Archive, channel int) (waveform.Trace, Summary) {
	t.Helper()
	dir := t.TempDir()
	s, err := a.writeWaveforms(t.Context(), filepath.Join(dir, ArchiveDir), nil)
	if err != nil {
		t.Fatal(err)
	}
	segs := segments(t, dir, a.Stations[0].Channels[channel].ID)
	if len(segs) != 1 {
		t.Fatalf("%d segments, want 1", len(segs))
	}
	return segs[0].Trace(), s
}

func TestCountsBeginToShakeAtP(t *testing.T) {
	for channel := 2; channel < 6; channel += 3 {
		for _, south := range []float64{0.1, 0.5} {
			a := oneEvent(t, 4.5, south)
			tr, _ := recordedTrace(t, a, channel)
			p, _ := a.Onsets(0, 0)
			at := int(math.Ceil(tr.Index(p)))
			rest := dsp.Mean(tr.Data[at-1000 : at-100])
			for i := range tr.Data {
				tr.Data[i] -= rest
			}
			// Linear-phase filters let a strong onset be felt some samples before P, by a
			// percent of it; so that is no rise.
			threshold := max(3*peak(tr.Data[at-1000:at-100]), 0.03*peak(tr.Data[at:at+100]))
			i := at - 100
			for math.Abs(tr.Data[i]) < threshold {
				i++
			}
			if i < at-3 || i > at+20 {
				t.Errorf("%s at %v degrees: counts rise at sample %d, P is at %d", tr.ID, south, i, at)
			}
		}
	}
}

// band passes 0.1 to 37.5 Hz without delay.
func band(t *testing.T, x []float64) {
	t.Helper()
	f, err := dsp.Butterworth(dsp.Bandpass, 4, 0.1, 37.5, 100)
	if err != nil {
		t.Fatal(err)
	}
	f.ApplyZeroPhase(x)
}

func TestRemovingTheResponseGivesTheGroundBack(t *testing.T) {
	for _, c := range []struct {
		channel   int
		magnitude float64
		tolerance float64 // of the peak; the peak of the noise is most of the difference
	}{{0, 5, 1e-3}, {2, 5, 1e-3}, {3, 3.5, 1e-3}} {
		a := oneEvent(t, c.magnitude, 0.1)
		truth := groundOf(t, a, c.channel)
		tr, s := recordedTrace(t, a, c.channel)
		if s.Clipped > 0 {
			t.Fatalf("%d samples clipped", s.Clipped)
		}
		inv, err := response.NewInverse(a.Stations[0].Channels[c.channel].Response, len(tr.Data), 0.01, response.Options{
			// 60 dB would cut a velocity sensor off above 8 Hz: its acceleration response
			// falls by as much from 120 s to there.
			Unit: waveform.Acceleration, WaterLevel: 100, PreFilter: [4]float64{0.02, 0.05, 42.5, 47.5},
		})
		if err != nil {
			t.Fatal(err)
		}
		inv.Remove(tr.Data, new(dsp.Plans), new(dsp.Scratch))
		band(t, tr.Data)
		band(t, truth.Data)
		shift := int(truth.Start.Sub(tr.Start) / (10 * time.Millisecond))
		p, sOnset := a.Onsets(0, 0)
		from, until := truth.Range(waveform.Window{From: p, Until: sOnset.Add(60 * time.Second)})
		worst := 0.0
		for i := from; i < until; i++ {
			worst = max(worst, math.Abs(tr.Data[i+shift]-truth.Data[i]))
		}
		if top := peak(truth.Data); worst > c.tolerance*top || until-from < 6000 {
			t.Errorf("%s: off by %.2g m/s^2 of %.3g", tr.ID, worst, top)
		} else {
			t.Logf("%s: off by %.2g m/s^2 of %.3g", tr.ID, worst, top)
		}
	}
}

func TestBroadbandClipsNearLargeEvents(t *testing.T) {
	a := oneEvent(t, 6, 0.05)
	tr, s := recordedTrace(t, a, 3)
	if top := peak(tr.Data); top != 8388607 || s.Clipped == 0 {
		t.Errorf("peak %v counts, %d samples clipped", top, s.Clipped)
	}
	strong, _ := recordedTrace(t, a, 0)
	if top := peak(strong.Data); top >= 8388607 {
		t.Errorf("accelerometer reaches %v counts", top)
	}
}

func TestSignalStandsOutOfTheNoise(t *testing.T) {
	for channel := range 6 {
		a := oneEvent(t, 3, 0.5) // the smallest, some 57 km away
		tr, _ := recordedTrace(t, a, channel)
		p, s := a.Onsets(0, 0)
		dsp.Demean(tr.Data)
		from, at := tr.Range(waveform.Window{From: p.Add(-22 * time.Second), Until: p.Add(-2 * time.Second)})
		sFrom, sUntil := tr.Range(waveform.Window{From: p, Until: s.Add(20 * time.Second)})
		band(t, tr.Data)
		if snr := rms(tr.Data[sFrom:sUntil]) / rms(tr.Data[from:at]); snr < 3 {
			t.Errorf("%s: signal to noise ratio %.1f", tr.ID, snr)
		} else {
			t.Logf("%s: signal to noise ratio %.1f", tr.ID, snr)
		}
	}
}
