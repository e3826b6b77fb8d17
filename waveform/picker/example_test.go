package picker_test

import (
	"fmt"
	"math"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/picker"
)

// A minute at 100 Hz with an offset, and a signal after 30 s.
func Example() {
	tr := waveform.Trace{
		ID:    waveform.SourceID{Network: "XX", Station: "DEMO", Channel: "HHZ"},
		Start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), SampleRate: 100, Unit: waveform.Counts,
	}
	for i := range 6000 {
		v := 5000 + 10*math.Sin(1.7*float64(i))*math.Sin(0.37*float64(i*i%97)) // an offset and noise
		if at := float64(i-3000) / 100; at >= 0 {
			v -= 800 * math.Exp(-at/2) * math.Sin(2*math.Pi*5*(at+0.01))
		}
		tr.Data = append(tr.Data, v)
	}

	// Detect on a filtered trace, causally; look at onset and first motion on the raw one.
	filter, err := dsp.Butterworth(dsp.Bandpass, 2, 2, 15, tr.SampleRate)
	if err != nil {
		fmt.Println(err)
		return
	}
	filtered := append([]float64(nil), tr.Data...)
	dsp.Demean(filtered)
	filter.Apply(filtered)

	p, err := picker.New(picker.Options{}, tr.SampleRate) // once for each worker and rate
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, pick := range p.Pick(nil, filtered, tr.Data) {
		w := pick.Waveform(tr, "P")
		fmt.Printf("%v %s %s polarity %+d, on for %v\n",
			w.ID, w.PhaseHint, w.Time.Format("15:04:05.00"), pick.Polarity, pick.Trigger.Window(tr).Duration().Round(100*time.Millisecond))
	}
	// Output:
	// XX.DEMO..HHZ P 00:00:30.00 polarity -1, on for 2.3s
}
