package recipe

import (
	"runtime"
	"slices"
	"testing"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/process"
)

// again is an item and its counts, as a processor overwrites them.
type again struct {
	in     *Input
	traces []waveform.Trace
}

func newAgain(codes ...string) *again {
	a := &again{in: item(codes...)}
	for _, c := range a.in.Components {
		tr := c.Traces[0]
		tr.Data = slices.Clone(tr.Data)
		a.traces = append(a.traces, tr)
	}
	return a
}

// restore puts the counts back.
func (a *again) restore() *Input {
	for i, tr := range a.traces {
		c := &a.in.Components[i]
		data := append(c.Traces[0].Data[:0], tr.Data...)
		c.Traces = append(c.Traces[:0], tr)
		c.Traces[0].Data = data
	}
	return a.in
}

func (a *again) samples() (n int) {
	for _, tr := range a.traces {
		n += len(tr.Data)
	}
	return n
}

// One worker, an event at three components, 150 s at 100 Hz each.
func BenchmarkProcess(b *testing.B) {
	a := newAgain("HNE", "HNN", "HNZ")
	for _, c := range []struct {
		name string
		work func(p *Processor, in *Input) error
	}{
		{"Processor.Process", func(p *Processor, in *Input) error { _, err := p.Process(in); return err }},
		{"Processor.MotionsAndRows", func(p *Processor, in *Input) error { _, _, err := p.MotionsAndRows(in); return err }},
		{"Processor.Until/raw", func(p *Processor, in *Input) error { _, err := p.Until(in, process.Raw); return err }},
		{"Processor.Until/remove_response", func(p *Processor, in *Input) error { _, err := p.Until(in, "remove_response"); return err }},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := newProcessor(b, "")
			if err := c.work(p, a.restore()); err != nil { // plans, inverses and scratch
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := c.work(p, a.restore()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(a.samples())*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

// What is done for each item or recipe besides.
func BenchmarkItems(b *testing.B) {
	r, components := Default(), item("HNE", "HNN", "HNZ").Components
	text := []byte(DefaultText())
	origin := waveform.Origin{Time: made.Origin, Depth: 8000}
	layered := mustParse(b, "times: {model: ak135}").Times
	set := r.Windows.Wanted(made, 100)
	for _, c := range []struct {
		name string
		work func() error
	}{
		{"Parse", func() error { _, err := Parse("default", text); return err }},
		{"Recipe.Hash", func() error { r.Hash(); return nil }},
		{"DataHash", func() error { DataHash(components); return nil }},
		{"MetadataHash", func() error { MetadataHash(components); return nil }},
		{"EventHash", func() error { EventHash(origin, nil, Onsets{}); return nil }},
		{"Times.Onsets", func() error { layered.Onsets(made.Origin, 60e3, 8e3); return nil }},
		{"Windows.Wanted", func() error { r.Windows.Wanted(made, 100); return nil }},
		{"Windows.Fit", func() error { _, _, err := r.Windows.Fit(set, made, components[0].Traces[0]); return err }},
		{"NewShared", func() error {
			s, err := NewShared(r, 16<<20)
			if err == nil {
				_, err = NewProcessor(s)
			}
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.work(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "items/s")
		})
	}
}

// The rows are what is returned; samples, spectra and transforms are in memory that stays.
func TestProcessingAllocatesOnlyItsRows(t *testing.T) {
	a, p := newAgain("HNE", "HNN", "HNZ"), newProcessor(t, "")
	process := func() {
		if _, err := p.Process(a.restore()); err != nil {
			t.Fatal(err)
		}
	}
	process() // plans, inverses and scratch grow
	process()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	process()
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > uint64(a.samples()) {
		t.Errorf("%d bytes for %d samples", used, a.samples())
	}
}
