package cli

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/waveform/mseed"
)

func (a *app) inspectCommand() *cobra.Command {
	return &cobra.Command{
		Use: "inspect PATH...", Short: "Show what is in miniSEED files", Args: arguments(cobra.MinimumNArgs(1)),
		Long: "Print the continuous segments of miniSEED files, or of all files below folders (- is\n" +
			"the standard input), with statistics of the samples and the SHA-256 of the samples\n" +
			"as little-endian int32, float32 or float64. Nothing is loaded. Stretches that are no\n" +
			"good records are listed on stderr; the exit status is then 3, or 1 if nothing could\n" +
			"be read at all.",
		RunE: a.verb(func(ctx context.Context, _ *cobra.Command, paths []string) error { return a.inspect(ctx, paths) }),
	}
}

// extract is the content of one file.
type extract struct {
	path string
	mseed.Contents
	err error // why it was not read, or not to its end
}

func (a *app) inspect(ctx context.Context, paths []string) error {
	t := table{header: []string{"id", "start", "end", ">Hz", ">samples", "encoding", ">min", ">max", ">mean", ">rms"}}
	segments, bad := 0, 0
	paths = filesBelow(paths)
	for _, path := range paths {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		x := a.readExtract(path)
		a.reportFaults(x)
		if x.err != nil || len(x.Faults) > 0 {
			bad++
		}
		segments += len(x.Segments)
		if err := a.addSegments(&t, x.Segments); err != nil {
			return err
		}
	}
	if len(t.rows) > 0 {
		if err := t.write(a.out); err != nil {
			return err
		}
	}
	switch {
	case bad > 0 && segments == 0:
		return errors.New("nothing could be read")
	case bad > 0:
		return someFailed("%d of %s with something wrong in them", bad, counted(len(paths), "file"))
	}
	return nil
}

// filesBelow puts the files below folders in place of them, in lexical order, hidden
// ones left out. What cannot be looked at stays, for its error to be told.
func filesBelow(paths []string) []string {
	var files []string
	for _, path := range paths {
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			files = append(files, path)
			continue
		}
		// The separator at the end goes through a link to a folder; the function returns no error.
		_ = filepath.WalkDir(path+string(filepath.Separator), func(below string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				files = append(files, below)
			case strings.HasPrefix(d.Name(), ".") && filepath.Clean(below) != filepath.Clean(path):
				if d.IsDir() {
					return filepath.SkipDir
				}
			case mayBeFile(below):
				files = append(files, below)
			}
			return nil
		})
	}
	return files
}

// mayBeFile reports whether a path is a file, or cannot be looked at.
func mayBeFile(path string) bool {
	info, err := os.Stat(path)
	return err != nil || info.Mode().IsRegular()
}

// addSegments adds segments to the table, or prints them as JSON.
func (a *app) addSegments(t *table, segments []mseed.Segment) error {
	for i := range segments {
		s := summarise(&segments[i])
		if !a.json {
			t.add(s.cells()...)
			continue
		}
		if err := a.printJSON(s); err != nil {
			return err
		}
	}
	return nil
}

// readExtract reads a file; its segments are in order of id and start.
func (a *app) readExtract(path string) extract {
	x := extract{path: path}
	var in io.Reader = a.in
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			x.err = err
			return x
		}
		defer f.Close()
		in = f
	}
	x.Contents, x.err = mseed.ReadAll(in)
	slices.SortStableFunc(x.Segments, func(a, b mseed.Segment) int {
		return cmp.Or(a.ID.Compare(b.ID), a.Start.Compare(b.Start))
	})
	return x
}

// maxFaults is how many faults of one file are listed.
const maxFaults = 20

func (a *app) reportFaults(x extract) {
	for i, f := range x.Faults {
		if i == maxFaults {
			a.log.Error("more bad stretches", "file", x.path, "number", len(x.Faults)-maxFaults)
			break
		}
		a.log.Error("bad stretch", "file", x.path, "byte", f.Offset, "length", f.Length, "reason", f.Err)
	}
	if x.err != nil {
		a.log.Error("not read", "file", x.path, "reason", x.err)
	}
	if x.err == nil && len(x.Faults) == 0 && len(x.Segments) == 0 {
		a.log.Warn("no waveforms", "file", x.path, "texts", len(x.Texts))
	}
}

func (s segmentSummary) cells() []string {
	g := func(v number) string { return strconv.FormatFloat(float64(v), 'g', 6, 64) }
	const layout = "2006-01-02T15:04:05.000000Z"
	return []string{s.ID, s.Start.Format(layout), s.End.Format(layout), strconv.FormatFloat(s.SampleRate, 'g', -1, 64),
		strconv.Itoa(s.Samples), s.Encoding, g(s.Min), g(s.Max), g(s.Mean), g(s.RMS)}
}
