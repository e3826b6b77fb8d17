package job

import (
	"context"
	"crypto/sha256"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/seisbatch/seisbatch/db"
)

// memory is what a load of waveforms remembers of files: forty bytes or so of each, for there may
// be millions. What is known is learnt before the walk, and only read then; see is for the walk's goroutine.
type memory struct {
	known  map[pathHash]int32
	files  []remembered
	kinds  []fileKind
	kindAt map[fileKind]uint32
	fresh  map[pathHash]bool // seen, and not known
	below  map[string]int    // known files below a root
	met    map[string]bool   // roots below which a file was seen
}

// pathHash stands for a path.
type pathHash [16]byte

// remembered is of one file.
type remembered struct {
	size, mtime int64 // bytes, us since 1970
	kind        uint32
	seen        bool
}

// fileKind is what many files have in common.
type fileKind struct{ archive, format, code string }

func newMemory() *memory {
	return &memory{known: map[pathHash]int32{}, kindAt: map[fileKind]uint32{}, fresh: map[pathHash]bool{}, below: map[string]int{}, met: map[string]bool{}}
}

func hashPath(path string) (h pathHash) {
	sum := sha256.Sum256([]byte(path))
	copy(h[:], sum[:])
	return h
}

// learn remembers a file as the database has it.
func (m *memory) learn(f *db.File) {
	k := fileKind{archive: f.Archive, format: f.Format}
	if f.ErrorCode != nil {
		k.code = *f.ErrorCode
	}
	kind, ok := m.kindAt[k]
	if !ok {
		kind = uint32(len(m.kinds))
		m.kinds, m.kindAt[k] = append(m.kinds, k), kind
	}
	r := remembered{size: f.Size, mtime: f.ModTime.UnixMicro(), kind: kind}
	h := hashPath(f.Path)
	if i, ok := m.known[h]; ok {
		m.files[i] = r
		return
	}
	m.known[h] = int32(len(m.files))
	m.files = append(m.files, r)
}

// file is what is known of a file: of its faults the code alone, and of its content nothing.
func (m *memory) file(path string) (f db.File, ok bool) {
	i, ok := m.known[hashPath(path)]
	if !ok {
		return f, false
	}
	r := &m.files[i]
	k := m.kinds[r.kind]
	f = db.File{Path: path, Archive: k.archive, Size: r.size, ModTime: time.UnixMicro(r.mtime).UTC(), Format: k.format}
	if k.code != "" {
		f.ErrorCode = &k.code
	}
	return f, true
}

// see notes that a file was met, and reports whether it is the first time.
func (m *memory) see(path string, roots []string) (first bool) {
	for _, root := range roots {
		if !m.met[root] && isBelow(path, root) && path != root {
			m.met[root] = true
		}
	}
	h := hashPath(path)
	if i, ok := m.known[h]; ok {
		first = !m.files[i].seen
		m.files[i].seen = true
		return first
	}
	first = !m.fresh[h]
	m.fresh[h] = true
	return first
}

// isSeen reports whether a known file was met.
func (m *memory) isSeen(path string) bool {
	i, ok := m.known[hashPath(path)]
	return ok && m.files[i].seen
}

// recall learns what is known below paths, and of what tables there name.
func (l *waveformLoad) recall(ctx context.Context, paths []string) error {
	for _, path := range paths {
		root, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		l.roots = append(l.roots, root)
		done := l.o.Watch.clock(opKnownFiles)
		err = l.o.patience(l.pool).do(ctx, func() error {
			l.known.below[root] = 0
			return db.EachFile(ctx, l.pool, root, func(f *db.File) {
				l.known.learn(f)
				if isBelow(f.Path, root) && f.Path != root {
					l.known.below[root]++
				}
			})
		})
		done()
		if err != nil {
			return err
		}
	}
	return nil
}

// gone lists the known files that the walk did not meet, or found to have no waveforms, by path.
func (l *waveformLoad) gone(ctx context.Context) (gone []db.File, err error) {
	err = l.o.patience(l.pool).do(ctx, func() error {
		gone = nil
		for _, root := range l.roots {
			err := db.EachFile(ctx, l.pool, root, func(f *db.File) {
				if _, known := l.known.file(f.Path); known && (!l.known.isSeen(f.Path) || l.passed[f.Path] && !isMetadata(f.Format)) {
					gone = append(gone, db.File{Path: f.Path, Format: f.Format})
				}
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	slices.SortFunc(gone, func(a, b db.File) int { return strings.Compare(a.Path, b.Path) })
	return slices.CompactFunc(gone, func(a, b db.File) bool { return a.Path == b.Path }), err
}
