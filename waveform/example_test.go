package waveform_test

import (
	"fmt"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// The samples of a trace that lie in a window, and the times of the first and the last.
func ExampleTrace_Range() {
	start := time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)
	tr := waveform.Trace{Start: start, SampleRate: 40, Unit: waveform.Acceleration, Data: make([]float64, 4000)}
	from, until := tr.Range(waveform.Window{From: start.Add(time.Second), Until: start.Add(2 * time.Second)})
	fmt.Println(until-from, "samples in", tr.Unit)
	fmt.Println(tr.Time(from).Format("15:04:05.000"), "to", tr.Time(until-1).Format("15:04:05.000"))
	// Output:
	// 40 samples in m/s^2
	// 12:00:01.000 to 12:00:01.975
}

func ExampleParseSourceID() {
	id, err := waveform.ParseSourceID("CI.CLC.--.HNZ")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v: station %s, instrument %v, component %s\n", id, id.Station, id.Instrument(), id.Component())
	// Output:
	// CI.CLC..HNZ: station CLC, instrument CI.CLC..HN, component Z
}
