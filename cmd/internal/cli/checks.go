package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/db/pgserver"
)

func (a *app) checkBinaries(ctx context.Context) check {
	c := check{Name: "postgresql", Status: checkOK}
	bin, err := pgserver.FindBinaries(ctx)
	switch {
	case err == nil:
		c.Detail = fmt.Sprintf("version %s in %s", bin.Version, bin.Dir)
	case a.settings.text(keyDB) != "":
		c.Detail = "no server found here; none is needed with a database of your own"
	default:
		return failedCheck(c.Name, err)
	}
	return c
}

// checkFolder looks at the data folder, or at where it will be.
func (a *app) checkFolder(ctx context.Context) check {
	c := check{Name: "data folder", Status: checkOK}
	s, err := pgserver.Examine(ctx, a.serverConfig())
	if err != nil {
		return failedCheck(c.Name, err)
	}
	c.Detail = s.Dir + ": " + stateOf(s)
	if err := writable(s.Dir); err != nil {
		c.Status, c.Detail = checkFail, err.Error()
		c.Advice = "use another folder (--data-dir), or let the user of this program write there"
	}
	return c
}

// writable tries to make a file in a folder or, while the folder does not exist,
// in the nearest one above that does.
func writable(dir string) error {
	f, err := os.CreateTemp(existing(dir), ".seisbatch-doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// existing is a folder, or the nearest one above that exists.
func existing(dir string) string {
	for {
		_, err := os.Stat(dir)
		if !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

func (a *app) checkServerVersion(ctx context.Context, s *session) check {
	c := check{Name: "database", Status: checkOK}
	where := "the private server"
	if s.server == nil {
		where = db.RedactDSN(a.settings.text(keyDB))
	}
	if err := s.db.PingContext(ctx); err != nil {
		return failedCheck(c.Name, err)
	}
	c.Detail = where + " answers"
	return c
}

func checkSchema(ctx context.Context, s *session) check {
	c := check{Name: "schema", Status: checkOK, Detail: "up to date"}
	err := db.CheckVersion(ctx, s.db)
	var schema *db.SchemaError
	switch {
	case errors.As(err, &schema) && schema.Database == 0:
		c.Status, c.Detail, c.Advice = checkWarn, "not made yet", "the first command that needs it makes it, or 'seisbatch migrate' does now"
	case err != nil:
		return failedCheck(c.Name, err)
	}
	return c
}

// checkArchive looks whether the files that were loaded are still there.
func checkArchive(ctx context.Context, s *session) check {
	c := check{Name: "archive", Status: checkOK}
	files, err := db.FilesUnder(ctx, s.db, "/")
	if err != nil {
		return failedCheck(c.Name, err)
	}
	gone, changed := []string{}, 0
	for _, path := range slices.Sorted(maps.Keys(files)) {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			gone = append(gone, path)
		case info.Size() != files[path].Size:
			changed++
		}
	}
	c.Detail = counted(len(files), "file") + " known"
	switch {
	case len(gone) > 0:
		c.Status = checkWarn
		c.Detail += fmt.Sprintf(", %d of them gone or closed to you, the first %s", len(gone), gone[0])
		c.Advice = "is a disk not mounted? If they moved, load them from where they are, and load the old folder again, with --forget if it is empty"
	case changed > 0:
		c.Status = checkWarn
		c.Detail += fmt.Sprintf(", %d of them with another size than when they were loaded", changed)
		c.Advice = "load them again"
	}
	return c
}

// leastFree is how little free space is worth a warning.
const leastFree = 1 << 30

func (a *app) checkDisk() check {
	c := check{Name: "disk", Status: checkOK}
	dir := existing(a.settings.text(keyDataDir))
	free, err := freeSpace(dir)
	if err != nil {
		return failedCheck(c.Name, fmt.Errorf("%s: %w", dir, err))
	}
	c.Detail = fmt.Sprintf("%s free at %s", bytesText(free), dir)
	if free < leastFree {
		c.Status, c.Advice = checkWarn, "free some space, or use another folder (--data-dir)"
	}
	return c
}
