package pgserver

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// postmaster is what the server's main process wrote to postmaster.pid.
type postmaster struct {
	pid       int
	started   string // seconds since 1970
	port      int
	socketDir string
	ready     bool
}

// readPostmaster reads postmaster.pid; false if there is none, or not enough of
// it. It may outlive its server: see [postmaster.serves].
//
// Lines: process, data folder, start, port, socket folder, listen address, shared
// memory, status (src/include/utils/pidfile.h).
func readPostmaster(data string) (postmaster, bool) {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return postmaster{}, false
	}
	lines := strings.Split(string(text), "\n")
	line := func(i int) string {
		if i >= len(lines) {
			return ""
		}
		return strings.TrimSpace(lines[i])
	}
	pid, err := strconv.Atoi(line(0))
	if err != nil || pid <= 1 {
		return postmaster{}, false
	}
	port, err := strconv.Atoi(line(3))
	if err != nil {
		port = 0 // not written yet
	}
	return postmaster{
		pid: pid, started: line(2), port: port, socketDir: line(4), ready: line(7) == "ready",
	}, true
}

// reachable says whether the server told of a socket that a DSN of ours leads to.
// Early in a start it has not.
func (p postmaster) reachable() bool {
	return p.port == port && filepath.IsAbs(p.socketDir)
}

// serves says whether the process lives and works in data: numbers of processes
// are used again, at the latest after a reboot.
func (p postmaster) serves(data string) bool {
	if errors.Is(syscall.Kill(p.pid, 0), syscall.ESRCH) {
		return false
	}
	if _, err := os.Stat("/proc/self/cwd"); err == nil {
		return worksIn(p.pid, data)
	}
	// A postmaster of ours is started with its data folder as an argument.
	out, err := exec.Command("ps", "-o", "args=", "-p", strconv.Itoa(p.pid)).Output()
	return err == nil && strings.Contains(string(out), data)
}

// worksIn compares the current folder of a process, which a server keeps at its
// data folder. A dead process that nobody waited for has none.
func worksIn(pid int, data string) bool {
	cwd, err := os.Stat("/proc/" + strconv.Itoa(pid) + "/cwd")
	if err != nil {
		return false
	}
	want, err := os.Stat(data)
	return err == nil && os.SameFile(cwd, want)
}

// mark identifies this run of the server, for the file "kept".
func (p postmaster) mark() string {
	return strconv.Itoa(p.pid) + " " + p.started + "\n"
}
