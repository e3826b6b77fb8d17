package job

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// found is a file met on a walk.
type found struct {
	path    string // absolute
	archive string // the path that was asked for, absolute
	size    int64
	info    fs.FileInfo
	err     error // why it cannot be looked at
}

// walk hands every regular file at or below the paths to each, in lexical order,
// hidden ones left out. Symbolic links are followed; below a path each folder is entered
// once, so that they may form circles. A path that does not exist is an error; what
// cannot be looked at below one is handed over with its error.
func walk(ctx context.Context, paths []string, each func(found) error) error {
	for _, p := range paths {
		root, err := filepath.Abs(p)
		if err != nil {
			return err
		}
		info, err := os.Stat(root)
		if err != nil {
			return fmt.Errorf("nothing to load: %w", err)
		}
		w := walker{ctx: ctx, archive: root, each: each, entered: map[string]bool{}}
		if info.IsDir() {
			err = w.folder(root)
		} else {
			err = w.file(root)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// walker walks below one path.
type walker struct {
	ctx     context.Context
	archive string
	each    func(found) error
	wants   func(name string) bool // nil: every file
	entered map[string]bool        // folders, without links in their names
}

// folder walks a folder, which may be a link to one.
func (w *walker) folder(top string) error {
	const through = string(filepath.Separator) // a path that ends so is looked up through a link
	return filepath.WalkDir(strings.TrimSuffix(top, through)+through, func(path string, d fs.DirEntry, err error) error {
		path = filepath.Clean(path)
		switch {
		case w.ctx.Err() != nil:
			return context.Cause(w.ctx)
		case err != nil:
			return w.hand(found{path: path, err: err})
		case d.IsDir() && (path != top && strings.HasPrefix(d.Name(), ".") || !w.enter(path)):
			return filepath.SkipDir
		case d.IsDir() || strings.HasPrefix(d.Name(), "."), d.Type().IsRegular() && !w.isWanted(path):
			return nil
		}
		return w.file(path)
	})
}

// enter reports whether a folder is met for the first time.
func (w *walker) enter(path string) bool {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		real = path // reading it says what is wrong
	}
	first := !w.entered[real]
	w.entered[real] = true
	return first
}

func (w *walker) isWanted(path string) bool { return w.wants == nil || w.wants(filepath.Base(path)) }

// file hands over what is no folder. What is neither file nor folder nor a link to
// one is passed over.
func (w *walker) file(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return w.hand(found{path: path, err: err})
	case info.IsDir():
		return w.folder(path)
	case !info.Mode().IsRegular() || !w.isWanted(path):
		return nil
	}
	return w.hand(found{path: path, info: info, size: info.Size()})
}

// errName says why a file is not looked at: the database keeps text.
var errName = errors.New("the name of the file is not UTF-8")

// hand hands a file over by a name that can be kept, which for some is an error.
func (w *walker) hand(f found) error {
	f.archive = w.archive
	if !utf8.ValidString(f.path) {
		f.err = fmt.Errorf("%q: %w", f.path, errName)
		f.path, f.archive = strings.ToValidUTF8(f.path, "\uFFFD"), strings.ToValidUTF8(f.archive, "\uFFFD")
	}
	return w.each(f)
}
