package job

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
)

// The columns of a file of reviews, by which it can be told from others.
const (
	columnEvent       = "event_id"
	columnNetwork     = "network"
	columnStation     = "station"
	columnLocation    = "location"
	columnChannel     = "channel"
	columnVerdict     = "verdict"
	columnNoiseFrom   = "noise_from_utc"
	columnNoiseUntil  = "noise_until_utc"
	columnSignalFrom  = "signal_from_utc"
	columnSignalUntil = "signal_until_utc"
	columnHighpass    = "highpass_hz"
	columnLowpass     = "lowpass_hz"
	columnComment     = "comment"
	columnAuthor      = "author"
	columnReviewedAt  = "reviewed_at_utc"
)

// keyColumns must be there; the others are empty where they are not.
var keyColumns = []string{columnEvent, columnNetwork, columnStation, columnLocation, columnChannel}

var reviewColumns = append(slices.Clone(keyColumns), columnVerdict, columnNoiseFrom, columnNoiseUntil, columnSignalFrom, columnSignalUntil,
	columnHighpass, columnLowpass, columnComment, columnAuthor, columnReviewedAt)

// ReviewTimeLayout writes times of reviews as exactly as the database keeps them.
const ReviewTimeLayout = "2006-01-02T15:04:05.999999Z"

// WriteReviews writes reviews as CSV (RFC 4180) that [ImportReviews] reads.
func WriteReviews(w io.Writer, reviews []db.Review) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(reviewColumns); err != nil {
		return err
	}
	for i := range reviews {
		r := &reviews[i]
		at := func(t *time.Time) string {
			if t == nil {
				return ""
			}
			return t.UTC().Format(ReviewTimeLayout)
		}
		hertz := func(f *float64) string {
			if f == nil {
				return ""
			}
			return strconv.FormatFloat(*f, 'g', -1, 64)
		}
		verdict := ""
		if r.Verdict != nil {
			verdict = *r.Verdict
		}
		err := out.Write([]string{r.EventID, r.Network, r.Station, r.Location, r.Channel, verdict, at(r.NoiseFrom), at(r.NoiseUntil), at(r.SignalFrom),
			at(r.SignalUntil), hertz(r.Highpass), hertz(r.Lowpass), r.Comment, r.Author, at(&r.ReviewedAt)})
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// ReviewText is text as a review keeps it, and CSV brings it back: without blanks around it, with LF for
// the ends of lines, and without what is no text.
func ReviewText(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
}

// mostFaults is how many bad rows of a file an error names.
const mostFaults = 10

// ImportReviews writes the reviews of a CSV file with the columns of [WriteReviews], in any order, in one transaction: each
// whole, an empty cell settles nothing. Events may be called by the last parts of their ids; rows without author or time get
// those given. Reviews that the file does not have stay. What is wrong with rows is a *[ReviewError] that names the file, the
// lines and what to do; then nothing is written.
func ImportReviews(ctx context.Context, pool *sqlx.DB, name string, in io.Reader, author string, now time.Time) (ReviewSummary, error) {
	f := reviewFile{name: name, author: author, now: now}
	if err := f.read(in); err != nil {
		return ReviewSummary{}, err
	}
	var sum ReviewSummary
	err := changing(ctx, pool, func(tx *sqlx.Tx, revision int64) error {
		about, err := lookUpReviewed(ctx, tx, f.reviews)
		if err != nil {
			return err
		}
		f.resolve(about)
		if err := f.err(); err != nil {
			return err
		}
		known, err := db.Reviews(ctx, tx, f.events())
		if err != nil {
			return err
		}
		f.complete(known)
		saved, err := db.SaveReviews(ctx, tx, revision, f.reviews)
		sum = ReviewSummary{Found: saved.Found, Changed: saved.Changed, Unchanged: saved.Found - saved.Changed}
		return err
	})
	return sum, err
}

// reviewFile is a file of reviews as it is read.
type reviewFile struct {
	name    string
	author  string
	now     time.Time
	columns []string // of the file

	reviews []db.Review
	lines   []int // of reviews
	faults  []fault
}

// fault is what is wrong with a line.
type fault struct {
	line int
	what string
}

func (f *reviewFile) fault(line int, format string, args ...any) {
	f.faults = append(f.faults, fault{line, fmt.Sprintf(format, args...)})
}

func (f *reviewFile) err() error {
	if len(f.faults) == 0 {
		return nil
	}
	slices.SortStableFunc(f.faults, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	var text strings.Builder
	for _, x := range f.faults[:min(len(f.faults), mostFaults)] {
		fmt.Fprintf(&text, "%s:%d: %s\n", f.name, x.line, x.what)
	}
	if more := len(f.faults) - mostFaults; more > 0 {
		fmt.Fprintf(&text, "and %d more lines with something wrong\n", more)
	}
	return badReview("%snothing was imported: correct the file and import it again", text.String())
}

// resolve notes what is wrong with events, channels and values, and rows that are there twice.
func (f *reviewFile) resolve(about reviewed) {
	type key struct {
		event string
		db.ChannelCodes
	}
	first := map[key]int{}
	for i := range f.reviews {
		r := &f.reviews[i]
		err := about.resolve(r)
		if err == nil {
			err = about.check(r)
		}
		if err != nil {
			f.fault(f.lines[i], "%v", err)
			continue
		}
		k := key{r.EventID, r.Codes()}
		if line, ok := first[k]; ok {
			f.fault(f.lines[i], "the same event and channel as line %d: remove one", line)
			continue
		}
		first[k] = f.lines[i]
	}
}

func (f *reviewFile) events() []string {
	ids := make([]string, len(f.reviews))
	for i := range f.reviews {
		ids[i] = f.reviews[i].EventID
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// complete gives rows without author or time those that are known, where the row says the same, or the
// importer's.
func (f *reviewFile) complete(known []db.Review) {
	for i := range f.reviews {
		r := &f.reviews[i]
		author, at := f.author, f.now
		k, ok := slices.BinarySearchFunc(known, r, func(k db.Review, r *db.Review) int { return k.Compare(r) })
		if ok && known[k].SettlesAsMuchAs(r) && known[k].Comment == r.Comment {
			author, at = known[k].Author, known[k].ReviewedAt
		}
		if r.Author == "" {
			r.Author = author
		}
		if r.ReviewedAt.IsZero() {
			r.ReviewedAt = at
		}
	}
}
