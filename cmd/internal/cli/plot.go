package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seisbatch/seisbatch/cmd/internal/job"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/recipe"
)

func (a *app) plotCommand() *cobra.Command {
	var file, instrument string
	cmd := &cobra.Command{
		Use: "plot EVENT STATION", Short: "Draw the raw and processed traces of an event at a station", Args: arguments(cobra.ExactArgs(2)),
		ValidArgsFunction: cobra.NoFileCompletions,
		Long: "Draw the traces of an event at a station (NETWORK.STATION, or the station alone),\n" +
			"raw and processed by the recipe of the label, with their windows. The picture is\n" +
			"SVG or PNG, by the end of its name; its path is printed.",
	}
	cmd.Flags().StringVarP(&file, "output", "o", "", "`FILE` to write, .svg or .png (default: EVENT-STATION.svg in the current folder)")
	cmd.Flags().StringVar(&instrument, "instrument", "", "band and instrument `CODE`, such as HN (default: the first there is)")
	registerLabel(cmd)
	cmd.RunE = a.verb(func(ctx context.Context, _ *cobra.Command, args []string) error {
		if file == "" {
			file = pictureName(args[0], args[1], instrument)
		}
		if _, err := pictureFormat(file); err != nil {
			return err
		}
		if err := checkFolderOf(file); err != nil {
			return err
		}
		return a.withDatabase(ctx, func(pool *database) error {
			event, err := oneEvent(ctx, pool, args[0])
			if err != nil {
				return err
			}
			if err := writePicture(ctx, pool, picture{file: file, words: a.words, label: a.settings.text(keyLabel), eventID: event, station: args[1], instrument: instrument}); err != nil {
				return err
			}
			return a.printPath(file)
		})
	})
	return cmd
}

// picture says what to draw, and where to.
type picture struct {
	file                                string
	words                               recipe.Language
	label, eventID, station, instrument string
}

// again is what to compute for the picture. The station is a code, or NETWORK.CODE; the
// instrument a band and instrument code, "" for any.
func (p *picture) again() job.Again {
	a := job.Again{Words: p.words, Label: p.label}
	network, code, ok := strings.Cut(p.station, ".")
	if !ok {
		network, code = "*", p.station
	}
	a.Selection.Events, a.Selection.Networks, a.Selection.Stations = []string{p.eventID}, []string{network}, []string{code}
	if p.instrument != "" {
		a.Selection.Channels = []string{p.instrument + "?"}
	}
	return a
}

func writePicture(ctx context.Context, pool *database, p picture) error {
	format, err := pictureFormat(p.file)
	if err != nil {
		return err
	}
	figure, err := job.FigureOf(ctx, pool, p.again())
	if err != nil {
		return fmt.Errorf("station %s: %w", p.station, err)
	}
	return writeWhole(p.file, func(w io.Writer) error { return figure.Write(w, format) })
}

func (a *app) printPath(file string) error {
	path, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(struct {
			Path string `json:"path"`
		}{path})
	}
	fmt.Fprintln(a.out, path)
	return nil
}

// pictureFormat is svg or png, by the name of a file.
func pictureFormat(file string) (string, error) {
	switch ext := strings.ToLower(filepath.Ext(file)); ext {
	case ".svg", ".png":
		return ext[1:], nil
	}
	return "", usagef("%s: want a name that ends in .svg or .png", file)
}

// checkFolderOf wants the folder of a file that is to be written.
func checkFolderOf(file string) error {
	dir := filepath.Dir(file)
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usagef("%s: there is no folder %s: make it first", file, dir)
	case err != nil:
		return usagef("%s: %w", file, err)
	case !info.IsDir():
		return usagef("%s: %s is no folder", file, dir)
	}
	return nil
}

// pictureName makes a name of the last part of the event's id, the station and the
// instrument.
func pictureName(event, station, instrument string) string {
	name := db.ShortID(event) + "-" + station
	if instrument != "" {
		name += "-" + instrument
	}
	return fileName(name) + ".svg"
}

// writeWhole writes a file under another name and renames it, so that it appears
// complete or not at all.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".seisbatch-*")
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", path, err), os.Remove(f.Name()))
	}
	return nil
}
