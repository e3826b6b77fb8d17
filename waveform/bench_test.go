package waveform_test

import (
	"testing"
	"time"

	"github.com/seisbatch/seisbatch/waveform"
)

// What is done for each record, row or trace.
func BenchmarkNouns(b *testing.B) {
	start := time.Date(2019, 7, 6, 3, 19, 53, 40e6, time.UTC)
	id := waveform.SourceID{Network: "CI", Station: "CLC", Location: "00", Channel: "HNZ"}
	tr := waveform.Trace{ID: id, Start: start, SampleRate: 100, Data: make([]float64, 12000)}
	w := waveform.Window{From: start.Add(time.Second), Until: start.Add(time.Minute)}
	e := waveform.Event{PreferredOriginID: "b", Origins: []waveform.Origin{{PublicID: "a"}, {PublicID: "b"}},
		PreferredMagnitudeID: "m", Magnitudes: []waveform.Magnitude{{PublicID: "m"}}}
	for _, c := range []struct {
		name string
		work func()
	}{
		{"ParseSourceID", func() { _, _ = waveform.ParseSourceID("CI.CLC.00.HNZ") }},
		{"SourceID.String", func() { _ = id.String() }},
		{"SourceID.Compare", func() { id.Compare(id) }},
		{"ParseUnit", func() { waveform.ParseUnit("M/S**2") }},
		{"SampleTime", func() { waveform.SampleTime(start, 100, 8640000) }},
		{"Trace.Range", func() { tr.Range(w) }},
		{"Trace.Index", func() { tr.Index(w.Until) }},
		{"Event.PreferredOrigin", func() { e.PreferredOrigin() }},
		{"Event.PreferredMagnitude", func() { e.PreferredMagnitude() }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.work()
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}
