package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
)

func (a *app) reviewListCommand() *cobra.Command {
	var selection selectionFlags
	cmd := &cobra.Command{Use: "list", Short: "List reviews", Args: arguments(cobra.NoArgs),
		Long: "List the reviews of a selection, in order of event and channel.\n" + selectionHelp}
	selection.register(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		return a.withReviews(ctx, selection, a.printReviews)
	})
	return cmd
}

func (a *app) reviewExportCommand() *cobra.Command {
	var selection selectionFlags
	var path string
	cmd := &cobra.Command{Use: "export", Short: "Write reviews as CSV", Args: arguments(cobra.NoArgs),
		Long: "Write the reviews of a selection as CSV (RFC 4180), a row each, that 'review import'\nreads. Times are UTC, an empty cell is left to the recipe.\n" + selectionHelp}
	cmd.Flags().StringVarP(&path, "output", "o", "-", "`FILE` to write, - for stdout")
	selection.register(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		return a.withReviews(ctx, selection, func(all []db.Review) error {
			if path == "-" {
				return job.WriteReviews(a.out, all)
			}
			if err := writeWhole(path, func(out io.Writer) error { return job.WriteReviews(out, all) }); err != nil {
				return err
			}
			if a.json {
				return a.printJSON(struct {
					Path    string `json:"path"`
					Reviews int    `json:"reviews"`
				}{path, len(all)})
			}
			return a.say("%s: %s", path, counted(len(all), "review"))
		})
	})
	return cmd
}

func (a *app) reviewImportCommand() *cobra.Command {
	var author string
	cmd := &cobra.Command{Use: "import FILE.csv", Short: "Read reviews from CSV", Args: arguments(cobra.ExactArgs(1)),
		Long: "Read reviews from a CSV file as 'review export' writes it, all or none: where a row has a\nfault nothing is written, and the lines are named. The columns may be in any order; only\n" +
			"those of the event and the channel must be there. A row replaces the whole review of its\nevent and channel, an empty cell is left to the recipe; reviews that the file does not have\nstay, and rows that say what is known change nothing. - is stdin."}
	registerAuthor(cmd, &author)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, args []string) error {
		name, in := "stdin", a.in
		if path := args[0]; path != "-" {
			f, err := os.Open(path)
			if err != nil {
				return usagef("%w: give a file that exists", err)
			}
			defer f.Close()
			name, in = path, f
		}
		return a.withDatabase(ctx, func(pool *database) error {
			sum, err := job.ImportReviews(ctx, pool, name, in, authorName(author), time.Now().UTC())
			switch {
			case err != nil:
				return asGiven(err)
			case a.json:
				return a.printJSON(sum)
			}
			return a.say("%s: %s, %d new or changed", name, counted(sum.Found, "review"), sum.Changed)
		})
	})
	return cmd
}

// withReviews hands over the reviews of a selection.
func (a *app) withReviews(ctx context.Context, f selectionFlags, use func([]db.Review) error) error {
	s, err := f.parse()
	if err != nil {
		return err
	}
	if s.MaxDistance > 0 {
		return usagef("--max-distance does not select reviews: select stations by their codes")
	}
	return a.withDatabase(ctx, func(pool *database) error {
		if err := checkEvents(ctx, pool, s.Events); err != nil {
			return err
		}
		holds, err := heldEvents(ctx, pool, s)
		if err != nil {
			return err
		}
		all, err := db.Reviews(ctx, pool, nil)
		if err != nil {
			return err
		}
		return use(slices.DeleteFunc(all, func(r db.Review) bool { return !holds(r.EventID) || !holdsReview(s, &r) }))
	})
}

// heldEvents tells whether an event is one of a selection. By its id alone, or without any selection, that
// may be one without an origin.
func heldEvents(ctx context.Context, pool *database, s job.Selection) (func(id string) bool, error) {
	byPlace := s.Center != nil || !s.From.IsZero() || !s.Until.IsZero() || s.MinMagnitude != nil || s.MaxMagnitude != nil || s.Box != nil
	held := map[string]bool{}
	switch {
	case !byPlace && len(s.Events) == 0:
		return func(string) bool { return true }, nil
	case !byPlace:
		ids, err := db.FindEvents(ctx, pool, s.Events)
		for _, id := range ids {
			held[id] = true
		}
		return func(id string) bool { return held[id] }, err
	}
	err := selectedEvents(ctx, pool, s, func(e db.EventRow) bool {
		held[e.ID] = true
		return true
	})
	return func(id string) bool { return held[id] }, err
}

// holdsReview checks a review against the part of a selection that is about channels. That of an
// instrument is about all of its channels.
func holdsReview(s job.Selection, r *db.Review) bool {
	id := waveform.SourceID{Network: r.Network, Station: r.Station, Location: r.Location, Channel: r.Channel}
	if s.HoldsChannel(id) {
		return true
	}
	for _, component := range "ZNE123RTUVWABCDFGHIJKLMOPQSXY0456789" {
		id.Channel = r.Channel + string(component)
		if s.HoldsChannel(id) {
			return true
		}
	}
	return false
}

func (a *app) printReviews(all []db.Review) error {
	t := table{header: []string{"event", "channel", "verdict", "noise", "signal", ">highpass Hz", ">lowpass Hz", "author", "reviewed", "comment"}}
	for i := range all {
		r := &all[i]
		if a.json {
			if err := a.printJSON(r); err != nil {
				return err
			}
			continue
		}
		t.add(r.EventID, reviewedCodes(r), verdictText(r), spanText(r.NoiseFrom, r.NoiseUntil), spanText(r.SignalFrom, r.SignalUntil),
			hertzText(r.Highpass), hertzText(r.Lowpass), r.Author, clock(r.ReviewedAt), r.Comment)
	}
	switch {
	case a.json:
		return nil
	case len(all) == 0:
		return a.say("no reviews match the selection")
	}
	return t.write(a.out)
}

func (a *app) printReview(r db.Review, changed bool) error {
	switch {
	case a.json:
		return a.printJSON(&r)
	case !changed:
		return a.say("unchanged: %s", reviewText(&r))
	case r.SaysNothing():
		return a.say("cleared: nothing is left of the review of %s at %s", r.EventID, reviewedCodes(&r))
	}
	return a.say("reviewed: %s", reviewText(&r))
}

// reviewText is a review in one line.
func reviewText(r *db.Review) string {
	return r.EventID + " at " + reviewedCodes(r) + ": " + settledText(r)
}

// settledText is what a review says, by whom and when.
func settledText(r *db.Review) string {
	var said []string
	add := func(name, text, unit string) {
		if text != "" {
			said = append(said, name+text+unit)
		}
	}
	add("", verdictText(r), "")
	add("noise ", spanText(r.NoiseFrom, r.NoiseUntil), "")
	add("signal ", spanText(r.SignalFrom, r.SignalUntil), "")
	add("high-pass ", hertzText(r.Highpass), " Hz")
	add("low-pass ", hertzText(r.Lowpass), " Hz")
	add("by ", r.Author, "")
	add("", clock(r.ReviewedAt), "")
	add("\"", strings.Join(strings.Fields(r.Comment), " "), "\"")
	return strings.Join(said, ", ")
}

func reviewedCodes(r *db.Review) string {
	return fmt.Sprintf("%s.%s.%s.%s", r.Network, r.Station, blank(r.Location), r.Channel)
}

func verdictText(r *db.Review) string {
	if r.Verdict == nil {
		return ""
	}
	return *r.Verdict
}

func spanText(from, until *time.Time) string {
	if from == nil || until == nil {
		return ""
	}
	return from.Format(job.ReviewTimeLayout) + "/" + until.Format(job.ReviewTimeLayout)
}

func hertzText(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'g', -1, 64)
}
