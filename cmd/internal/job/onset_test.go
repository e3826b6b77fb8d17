package job

import (
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

func TestOnlyWhatMayComeFirstIsAnOnset(t *testing.T) {
	for phase, want := range map[string]byte{
		"P": 'P', "p": 'P', "Pg": 'P', "PN": 'P', "iP": 'P', "ePn": 'P', "P*": 'P', "Pdiff": 'P', "PKPdf": 'P', "PKIKP": 'P',
		"S": 'S', "s": 'S', "Sn": 'S', "eSg": 'S', "SKS": 'S', "SKSac": 'S',
		"": 0, "e": 0, "PP": 0, "pP": 0, "sP": 0, "PcP": 0, "PS": 0, "SS": 0, "sS": 0, "ScS": 0, "SP": 0, "Lg": 0, "Pmax": 0, "AML": 0,
	} {
		if got := firstWave(phase); got != want {
			t.Errorf("%q is taken for %q, want %q", phase, got, want)
		}
	}
}

// A surface reflection that was picked alone is no reason to start a window late.
func TestALaterPhasePickedAloneIsNoOnset(t *testing.T) {
	r := recipe.Default()
	id := waveform.InstrumentID{Network: "XX", Station: "AAA"}
	origin := waveform.Origin{Time: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), Depth: 10e3}
	at := func(phase string, s time.Duration) db.Arrival {
		return db.Arrival{Network: "XX", Station: "AAA", Phase: phase, Time: origin.Time.Add(s * time.Second)}
	}
	model, _ := r.Times.Onsets(origin.Time, 100e3, origin.Depth)
	for name, c := range map[string]struct {
		arrivals []db.Arrival
		want     recipe.Onsets
		source   string
	}{
		"reflections only": {[]db.Arrival{at("PP", 40), at("sS", 70)}, model, "ak135"},
		"after the first":  {[]db.Arrival{at("Pg", 17), at("PmP", 20), at("Sg", 30), at("Lg", 33)}, recipe.Onsets{Origin: origin.Time, P: origin.Time.Add(17 * time.Second), S: origin.Time.Add(30 * time.Second)}, recipe.SourceArrival},
	} {
		if got, source := onsets(&r, origin, 100e3, c.arrivals, id); got != c.want || source != c.source {
			t.Errorf("%s: %v, %s; want %v, %s", name, got, source, c.want, c.source)
		}
	}
}
