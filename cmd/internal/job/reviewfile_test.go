package job

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/db"
)

const reviewHeader = "event_id,network,station,location,channel,verdict,noise_from_utc,noise_until_utc,signal_from_utc,signal_until_utc," +
	"highpass_hz,lowpass_hz,comment,author,reviewed_at_utc\r\n"

// newReviewLab has stations and events, and nothing to compute.
func newReviewLab(t *testing.T) *lab {
	l := newLab(t, small)
	l.loadStations()
	l.loadEvents()
	return l
}

func (l *lab) importReviews(text string) (ReviewSummary, error) {
	return ImportReviews(l.Context(), l.pool, "mine.csv", strings.NewReader(text), "lee", l.clock)
}

func (l *lab) exportReviews() string {
	l.Helper()
	all, err := db.Reviews(l.Context(), l.pool, nil)
	if err != nil {
		l.Fatal(err)
	}
	var out bytes.Buffer
	if err := WriteReviews(&out, all); err != nil {
		l.Fatal(err)
	}
	return out.String()
}

func TestReviewsGoThroughCSVUnchanged(t *testing.T) {
	l := newReviewLab(t)
	p := l.p(1, 1)
	l.review(1, "ST01..HNE", setsSignal(p, p.Add(12345678*time.Microsecond)), setsCorners(1./3, 8), func(r *db.Review) {
		r.Comment = ReviewText(" \"loose\", =1+1;\r\nsee Süd\r島 ")
	})
	l.review(1, "ST01.00.HH", rejects)
	l.review(2, "ST02..HN1", setsNoise(p.Add(-10*time.Second), p), accepts)
	text := l.exportReviews()
	if !strings.HasPrefix(text, reviewHeader) || strings.Count(text, "\r\n") != 6 || strings.Count(text, "\n") != 6 {
		t.Errorf("%q", text)
	}
	if sum, err := l.importReviews(text); err != nil || sum != (ReviewSummary{Found: 3, Unchanged: 3}) {
		t.Errorf("the same again: %+v, %v", sum, err)
	}
	other := newReviewLab(t)
	if sum, err := other.importReviews("\uFEFF" + text); err != nil || sum != (ReviewSummary{Found: 3, Changed: 3}) {
		t.Errorf("another database: %+v, %v", sum, err)
	}
	if got := other.exportReviews(); got != text {
		t.Errorf("went out as\n%s\ncame back as\n%s", text, got)
	}
}

func TestAnImportChangesWhatItSaysAndNothingElse(t *testing.T) {
	l := newReviewLab(t)
	l.review(1, "ST01..HNE", rejects)
	l.review(1, "ST01..HNN", rejects, setsCorners(1, 2))
	l.review(2, "ST01..HNN", rejects)
	before := l.clock.UTC().Format(ReviewTimeLayout)
	l.clock = l.clock.Add(time.Hour)
	after := l.clock.UTC().Format(ReviewTimeLayout)
	sum, err := l.importReviews("station,network,location,channel,event_id,verdict\nST01,SY,--,HNE,001,reject\nST01,SY,,HNN, 001 ,accept\n")
	if err != nil || sum != (ReviewSummary{Found: 2, Changed: 1, Unchanged: 1}) {
		t.Errorf("%+v, %v", sum, err)
	}
	id := func(event int) string { return l.events[event-1].PublicID }
	want := reviewHeader + id(1) + ",SY,ST01,,HNE,reject,,,,,,,,kim," + before + "\r\n" + id(1) + ",SY,ST01,,HNN,accept,,,,,,,,lee," + after + "\r\n" +
		id(2) + ",SY,ST01,,HNN,reject,,,,,,,,kim," + before + "\r\n"
	if got := l.exportReviews(); got != want {
		t.Errorf("want\n%s\ngot\n%s", want, got)
	}
}

func TestABadRowRefusesAllAndNamesFileAndLine(t *testing.T) {
	l := newReviewLab(t)
	const header = "event_id,network,station,location,channel,verdict,signal_from_utc,signal_until_utc,highpass_hz\n"
	const good = "001,SY,ST01,,HNE,reject,,,\n"
	at := l.p(1, 1).Format(time.RFC3339)
	for name, c := range map[string]struct {
		text string
		says string
	}{
		"an unknown event":      {header + good + "009,SY,ST01,,HNE,reject,,,\n", `mine.csv:3: no event "009": give`},
		"an unknown channel":    {header + good + "001,SY,ST01,,HNX,reject,,,\n", "mine.csv:3: no channel or instrument SY.ST01.--.HNX"},
		"a verdict":             {header + good + "001,SY,ST01,,HNN,no,,,\n", `mine.csv:3: verdict "no": want accept or reject`},
		"a time":                {header + good + "001,SY,ST01,,HNN,,yesterday," + at + ",\n", `mine.csv:3: signal_from_utc: "yesterday": want a time`},
		"half a window":         {header + good + "001,SY,ST01,,HNN,," + at + ",,\n", "mine.csv:3: a window needs both"},
		"a window elsewhere":    {header + good + "001,SY,ST01,,HNN,,2020-01-01 00:00,2020-01-01 00:01,\n", "mine.csv:3: the signal window from"},
		"a number":              {header + good + "001,SY,ST01,,HNN,,,,NaN\n", `mine.csv:3: highpass_hz: "NaN": want a number of Hz`},
		"a corner":              {header + good + "001,SY,ST01,,HNN,,,,-1\n", "mine.csv:3: want corner frequencies"},
		"nothing said":          {header + good + "001,SY,ST01,,HNN,,,,\n", "mine.csv:3: the row has no verdict"},
		"no channel":            {header + good + "001,SY,ST01,,,reject,,,\n", "mine.csv:3: a cell of event_id"},
		"one row twice":         {header + good + good, "mine.csv:3: the same event and channel as line 2"},
		"a cell too few":        {header + good + "001,SY,ST01,,HNN,reject,,\n", "mine.csv:3: wrong number of fields: want CSV with commas, 9 cells"},
		"an open quote":         {header + good + "001,SY,ST01,,HNN,\"reject,,,\n", "mine.csv:3: "},
		"a line in a row":       {header + "001,SY,ST01,,HNE,reject,,,\"\n\"\n" + "001,SY,ST01,,HNX,reject,,,\n", "mine.csv:4: "},
		"no header":             {good, "mine.csv:1: no column \"001\""},
		"a column too few":      {"event_id,network,station,channel\n" + good, "mine.csv:1: no column \"location\""},
		"a column twice":        {"event_id,network,station,location,channel,channel\n" + good, "mine.csv:1: column \"channel\" is there twice"},
		"semicolons":            {strings.ReplaceAll(header+good, ",", ";"), "mine.csv:1: no column"},
		"an empty file":         {"", "mine.csv: the file is empty"},
		"several, in order":     {header + "001,SY,ST01,,HNX,reject,,,\n001,SY,ST01,,HNE,,,,x\n", "mine.csv:2: no channel or instrument SY.ST01.--.HNX: there are neither metadata nor data of it; look at its codes, or load its StationXML first\nmine.csv:3: "},
		"more than is readable": {header + strings.Repeat("001,SY,ST01,,HNX,reject,,,\n", 15), "and 5 more lines"},
	} {
		t.Run(name, func(t *testing.T) {
			sum, err := l.importReviews(c.text)
			var bad *ReviewError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.says) || sum != (ReviewSummary{}) {
				t.Errorf("%+v, %v\nwant %q", sum, err, c.says)
			}
			if got := l.exportReviews(); got != reviewHeader {
				t.Errorf("something was imported: %s", got)
			}
		})
	}
	if _, err := l.importReviews(header); err != nil {
		t.Errorf("a file without rows: %v", err)
	}
}

// Whatever is in a file, reading it ends in reviews or in an error that names it.
func FuzzReviewFile(f *testing.F) {
	f.Add(reviewHeader + "001,SY,ST01,,HNE,reject,,,,,,,\"a\r\n\"\"b\"\"\",kim,2024-01-01T00:00:00Z\r\n")
	f.Add("event_id,network,station,location,channel\n\xff,,\x00,--,\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		file := reviewFile{name: "mine.csv"}
		if err := file.read(strings.NewReader(text)); err != nil {
			if !strings.Contains(err.Error(), "mine.csv") {
				t.Errorf("%v", err)
			}
			return
		}
		var out bytes.Buffer
		if err := WriteReviews(&out, file.reviews); err != nil {
			t.Fatal(err)
		}
		again := reviewFile{name: "mine.csv"}
		if err := again.read(&out); err != nil || len(again.faults) > 0 {
			t.Fatalf("%v, %v", err, again.faults)
		}
		if fmt.Sprint(textsOf(file.reviews)) != fmt.Sprint(textsOf(again.reviews)) {
			t.Errorf("%q came back as %q", textsOf(file.reviews), textsOf(again.reviews))
		}
	})
}

func textsOf(reviews []db.Review) (all []string) {
	for _, r := range reviews {
		all = append(all, r.EventID, r.Channel, r.Location, r.Comment, r.Author)
	}
	return all
}
