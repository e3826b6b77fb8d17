package synth

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Names inside the folder that Write fills.
const (
	ArchiveDir  = "archive"      // root of the SDS archive
	StationFile = "stations.xml" // StationXML
	EventFile   = "events.xml"   // QuakeML
	markerFile  = "synth.json"
)

// version counts the changes of what a Config makes.
const version = 1

// marker is the content of synth.json: proof that this package made the folder, and of what.
type marker struct {
	About    string  `json:"about"`
	Version  int     `json:"version"`
	Config   Config  `json:"config"`
	Complete bool    `json:"complete"`
	Summary  Summary `json:"summary"`
}

func newMarker(cfg Config) marker {
	return marker{About: "Synthetic data made by package synth of seisbatch. Nothing here was measured.", Version: version, Config: cfg}
}

// claim makes dir the folder of m's configuration, or refuses. done is true if
// everything is there already; then the stored summary is returned.
func claim(dir string, m marker) (done bool, s Summary, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return false, s, fmt.Errorf("synth: %w", err)
	}
	old, err := os.ReadFile(filepath.Join(dir, markerFile))
	switch {
	case err == nil:
		return resume(dir, m, old)
	case !errors.Is(err, fs.ErrNotExist):
		return false, s, fmt.Errorf("synth: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, s, fmt.Errorf("synth: %w", err)
	}
	for _, e := range entries {
		if e.Name() != markerFile+partial {
			return false, s, fmt.Errorf("synth: folder %q is not empty and was not made by synth: it holds %q; name a new one", dir, e.Name())
		}
	}
	return false, s, m.write(dir)
}

func resume(dir string, m marker, old []byte) (done bool, s Summary, err error) {
	var was marker
	if err := json.Unmarshal(old, &was); err != nil {
		return false, s, fmt.Errorf("synth: folder %q: %s cannot be read: %w", dir, markerFile, err)
	}
	same, err := sameWork(was, m)
	if err != nil {
		return false, s, err
	}
	if !same {
		return false, s, fmt.Errorf("synth: folder %q holds an archive of another configuration (see its %s); name a new one", dir, markerFile)
	}
	if was.Complete && isIntact(dir, was.Summary) {
		return true, was.Summary, nil
	}
	return false, s, m.write(dir)
}

// sameWork compares as JSON, in which forms of one time or nil and empty lists do not differ.
func sameWork(a, b marker) (bool, error) {
	x, err := json.Marshal(newMarker(a.Config))
	if err != nil {
		return false, fmt.Errorf("synth: %w", err)
	}
	y, err := json.Marshal(newMarker(b.Config))
	if err != nil {
		return false, fmt.Errorf("synth: %w", err)
	}
	return a.Version == b.Version && string(x) == string(y), nil
}

// isIntact reports whether the files of dir are as many and as long as the summary says.
func isIntact(dir string, s Summary) bool {
	files, bytes, err := measure(dir)
	return err == nil && files == s.Files && bytes == s.Bytes
}

// measure counts what Write leaves in dir: miniSEED files, and their bytes. Both XML files
// must be there.
func measure(dir string) (files int, bytes int64, err error) {
	for _, name := range []string{StationFile, EventFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return 0, 0, err
		}
	}
	err = filepath.WalkDir(filepath.Join(dir, ArchiveDir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, partial) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		files++
		bytes += info.Size()
		return nil
	})
	return files, bytes, err
}

func (m marker) write(dir string) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("synth: %w", err)
	}
	return writeFile(filepath.Join(dir, markerFile), func(w io.Writer) error {
		_, err := w.Write(append(text, '\n'))
		return err
	})
}

// partial is the ending of a file's name while it is being written.
const partial = ".partial"

// writeFile writes a file under another name and renames it when it is complete.
func writeFile(path string, content func(io.Writer) error) (err error) {
	f, err := os.Create(path + partial)
	if err != nil {
		return fmt.Errorf("synth: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(path + partial)
		}
	}()
	buffered := bufio.NewWriterSize(f, 1<<16)
	if err := content(buffered); err != nil {
		return fmt.Errorf("synth: %q: %w", path, err)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("synth: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("synth: %w", err)
	}
	if err := os.Rename(path+partial, path); err != nil {
		return fmt.Errorf("synth: %w", err)
	}
	return nil
}
