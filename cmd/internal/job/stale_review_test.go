package job

import (
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
)

// reviewer settles something about an event.
type reviewer func(*db.Review)

func rejects(r *db.Review) { r.Verdict = new("reject") }
func accepts(r *db.Review) { r.Verdict = new("accept") }

// settlesNothing takes back what there is.
func settlesNothing(r *db.Review) {
	r.Verdict, r.NoiseFrom, r.NoiseUntil, r.SignalFrom, r.SignalUntil, r.Highpass, r.Lowpass = nil, nil, nil, nil, nil, nil, nil
}

func setsSignal(from, until time.Time) reviewer {
	return func(r *db.Review) { r.SignalFrom, r.SignalUntil = &from, &until }
}

func setsNoise(from, until time.Time) reviewer {
	return func(r *db.Review) { r.NoiseFrom, r.NoiseUntil = &from, &until }
}

func setsCorners(highpass, lowpass float64) reviewer {
	return func(r *db.Review) { r.Highpass, r.Lowpass = &highpass, &lowpass }
}

// reviewedID is the id of a channel or instrument such as ST01..HNE.
func (l *lab) reviewedID(channel string) waveform.SourceID {
	l.Helper()
	id, err := waveform.ParseSourceID("SY." + channel)
	if err != nil {
		l.Fatal(err)
	}
	return id
}

// review sets the review of an event (1, 2 ...) at a channel.
func (l *lab) review(event int, channel string, edits ...reviewer) (changed bool) {
	l.Helper()
	_, changed, err := SetReview(l.Context(), l.pool, l.events[event-1].PublicID, l.reviewedID(channel), func(r *db.Review) {
		r.Author, r.ReviewedAt = "kim", l.clock
		for _, edit := range edits {
			edit(r)
		}
	})
	if err != nil {
		l.Fatal(err)
	}
	return changed
}

func (l *lab) clearReview(event int, channel string) {
	l.Helper()
	if was, err := ClearReview(l.Context(), l.pool, l.events[event-1].PublicID, l.reviewedID(channel)); err != nil || was == nil {
		l.Fatalf("clearing %d at %s: %v, %v", event, channel, was, err)
	}
}

// wantReviewed is wantRecomputed for changes of reviews alone.
func (l *lab) wantReviewed(names []string) RunResult {
	l.Helper()
	r := l.wantRecomputed(names, 0)
	want := map[Reason]int64{}
	if len(names) > 0 {
		want[ReviewChanged] = int64(len(names))
	}
	if !maps.Equal(r.Reasons, want) {
		l.Errorf("reasons %v, want %v", r.Reasons, want)
	}
	return r
}

// codeOf is the code of an item such as "001 ST01..HN", - for none.
func (l *lab) codeOf(item string) string {
	l.Helper()
	for k, it := range itemsOf(l.T, l.pool, "default") {
		if itemName(k) == item {
			return orNone(it.Code)
		}
	}
	l.Fatalf("no item %s", item)
	return ""
}

// rowsWith lists the rows of which something is true, as "ST01 E 001".
func (l *lab) rowsWith(condition string) (rows []string) {
	l.Helper()
	err := l.pool.Select(&rows, `SELECT station || ' ' || instrument || ' ' || component || ' ' || right(event_id, 3) FROM measurement
		WHERE label = 'default' AND `+condition+` ORDER BY station || instrument || component || event_id COLLATE "C"`)
	if err != nil {
		l.Fatal(err)
	}
	return rows
}

func TestAReviewIsDueWhereItIsSetAndGoneWhenItIsCleared(t *testing.T) {
	l := newFinishedLab(t, small)
	p := func(s float64) time.Time { return l.p(2, 1).Add(time.Duration(s * 1e9)) }
	before, outcomes := measurementsOf(t, l.pool, "default"), outcomesOf(t, l.pool, "default")
	for _, c := range []struct {
		name     string
		channel  string
		edits    []reviewer
		due      string // instrument of event 2
		reviewed []string
	}{
		{"windows of a channel", "ST01..HNE", []reviewer{setsNoise(p(-15), p(-5)), setsSignal(p(1), p(30))}, "ST01..HN",
			[]string{"ST01 HN E 002", "ST01 HN RotD100 002", "ST01 HN RotD50 002"}},
		{"windows far from the recipe's", "ST01..HNZ", []reviewer{setsNoise(p(-200), p(-180)), setsSignal(p(1), p(200))}, "ST01..HN", []string{"ST01 HN Z 002"}},
		{"corners of an instrument", "ST01.00.HH", []reviewer{setsCorners(0.5, 8)}, "ST01.00.HH",
			[]string{"ST01 HH E 002", "ST01 HH N 002", "ST01 HH RotD100 002", "ST01 HH RotD50 002", "ST01 HH Z 002"}},
		{"corners of a horizontal", "ST01..HNN", []reviewer{setsCorners(0.5, 8)}, "ST01..HN", []string{"ST01 HN N 002"}},
		{"an acceptance", "ST02..HN", []reviewer{accepts}, "ST02..HN",
			[]string{"ST02 HN 1 002", "ST02 HN 2 002", "ST02 HN RotD100 002", "ST02 HN RotD50 002", "ST02 HN Z 002"}},
		{"a rejected component", "ST03..HNE", []reviewer{rejects}, "ST03..HN", nil},
		{"a rejected instrument", "ST03..HN", []reviewer{rejects}, "ST03..HN", nil},
	} {
		l.review(2, c.channel, c.edits...)
		r := l.wantReviewed(itemNames([]int{2}, c.due))
		if diff := cmp.Diff(c.reviewed, l.rowsWith(`'reviewed' = ANY(flags)`)); diff != "" {
			t.Errorf("%s: reviewed rows (-want +got):\n%s", c.name, diff)
		}
		if skipped := c.name == "a rejected instrument"; r.Failed != 0 || (r.Skipped == 1) != skipped {
			t.Errorf("%s: %+v", c.name, r)
		}
		if fmt.Sprint(before) == fmt.Sprint(measurementsOf(t, l.pool, "default")) {
			t.Errorf("%s changes no row", c.name)
		}
		l.clearReview(2, c.channel)
		if r := mustRun(t, l.pool, RunOptions{}); r.Due != 1 || r.Verified != 0 || r.Reasons[ReviewChanged] != 1 {
			t.Errorf("%s: after it was cleared: %+v", c.name, r)
		}
		if diff := cmp.Diff(before, measurementsOf(t, l.pool, "default")); diff != "" {
			t.Errorf("%s: rows after it was cleared (-before +after):\n%s", c.name, diff)
		}
		if diff := cmp.Diff(outcomes, outcomesOf(t, l.pool, "default")); diff != "" {
			t.Errorf("%s: outcomes after it was cleared (-before +after):\n%s", c.name, diff)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
}

func TestRejectedComponentsHaveNoRowsAndRejectedItemsAreSkipped(t *testing.T) {
	l := newFinishedLab(t, small)
	l.review(1, "ST01..HNE", rejects)
	l.review(1, "ST01..HNN", rejects)
	l.wantReviewed(itemNames([]int{1}, "ST01..HN"))
	if diff := cmp.Diff([]string{"ST01 HN Z 001"}, l.rowsWith(`station = 'ST01' AND instrument = 'HN' AND event_id LIKE '%001'`)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if rows := l.rowsWith(`'incomplete' = ANY(flags)`); rows != nil {
		t.Errorf("%q are flagged, though nothing is missing", rows)
	}
	l.review(1, "ST01..HN", rejects)
	l.wantReviewed(itemNames([]int{1}, "ST01..HN"))
	if code := l.codeOf("001 ST01..HN"); code != "rejected" {
		t.Errorf("code %s", code)
	}
	// Nothing is read of a rejected item: its data change nothing.
	l.bump("ST01.HNE", l.p(1, 1).Add(time.Second))
	l.loadWaveforms()
	l.wantRecomputed(nil, 3)
	// What a channel's review says goes before what that of its instrument does.
	l.review(1, "ST01..HNZ", accepts)
	l.wantReviewed(itemNames([]int{1}, "ST01..HN"))
	if diff := cmp.Diff([]string{"ST01 HN Z 001"}, l.rowsWith(`'reviewed' = ANY(flags)`)); diff != "" {
		t.Errorf("reviewed rows (-want +got):\n%s", diff)
	}
}

func TestWhatSettlesNothingElseIsNotComputed(t *testing.T) {
	l := newFinishedLab(t, small)
	comments := func(r *db.Review) { r.Comment = "odd" }
	if !l.review(1, "ST01..HNE", comments) {
		t.Error("a comment is no change")
	}
	l.wantReviewed(nil)
	l.review(1, "ST03..HN", setsCorners(0.5, 8))
	l.wantReviewed(itemNames([]int{1}, "ST03..HN"))
	l.clock = l.clock.Add(time.Hour)
	if l.review(1, "ST03..HN", setsCorners(0.5, 8)) {
		t.Error("the same again is a change")
	}
	l.wantReviewed(nil)
	for _, c := range []string{"ST03..HNE", "ST03..HNN", "ST03..HNZ"} {
		l.review(1, c, setsCorners(0.5, 8))
	}
	l.clearReview(1, "ST03..HN")
	l.wantRecomputed(nil, 1) // the same in other words
}

// What an analyst has settled is there after everything that happens to an archive.
func TestReviewsSurviveWhateverIsLoadedAndComputed(t *testing.T) {
	l := newFinishedLab(t, small)
	l.review(1, "ST01..HN", rejects)
	l.review(1, "ST02..HN1", setsSignal(l.p(1, 2), l.p(1, 2).Add(20*time.Second)), setsCorners(0.5, 8))
	l.wantReviewed(itemNames([]int{1}, "ST01..HN", "ST02..HN"))
	kept, err := db.Reviews(t.Context(), l.pool, nil)
	if err != nil || len(kept) != 2 {
		t.Fatal(kept, err)
	}
	check := func(what string) {
		t.Helper()
		now, err := db.Reviews(t.Context(), l.pool, nil)
		if diff := cmp.Diff(kept, now); diff != "" || err != nil {
			t.Errorf("%s: reviews (-before +after): %v\n%s", what, err, diff)
		}
		if code := l.codeOf("001 ST01..HN"); code != "rejected" {
			t.Errorf("%s: the rejected item has code %s", what, code)
		}
		if rows := l.rowsWith(`highpass = 0.5 AND lowpass = 8 AND signal_end - signal_start = '20 s'`); len(rows) != 1 || rows[0] != "ST02 HN 1 001" {
			t.Errorf("%s: rows %q are made with the review", what, rows)
		}
	}
	mustRun(t, l.pool, RunOptions{Force: true})
	l.wantAsFresh()
	check("run --force")
	l.recipe = []byte("measure: {periods: [0.5, 1]}\n")
	l.wantRecomputed(itemNames(everyEvent, everyInstrument...), 0)
	check("another recipe")
	l.events[0].Origins[0].Depth += 500
	l.loadEvents()
	l.wantRecomputed(itemNames([]int{1}, everyInstrument...), 0)
	check("another origin")
	cloneResponse(l.channel("ST02.HN1")).Stages[0].Gain *= 1.01
	cloneResponse(l.channel("ST01.HNE")).Stages[0].Gain *= 1.01
	l.loadStations()
	l.wantRecomputed(itemNames(everyEvent, "ST01..HN", "ST02..HN"), 0)
	check("other responses")
	l.touch(l.file("ST02.HN1"))
	l.loadWaveforms()
	l.wantRecomputed(nil, 0)
	check("files that were touched")
}

func TestAReviewedWindowBeyondTheDataFailsUntilTheyCome(t *testing.T) {
	l := newLab(t, small)
	var whole []waveform.Trace
	end := l.p(3, 3).Add(100 * time.Second)
	l.rewrite("ST03.HNZ", func(traces []waveform.Trace) []waveform.Trace {
		whole = traces
		short := traces[0]
		short.Data = short.Data[:int(short.Index(end))]
		return []waveform.Trace{short}
	})
	l.loadAll()
	mustRun(t, l.pool, RunOptions{})
	l.review(3, "ST03..HNZ", setsSignal(l.p(3, 3), end.Add(20*time.Second)))
	if r := l.wantReviewed(itemNames([]int{3}, "ST03..HN")); r.Codes["short_window"] != 1 {
		t.Errorf("%+v", r)
	}
	l.rewrite("ST03.HNZ", func([]waveform.Trace) []waveform.Trace { return whole })
	l.loadWaveforms()
	if r := l.wantRecomputed(itemNames([]int{3}, "ST03..HN"), 2); r.Done != 1 || r.Reasons[DataChanged] != 1 {
		t.Errorf("when the data have come: %+v", r)
	}
	if rows := l.rowsWith(`signal_end - signal_start = '120 s'`); len(rows) != 1 || rows[0] != "ST03 HN Z 003" {
		t.Errorf("rows %q have the reviewed window", rows)
	}
}

// The data of a reviewed window may lie in a file that the recipe's windows do not touch, and change there.
func TestReviewedWindowsReachIntoOtherFiles(t *testing.T) {
	l := newLab(t, small)
	p := l.p(3, 3)
	var whole waveform.Trace
	part := func(from, until time.Time) []byte {
		l.rewrite("ST03.HNZ", func(traces []waveform.Trace) []waveform.Trace {
			if whole.Data == nil {
				whole = traces[0]
			}
			tr := whole
			i, j := tr.Range(waveform.Window{From: from, Until: until})
			tr.Start, tr.Data = whole.Time(i), whole.Data[i:j]
			return []waveform.Trace{tr}
		})
		content, err := os.ReadFile(l.file("ST03.HNZ"))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	border := p.Add(-100 * time.Second)
	l.write(l.file("ST03.HNZ")+".later", part(border, time.Time{}))
	part(time.Time{}, border)
	l.loadAll()
	mustRun(t, l.pool, RunOptions{})
	l.review(3, "ST03..HNZ", setsNoise(p.Add(-140*time.Second), p.Add(-120*time.Second)))
	if r := l.wantReviewed(itemNames([]int{3}, "ST03..HN")); r.Done != 1 {
		t.Errorf("%+v", r)
	}
	l.bump("ST03.HNZ", p.Add(-130*time.Second))
	l.loadWaveforms()
	l.wantRecomputed(itemNames([]int{3}, "ST03..HN"), 2)
	l.clearReview(3, "ST03..HNZ")
	l.wantReviewed(itemNames([]int{3}, "ST03..HN"))
	l.bump("ST03.HNZ", p.Add(-130*time.Second))
	l.loadWaveforms()
	l.wantRecomputed(nil, 2) // of events 1 and 2
}

// An event that moves by a day leaves its reviewed windows behind: to read from there to here is not wanted.
func TestReviewedWindowsFarFromTheOriginAreNotRead(t *testing.T) {
	l := newFinishedLab(t, small)
	l.review(1, "ST01..HNE", setsSignal(l.p(1, 1), l.p(1, 1).Add(30*time.Second)))
	l.wantReviewed(itemNames([]int{1}, "ST01..HN"))
	o := &l.events[0].Origins[0]
	o.Time = o.Time.Add(-24 * time.Hour)
	l.loadEvents()
	if r := l.wantRecomputed(itemNames([]int{1}, everyInstrument...), 0); r.Codes["bad_review"] != 1 || r.Codes["no_data"] != 3 {
		t.Errorf("%+v", r)
	}
	o.Time = o.Time.Add(24 * time.Hour)
	l.loadEvents()
	if r := l.wantRecomputed(itemNames([]int{1}, everyInstrument...), 0); r.Done != 4 {
		t.Errorf("%+v", r)
	}
}

// Metadata that change in a part of the reviewed windows are told, though they hold in the recipe's.
func TestAnEpochThatChangesInsideReviewedWindowsIsFlagged(t *testing.T) {
	l := newLab(t, small)
	l.split(3, l.p(1, 3).Add(150*time.Second))
	for i := range l.stations[2].Channels {
		if c := &l.stations[2].Channels[i]; c.From.After(l.p(1, 3)) {
			cloneResponse(c).Stages[0].Gain *= 1.01
		}
	}
	l.loadAll()
	mustRun(t, l.pool, RunOptions{})
	l.review(1, "ST03..HNE", setsSignal(l.p(1, 3), l.p(1, 3).Add(200*time.Second)))
	l.wantReviewed(itemNames([]int{1}, "ST03..HN"))
	if diff := cmp.Diff([]string{"ST03 HN E 001", "ST03 HN RotD100 001", "ST03 HN RotD50 001"}, l.rowsWith(`'epoch_change' = ANY(flags)`)); diff != "" {
		t.Errorf("flagged rows (-want +got):\n%s", diff)
	}
}

func TestAReviewThatIsSetWhileARunIsOnIsNotLost(t *testing.T) {
	l := newFinishedLab(t, small)
	set := false
	hook := func(point string) {
		if point == "run:read" && !set { // by one worker
			set = true
			l.review(2, "ST02..HN", setsCorners(0.5, 8))
			l.review(3, "ST03..HN", rejects)
		}
	}
	mustRun(t, l.pool, RunOptions{Force: true, Workers: 1, Hook: hook})
	if !set {
		t.Fatal("no hook")
	}
	mustRun(t, l.pool, RunOptions{})
	l.wantNothingDue()
	l.wantAsFresh()
	if code := l.codeOf("003 ST03..HN"); code != "rejected" {
		t.Errorf("code %s", code)
	}
}

func TestAReviewOfWhatIsNotKnownIsRefused(t *testing.T) {
	l := newLab(t, small)
	l.loadStations()
	l.loadEvents()
	known, far := l.events[0].PublicID, l.p(1, 1).Add(7*time.Hour)
	for _, c := range []struct {
		event, channel string
		edit           reviewer
		says           string
	}{
		{"smi:local/nothing", "ST01..HNE", rejects, `no event "smi:local/nothing": give`},
		{known, "ST01..HNX", rejects, "no channel or instrument SY.ST01.--.HNX"},
		{known, "ST01.10.HN", rejects, "no channel or instrument SY.ST01.10.HN"},
		{known, "ST01..HNE", func(*db.Review) {}, "nothing to review"},
		{known, "ST01..HNE", setsSignal(far, far.Add(time.Second)), "within 6h0m0s"},
		{known, "ST01..HNE", setsCorners(2, 1), "not below"},
		{known, "ST01..HNE", func(r *db.Review) { r.NoiseFrom = &far }, "both its start and its end"},
		{known, "ST01..HNE", func(r *db.Review) { r.Lowpass = new(0.0) }, "above 0"},
	} {
		_, _, err := SetReview(t.Context(), l.pool, c.event, l.reviewedID(c.channel), c.edit)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s at %s: %v, want %q", c.event, c.channel, err, c.says)
		}
	}
	if all, err := db.Reviews(t.Context(), l.pool, nil); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
	if l.review(1, "ST01..HNE", accepts); !l.review(1, "ST01..HNE", func(r *db.Review) { r.Verdict = nil }) {
		t.Error("taking the verdict back is no change")
	}
	if all, err := db.Reviews(t.Context(), l.pool, nil); err != nil || len(all) != 0 {
		t.Errorf("a review that says nothing is kept: %v, %v", all, err)
	}
}
