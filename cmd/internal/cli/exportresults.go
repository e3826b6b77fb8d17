package cli

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/export"
	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
)

// resultExport is what an export of results was asked for.
type resultExport struct {
	output, formatName, units string
	organization, website     string
	run                       int64
	format                    resultFormat
	results                   job.Results
	rows                      int64 // written
}

func (a *app) exportResultsCommand() *cobra.Command {
	var selection selectionFlags
	var x resultExport
	cmd := &cobra.Command{Use: "results", Short: "Write measurements as CSV, JSON Lines, Parquet, GeoJSON or QuakeML", Args: arguments(cobra.NoArgs),
		Long: exportResultsHelp + selectionHelp}
	flags := cmd.Flags()
	flags.StringVarP(&x.output, "output", "o", "", "`FILE` to write, or folder of Ground Motion Packets (default stdout)")
	flags.StringVar(&x.formatName, "format", "", "`FORMAT`: csv, jsonl, parquet, geojson or quakeml (default: by the name of the file, else csv)")
	flags.StringVar(&x.units, unitsFlag, unitsSI, "`UNITS`: si (m/s2, m/s, m), or g (%g, cm/s, cm)")
	flags.Int64Var(&x.run, "run", 0, "only the rows of the run of this `NUMBER`, of its label")
	flags.StringVar(&x.organization, "organization", "", "`NAME` of whose results these are, in GeoJSON and QuakeML")
	flags.StringVar(&x.website, "website", "", "`URL` of the organization, in GeoJSON")
	registerLabel(cmd)
	selection.register(cmd)
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(resultFormatNames(), cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	cmd.RunE = a.verb(func(ctx context.Context, cmd *cobra.Command, _ []string) error {
		s, err := selection.parse()
		if err != nil {
			return err
		}
		if a.json && x.formatName == "" && x.output == "" {
			x.formatName = "jsonl"
		}
		if err := x.check(cmd.Flags().Changed("run")); err != nil {
			return err
		}
		x.results = job.Results{Label: a.settings.text(keyLabel), Run: x.run, Selection: s,
			Holds: func(m *db.Measurement) bool { return holdsRow(s, m) }}
		return a.withDatabase(ctx, func(pool *database) error {
			if err := checkEvents(ctx, pool, s.Events); err != nil {
				return err
			}
			return errors.Join(a.exportResults(ctx, pool, &x, cmd.Flags().Changed(keyLabel)), x.results.Close())
		})
	})
	return cmd
}

// check settles the format and refuses what does not go together.
func (x *resultExport) check(ofRun bool) error {
	found := false
	for _, f := range resultFormats() {
		if x.formatName == f.name || x.formatName == "" && f.names(x.output) {
			x.format, found = f, true
		}
	}
	switch {
	case !found && x.formatName != "":
		return usagef("--format %q: want %s", x.formatName, strings.Join(resultFormatNames(), ", "))
	case !found && x.output != "":
		return usagef("-o %s: the name does not tell the format: give --format, one of %s", x.output, strings.Join(resultFormatNames(), ", "))
	case !found:
		x.format = resultFormats()[0]
	}
	switch {
	case x.units != unitsSI && x.units != unitsG:
		return usagef("--units %q: want si or g", x.units)
	case x.units == unitsG && x.format.onlySI:
		return usagef("--units g: %s has SI units", x.format.name)
	case ofRun && x.run <= 0:
		return usagef("--run %d: want the number of a run: 'seisbatch runs' lists them", x.run)
	case x.output == "":
		return nil
	case isFolder(x.output) && !x.format.single:
		return usagef("-o %s: that is a folder: give the name of a file", x.output)
	}
	return checkFolderOf(filepath.Clean(x.output))
}

// isFolder reports whether a name is that of a folder, or ends as one.
func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir() || os.IsPathSeparator(name[len(name)-1])
}

// exportResults writes the rows where they are wanted.
func (a *app) exportResults(ctx context.Context, pool *database, x *resultExport, labelGiven bool) error {
	if x.run != 0 {
		label, err := db.RunLabel(ctx, pool, x.run)
		if errors.Is(err, db.ErrNoRun) {
			return usagef("--run %d: there is no such run: 'seisbatch runs' lists them", x.run)
		}
		if err != nil {
			return err
		}
		if labelGiven && label != x.results.Label {
			return usagef("--run %d: it wrote to label %s, not %s", x.run, label, x.results.Label)
		}
		x.results.Label = label
	}
	h, err := x.results.Open(ctx, pool, a.words)
	if errors.Is(err, sql.ErrNoRows) {
		return usagef("there is no label %q: 'seisbatch labels' lists them", x.results.Label)
	}
	if err != nil {
		return err
	}
	h.Version, h.Created, h.Organization, h.Website = readVersion().Version, time.Now(), x.organization, x.website
	if x.units == unitsG {
		h.Units = export.G
	}
	write := a.writeTable
	if x.format.single {
		write = a.writePackets
	}
	if err := write(ctx, pool, x, h); err != nil {
		return err
	}
	return a.sayExported(x)
}

// sayExported tells on stderr what there is to say of the rows.
func (a *app) sayExported(x *resultExport) error {
	if n := x.results.Unplaced; n > 0 {
		a.log.Warn("spectra were left out of rows that an earlier recipe of the label made: 'seisbatch run' computes them anew", "rows", n)
	}
	if x.rows == 0 {
		fmt.Fprintf(a.screen, "no measurements of label %q in the selection\n", x.results.Label)
	}
	return nil
}

// counted counts the rows that go by.
func (x *resultExport) counted(rows export.Rows) export.Rows {
	return func(yield func(*export.Row, error) bool) {
		for r, err := range rows {
			if err == nil {
				x.rows++
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// writeTable writes all rows to one file or stdout.
func (a *app) writeTable(ctx context.Context, _ *database, x *resultExport, h *export.Header) error {
	rows := x.counted(x.results.All(ctx))
	if x.output == "" {
		return x.format.write(a.out, h, rows)
	}
	if err := writeWhole(x.output, func(w io.Writer) error { return x.format.write(w, h, rows) }); err != nil {
		return err
	}
	return a.printPath(x.output)
}

// writePackets writes a file, or a line of stdout, for each event that has rows.
func (a *app) writePackets(ctx context.Context, pool *database, x *resultExport, h *export.Header) error {
	toFolder := x.output != "" && isFolder(x.output)
	if x.output != "" && !toFolder {
		return a.writePacket(ctx, x, h)
	}
	if toFolder {
		if err := os.MkdirAll(x.output, 0o755); err != nil {
			return err
		}
	}
	for e, err := range x.results.Events(ctx) {
		if err != nil {
			return err
		}
		rows, some, err := export.Begin(x.counted(x.results.Rows(ctx, e)))
		if err != nil {
			return err
		}
		if !some {
			continue
		}
		if !toFolder {
			if err := x.format.write(a.out, h, rows); err != nil {
				return err
			}
			continue
		}
		name, err := packetName(ctx, pool, e.ID)
		if err != nil {
			return err
		}
		path := filepath.Join(x.output, name)
		if err := writeWhole(path, func(w io.Writer) error { return x.format.write(w, h, rows) }); err != nil {
			return err
		}
		if err := a.printPath(path); err != nil {
			return err
		}
	}
	return nil
}

// writePacket writes the one event of a selection to a file.
func (a *app) writePacket(ctx context.Context, x *resultExport, h *export.Header) error {
	rows, some, err := export.Begin(x.counted(x.results.All(ctx)))
	if err != nil || !some {
		return err
	}
	err = writeWhole(x.output, func(w io.Writer) error { return x.format.write(w, h, rows) })
	if errors.Is(err, export.ErrSecondEvent) {
		return usagef("%w: name a folder, --format geojson -o %s/, or one --event", err, strings.TrimSuffix(x.output, filepath.Ext(x.output)))
	}
	if err != nil {
		return err
	}
	return a.printPath(x.output)
}

// eventFile names an event in a file's name: by the last part of its id, where no other event has the same.
func eventFile(ctx context.Context, pool *database, id string) (string, error) {
	short := db.ShortID(id)
	same, err := db.FindEvents(ctx, pool, []string{short})
	if len(same) > 1 {
		short = id
	}
	return fileName(short), err
}

// packetName is the name of an event's packet.
func packetName(ctx context.Context, pool *database, id string) (string, error) {
	name, err := eventFile(ctx, pool, id)
	return name + ".geojson", err
}
