package job

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/dbtest"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// alone is one event at one instrument.
var alone = synth.Config{Seed: 1, Stations: 1, Events: 1, Duration: 20 * time.Minute, SampleRate: 20, Continuous: true, Instruments: []string{"HN"}}

// onlyFailure requires one failed item, and nothing else that failed.
func (l *lab) onlyFailure() db.Failure {
	l.Helper()
	failures, err := db.Failures(l.Context(), l.pool, "default")
	if err != nil || len(failures) != 1 {
		l.Fatalf("%+v, %v", failures, err)
	}
	return failures[0]
}

func TestFailuresAreTypedAndEndWhenTheirCauseDoes(t *testing.T) {
	response := func(change func(*waveform.Channel)) func(*lab) { return func(l *lab) { change(l.channel("ST01.HNN")) } }
	inputUnits := func(units string) func(*lab) {
		return response(func(c *waveform.Channel) {
			r := cloneResponse(c)
			r.Sensitivity.InputUnits, r.Stages[0].InputUnits = units, units
		})
	}
	without := func(from, until time.Duration) func(*lab) {
		return func(l *lab) { l.cutOut("ST01.HNN", l.p(1, 1).Add(from), l.p(1, 1).Add(until)) }
	}
	for name, c := range map[string]struct {
		change      func(*lab)
		code, stage string
		message     string
	}{
		"no response":            {response(func(c *waveform.Channel) { c.Response = nil }), "no_response", "process", "SY.ST01..HNN"},
		"no stages":              {response(func(c *waveform.Channel) { cloneResponse(c).Stages = nil }), "no_response", "process", "SY.ST01..HNN"},
		"pressure":               {inputUnits("PA"), "bad_units", "process", "PA"},
		"volts":                  {inputUnits("V"), "bad_units", "process", "V"},
		"a pole that is a sine":  {response(dividesByZero), "bad_response", "process", "SY.ST01..HNN"},
		"a gap in the signal":    {without(5*time.Second, 8*time.Second), "gap", "window", "SY.ST01..HNN"},
		"a gap at P":             {without(-time.Second, time.Second), "gap", "window", "SY.ST01..HNN"},
		"a start after P":        {without(-24*time.Hour, time.Second), "short_window", "window", "SY.ST01..HNN"},
		"an end before S + 20 s": {without(15*time.Second, 24*time.Hour), "short_window", "window", "SY.ST01..HNN"},
		"another sample rate":    {halfRateAfterP, "rate_change", "window", "20 to 10 Hz"},
		"a damaged record":       {damageAfterP, "gap", "window", "2 pieces of data"}, // the file's own failure says why
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, alone)
			keep, file := l.channel("ST01.HNN").Response, l.file("ST01.HNN")
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c.change(l)
			l.loadStations()
			l.loadEvents()
			if _, err := LoadWaveforms(t.Context(), l.pool, []string{l.dir}, LoadOptions{}); err != nil {
				t.Fatal(err)
			}
			if r := mustRun(t, l.pool, RunOptions{}); r.Failed != 1 || r.Due != 1 {
				t.Errorf("%+v", r)
			}
			var f db.Failure
			failures, err := db.Failures(t.Context(), l.pool, "default")
			for _, x := range failures {
				if x.Stage != "load" {
					f = x
				}
			}
			want := db.Failure{ItemKey: db.ItemKey{EventID: l.events[0].PublicID, Network: "SY", Station: "ST01", Instrument: "HN"},
				Stage: c.stage, Code: c.code, Message: f.Message, Attempts: 1,
				FirstSeen: f.FirstSeen, LastSeen: f.LastSeen, New: true}
			if f != want || err != nil || !strings.Contains(f.Message, c.message) {
				t.Errorf("got %+v, %v\nwant %+v with %q", f, err, want, c.message)
			}
			l.wantNothingDue()
			l.channel("ST01.HNN").Response = keep
			l.write(file, content)
			l.loadStations()
			l.loadWaveforms()
			if r := l.wantRecomputed(itemNames([]int{1}, "ST01..HN"), 0); r.Done != 1 {
				t.Errorf("put right: %+v", r)
			}
		})
	}
}

// cutOut removes the samples of a channel between two times.
func (l *lab) cutOut(channel string, from, until time.Time) {
	l.Helper()
	l.rewrite(channel, func(traces []waveform.Trace) []waveform.Trace {
		var out []waveform.Trace
		for _, tr := range traces {
			a, b := tr.Range(waveform.Window{From: from, Until: until})
			before, after := tr, tr
			before.Data, after.Data, after.Start = tr.Data[:a], tr.Data[b:], tr.Time(b)
			out = append(out, before, after)
		}
		return out
	})
}

// dividesByZero gives a channel a response that cannot be evaluated.
func dividesByZero(c *waveform.Channel) {
	r := cloneResponse(c)
	pz := *r.Stages[0].PolesZeros
	pz.Type = waveform.Digital // at a rate that no stage names
	r.Stages[0].PolesZeros = &pz
}

// halfRateAfterP keeps every other sample from ten seconds after P.
func halfRateAfterP(l *lab) {
	l.rewrite("ST01.HNN", func(traces []waveform.Trace) []waveform.Trace {
		tr := traces[0]
		at := int(tr.Index(l.p(1, 1).Add(10 * time.Second)))
		slow := waveform.Trace{ID: tr.ID, Start: tr.Time(at), SampleRate: tr.SampleRate / 2}
		for i := at; i < len(tr.Data); i += 2 {
			slow.Data = append(slow.Data, tr.Data[i])
		}
		tr.Data = tr.Data[:at]
		return []waveform.Trace{tr, slow}
	})
}

// damageAfterP changes a sample in the payload of the second record after P, so
// that its integrity check fails.
func damageAfterP(l *lab) {
	name := l.file("ST01.HNN")
	content, err := os.ReadFile(name)
	if err != nil {
		l.Fatal(err)
	}
	content[recordAfter(l.T, content, l.p(1, 1).Add(10*time.Second))+64+16] ^= 0x55
	l.write(name, content)
}

func TestAnEventWithoutOriginIsAFailureUntilItGetsOne(t *testing.T) {
	l := newLab(t, alone)
	origins := l.events[0].Origins
	l.events[0].Origins = nil
	l.loadAll()
	if r := mustRun(t, l.pool, RunOptions{}); r.Failed != 1 || r.Due != 1 || r.Considered != 1 {
		t.Errorf("%+v", r)
	}
	f := l.onlyFailure()
	if f.EventID != l.events[0].PublicID || f.Code != "no_origin" || f.Stage != "plan" || !strings.Contains(f.Message, "load QuakeML") || f.Attempts != 1 {
		t.Errorf("%+v", f)
	}
	l.wantNothingDue()
	l.events[0].Origins = origins
	l.loadEvents()
	l.wantRecomputed(itemNames([]int{1}, "ST01..HN"), 0)
	if n := len(itemsOf(t, l.pool, "default")); n != 1 {
		t.Errorf("%d items: the one of the event without origin is still there", n)
	}
	l.events[0].Origins = nil
	l.loadEvents()
	l.wantRecomputed([]string{"001 .."}, 0)
	if n := len(itemsOf(t, l.pool, "default")); n != 1 {
		t.Errorf("%d items: results of an origin that is gone are still there", n)
	}
}

func TestAFileThatGoesBetweenLoadAndRunIsTriedAgain(t *testing.T) {
	l := newLab(t, alone)
	l.loadAll()
	file := l.file("ST01.HNZ")
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	if r := mustRun(t, l.pool, RunOptions{}); r.Due != 1 || r.Failed != 1 {
		t.Errorf("%+v", r)
	}
	f := l.onlyFailure()
	if f.Code != "file_missing" || f.Stage != "read" || f.File != file || f.Attempts != 1 || !strings.Contains(f.Message, "load the archive again") {
		t.Errorf("%+v", f)
	}
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	if r := l.wantRecomputed(itemNames([]int{1}, "ST01..HN"), 0); r.Done != 1 {
		t.Errorf("with the file: %+v", r)
	}
}

func TestAFileDamagedAfterItsLoadIsABadRecord(t *testing.T) {
	for name, damage := range map[string]func(*lab, string, []byte){
		"a changed byte": func(l *lab, _ string, _ []byte) { damageAfterP(l) },
		"cut short": func(l *lab, file string, content []byte) {
			l.write(file, content[:recordAfter(l.T, content, l.p(1, 1))+100])
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, alone)
			l.loadAll()
			file := l.file("ST01.HNN")
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			damage(l, file, content)
			mustRun(t, l.pool, RunOptions{})
			if f := l.onlyFailure(); f.Code != "bad_record" || f.File != file || !strings.Contains(f.Message, "get the file again") {
				t.Errorf("%+v", f)
			}
			if sum, err := LoadWaveforms(t.Context(), l.pool, []string{l.dir}, LoadOptions{}); err != nil || sum.Failed == 0 {
				t.Errorf("%+v, %v", sum, err)
			}
			if r := mustRun(t, l.pool, RunOptions{}); r.Due != 1 || r.Failed != 1 {
				t.Errorf("loaded with its fault: %+v", r)
			}
			l.write(file, content)
			l.loadWaveforms()
			if r := l.wantRecomputed(itemNames([]int{1}, "ST01..HN"), 0); r.Done != 1 {
				t.Errorf("put right: %+v", r)
			}
		})
	}
}

// Two files hold the same stretch with different samples: the better quality wins,
// whatever was loaded first, and the rows say that there was a choice.
func TestOverlapsThatDifferFollowQualityAndNotTheOrderOfLoading(t *testing.T) {
	l := newLab(t, alone)
	good := l.file("ST01.HNE")
	worse := filepath.Join(l.dir, "a.mseed") // sorts first, loaded first or last
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	copied, _ := os.ReadFile(good)
	for i := 6; i < len(content); i += 512 {
		content[i] = 'M'
	}
	l.write(good, copied)
	l.bump("ST01.HNE", l.p(1, 1).Add(3*time.Second))
	bumped, _ := os.ReadFile(good)
	l.write(worse, bumped)
	l.write(good, content)
	l.loadStations()
	l.loadEvents()
	l.loadWaveforms()
	mustRun(t, l.pool, RunOptions{})
	want := measurementsOf(t, l.pool, "default")
	mustLoad(t, l.pool, LoadWaveforms, worse)
	l.wantRecomputed(itemNames([]int{1}, "ST01..HN"), 0)
	goodFirst := measurementsOf(t, l.pool, "default")

	l.pool = dbtest.New(t)
	l.loadStations()
	l.loadEvents()
	mustLoad(t, l.pool, LoadWaveforms, worse)
	l.loadWaveforms()
	mustRun(t, l.pool, RunOptions{})
	if diff := gocmp.Diff(goodFirst, measurementsOf(t, l.pool, "default")); diff != "" {
		t.Errorf("(-loaded last +loaded first):\n%s", diff)
	}
	for k, row := range goodFirst {
		flagged := strings.Replace(row, `"overlap_differs",`, "", 1)
		if (flagged == row) != !strings.HasSuffix(k, "E") && !strings.Contains(k, "RotD") || flagged != want[k] {
			t.Errorf("%s:\n%s\nwith the good file alone:\n%s", k, row, want[k])
		}
	}
}

func TestARetryIsForItsCodesAndNothingElse(t *testing.T) {
	l := newLab(t, small)
	l.events[2].Origins = nil
	keep := l.channel("ST01.HNN").Response
	l.channel("ST01.HNN").Response, l.channel("ST03.HNN").Response = nil, nil
	l.loadAll()
	if r := mustRun(t, l.pool, RunOptions{}); r.Due != 9 || r.Done != 4 || r.Failed != 5 {
		t.Fatalf("first: %+v", r)
	}
	retry := func(want db.Counts, codes ...string) {
		t.Helper()
		r := mustRun(t, l.pool, RunOptions{Retry: codes})
		if r.Due != want.Due || r.Done != want.Done || r.Failed != want.Failed || r.Verified != 0 {
			t.Errorf("%s: %+v, want %+v", codes, r, want)
		}
	}
	retry(db.Counts{Due: 4, Failed: 4}, "no_response")
	retry(db.Counts{Due: 1, Failed: 1}, "no_origin")
	retry(db.Counts{Due: 5, Failed: 5}, "no_response", "no_origin")
	retry(db.Counts{}, "gap")

	l.channel("ST01.HNN").Response = keep
	l.loadStations()
	l.bump("ST02.HN1", l.p(1, 2).Add(time.Second))
	l.loadWaveforms()
	retry(db.Counts{Due: 4, Done: 2, Failed: 2}, "no_response")
	l.wantRecomputed(itemNames([]int{1}, "ST02..HN"), 1) // what changed beside is due as before
	l.wantAsFresh()
}
