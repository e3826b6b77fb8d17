package pgserver

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	tailLines = 12
	tailBytes = 16 << 10
)

// hint is what to do about a message of the server.
type hint struct{ message, advice string }

// hints, the most specific first. %s is the server's folder.
func hints() []hint {
	return []hint{
		{"could not create shared memory segment", "the system gives no more shared memory: stop other PostgreSQL servers, or raise kernel.shmmax"},
		{"could not create semaphores", "the system gives no more semaphores: stop other PostgreSQL servers, or raise kernel.sem"},
		{"could not resize shared memory segment", "/dev/shm is full: give the container more shared memory (docker run --shm-size)"},
		{"No space left on device", "the file system of %s is full: free some space, or use another folder (--data-dir)"},
		{"Disk quota exceeded", "your quota on the file system of %s is used up: free some space, or use another folder (--data-dir)"},
		{"Read-only file system", "the file system of %s is read-only: use another folder (--data-dir)"},
		{"user does not exist", "the user that runs the server has no entry in /etc/passwd: add one, or name a database with --db"},
		{"has wrong ownership", "run as the user that owns %s/data, or as root"},
		{"has invalid permissions", "chmod 0700 %s/data"},
		{"Permission denied", "see that the user that runs the server may read and write %s"},
		{"could not bind", "the file system of %s takes no sockets: use a folder on a local disk (--data-dir)"},
		{"incompatible with server", "install the PostgreSQL version that made %s/data"},
	}
}

// explain makes an error of what happened, the last lines of output, and what to
// do about them.
func explain(what, output string, l layout) error {
	advice := "the whole log is " + l.log
	for _, h := range hints() {
		if strings.Contains(output, h.message) {
			advice = strings.ReplaceAll(h.advice, "%s", l.dir)
			break
		}
	}
	return fmt.Errorf("%s: %s; it said:\n%s", what, advice, lastLines(output))
}

// lastLines indents the last lines of a text, without blank ones.
func lastLines(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, "  "+line)
		}
	}
	if len(lines) == 0 {
		return "  (nothing)"
	}
	return strings.Join(lines[max(0, len(lines)-tailLines):], "\n")
}

// logSince reads what was written to the log after from, the last tailBytes of it.
func (l layout) logSince(from int64) string {
	f, err := os.Open(l.log)
	if err != nil {
		return ""
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return ""
	}
	text := make([]byte, min(max(0, size-from), tailBytes))
	n, err := f.ReadAt(text, size-int64(len(text)))
	if err != nil && !errors.Is(err, io.EOF) {
		return ""
	}
	return string(text[:n])
}
