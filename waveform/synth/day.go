package synth

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/mseed"
)

// dayFile is a file of the archive: one channel on one day.
type dayFile struct {
	path     string
	channel  channelRef
	segments []span
}

// files lists the files of the archive below root, in order of channel and day. Days
// without data have none.
func (a *Archive) files(root string) []dayFile {
	var list []dayFile
	for _, ref := range a.refs() {
		present := a.present(ref)
		for _, day := range a.Config.days() {
			var segments []span
			for _, s := range present {
				if c := s.cut(day); c.len() > 0 {
					segments = append(segments, c)
				}
			}
			if len(segments) > 0 {
				list = append(list, dayFile{a.path(root, ref, day), ref, segments})
			}
		}
	}
	return list
}

// path is where the SeisComP Data Structure has a channel's day.
func (a *Archive) path(root string, ref channelRef, day span) string {
	id := a.channel(ref).ID
	t := a.Config.timeOf(day.from)
	name := fmt.Sprintf("%s.%s.%s.%s.D.%04d.%03d", id.Network, id.Station, id.Location, id.Channel, t.Year(), t.YearDay())
	return filepath.Join(root, fmt.Sprintf("%04d", t.Year()), id.Network, id.Station, id.Channel+".D", name)
}

// chunk (s) is how much of a channel is in memory at a time. The last record of a
// chunk is not full, as after the flush of a real recorder.
const chunk = 3600

// writeDay computes and writes a file.
func (r *recorder) writeDay(ctx context.Context, f dayFile) (Summary, error) {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
		return Summary{}, fmt.Errorf("synth: %w", err)
	}
	r.begin(f.channel)
	made := Summary{Files: 1}
	err := writeFile(f.path, func(w io.Writer) error {
		counter := &countingWriter{w: w}
		out, err := mseed.NewWriter(counter, mseed.WriteOptions{
			Encoding: mseed.Steim2, RecordLength: r.archive.Config.RecordLength, TimingQuality: 100,
		})
		if err != nil {
			return err
		}
		for _, s := range f.segments {
			clipped, err := r.writeSegment(ctx, out, f.channel, s)
			if err != nil {
				return err
			}
			made.Samples += s.len()
			made.Clipped += clipped
		}
		made.Bytes = counter.n
		return nil
	})
	return made, err
}

// writeSegment computes and writes a segment, chunk by chunk.
func (r *recorder) writeSegment(ctx context.Context, out *mseed.Writer, ref channelRef, s span) (clipped int64, err error) {
	cfg := r.archive.Config
	length := int64(cfg.SampleRate) * chunk
	n := r.archive.noise(ref, s.from)
	for from := s.from; from < s.until; from += length {
		if ctx.Err() != nil {
			return clipped, context.Cause(ctx)
		}
		data := r.buffer(min(length, s.until-from))
		r.fill(data, ref, from, n)
		clipped += clip(data)
		err := out.Write(waveform.Trace{
			ID: r.archive.channel(ref).ID, Start: cfg.timeOf(from), SampleRate: cfg.SampleRate, Unit: waveform.Counts, Data: data,
		})
		if err != nil {
			return clipped, err
		}
	}
	return clipped, nil
}

// buffer gives n samples, valid until the next call.
func (r *recorder) buffer(n int64) []float64 {
	if int64(cap(r.samples)) < n {
		r.samples = make([]float64, n)
	}
	return r.samples[:n]
}

// countingWriter counts what goes through it.
type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
