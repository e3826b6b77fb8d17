package job

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seisbatch/seisbatch/cmd/internal/sniff"
	"github.com/seisbatch/seisbatch/waveform/css"
)

// tables is a database of CSS 3.0 that was found below a path, or named.
type tables struct {
	*css.Database
	found // its main table: the one that the load is about
}

// tableSearch looks for the databases of a load.
type tableSearch struct {
	main    css.Table
	options css.Options
	list    []tables
	taken   map[string]bool // main tables
}

// findTables gives the databases that have a main table, and the paths that are none: folders, and
// other files. A path may name a database by any of its tables, its descriptor, or what
// its tables have before the dot. In folders, a database is found by its descriptor, or by the
// main table, which must not be that of a descriptor too.
func findTables(ctx context.Context, paths []string, main css.Table, o LoadOptions) (list []tables, others []string, err error) {
	s := tableSearch{main: main, taken: map[string]bool{},
		options: css.Options{Network: o.Network, Prefix: strings.TrimRight(o.IDPrefix, "/")}}
	for _, p := range paths {
		root, err := filepath.Abs(p)
		if err != nil {
			return nil, nil, err
		}
		info, statErr := os.Stat(root)
		switch {
		case statErr == nil && info.IsDir():
			others = append(others, p)
			err = s.below(ctx, root)
		case !s.isNamed(root, statErr):
			others = append(others, p)
		default:
			err = s.named(root)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return s.list, others, nil
}

// isNamed reports whether a path that is no folder names a database.
func (s *tableSearch) isNamed(path string, statErr error) bool {
	if statErr != nil {
		_, err := css.Open(path, s.options)
		return errors.Is(statErr, fs.ErrNotExist) && err == nil
	}
	f, err := sniff.Path(path)
	return err == nil && (f.Kind == sniff.Table || f.Kind == sniff.Descriptor || f.Kind == sniff.Text && isNamed(path, s.main))
}

// isNamed reports whether a file has the name of a table.
func isNamed(path string, t css.Table) bool {
	return strings.EqualFold(filepath.Ext(path), "."+string(t))
}

// named adds the database that a path names.
func (s *tableSearch) named(path string) error {
	d, err := css.Open(path, s.options)
	if err != nil { // a table of a kind that package css does not read
		d, err = css.Open(strings.TrimSuffix(path, filepath.Ext(path)), s.options)
	}
	if err != nil {
		return fmt.Errorf("nothing to load: %w", err)
	}
	if d.Path(s.main) == "" {
		return fmt.Errorf("nothing to load: %w of that name that this load is about: %s.%s", css.ErrNoTable, d.Prefix, s.main)
	}
	s.add(d, path)
	return nil
}

// add adds a database once.
func (s *tableSearch) add(d *css.Database, archive string) {
	path := d.Path(s.main)
	if s.taken[path] {
		return
	}
	s.taken[path] = true
	f := found{path: path, archive: archive}
	if f.info, f.err = os.Stat(path); f.err == nil {
		f.size = f.info.Size()
	}
	s.list = append(s.list, tables{d, f})
}

// below adds the databases of a folder. What cannot be looked at is told by the load's own walk.
func (s *tableSearch) below(ctx context.Context, root string) error {
	var mains, descriptors []string
	w := walker{ctx: ctx, archive: root, entered: map[string]bool{},
		wants: func(name string) bool { return isNamed(name, s.main) || !strings.Contains(name, ".") },
		each: func(f found) error {
			switch {
			case f.err != nil:
			case isNamed(f.path, s.main):
				mains = append(mains, f.path)
			case f.size <= css.SniffSize:
				descriptors = append(descriptors, f.path)
			}
			return nil
		}}
	if err := w.folder(root); err != nil {
		return err
	}
	for _, path := range descriptors {
		if f, err := sniff.Path(path); err != nil || f.Kind != sniff.Descriptor {
			continue
		}
		if d, err := css.Open(path, s.options); err == nil && d.Path(s.main) != "" {
			s.add(d, root)
		}
	}
	for _, path := range mains {
		d, err := css.Open(path, s.options)
		if err == nil && s.isMain(d, path) {
			s.add(d, root)
		}
	}
	return nil
}

// isMain reports whether a file is a table and does not only have the name of one: by
// its content, or because of another table beside it.
func (s *tableSearch) isMain(d *css.Database, path string) bool {
	if f, err := sniff.Path(path); err == nil && f.Kind == sniff.Table {
		return true
	}
	return slices.ContainsFunc([]css.Table{css.SiteTable, css.SitechanTable, css.WfdiscTable, css.OriginTable, css.AssocTable}, func(t css.Table) bool {
		if t == s.main || d.Path(t) == "" {
			return false
		}
		f, err := sniff.Path(d.Path(t))
		return err == nil && f.Kind == sniff.Table
	})
}
