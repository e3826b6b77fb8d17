package cli

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

const reviewHelp = `Settle what an analyst has found of an event at a channel: windows, corner frequencies,
accepted or rejected. A review goes before the recipe, with every label, and stays
whatever is loaded or computed again: only these commands change it. It is part of what
an item is computed from: a change makes exactly the items due that it is about, with
the reason 'review' ('seisbatch plan').

The channel is one, such as NC.CRH.--.HNE, or an instrument, NC.CRH.--.HN, for all of its
components; what a channel's own review says goes before what its instrument's does.

  windows    replace those of the recipe, whole: where the data do not hold them, with the
             recipe's least pad (windows.pad.at_least), the item fails as short_window.
             The measurement follows the signal, unless the recipe has a measurement
             window of its own. They lie within 6 hours of the origin time.
  corners    replace those of the last filter of the recipe's chain that has such a
             corner; where there is none, a Butterworth filter of order 4 without a phase
             shift is added. Rows have the band that is left: another filter of the
             chain, such as the pre-filter of the response, may hold it narrower.
  reject     the component gets no row; an item of which all are rejected is skipped
             (rejected).
  accept     changes no number: somebody has looked.

Rows that were made with a review have the flag 'reviewed'. Two horizontals with different
corners have no RotD (flag no_rotation); with different windows it is of what
these have in common.`

func (a *app) reviewCommand() *cobra.Command {
	cmd := a.group("review", "Accept, reject, and set windows and corners, event by event",
		a.reviewSetCommand(), a.reviewClearCommand(), a.reviewListCommand(), a.reviewExportCommand(), a.reviewImportCommand())
	cmd.Long = reviewHelp
	return cmd
}

// reviewFlags are the texts of the flags of review set; "" is not given.
type reviewFlags struct {
	noise, signal, highpass, lowpass string
	accept, reject, undecided        bool
	comment, author                  string
}

func (a *app) reviewSetCommand() *cobra.Command {
	var f reviewFlags
	cmd := &cobra.Command{Use: "set EVENT NET.STA.LOC.CHAN", Short: "Review an event at a channel or instrument", Args: arguments(cobra.ExactArgs(2)),
		ValidArgsFunction: cobra.NoFileCompletions,
		Long: reviewHelp + "\n\nWhat is not given stays as it was reviewed; 'none' takes a window, a corner or the\ncomment back, --undecided the verdict.\n\n" +
			"  seisbatch review set nc73291880 NC.CRH.--.HNE --signal 2019-10-15T05:33:44Z/2019-10-15T05:34:30Z\n" +
			"  seisbatch review set nc73291880 NC.CRH.--.HN --reject --comment \"loose sensor\""}
	flags := cmd.Flags()
	flags.StringVar(&f.noise, "noise", "", "noise window `FROM/UNTIL`, UTC, or none")
	flags.StringVar(&f.signal, "signal", "", "signal window `FROM/UNTIL`, UTC, or none")
	flags.StringVar(&f.highpass, "highpass", "", "high-pass corner in `HZ`, or none")
	flags.StringVar(&f.lowpass, "lowpass", "", "low-pass corner in `HZ`, or none")
	flags.BoolVar(&f.accept, "accept", false, "accept what is measured")
	flags.BoolVar(&f.reject, "reject", false, "measure nothing")
	flags.BoolVar(&f.undecided, "undecided", false, "take the verdict back")
	flags.StringVar(&f.comment, "comment", "", "`TEXT` for others, or none")
	registerAuthor(cmd, &f.author)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, args []string) error {
		id, err := parseReviewed(args[1])
		if err != nil {
			return err
		}
		edit, err := f.edit()
		if err != nil {
			return err
		}
		return a.withDatabase(ctx, func(pool *database) error {
			r, changed, err := job.SetReview(ctx, pool, args[0], id, edit)
			if err != nil {
				return asGiven(err)
			}
			return a.printReview(r, changed)
		})
	})
	return cmd
}

func registerAuthor(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "author", "", "`NAME` of the reviewer (default: the user's)")
}

// authorName is the name given, or that of the user who runs the program.
func authorName(given string) string {
	name := cmp.Or(job.ReviewText(given), os.Getenv("USER"))
	if name == "" {
		if u, err := user.Current(); err == nil {
			name = u.Username
		}
	}
	return name
}

// parseReviewed reads the codes of a channel or instrument.
func parseReviewed(text string) (waveform.SourceID, error) {
	id, err := waveform.ParseSourceID(text)
	if err != nil || id.Network == "" || id.Station == "" || id.Channel == "" {
		return id, usagef("%q: want NETWORK.STATION.LOCATION.CHANNEL, such as NC.CRH.--.HNE, or NC.CRH.--.HN for all components", text)
	}
	return id, nil
}

// asGiven makes what is wrong with a review a usage error.
func asGiven(err error) error {
	var bad *job.ReviewError
	if errors.As(err, &bad) {
		return usagef("%w", err)
	}
	return err
}

const reviewNone = "none"

// edit is what the flags change; an error if they change nothing.
func (f reviewFlags) edit() (func(*db.Review), error) {
	var p flagParser
	var edits []func(*db.Review)
	window := func(flag, text string, set func(r *db.Review, from, until *time.Time)) {
		if text == "" {
			return
		}
		from, until := p.window(flag, text)
		edits = append(edits, func(r *db.Review) { set(r, from, until) })
	}
	corner := func(flag, text string, set func(*db.Review, *float64)) {
		if text == "" {
			return
		}
		var corner *float64
		if text != reviewNone {
			corner = p.hertz(flag, text)
		}
		edits = append(edits, func(r *db.Review) { set(r, corner) })
	}
	window("noise", f.noise, func(r *db.Review, from, until *time.Time) { r.NoiseFrom, r.NoiseUntil = from, until })
	window("signal", f.signal, func(r *db.Review, from, until *time.Time) { r.SignalFrom, r.SignalUntil = from, until })
	corner("highpass", f.highpass, func(r *db.Review, v *float64) { r.Highpass = v })
	corner("lowpass", f.lowpass, func(r *db.Review, v *float64) { r.Lowpass = v })
	verdict := map[bool]recipe.Verdict{f.accept: recipe.Accept, f.reject: recipe.Reject}[true]
	if verdict != "" || f.undecided {
		edits = append(edits, func(r *db.Review) { r.Verdict = nullVerdict(verdict) })
	}
	if text := job.ReviewText(f.comment); text != "" {
		if text == reviewNone {
			text = ""
		}
		edits = append(edits, func(r *db.Review) { r.Comment = text })
	}
	if f.accept && f.reject || f.undecided && (f.accept || f.reject) {
		p.failf("--accept, --reject and --undecided: give one of them")
	}
	if len(edits) == 0 {
		p.failf("nothing to review: give --accept, --reject, --noise, --signal, --highpass, --lowpass or --comment")
	}
	author, now := authorName(f.author), time.Now().UTC()
	return func(r *db.Review) {
		r.Author, r.ReviewedAt = author, now
		for _, e := range edits {
			e(r)
		}
	}, p.err
}

func nullVerdict(v recipe.Verdict) *string {
	if v == "" {
		return nil
	}
	text := string(v)
	return &text
}

// window reads FROM/UNTIL; nil for none.
func (p *flagParser) window(flag, text string) (from, until *time.Time) {
	if text == reviewNone {
		return nil, nil
	}
	a, b, ok := strings.Cut(text, "/")
	if !ok || a == "" || b == "" {
		p.failf("--%s %q: want FROM/UNTIL, such as 2019-10-15T05:33:44Z/2019-10-15T05:34:30Z, or none", flag, text)
		return nil, nil
	}
	start, end := p.time(flag, a), p.time(flag, b)
	return &start, &end
}

// hertz reads a frequency, with the unit or without.
func (p *flagParser) hertz(flag, text string) *float64 {
	v, err := finite(strings.TrimSpace(strings.TrimSuffix(text, "Hz")))
	if err != nil || v <= 0 {
		p.failf("--%s %q: want a frequency in Hz, above 0, or none", flag, text)
	}
	return &v
}

func (a *app) reviewClearCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "clear EVENT NET.STA.LOC.CHAN", Short: "Take a review back", Args: arguments(cobra.ExactArgs(2)),
		ValidArgsFunction: cobra.NoFileCompletions,
		Long:              "Remove the review of an event at a channel or instrument: the next run computes it by the\nrecipe alone."}
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, args []string) error {
		id, err := parseReviewed(args[1])
		if err != nil {
			return err
		}
		return a.withDatabase(ctx, func(pool *database) error {
			was, err := job.ClearReview(ctx, pool, args[0], id)
			switch {
			case err != nil:
				return asGiven(err)
			case was == nil:
				return a.say("there is no review of %s at %s", args[0], args[1])
			case a.json:
				return a.printJSON(was)
			}
			return a.say("cleared: %s", reviewText(was))
		})
	})
	return cmd
}
