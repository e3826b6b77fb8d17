// Package pgserver keeps a private PostgreSQL server in one folder: it makes the
// cluster, starts it, shares it between the programs that use it, and stops it
// when the last one is done.
//
// The server is reached through a Unix socket only, in a folder that nobody but
// its owner may enter; that folder is the access control, so the cluster trusts
// who connects. Everything is below [Config.Dir]:
//
//	data/         the cluster, mode 0700, owned by the account that runs the server
//	socket/       the socket's folder, mode 0700; elsewhere if the path is too long
//	server.log    what the server and initdb said; server.log.1 is the one before
//	start.lock    held exclusively while a program starts or stops the server
//	use.lock      held shared by each program that uses the server
//	server.lock   held by the server's own processes as long as one is alive
//	kept          names the server that [StartKept] asked to keep
//
// All locks are flock(2) locks, so that they vanish with their holders. The third
// is inherited by the server: it says whether any process of it lives, where a
// process number in postmaster.pid may belong to somebody else by now. The folder
// belongs on a local disk, since one server on one machine serves it.
//
// Every function may be called concurrently, by goroutines and by processes.
package pgserver

import (
	"log/slog"
	"path/filepath"
)

const (
	// Role is the superuser of every private cluster.
	Role = "seisbatch"
	// Database is made with the cluster; its encoding is UTF8, its locale C.
	Database = "seisbatch"

	port = 5432 // part of the socket's name; nothing listens on the network
)

// Config says where the server lives and how it is run.
type Config struct {
	// Dir is the server's folder, made if absent. Required. See [DefaultDir].
	Dir string
	// RuntimeDir is where the socket's folder goes if Dir's path is too long for a
	// socket (about 100 bytes). Default /tmp.
	RuntimeDir string
	// BinDir is the folder of postgres and initdb. Default: searched, see [FindBinaries].
	BinDir string
	// NoSync gives up durability for speed: a crash of the machine may destroy the
	// cluster. For tests only. Default false.
	NoSync bool
	// Log is told each step. Default: none.
	Log *slog.Logger
}

// DefaultDir is the folder for a user: /var/lib/seisbatch for root, whose home is
// closed to the account that runs the server, else seisbatch below xdgDataHome
// (used if absolute) or below ~/.local/share. It is "" if home is needed and "".
func DefaultDir(uid int, home, xdgDataHome string) string {
	switch {
	case uid == 0:
		return "/var/lib/seisbatch"
	case filepath.IsAbs(xdgDataHome):
		return filepath.Join(xdgDataHome, "seisbatch")
	case home == "":
		return ""
	}
	return filepath.Join(home, ".local", "share", "seisbatch")
}

func (c Config) logger() *slog.Logger {
	if c.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return c.Log
}
