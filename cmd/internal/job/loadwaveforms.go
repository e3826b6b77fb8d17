package job

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/mtp"
	"github.com/seisbatch/seisbatch/waveform/archive"
	"github.com/seisbatch/seisbatch/waveform/mseed"
	"github.com/seisbatch/seisbatch/waveform/sac"
)

// LoadWaveforms walks files and folders of miniSEED of any layout and brings the
// database in line with them: what is new or has another size or modification time is
// read once, what is gone is forgotten. A file that cannot be read, or not whole, is
// a row with its error.
func LoadWaveforms(ctx context.Context, pool *sqlx.DB, paths []string, o LoadOptions) (LoadSummary, error) {
	o.defaults()
	l := &waveformLoad{pool: pool, o: o, known: map[string]db.File{}, seen: map[string]bool{}}
	p := &mtp.Pipeline[found, scanned]{
		Input: l.source(paths), Work: scan, Output: l.save, BatchSize: 50, BatchWait: time.Second,
		Options: mtp.Options{Name: "load", Workers: o.Workers, Stop: o.Stop},
		OnError: func(e *mtp.ItemError) { o.Log.Error("a file could not be loaded", "error", e) },
	}
	if _, err := p.Run(ctx); err != nil {
		return l.sum, err
	}
	if !l.complete || stopped(o.Stop) {
		return l.sum, nil
	}
	if err := l.missing(paths); err != nil {
		return l.sum, err
	}
	err := l.removeGone(ctx)
	return l.sum, err
}

// missing refuses to take an archive without a single file for one whose files
// were all removed: more often its disk is not mounted.
func (l *waveformLoad) missing(paths []string) error {
	for _, p := range paths {
		root, err := filepath.Abs(p)
		if err != nil {
			return err
		}
		below := func(path string) bool { return strings.HasPrefix(path, strings.TrimSuffix(root, "/")+"/") }
		known, seen := 0, 0
		for path := range l.known {
			if below(path) {
				known++
			}
		}
		for path := range l.seen {
			if below(path) {
				seen++
			}
		}
		if known > 0 && seen == 0 && !l.o.Forget {
			return fmt.Errorf("%s holds no file, but %d are known below it: is its disk mounted? Nothing was changed; if they are gone for good, load it with --forget", root, known)
		}
	}
	return nil
}

type waveformLoad struct {
	pool     *sqlx.DB
	o        LoadOptions
	known    map[string]db.File // below the paths, from earlier loads
	seen     map[string]bool
	complete bool // the walk came to its end, and could look into every folder
	sum      LoadSummary
}

// source gives the files that are new or changed.
func (l *waveformLoad) source(paths []string) mtp.Source[found] {
	return func(ctx context.Context) iter.Seq2[found, error] {
		return func(yield func(found, error) bool) {
			if err := l.recall(ctx, paths); err != nil {
				yield(found{}, err)
				return
			}
			stop := errors.New("stop")
			whole := true
			err := walk(ctx, paths, func(f found) error {
				whole = whole && (f.err == nil || f.info != nil)
				if l.seen[f.path] {
					return nil
				}
				l.seen[f.path] = true
				if k, ok := l.known[f.path]; ok && f.err == nil && !isNews(f, k) {
					f.err = errUnchanged
				}
				if !yield(f, nil) {
					return stop
				}
				return nil
			})
			switch {
			case err == nil:
				l.complete = whole
			case !errors.Is(err, stop):
				yield(found{}, err)
			}
		}
	}
}

// errUnchanged marks a file that is as it was.
var errUnchanged = errors.New("unchanged")

// isNews reports whether a known file has to be read: it has changed, or could not
// be read before. Metadata that lie in the archive are for their own loads.
func isNews(f found, k db.File) bool {
	if k.Format == formatStationXML || k.Format == formatQuakeML {
		return false
	}
	unreadable := k.ErrorCode != nil && *k.ErrorCode == codeUnreadable
	return unreadable || k.Size != f.size || !k.ModTime.Equal(f.info.ModTime().Round(time.Microsecond))
}

func (l *waveformLoad) recall(ctx context.Context, paths []string) error {
	for _, p := range paths {
		root, err := filepath.Abs(p)
		if err != nil {
			return err
		}
		files, err := db.FilesUnder(ctx, l.pool, root)
		if err != nil {
			return err
		}
		maps.Copy(l.known, files)
	}
	return nil
}

// scanned is a file that was read.
type scanned struct {
	found
	index archive.Index
	err   error
}

// scan reads one file.
func scan(_ context.Context, f found) (scanned, error) {
	s := scanned{found: f, err: f.err}
	if s.err != nil {
		return s, nil
	}
	in, err := os.Open(f.path)
	if err != nil {
		s.err = err
		return s, nil
	}
	defer in.Close()
	s.index, s.err = archive.Scan(in)
	return s, nil
}

// save writes a batch of files in one transaction.
func (l *waveformLoad) save(ctx context.Context, batch []scanned) error {
	l.o.Hook.at("load:before-write")
	err := changing(ctx, l.pool, func(tx *sqlx.Tx, revision int64) error {
		for i := range batch {
			if err := l.saveFile(ctx, tx, revision, &batch[i]); err != nil {
				return err
			}
		}
		l.o.Hook.at("load:in-write")
		return nil
	})
	if err != nil {
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
	if errors.Is(s.err, errUnchanged) {
		return nil
	}
	row := s.fileRow()
	if old, ok := l.known[s.path]; ok && row.Error == nil && slices.Equal(old.ContentHash, row.ContentHash) && old.Error == nil {
		return db.TouchFile(ctx, tx, row)
	}
	if s.err != nil {
		return db.NoteFault(ctx, tx, row) // it may be there again tomorrow, with what was in it
	}
	segments := make([]db.Segment, len(s.index.Segments))
	for i := range s.index.Segments {
		segments[i] = segmentRow(s.index.Segments[i])
	}
	return db.SaveFile(ctx, tx, revision, row, segments)
}

func (l *waveformLoad) count(s *scanned) {
	l.sum.Files++
	if errors.Is(s.err, errUnchanged) {
		l.sum.Unchanged++ // what is wrong with it was said when it was read
		return
	}
	l.sum.Loaded++
	l.sum.Bytes += s.size
	l.sum.Found += len(s.index.Segments)
	if row := s.fileRow(); row.Error != nil {
		l.sum.Failed++
		l.o.Log.Warn("file has faults", "file", s.path, "code", *row.ErrorCode, "message", *row.Error)
	}
}

// fileRow is the row of a file as it was read.
func (s *scanned) fileRow() db.File {
	ix := &s.index
	var row db.File
	switch {
	case s.err != nil:
		return s.unreadable(s.err)
	case s.size == 0:
		row = s.row("", codeEmpty, "the file is empty; get it again")
	case ix.BadCount == 0 && ix.Records == 0:
		row = s.row("", codeNotMiniSEED, "the file has headers of a SEED volume, or blank records, and no data; remove it from the archive or get it again")
	case ix.BadCount == 0:
		row = s.row(string(ix.Format), "", "")
	case ix.Format == archive.SAC:
		row = s.row(string(ix.Format), sacCode(ix), sacMessage(ix))
	case ix.Records == 0:
		row = s.row("", notMiniSEED(ix), foreignMessage(ix))
	default:
		row = s.row(string(ix.Format), codeBadRecord, fmt.Sprintf("%d of %d records or stretches are damaged, the first: %v; the others are used; get the file again if it can be had",
			ix.BadCount, ix.Records+ix.BadCount, ix.Bad[0]))
	}
	row.ContentHash = ix.ContentHash[:]
	return row
}

func notMiniSEED(ix *archive.Index) string {
	for _, b := range ix.Bad {
		if errors.As(b, new(*mseed.UnsupportedVersionError)) || errors.As(b, new(*mseed.UnsupportedEncodingError)) {
			return codeUnsupported
		}
	}
	for _, b := range ix.Bad {
		if errors.Is(b, mseed.ErrIntegrity) || errors.Is(b, mseed.ErrTruncated) && b.Length >= 48 {
			return codeBadRecord
		}
	}
	return codeNotMiniSEED
}

func foreignMessage(ix *archive.Index) string {
	return fmt.Sprintf("no usable miniSEED record: %v; remove the file from the archive or get it again", ix.Bad[0])
}

// sacCode is the code of a SAC file with a fault.
func sacCode(ix *archive.Index) string {
	switch err := ix.Bad[0].Err; {
	case errors.Is(err, archive.ErrNotCounts), errors.As(err, new(*sac.NotSeriesError)), errors.As(err, new(*sac.UnsupportedVersionError)):
		return codeUnsupported
	}
	return codeBadRecord
}

func sacMessage(ix *archive.Index) string {
	err := ix.Bad[0].Err
	switch {
	case errors.Is(err, archive.ErrNotCounts):
		return fmt.Sprintf("%v: only counts can be corrected for their instrument; if they are counts, set IDEP to IUNKN, else remove the file from the archive", err)
	case ix.Records > 0:
		return fmt.Sprintf("%v; what is there is used; get the file again", err)
	}
	return fmt.Sprintf("%v; remove the file from the archive or get it again", err)
}

// removeGone forgets the files that the walk did not meet.
func (l *waveformLoad) removeGone(ctx context.Context) error {
	var gone []string
	for path := range l.known {
		if !l.seen[path] {
			gone = append(gone, path)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	slices.Sort(gone)
	return changing(ctx, l.pool, func(tx *sqlx.Tx, revision int64) error {
		for _, path := range gone {
			if err := db.RemoveFile(ctx, tx, revision, path); err != nil {
				return fmt.Errorf("forgetting %s: %w", path, err)
			}
		}
		l.sum.Removed = len(gone)
		return nil
	})
}
