package pgserver

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// OldestMajor is the oldest PostgreSQL version that is used.
const OldestMajor = 14

// ErrNotFound is matched by the error of a search that found no usable server.
var ErrNotFound = errors.New("no PostgreSQL server found")

// Binaries is a folder with a server of PostgreSQL that runs.
type Binaries struct {
	Dir     string // symbolic links resolved
	Major   int    // 15
	Version string // 15.14
}

// FindBinaries looks for postgres and initdb in the folders of PATH, where
// pg_config --bindir points, and in the usual folders of distributions, newest
// first. The first folder whose postgres runs and is new enough is returned. The
// error matches [ErrNotFound] and says what to install.
func FindBinaries(ctx context.Context) (Binaries, error) {
	return findBinaries(ctx, "", 0)
}

// findBinaries looks in dir only, if that is given, and for one major version
// only, if major is not 0.
func findBinaries(ctx context.Context, dir string, major int) (Binaries, error) {
	dirs := candidateDirs(ctx)
	if dir != "" {
		dirs = slices.Values([]string{dir})
	}
	var rejected []string
	for d := range dirs {
		b, err := examine(ctx, d)
		switch {
		case errors.Is(err, os.ErrNotExist):
			continue
		case err != nil:
			rejected = append(rejected, err.Error())
		case b.Major < OldestMajor, major != 0 && b.Major != major:
			rejected = append(rejected, fmt.Sprintf("%s has version %s", b.Dir, b.Version))
		default:
			return b, nil
		}
	}
	return Binaries{}, notFound(dir, major, rejected)
}

// notFound says what was wanted, what was seen instead, and what to do.
func notFound(dir string, major int, rejected []string) error {
	wanted := fmt.Sprintf("version %d or newer", OldestMajor)
	pkg := "postgresql"
	if major != 0 {
		wanted = fmt.Sprintf("version %d, which made this data folder", major)
		pkg = fmt.Sprintf("postgresql-%d", major)
	}
	where := ""
	if dir != "" {
		where = fmt.Sprintf(" in %q", dir)
	}
	seen := ""
	if len(rejected) > 0 {
		seen = "; " + strings.Join(rejected, "; ")
	}
	return fmt.Errorf("%w%s (%s)%s: install it, for example\n"+
		"  Debian, Ubuntu:  apt-get install %s\n"+
		"  Fedora, RHEL:    dnf install postgresql-server\n"+
		"  macOS:           brew install postgresql\n"+
		"or name a database of your own with --db",
		ErrNotFound, where, wanted, seen, pkg)
}

// candidateDirs yields folders that may hold a server, best first, each once.
func candidateDirs(ctx context.Context) iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := map[string]bool{}
		offer := func(dirs []string) bool {
			for _, d := range dirs {
				if filepath.IsAbs(d) && !seen[d] {
					seen[d] = true
					if !yield(d) {
						return false
					}
				}
			}
			return true
		}
		_ = offer(filepath.SplitList(os.Getenv("PATH"))) && offer(configuredDir(ctx)) && offer(distributionDirs())
	}
}

// configuredDir is where pg_config, if installed, says that programs are.
func configuredDir(ctx context.Context) []string {
	out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output()
	if err != nil {
		return nil
	}
	return []string{strings.TrimSpace(string(out))}
}

// distributionDirs lists the folders that packagers use, newest version first.
func distributionDirs() []string {
	var dirs []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",                               // Debian, Ubuntu
		"/usr/pgsql-*/bin",                                        // PGDG on Fedora, RHEL
		"/usr/lib/postgresql*/bin",                                // SUSE
		"/usr/lib64/postgresql-*/bin",                             // Gentoo
		"/usr/libexec/postgresql*",                                // Alpine
		"/opt/homebrew/opt/postgresql*/bin",                       // Homebrew, Apple silicon
		"/usr/local/opt/postgresql*/bin",                          // Homebrew, Intel
		"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",          // Homebrew, Linux
		"/opt/local/lib/postgresql*/bin",                          // MacPorts
		"/Applications/Postgres.app/Contents/Versions/[0-9]*/bin", // Postgres.app
		"/usr/local/pgsql/bin",                                    // built from source
		"/usr/local/bin", "/usr/bin",                              // FreeBSD; Fedora, Arch
	} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			continue
		}
		slices.SortStableFunc(found, func(a, b string) int { return numberIn(b) - numberIn(a) })
		dirs = append(dirs, found...)
	}
	return dirs
}

// numberIn is the first number in a folder's path, 0 if it has none.
func numberIn(dir string) int {
	n, err := strconv.Atoi(regexp.MustCompile(`\d+`).FindString(dir))
	if err != nil {
		return 0
	}
	return n
}

// examine asks the postgres in dir for its version. The error matches
// [os.ErrNotExist] if dir holds no server.
func examine(ctx context.Context, dir string) (Binaries, error) {
	postgres, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
	if err != nil {
		return Binaries{}, err
	}
	home := filepath.Dir(postgres)
	if _, err := os.Stat(filepath.Join(home, "initdb")); err != nil {
		return Binaries{}, err
	}
	out, err := exec.CommandContext(ctx, postgres, "--version").Output()
	if err != nil {
		return Binaries{}, fmt.Errorf("%s does not run: %w", postgres, err)
	}
	major, version, err := parseVersion(string(out))
	if err != nil {
		return Binaries{}, fmt.Errorf("%s: %w", postgres, err)
	}
	return Binaries{Dir: home, Major: major, Version: version}, nil
}

// parseVersion reads the answer to postgres --version, as in
// "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)" or "... 18beta1".
func parseVersion(answer string) (major int, version string, err error) {
	m := regexp.MustCompile(`\(PostgreSQL\) ((\d+)\S*)`).FindStringSubmatch(answer)
	if m == nil {
		return 0, "", fmt.Errorf("not a PostgreSQL version: %q", strings.TrimSpace(answer))
	}
	major, err = strconv.Atoi(m[2])
	return major, m[1], err
}
