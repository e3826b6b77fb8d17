package pgserver_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/seisbatch/seisbatch/db/pgserver"
)

func TestFoundServerIsNewEnoughAndReal(t *testing.T) {
	bin := requireServer(t)
	if bin.Major < pgserver.OldestMajor || bin.Version == "" {
		t.Errorf("%+v", bin)
	}
	for _, name := range []string{"postgres", "initdb"} {
		if info, err := os.Lstat(filepath.Join(bin.Dir, name)); err != nil || !info.Mode().IsRegular() {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

func TestMissingServerSaysHowToInstallIt(t *testing.T) {
	c := pgserver.Config{Dir: filepath.Join(t.TempDir(), "pg"), BinDir: t.TempDir()}
	err := fails(t, c, "apt-get install postgresql", "brew install")
	if !errors.Is(err, pgserver.ErrNotFound) {
		t.Error(err)
	}
}

func TestUnusableServersAreNamedWithTheReason(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"old", "echo 'postgres (PostgreSQL) 13.22'", "has version 13.22"},
		{"broken", "exit 127", "does not run: exit status 127"},
		{"other", "echo CockroachDB", `not a PostgreSQL version: "CockroachDB"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := fakeServer(t, c.script)
			err := fails(t, pgserver.Config{Dir: filepath.Join(t.TempDir(), "pg"), BinDir: dir}, c.want)
			if !errors.Is(err, pgserver.ErrNotFound) {
				t.Error(err)
			}
		})
	}
}

// fakeServer makes a folder with a postgres that answers with a shell script.
func fakeServer(t *testing.T, script string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"postgres", "initdb"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestClusterOfAnotherVersionNamesThePackage(t *testing.T) {
	c := config(t)
	closeShare(t, start(t, c))
	if err := os.WriteFile(filepath.Join(c.Dir, "data", "PG_VERSION"), []byte("99\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	fails(t, c, "version 99, which made this data folder", "postgresql-99")
}
