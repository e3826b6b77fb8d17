package job

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db"
)

// change is one of the things that happen to an archive; what says so.
type change struct {
	what string
	do   func(l *lab, r *rand.Rand)
}

var channels = []string{"ST01.HNE", "ST01.HNZ", "ST01.HHN", "ST02.HN1", "ST02.HNZ", "ST03.HNE", "ST03.HNN"}

func any1[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// changes are what a network's data centre does all day.
func changes() []change {
	away := map[string][]byte{} // files that were taken away
	return []change{
		{"an origin moves", func(l *lab, r *rand.Rand) { l.events[r.IntN(3)].Origins[0].Depth += 10 }},
		{"an origin time changes", func(l *lab, r *rand.Rand) {
			o := &l.events[r.IntN(3)].Origins[0]
			o.Time = o.Time.Add(time.Duration(r.IntN(2000)-1000) * time.Millisecond)
		}},
		{"a magnitude changes", func(l *lab, r *rand.Rand) { l.events[r.IntN(3)].Magnitudes[1].Value += 0.01 }},
		{"an event is deleted, or comes back", func(l *lab, r *rand.Rand) {
			e := &l.events[r.IntN(3)]
			if e.Type = db.NotExisting; r.IntN(2) == 0 {
				e.Type = "earthquake"
			}
		}},
		{"a gain changes", func(l *lab, r *rand.Rand) { cloneResponse(l.channel(any1(r, channels))).Stages[0].Gain *= 1.001 }},
		{"a sensor is turned", func(l *lab, r *rand.Rand) { l.channel(any1(r, channels)).Azimuth += 1 }},
		{"an epoch ends", func(l *lab, r *rand.Rand) { l.channel(any1(r, channels)).Until = l.betweenEvents(1 + r.IntN(2)) }},
		{"an epoch is open again", func(l *lab, r *rand.Rand) { l.channel(any1(r, channels)).Until = time.Time{} }},
		{"a sample changes", func(l *lab, r *rand.Rand) {
			if c := any1(r, channels); away[l.file(c)] == nil {
				l.bump(c, l.plan.Config.Start.Add(time.Duration(r.IntN(3500))*time.Second))
			}
		}},
		{"a sample of an event changes", func(l *lab, r *rand.Rand) {
			if c := any1(r, channels); away[l.file(c)] == nil {
				l.bump(c, l.p(1+r.IntN(3), 1).Add(time.Duration(r.IntN(20))*time.Second))
			}
		}},
		{"a file goes, or comes back", func(l *lab, r *rand.Rand) {
			name := l.file(any1(r, channels))
			if content := away[name]; content != nil {
				l.write(name, content)
				delete(away, name)
				return
			}
			content, err := os.ReadFile(name)
			if err != nil {
				l.Fatal(err)
			}
			if err := os.Remove(name); err != nil {
				l.Fatal(err)
			}
			away[name] = content
		}},
		{"a review is set", func(l *lab, r *rand.Rand) {
			p := l.p(1+r.IntN(3), 1+r.IntN(3)).Add(time.Duration(r.IntN(40)) * time.Second)
			l.review(1+r.IntN(3), any1(r, []string{"ST01..HNE", "ST01..HN", "ST01.00.HHZ", "ST02..HN1", "ST03..HN"}),
				settlesNothing, any1(r, []reviewer{accepts, rejects, setsCorners(0.5, 8), setsNoise(p.Add(-30*time.Second), p.Add(-20*time.Second)), setsSignal(p, p.Add(30*time.Second))}))
		}},
		{"a review is cleared", func(l *lab, _ *rand.Rand) {
			if all, err := db.Reviews(l.Context(), l.pool, nil); err != nil {
				l.Fatal(err)
			} else if len(all) > 0 {
				if _, err := ClearReview(l.Context(), l.pool, all[0].EventID, sourceIDOf(&all[0])); err != nil {
					l.Fatal(err)
				}
			}
		}},
		{"a file is touched", func(l *lab, r *rand.Rand) {
			if c := any1(r, channels); away[l.file(c)] == nil {
				l.touch(l.file(c))
			}
		}},
	}
}

// Whatever happens in whatever order: once the changes are loaded and a run is
// through, the results are those of computing everything anew, and nothing is due.
func TestResultsAreThoseOfAFreshRunWhateverChanged(t *testing.T) {
	const steps = 12
	l := newFinishedLab(t, small)
	all, seed := changes(), uint64(1)
	r := rand.New(rand.NewPCG(seed, 0))
	var history []string
	for step := range steps {
		for range 1 + r.IntN(3) {
			c := any1(r, all)
			c.do(l, r)
			history = append(history, fmt.Sprintf("%d: %s", step, c.what))
		}
		l.loadAll()
		if r.IntN(4) == 0 { // a run that does not get far
			stop := make(chan struct{})
			o := oneByOne(func() { close(stop) })
			o.Stop = stop
			mustRun(t, l.pool, o)
		}
		mustRun(t, l.pool, RunOptions{})
		l.wantRowsOfTheirItems()
		l.wantNothingDue()
		l.wantAsFresh()
		if t.Failed() {
			t.Fatalf("seed %d: %q", seed, history)
		}
	}
}
