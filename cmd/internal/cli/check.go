package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
)

const checkHelp = `Look for contradictions in the metadata of channel epochs: in the responses, between
them and the sample rate of the data that were loaded, and between the channels of
an instrument. It says nothing of the waveforms, and changes nothing. Channels of
two letters are instruments, from the time on when the contradiction begins.

What is found does not mean that a response cannot be used. A modulus that is
compared is off by more than 5 percent, a sample rate by more than 1e-4 of itself.

Codes:
  no_response            neither stages nor a sensitivity
  gain_only              a sensitivity without stages
  polynomial             a stage is a polynomial: the response is not linear
  unusable               the response cannot be evaluated; the message is why
  no_sensitivity         stages without a total sensitivity
  sensitivity            the response at the sensitivity's frequency is not the sensitivity
  sensitivity_frequency  the sensitivity is that at a frequency beyond Nyquist
  gain_product           the stage gains, at the sensitivity's frequency, do not multiply to it
  stage_gain             a stage has no gain
  stage_sequence         a stage is missing, or stages are out of order
  stage_units            a stage does not take what the one before gives, or the
                         sensitivity spans other units
  normalization          poles and zeros with their A0 are not 1 at its frequency, by more
                         than 1 percent
  stage_rate             a stage does not take the sample rate that the one before gives
  response_rate          the last stage does not give the sample rate of the data, or of
                         the channel
  channel_rate           the channel does not have the sample rate of the data
  instrument_units       the units do not fit the instrument code
  orientation            azimuth or dip are missing or out of range
  orientation_code       N, E or Z is more than 5 degrees off its direction
  not_orthogonal         two channels of an instrument are more than 5 degrees off a
                         right angle
  sibling_rate           two channels of an instrument have different sample rates
  sibling_units          two channels of an instrument have different units
  sibling_gain           a gain is more than a factor 2 off that of the other channels
  implausible            a gain is more than a factor 100 off that of the other channels

The exit status is 3 if anything was found; stderr says how many there are of each
code, the most first.

Selection: epochs that hold at some time between --from and --until (UTC, as 2019-10-15
or 2019-10-15T05:33:42Z). Names take the wildcards * and ?, lists are with commas or by
repeating the flag; --location -- is the empty location, --channel HN all channels of
the instrument, HN?.`

func (a *app) checkCommand() *cobra.Command {
	var f selectionFlags
	cmd := &cobra.Command{Use: "check", Short: "Look for contradictions in the metadata", Args: arguments(cobra.NoArgs), Long: checkHelp}
	flags := cmd.Flags()
	flags.StringVar(&f.from, "from", "", "epochs that hold at `TIME` or later")
	flags.StringVar(&f.until, "until", "", "epochs that hold before `TIME`")
	f.registerChannels(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, _ []string) error {
		s, err := f.parse()
		if err != nil {
			return err
		}
		return a.withDatabase(ctx, func(pool *database) error { return a.check(ctx, pool, s) })
	})
	return cmd
}

// check prints what is found, as objects when it is, or as a table at the end.
func (a *app) check(ctx context.Context, pool *database, s job.Selection) error {
	t := table{header: []string{"code", "channel", "from", "until", "message"}}
	counts := map[string]int{}
	sum, err := job.Check(ctx, pool, s, func(f job.Finding) error {
		counts[string(f.Code)]++
		if a.json {
			return a.printJSON(f)
		}
		t.add(string(f.Code), f.Network+"."+f.Station+"."+blank(f.Location)+"."+f.Channel, day(f.From), day(f.Until), f.Message)
		return nil
	})
	if err != nil {
		return err
	}
	if len(t.rows) > 0 {
		if err := t.write(a.out); err != nil {
			return err
		}
	}
	if sum.Findings > 0 {
		return someFailed("%s in %s: %s", counted(sum.Findings, "contradiction"), counted(sum.Epochs, "channel epoch"), mostFirst(counts))
	}
	if sum.Epochs == 0 {
		return a.say("no channel epochs match the selection")
	}
	return a.say("nothing wrong in %s", counted(sum.Epochs, "channel epoch"))
}

// mostFirst lists how many there are of each name, the most first: 500 no_response, 80 gain_product.
func mostFirst(counts map[string]int) string {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%d %s", counts[name], name)
	}
	return strings.Join(names, ", ")
}

// day is a time of an epoch, shortened where it is midnight; empty if it is open.
func day(t *time.Time) string {
	switch {
	case t == nil:
		return ""
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.UTC().Format(time.DateOnly)
	}
	return clock(*t)
}
