package cli

import (
	"bufio"
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

	"github.com/seisbatch/seisbatch/cmd/internal/sniff"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/sac"
)

const inspectHelp = `Print the continuous segments of miniSEED and SAC files, or of all files below folders
(- is the standard input), with statistics of the samples. Nothing is loaded. What a
file is, its content says; of one that has no waveforms, such as StationXML, RESP or a web page,
stderr says what it is and which command takes it. Metadata below folders are passed
over. Stretches that are no good records are listed on stderr; the exit status is then
3, or 1 if nothing could be read at all.

Columns:
  gap s     time since the segment of the channel before it, beyond a sample interval;
            negative where they overlap
  records   number of miniSEED records; a SAC file has none
  timing    least timing quality of the records, percent (blockette 1001, or version 3)
  flags     what headers say against the data: calibration, amplifier_saturated,
            digitizer_clipped, spikes, glitches, padded, telemetry_error, filter_charging,
            time_questionable

  file      of which file, where there are several

With --json there are also the SHA-256 of the samples as little-endian int32, float32 or
float64, the raw bits of the activity, I/O and clock, and data quality flags, the extra
headers of miniSEED 3 (of the first record that has any), and the records of text, such
as logs, as lines with file, id, start and text.
`

func (a *app) inspectCommand() *cobra.Command {
	return &cobra.Command{
		Use: "inspect PATH...", Short: "Show what is in miniSEED and SAC files", Args: arguments(cobra.MinimumNArgs(1)),
		Long: inspectHelp,
		RunE: a.verb(func(ctx context.Context, _ *cobra.Command, paths []string) error { return a.inspect(ctx, paths) }),
	}
}

// extract is the content of one file.
type extract struct {
	path string
	what sniff.File
	mseed.Contents
	err error // why it was not read, or not to its end
}

func (a *app) inspect(ctx context.Context, paths []string) error {
	t := table{header: []string{"id", "start", "end", ">Hz", ">samples", ">gap s", "encoding", ">records", ">timing", ">min", ">max", ">mean", ">rms", "flags"}}
	segments, texts, bad := 0, 0, 0
	asked := paths
	paths = filesBelow(paths)
	several := len(paths) > 1
	if several {
		t.header = append(t.header, "file")
	}
	for _, path := range paths {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		x := a.readExtract(path)
		if x.what.IsMetadata() && !slices.Contains(asked, path) {
			a.log.Info("passed over", "file", path, "reason", x.err)
			continue
		}
		a.reportFaults(x)
		if x.err != nil || len(x.Faults) > 0 {
			bad++
		}
		segments, texts = segments+len(x.Segments), texts+len(x.Texts)
		if err := a.addSegments(&t, &x, several); err != nil {
			return err
		}
	}
	if len(t.rows) > 0 {
		if err := t.write(a.out); err != nil {
			return err
		}
	}
	switch {
	case bad > 0 && segments+texts == 0:
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

// addSegments adds the segments of a file to the table, or prints them and its texts as JSON.
func (a *app) addSegments(t *table, x *extract, several bool) error {
	segments := x.Segments
	for i := range segments {
		s := summarise(x.path, &segments[i])
		if i > 0 && segments[i-1].ID == segments[i].ID {
			s.follows(&segments[i-1])
		}
		if !a.json {
			cells := s.cells()
			if several {
				cells = append(cells, s.File)
			}
			t.add(cells...)
			continue
		}
		if err := a.printJSON(s); err != nil {
			return err
		}
	}
	return a.printTexts(x)
}

// printTexts prints records of text as JSON; a table has no place for them.
func (a *app) printTexts(x *extract) error {
	if !a.json {
		return nil
	}
	for _, text := range x.Texts {
		if err := a.printJSON(textSummary{x.path, text.ID.String(), text.Start.UTC(), text.Content}); err != nil {
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
	content := bufio.NewReaderSize(in, sniff.Size)
	head, err := content.Peek(sniff.Size)
	x.what = sniff.Of(path, head)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		x.err = err
	case sac.Sniff(head):
		x.readSAC(content)
	case x.what.IsForeign():
		x.err = x.noWaveforms()
	default:
		x.Contents, x.err = mseed.ReadAll(content)
		x.judge()
	}
	slices.SortStableFunc(x.Segments, func(a, b mseed.Segment) int {
		return cmp.Or(a.ID.Compare(b.ID), a.Start.Compare(b.Start))
	})
	return x
}

// judge says what a file without waveforms is, and what a SEED volume without data is good for. That a
// foreign file does not start like a record is no news then.
func (x *extract) judge() {
	foreign := x.what.Kind == sniff.Text || x.what.Kind == sniff.Unknown && len(x.Faults) == 1
	switch {
	case x.err != nil || len(x.Segments) > 0:
	case x.what.Kind == sniff.SEED:
		x.err = x.noWaveforms()
	case foreign && x.Version2+x.Version3 == 0 && len(x.Faults) > 0 && !slices.ContainsFunc(x.Faults, isOfRecord):
		x.err, x.Faults = x.noWaveforms(), nil
	}
}

func (x *extract) noWaveforms() error { return errors.New("no waveforms: " + x.what.Explanation()) }

// isOfRecord reports whether a bad stretch was one of miniSEED, as far as can be seen.
func isOfRecord(f *mseed.BadRecordError) bool {
	return f.Length >= headerLength && errors.Is(f, mseed.ErrTruncated) || errors.Is(f, mseed.ErrIntegrity) ||
		errors.As(f, new(*mseed.UnsupportedVersionError)) || errors.As(f, new(*mseed.UnsupportedEncodingError))
}

// headerLength is the length of the fixed header of miniSEED, bytes.
const headerLength = 48

// readSAC takes a time series, whatever its unit, for one segment. One that is cut off or
// too long is there with its error.
func (x *extract) readSAC(r io.Reader) {
	f, err := sac.Read(r)
	x.err = err
	if f == nil {
		return
	}
	tr, err := f.Trace()
	if err != nil {
		x.err = errors.Join(x.err, err)
		return
	}
	x.Segments = []mseed.Segment{{ID: tr.ID, Start: tr.Start, SampleRate: tr.SampleRate, Encoding: mseed.Float32, Float32: f.Data}}
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
	gap, records, timing := "", "", ""
	if s.Gap != nil {
		gap = strconv.FormatFloat(*s.Gap, 'f', 6, 64)
	}
	if s.Records > 0 {
		records = strconv.Itoa(s.Records)
	}
	if s.TimingQuality != nil {
		timing = strconv.Itoa(*s.TimingQuality)
	}
	return []string{s.ID, s.Start.Format(layout), s.End.Format(layout), strconv.FormatFloat(s.SampleRate, 'g', -1, 64),
		strconv.Itoa(s.Samples), gap, s.Encoding, records, timing, g(s.Min), g(s.Max), g(s.Mean), g(s.RMS), strings.Join(s.Flags, ",")}
}
