package recipe

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// Verdict is what an analyst says of the data of a component; "" is nothing.
type Verdict string

// The verdicts. Accepting changes no number: the rows say that somebody has looked.
const (
	Accept Verdict = "accept"
	Reject Verdict = "reject" // the component gets no row, and the item none if all are rejected
)

// Review is what an analyst has settled about a component of an event: it goes before what the
// recipe says. The zero Review settles nothing.
type Review struct {
	Verdict           Verdict
	Noise, Signal     waveform.Window // zero: as the recipe has it. Without a measurement window of its own, that follows the signal
	Highpass, Lowpass float64         // Hz; 0: as the recipe has it
}

// reviewReach is how far from the origin time reviewed windows may lie: as far as those of recipes.
const reviewReach = 6 * time.Hour

// IsZero reports whether nothing is settled.
func (r Review) IsZero() bool {
	return r.Verdict == "" && !r.hasWindows() && r.Highpass == 0 && r.Lowpass == 0
}

// IsRejected reports whether the component is not to be measured.
func (r Review) IsRejected() bool { return r.Verdict == Reject }

func (r Review) hasWindows() bool { return isSet(r.Noise) || isSet(r.Signal) }

func isSet(w waveform.Window) bool { return !w.From.IsZero() || !w.Until.IsZero() }

// Over is the review with what it leaves open taken from another: that of a channel over that
// of its instrument.
func (r Review) Over(o Review) Review {
	if r.Verdict == "" {
		r.Verdict = o.Verdict
	}
	if !isSet(r.Noise) {
		r.Noise = o.Noise
	}
	if !isSet(r.Signal) {
		r.Signal = o.Signal
	}
	if r.Highpass == 0 {
		r.Highpass = o.Highpass
	}
	if r.Lowpass == 0 {
		r.Lowpass = o.Lowpass
	}
	return r
}

// Check says what is wrong with a review of an event with this origin time; zero is one that is
// not known. Whether there are data is for the [Processor] to find out, and whether the corners
// suit the sample rate.
func (r Review) Check(origin time.Time) error {
	if r.Verdict != "" && r.Verdict != Accept && r.Verdict != Reject {
		return fmt.Errorf("verdict %q: want accept or reject", r.Verdict)
	}
	if err := errors.Join(checkReviewed("noise", r.Noise, origin), checkReviewed("signal", r.Signal, origin)); err != nil {
		return err
	}
	if isSet(r.Noise) && isSet(r.Signal) && r.Noise.From.Before(r.Signal.Until) && r.Signal.From.Before(r.Noise.Until) {
		return errors.New("the noise and signal windows overlap")
	}
	corner := func(f float64) bool { return f >= 0 && f < 1e6 }
	switch {
	case !corner(r.Highpass) || !corner(r.Lowpass):
		return errors.New("want corner frequencies in Hz, above 0")
	case r.Highpass > 0 && r.Lowpass > 0 && r.Highpass >= r.Lowpass:
		return fmt.Errorf("the high-pass corner of %g Hz is not below the low-pass corner of %g Hz", r.Highpass, r.Lowpass)
	}
	return nil
}

func checkReviewed(name string, w waveform.Window, origin time.Time) error {
	switch {
	case !isSet(w):
		return nil
	case w.From.IsZero() || w.Until.IsZero():
		return fmt.Errorf("the %s window has one end only", name)
	case !w.From.Before(w.Until):
		return fmt.Errorf("the %s window ends at %s, not after its start at %s", name, stamp(w.Until), stamp(w.From))
	case !origin.IsZero() && (w.From.Before(origin.Add(-reviewReach)) || w.Until.After(origin.Add(reviewReach))):
		return fmt.Errorf("the %s window from %s to %s is not within %v of the origin time, %s", name, stamp(w.From), stamp(w.Until), reviewReach, stamp(origin))
	}
	return nil
}

// Anchor is the time that the data processed must hold, and what to call it: P, or the start of
// a reviewed signal.
func (r Review) Anchor(o Onsets) (time.Time, string) {
	if isSet(r.Signal) {
		return r.Signal.From, "the start of the reviewed signal"
	}
	return o.P, "P"
}

// ReviewHash is the fingerprint of the reviews that components are measured with; nil if there
// are none.
func ReviewHash(components []Component) []byte {
	d, found := newDigest(), false
	for _, c := range components {
		r := c.Review
		if r.IsZero() {
			continue
		}
		found = true
		d.text(c.Channel.ID.String())
		d.text(string(r.Verdict))
		for _, t := range []time.Time{r.Noise.From, r.Noise.Until, r.Signal.From, r.Signal.Until} {
			d.time(t)
		}
		d.number(math.Float64bits(r.Highpass))
		d.number(math.Float64bits(r.Lowpass))
	}
	if !found {
		return nil
	}
	sum := d.sum()
	return sum[:]
}
