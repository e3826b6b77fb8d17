package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/synth"
)

// demoHome is the folder of the demo. Without a database given it becomes the data
// folder, and so that of the private server.
func (a *app) demoHome() (string, error) {
	folder := a.settings.text(keyDataDir)
	if folder == "" {
		return "", usagef("no data folder: name one with --data-dir")
	}
	home, err := filepath.Abs(filepath.Join(folder, "demo"))
	if err != nil || a.settings.text(keyDB) != "" {
		return home, err
	}
	a.settings = a.settings.with(keyDataDir, home)
	return home, makeDataFolder(filepath.Dir(home))
}

// makeDataFolder makes a data folder where there is none, with the mode that a private
// server gives its own, whatever the umask: root's has to be passable for the account
// that runs the server below it.
func makeDataFolder(dir string) error {
	mode := fs.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	err := os.MkdirAll(filepath.Dir(dir), 0o755)
	if err == nil {
		err = os.Mkdir(dir, mode)
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil
	case err != nil:
		return fmt.Errorf("data folder: %w: use another one (--data-dir)", err)
	}
	return os.Chmod(dir, mode)
}

// sayWhatNext tells how to look further, and how to be rid of the demo.
func (a *app) sayWhatNext(home string, world *synth.Archive) {
	if a.json {
		return
	}
	options, kept := " --label "+demoLabel, ""
	switch own, given := a.settings.find(keyDataDir), a.settings.find(keyDB); {
	case given.Value == "":
		options += " --data-dir " + shellWord(own.Value)
	case given.Source == flagSource(keyDB):
		options += " --db ..."
		fallthrough
	default:
		kept = "; what was loaded stays in the database"
	}
	event, station := db.ShortID(world.Events[0].PublicID), world.Stations[0]
	a.step("to look further")
	fmt.Fprintf(a.out, "seisbatch show%s --json %s\n", options, event)
	fmt.Fprintf(a.out, "seisbatch plot%s -o picture.png %s %s.%s\n", options, event, station.Network, station.Code)
	fmt.Fprintf(a.out, "seisbatch run%s --dry-run --force\n", options)
	a.step("to be rid of the demo%s", kept)
	fmt.Fprintf(a.out, "rm -r %s\n", shellWord(home))
}

// shellWord quotes a path for a shell where it needs that.
func shellWord(path string) string {
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/._-+@%,:=", r)
	}
	if path != "" && strings.IndexFunc(path, func(r rune) bool { return !plain(r) }) < 0 {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
