package job

import (
	"context"
	"maps"
	"path/filepath"

	"github.com/seisbatch/seisbatch/db"
)

// recall reads what is known of the files below paths.
func (l *metadataLoad) recall(ctx context.Context, paths []string) error {
	l.before = map[string]db.File{}
	for _, p := range paths {
		root, err := filepath.Abs(p)
		if err != nil {
			return err
		}
		files, err := db.FilesUnder(ctx, l.pool, root)
		if err != nil {
			return err
		}
		maps.Copy(l.before, files)
	}
	return nil
}

// isKnown reports whether a file of this load is as it was when it was read. A RESP file with a
// fault may have been waiting for the channels that this load brings.
func (l *metadataLoad) isKnown(f found) bool {
	k, ok := l.before[f.path]
	if !ok || f.err != nil || isChanged(f, k) || isCode(k, codeUnreadable) {
		return false
	}
	if k.Format == formatRESP && k.ErrorCode != nil {
		return l.sum.Loaded == 0
	}
	return l.owns(k.Format) || k.ErrorCode != nil
}
