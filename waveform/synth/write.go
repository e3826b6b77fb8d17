package synth

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/dsp"
	"github.com/seisbatch/seisbatch/waveform/quakeml"
	"github.com/seisbatch/seisbatch/waveform/response"
	"github.com/seisbatch/seisbatch/waveform/stationxml"
)

// Write makes what cfg describes in folder dir: stations.xml, events.xml, a
// miniSEED archive in SDS structure below archive, and synth.json with the
// configuration. Work is spread over GOMAXPROCS goroutines, each of which holds an hour of
// one channel and the events in it; all have ended when Write returns.
//
// Files appear complete or not at all. A folder that is not empty is refused unless it
// was made with the same configuration; what Write was kept from finishing, it does again,
// and where everything is there, by number and length of the files, it only says so
// (Summary.Existing). Two calls must not work on one folder at a time.
//
// progress, unless nil, is called after each file with the number of miniSEED files done and the
// number of all, by one goroutine at a time. Where ctx ends, the error is context.Cause of it.
func Write(ctx context.Context, dir string, cfg Config, progress func(done, total int)) (Summary, error) {
	a, err := Plan(cfg)
	if err != nil {
		return Summary{}, err
	}
	m := newMarker(a.Config)
	done, s, err := claim(dir, m)
	if done || err != nil {
		s.Existing = done
		return s, err
	}
	if err := a.writeMetadata(dir); err != nil {
		return Summary{}, err
	}
	m.Summary, err = a.writeWaveforms(ctx, filepath.Join(dir, ArchiveDir), progress)
	if err != nil {
		return Summary{}, err
	}
	m.Complete = true
	return m.Summary, m.write(dir)
}

func (a *Archive) writeMetadata(dir string) error {
	err := writeFile(filepath.Join(dir, StationFile), func(w io.Writer) error {
		return stationxml.Write(w, a.Stations, "seisbatch synth", a.Config.Start)
	})
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, EventFile), func(w io.Writer) error {
		return quakeml.Write(w, a.Events, fmt.Sprintf("smi:local/synth/%d/catalog", a.Config.Seed))
	})
}

// writeWaveforms writes the miniSEED files.
func (a *Archive) writeWaveforms(ctx context.Context, root string, progress func(done, total int)) (Summary, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	responses, err := a.responses()
	if err != nil {
		return Summary{}, err
	}
	files := a.files(root)
	total := a.summary()
	var mu sync.Mutex // guards total and the calls of progress
	written := func(f Summary) {
		mu.Lock()
		defer mu.Unlock()
		total.add(f)
		if progress != nil {
			progress(total.Files, len(files))
		}
	}
	queue := make(chan dayFile)
	var plans dsp.Plans
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		group.Go(func() {
			r, err := newRecorder(a, responses, &plans)
			if err == nil {
				err = r.work(ctx, queue, written)
			}
			if err != nil {
				cancel(err)
			}
		})
	}
	feed(ctx, queue, files)
	group.Wait()
	return total, context.Cause(ctx)
}

// feed hands out files until ctx ends.
func feed(ctx context.Context, queue chan<- dayFile, files []dayFile) {
	defer close(queue)
	for _, f := range files {
		select {
		case queue <- f:
		case <-ctx.Done():
			return
		}
	}
}

// work writes files of the queue.
func (r *recorder) work(ctx context.Context, queue <-chan dayFile, written func(Summary)) error {
	for f := range queue {
		made, err := r.writeDay(ctx, f)
		if err != nil {
			return err
		}
		written(made)
	}
	return nil
}

// responses evaluates the nominal response of every type of instrument.
func (a *Archive) responses() (map[string][]complex128, error) {
	if len(a.Events) == 0 {
		return nil, nil
	}
	_, n := a.window(0, 0)
	all := make(map[string][]complex128)
	for _, in := range instruments() {
		h := make([]complex128, n/2+1)
		err := response.Evaluate(h, in.response(a.Config.SampleRate, 1), waveform.Acceleration, frequencies(n, a.Config.SampleRate))
		if err != nil {
			return nil, fmt.Errorf("synth: response of %s: %w", in.code, err)
		}
		all[in.code] = h
	}
	return all, nil
}
