package pgserver

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// child is a server that this program started.
type child struct {
	process *os.Process
	logFrom int64         // where its part of the log begins
	exited  chan struct{} // closed when it has ended
}

// spawn starts postgres in a session of its own.
func (r launcher) spawn(bin Binaries, a account, dir string, alive *os.File) (child, error) {
	log, err := r.openLog()
	if err != nil {
		return child{}, err
	}
	defer log.Close()
	info, err := log.Stat()
	if err != nil {
		return child{}, err
	}
	cmd := a.command(context.Background(), filepath.Join(bin.Dir, "postgres"), r.arguments(dir)...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{alive}
	if err := cmd.Start(); err != nil {
		return child{}, fmt.Errorf("start %s as user %s: %w", cmd.Path, a.name, err)
	}
	r.cfg.logger().Debug("started the private PostgreSQL server", "process", cmd.Process.Pid, "folder", r.dir)
	c := child{process: cmd.Process, logFrom: info.Size(), exited: make(chan struct{})}
	go func() { // ends with the server, at the latest with this program
		defer close(c.exited)
		_ = cmd.Wait() // what it had to say is in the log
	}()
	return c, nil
}

// arguments are the settings that the private server depends on; on the command
// line they have precedence over its files.
func (r launcher) arguments(socketDir string) []string {
	args := []string{"-D", r.data,
		"-c", "listen_addresses=",
		"-c", "port=5432",
		"-c", `unix_socket_directories="` + socketDir + `"`,
		"-c", "unix_socket_permissions=0700",
		"-c", "log_destination=stderr",
		"-c", "logging_collector=off",
	}
	if r.cfg.NoSync {
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
	}
	return args
}

// openLog opens the log for appending, putting a long one aside first.
func (r launcher) openLog() (*os.File, error) {
	if info, err := os.Stat(r.log); err == nil && info.Size() > rotateLogAt {
		if err := os.Rename(r.log, r.log+".1"); err != nil {
			return nil, err
		}
	}
	return openLock(r.log)
}

// abandon stops a server that nobody waits for any more, before it has answered.
func (c child) abandon() {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		_ = c.process.Signal(signal) // it may just have ended
		select {
		case <-c.exited:
			return
		case <-time.After(fastStopFor):
		}
	}
}
