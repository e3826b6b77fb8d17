package job

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/cmd/internal/sniff"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform/css"
)

// metadataKind is what differs between the loads of stations and of events.
type metadataKind struct {
	takes   string // for messages
	formats map[sniff.Kind]reading
	main    css.Table // of a database
	tables  func(d tables) reading
	// isClaimed reports whether the name of a file in a folder promises metadata: one that is
	// none has a fault. Of other names, mayBe says which are looked into.
	isClaimed, mayBe func(name string) bool
}

// reading is how a load reads a format.
type reading struct {
	format  string // of the rows of files
	foreign error  // what a document of another kind gives; nil if its first bytes tell
	cut     string // the code of a file that was not read to its end
	last    bool   // read after all others
	read    func(ctx context.Context, tx *sqlx.Tx, revision int64, r io.Reader) (content, error)
}

// content is what reading a file came to.
type content struct {
	saved    db.Saved
	epochs   []db.Channel // that the file gives
	replaced int          // epochs that gave way to these
	problems []string
	notes    []string // other problems
	advice   []string // what to do about these, each once
	kept     []string // ids of events that are known with more than the file says
	err      error    // why it was not read to its end
}

// metadataLoad is one load.
type metadataLoad struct {
	metadataKind
	pool   *sqlx.DB
	o      LoadOptions
	sum    LoadSummary
	late   []waiting
	before map[string]db.File // what was known, where that counts

	kept  map[string]bool // as of [content], of all files
	first string          // of them
}

// waiting is a file that is read when all others are.
type waiting struct {
	found
	r reading
}

func loadMetadata(ctx context.Context, pool *sqlx.DB, paths []string, o LoadOptions, kind metadataKind) (LoadSummary, error) {
	o.defaults()
	l := &metadataLoad{metadataKind: kind, pool: pool, o: o, kept: map[string]bool{}}
	databases, others, err := findTables(ctx, paths, kind.main, o)
	if err != nil {
		return l.sum, err
	}
	if o.Known {
		if err := l.recall(ctx, paths); err != nil {
			return l.sum, err
		}
	}
	err = walk(ctx, others, func(f found) error { return l.meet(ctx, f) })
	for i := 0; i < len(databases) && err == nil; i++ {
		err = l.file(ctx, databases[i].found, kind.tables(databases[i]))
	}
	for i := 0; i < len(l.late) && err == nil; i++ {
		err = l.file(ctx, l.late[i].found, l.late[i].r)
	}
	if err == nil && !stopped(o.Stop) {
		err = l.forget(ctx, paths)
	}
	if len(l.kept) > 0 {
		o.Log.Warn("events were kept as they are: what is known of them, of arrivals, origins, magnitudes or depth, is more than these files say",
			"events", len(l.kept), "first", l.first)
	}
	return l.sum, err
}

// meet takes a file that the walk met.
func (l *metadataLoad) meet(ctx context.Context, f found) error {
	if l.isKnown(f) {
		l.sum.Files++
		l.sum.Unchanged++
		return nil
	}
	asked, name := f.path == f.archive, filepath.Base(f.path)
	claimed := asked || l.isClaimed(name)
	if stopped(l.o.Stop) || f.err == nil && !claimed && !l.mayBe(name) {
		return nil
	}
	var what sniff.File
	if f.err == nil {
		what, f.err = sniff.Path(f.path)
	}
	r, ok := l.formats[what.Kind]
	switch {
	case f.err != nil || ok && !r.last:
		return l.file(ctx, f, r)
	case ok:
		l.late = append(l.late, waiting{f, r})
		return nil
	case !claimed || !asked && what.IsMetadata():
		return nil // for another load, or nothing of ours
	}
	return l.file(ctx, f, l.foreign(what))
}

// foreign reads nothing, and says what the file is.
func (l *metadataLoad) foreign(what sniff.File) reading {
	err := errors.New(what.Explanation())
	return reading{foreign: err, read: func(context.Context, *sqlx.Tx, int64, io.Reader) (content, error) {
		return content{err: err}, nil
	}}
}

// file loads one file in one transaction.
func (l *metadataLoad) file(ctx context.Context, f found, r reading) error {
	if stopped(l.o.Stop) {
		return nil
	}
	defer l.o.Watch.clock(opMetadata)()
	var c content
	var row db.File
	changed := 0 // as the first try found it, whose commit may have been done without an answer
	err := l.o.changing(ctx, l.pool, func(tx *sqlx.Tx, revision int64) error {
		c = content{}
		if f.err == nil {
			var in *os.File
			if in, f.err = os.Open(f.path); f.err == nil {
				defer in.Close()
				var err error
				if c, err = r.read(ctx, tx, revision, bufio.NewReader(in)); err != nil {
					return fmt.Errorf("%s: %w", f.path, err)
				}
				isWhole := c.err == nil && len(c.problems) == 0
				if c.replaced, err = db.SaveEpochFile(ctx, tx, revision, f.path, c.epochs, isWhole); err != nil {
					return fmt.Errorf("%s: %w", f.path, err)
				}
			}
		}
		row = l.row(f, r, c)
		changed = max(changed, c.saved.Changed)
		known, err := db.FindFile(ctx, tx, f.path)
		if err != nil || known.Format != "" && !l.owns(known.Format) {
			return err // what is known of a file of another kind is not this load's to change
		}
		return db.SaveFile(ctx, tx, revision, row, nil)
	})
	if err != nil {
		return err
	}
	c.saved.Changed = changed
	l.count(f, c, row)
	l.o.Progress(Progress{Done: int64(l.sum.Files), Failed: int64(l.sum.Failed), Bytes: l.sum.Bytes, Note: f.path})
	return nil
}

func (l *metadataLoad) count(f found, c content, row db.File) {
	l.sum.Files++
	l.sum.Loaded++
	l.sum.Bytes += f.size
	l.sum.Found += c.saved.Found
	l.sum.Changed += c.saved.Changed
	l.sum.Merged += c.saved.Merged
	l.sum.Deleted += c.saved.Deleted
	l.sum.Restored += c.saved.Restored
	l.sum.Replaced += c.replaced
	for _, id := range c.kept {
		l.first = cmp.Or(l.first, id)
		l.kept[id] = true
	}
	l.o.tell(fileOutcome(&row))
	if k := l.before[f.path]; row.Error != nil && (k.Error == nil || *k.Error != *row.Error) {
		l.sum.Failed++
		l.o.Log.Warn("file has faults", "file", f.path, "code", *row.ErrorCode, "message", *row.Error)
	}
}

// owns reports whether a format is one of this load.
func (l *metadataLoad) owns(format string) bool {
	if format == l.tables(tables{}).format {
		return true
	}
	for _, r := range l.formats {
		if r.format == format {
			return true
		}
	}
	return false
}

func (l *metadataLoad) row(f found, r reading, c content) db.File {
	switch {
	case f.err != nil:
		return f.unreadable(f.err)
	case f.size == 0:
		return f.row(l.formats[sniff.XML].format, codeEmpty, "the file is empty; get it again")
	case r.foreign != nil && errors.Is(c.err, r.foreign):
		return f.row("", codeUnsupported, fmt.Sprintf("%v; this command reads %s", c.err, l.takes))
	case c.err != nil:
		return f.row(r.format, r.cut, fmt.Sprintf("%v; what came before was loaded; get the file again", c.err))
	case len(c.problems)+len(c.notes) > 0:
		return f.row(r.format, codeBadMetadata, c.message())
	}
	return f.row(r.format, "", "")
}

// message tells the problems of a file that was read to its end.
func (c *content) message() string {
	var parts []string
	if len(c.problems) > 0 {
		parts = append(parts, listed(c.problems), "correct the file, or ask its source for a better one")
	}
	if len(c.notes) > 0 {
		parts = append(append(parts, listed(c.notes)), c.advice...)
	}
	return strings.Join(parts, "; ")
}

// forget removes the rows of documents below the paths that are gone. What was read
// from them stays.
func (l *metadataLoad) forget(ctx context.Context, paths []string) error {
	defer l.o.Watch.clock(opRemove)()
	var gone []FileOutcome // the most of the tries, as above
	err := l.o.changing(ctx, l.pool, func(tx *sqlx.Tx, revision int64) error {
		var removed []FileOutcome
		for _, p := range paths {
			root, err := filepath.Abs(p)
			if err != nil {
				return err
			}
			files, err := db.FilesUnder(ctx, tx, root)
			if err != nil {
				return err
			}
			for path, f := range files {
				if _, err := os.Stat(path); f.Format != "" && !l.owns(f.Format) || !errors.Is(err, fs.ErrNotExist) {
					continue
				}
				if err := db.RemoveFile(ctx, tx, revision, path); err != nil {
					return fmt.Errorf("forgetting %s: %w", path, err)
				}
				if err := db.RemoveEpochFile(ctx, tx, path); err != nil {
					return err
				}
				removed = append(removed, FileOutcome{Path: path, Format: f.Format, Status: Removed})
			}
		}
		if len(removed) > len(gone) {
			gone = removed
		}
		return nil
	})
	l.sum.Removed += len(gone)
	for _, f := range gone {
		l.o.tell(f)
	}
	return err
}

func texts[P fmt.Stringer](problems []P) []string {
	out := make([]string, len(problems))
	for i, p := range problems {
		out[i] = p.String()
	}
	return out
}

// cssTexts are the problems of tables. That no table names a network is none where the
// caller did.
func cssTexts(problems []css.Problem, o LoadOptions) []string {
	return texts(slices.DeleteFunc(problems, func(p css.Problem) bool { return p.Code == css.NoNetwork && o.Network != "" }))
}

// listed names the first problems and counts the rest.
func listed(problems []string) string {
	const most = 3
	if len(problems) <= most {
		return strings.Join(problems, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(problems[:most], "; "), len(problems)-most)
}

// hasExtension reports whether a name ends in a dot and one of the extensions, in either case.
func hasExtension(name string, extensions ...string) bool {
	return slices.Contains(extensions, strings.ToLower(strings.TrimPrefix(filepath.Ext(name), ".")))
}

func isXML(name string) bool { return hasExtension(name, "xml", "stationxml", "quakeml", "qml") }
