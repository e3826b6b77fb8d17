package job

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/cmd/internal/sniff"
	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/mtp"
	"github.com/seisbatch/seisbatch/waveform/archive"
	"github.com/seisbatch/seisbatch/waveform/css"
)

// LoadWaveforms walks files and folders of miniSEED and SAC of any layout, reads of
// databases of CSS 3.0 what files their wfdisc tables name, and brings the
// database in line with them: what is new or has another size or modification time is
// read once, what is gone is forgotten. A file that cannot be read, or not whole, is
// a row with its error; metadata that lie among the waveforms are passed over.
func LoadWaveforms(ctx context.Context, pool *sqlx.DB, paths []string, o LoadOptions) (LoadSummary, error) {
	o.defaults()
	l := &waveformLoad{pool: pool, o: o, known: newMemory(), passed: map[string]bool{}, named: map[string]*namedFile{}, whole: true}
	databases, others, err := findTables(ctx, paths, css.WfdiscTable, o)
	if err != nil {
		return l.sum, err
	}
	if err := l.recall(ctx, paths); err != nil {
		return l.sum, err
	}
	for i := range databases {
		if err := l.table(ctx, &databases[i]); err != nil {
			return l.sum, err
		}
	}
	p := &mtp.Pipeline[found, scanned]{
		Input: l.source(others), Work: l.scan, Output: l.save, BatchSize: 50, BatchWait: time.Second,
		Options: mtp.Options{Name: "load", Workers: o.Workers, Stop: o.Stop},
		OnError: func(e *mtp.ItemError) { o.Log.Error("a file could not be loaded", "error", e) },
	}
	defer o.Watch.pipeline(p.Snapshot)()
	o.inWork(p.Snapshot)
	if _, err := p.Run(ctx); err != nil {
		return l.sum, err
	}
	if !l.complete || stopped(o.Stop) {
		return l.sum, nil
	}
	if err := l.missing(); err != nil {
		return l.sum, err
	}
	err = l.removeGone(ctx)
	return l.sum, err
}

// missing refuses to take an archive without a single file for one whose files
// were all removed: more often its disk is not mounted.
func (l *waveformLoad) missing() error {
	for _, root := range l.roots {
		if known := l.known.below[root]; known > 0 && !l.known.met[root] && !l.o.Forget {
			return fmt.Errorf("%s holds no file, but %d are known below it: is its disk mounted? Nothing was changed; if they are gone for good, load it with --forget", root, known)
		}
	}
	return nil
}

type waveformLoad struct {
	pool     *sqlx.DB
	o        LoadOptions
	roots    []string              // the paths, absolute
	known    *memory               // of what is below the paths, and named by tables there, from earlier loads
	passed   map[string]bool       // seen, and no waveforms
	named    map[string]*namedFile // by tables
	whole    bool                  // every folder and table could be looked into
	complete bool                  // and the walk came to its end
	sum      LoadSummary
}

// source gives the files that are new or changed: those that the walk meets, then those that
// only tables name.
func (l *waveformLoad) source(paths []string) mtp.Source[found] {
	return func(ctx context.Context) iter.Seq2[found, error] {
		return func(yield func(found, error) bool) {
			stop := errors.New("stop")
			each := func(f found) error {
				if !l.known.see(f.path, l.roots) {
					return nil
				}
				k, ok := l.known.file(f.path)
				switch {
				case ok && f.err == nil && isMetadata(k.Format):
					if !isChanged(f, k) && f.path != f.archive {
						return nil // for its own load
					}
				case ok && l.isKnown(f, k):
					f.err = errUnchanged
				}
				if !yield(f, nil) {
					return stop
				}
				return nil
			}
			err := walk(ctx, paths, func(f found) error {
				l.whole = l.whole && (f.err == nil || f.info != nil)
				return each(f)
			})
			for _, path := range slices.Sorted(maps.Keys(l.named)) {
				if err == nil {
					err = each(l.named[path].look(path))
				}
			}
			switch {
			case err == nil:
				l.complete = l.whole
			case !errors.Is(err, stop):
				yield(found{}, err)
			}
		}
	}
}

// errUnchanged marks a file that is as it was, errMetadata one that has no waveforms.
var (
	errUnchanged = errors.New("unchanged")
	errMetadata  = errors.New("no waveforms")
)

// isKnown reports whether a known file need not be read: it has not changed, and could be
// read before. One that a table names may be missing for long.
func (l *waveformLoad) isKnown(f found, k db.File) bool {
	n := l.named[f.path]
	if f.err != nil {
		return n != nil && errors.Is(f.err, fs.ErrNotExist) && isCode(k, codeMissing)
	}
	return !isCode(k, codeUnreadable) && !isCode(k, codeMissing) && !isChanged(f, k) &&
		(n == nil || !n.changed) && (k.Archive == f.archive || isBelow(k.Path, k.Archive))
}

// isChanged reports whether a file has another size or time than when it was read.
func isChanged(f found, k db.File) bool {
	return k.Size != f.size || !k.ModTime.Equal(f.info.ModTime().Round(time.Microsecond))
}

func isCode(k db.File, code string) bool { return k.ErrorCode != nil && *k.ErrorCode == code }

// isBelow reports whether a path is that of a folder, or below it.
func isBelow(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, "/")+"/")
}

// scanned is a file that was read.
type scanned struct {
	found
	what  sniff.File
	table string // that names the file
	index archive.Index
	err   error
}

// scan reads one file.
func (l *waveformLoad) scan(_ context.Context, f found) (scanned, error) {
	s := scanned{found: f, err: f.err}
	n := l.named[f.path]
	if n != nil {
		s.table = n.table
	}
	if s.err != nil {
		return s, nil
	}
	in, err := os.Open(f.path)
	if err != nil {
		s.err = err
		return s, nil
	}
	defer in.Close()
	if n != nil && len(n.rows) > 0 {
		s.index, s.err = archive.IndexCSS(in, f.size, n.rows)
		return s, nil
	}
	content := bufio.NewReaderSize(in, sniff.Size)
	head, err := content.Peek(sniff.Size)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
		return s, nil
	}
	if s.what = sniff.Of(f.path, head); s.what.IsMetadata() {
		s.err = errMetadata
		return s, nil
	}
	s.index, s.err = archive.Scan(content)
	return s, nil
}

// save writes a batch of files in one transaction.
func (l *waveformLoad) save(ctx context.Context, batch []scanned) error {
	l.o.Hook.at("load:before-write")
	written := l.o.Watch.clock(opFileBatch)
	err := l.o.changing(ctx, l.pool, func(tx *sqlx.Tx, revision int64) error {
		for i := range batch {
			if err := l.saveFile(ctx, tx, revision, &batch[i]); err != nil {
				return err
			}
		}
		l.o.Hook.at("load:in-write")
		return nil
	})
	if written(); err != nil {
		return err
	}
	l.o.Hook.at("load:after-write")
	for i := range batch {
		l.count(&batch[i])
	}
	l.o.Progress(Progress{Done: int64(l.sum.Files), Failed: int64(l.sum.Failed), Bytes: l.sum.Bytes, Note: batch[len(batch)-1].path})
	return nil
}

func (l *waveformLoad) saveFile(ctx context.Context, tx *sqlx.Tx, revision int64, s *scanned) error {
	known, isKnown := l.known.file(s.path)
	if errors.Is(s.err, errUnchanged) || s.isPassed() || errors.Is(s.err, errMetadata) && isMetadata(known.Format) {
		return nil
	}
	row := s.fileRow()
	old := db.File{}
	if isKnown {
		var err error
		if old, err = db.FindFile(ctx, tx, s.path); err != nil {
			return err
		}
	}
	if old.Path != "" && row.Error == nil && slices.Equal(old.ContentHash, row.ContentHash) && old.Error == nil {
		return db.TouchFile(ctx, tx, row)
	}
	if s.err != nil && !s.isForeign() {
		return db.NoteFault(ctx, tx, row) // it may be there again tomorrow, with what was in it
	}
	segments := make([]db.Segment, len(s.index.Segments))
	for i := range s.index.Segments {
		segments[i] = segmentRow(s.index.Segments[i])
	}
	return db.SaveFile(ctx, tx, revision, row, segments)
}

// isPassed reports whether a file in a folder is of no interest to this load.
func (s *scanned) isPassed() bool { return errors.Is(s.err, errMetadata) && s.path != s.archive }

// isForeign reports whether a file was read, and is nothing that can be used.
func (s *scanned) isForeign() bool {
	return errors.Is(s.err, errMetadata) || errors.As(s.err, new(*css.DatatypeError))
}

func (l *waveformLoad) count(s *scanned) {
	if s.isPassed() {
		l.passed[s.path] = true
		return
	}
	l.sum.Files++
	if errors.Is(s.err, errUnchanged) {
		l.sum.Unchanged++ // what is wrong with it was said when it was read
		known, _ := l.known.file(s.path)
		l.o.tell(FileOutcome{Path: s.path, Format: known.Format, Status: Unchanged})
		return
	}
	l.sum.Loaded++
	l.sum.Bytes += s.size
	l.sum.Found += len(s.index.Segments)
	row := s.fileRow()
	l.o.tell(fileOutcome(&row))
	if row.Error != nil {
		l.sum.Failed++
		l.o.Log.Warn("file has faults", "file", s.path, "code", *row.ErrorCode, "message", *row.Error)
	}
}

// toomany refuses, where nobody watches, to forget more than half of an archive.
func (l *waveformLoad) toomany(gone []db.File) error {
	if !l.o.Known || l.o.Forget {
		return nil
	}
	for _, root := range l.roots {
		n := 0
		for i := range gone {
			if isBelow(gone[i].Path, root) {
				n++
			}
		}
		if known := l.known.below[root]; 2*n > known {
			return fmt.Errorf("%s: %d of the %d files that are known below it are gone: is a disk missing? Nothing was removed; if they are gone for good, 'seisbatch load waveforms --forget %s' says so", root, n, known, root)
		}
	}
	return nil
}

// removeGone forgets the files that the walk did not meet.
func (l *waveformLoad) removeGone(ctx context.Context) error {
	gone, err := l.gone(ctx)
	if err != nil || len(gone) == 0 {
		return err
	}
	if err := l.toomany(gone); err != nil {
		return err
	}
	defer l.o.Watch.clock(opRemove)()
	err = l.o.changing(ctx, l.pool, func(tx *sqlx.Tx, revision int64) error {
		for i := range gone {
			if err := db.RemoveFile(ctx, tx, revision, gone[i].Path); err != nil {
				return fmt.Errorf("forgetting %s: %w", gone[i].Path, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	l.sum.Removed = len(gone)
	for i := range gone {
		l.o.tell(FileOutcome{Path: gone[i].Path, Format: gone[i].Format, Status: Removed})
	}
	return nil
}
