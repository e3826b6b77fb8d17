package cli

import (
	"database/sql/driver"
	"errors"
	"io"
	"syscall"

	"github.com/seisbatch/seisbatch/db/pgserver"
)

// advice says what to do about an error that does not say so itself; "" if there is
// nothing to add. full is whether the disk of the private server has no space left,
// so that it may not even have been able to say why it failed.
func advice(err error, full bool) string {
	var server interface{ SQLState() string } // as lib/pq's errors have
	state := ""
	if errors.As(err, &server) {
		state = server.SQLState()
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), state == "53100", full && !errors.Is(err, pgserver.ErrNotFound):
		return "the disk is full: free some space and do it again; what is written is whole"
	case state == "53200", state == "53300":
		return "the database has too little memory or too many connections: end other programs, and do it again"
	case state == "42501", state == "25006":
		return "the user of the database may not write there: use another one, or grant it the right to"
	case state == "57P01", state == "57P02", state == "57P03", errors.Is(err, driver.ErrBadConn), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection to the database broke: see that it runs, and do it again; what is written is whole"
	}
	return ""
}

// tooLittle is how little free space stands for none: PostgreSQL's files grow by
// up to 16 MB at once.
const tooLittle = 16 << 20

// serverDiskFull reports whether the private server, if it is the database in
// force, has no space left.
func (a *app) serverDiskFull() bool {
	if a.settings.values == nil || a.settings.text(keyDB) != "" {
		return false
	}
	free, err := freeSpace(existing(a.settings.text(keyDataDir)))
	return err == nil && free < tooLittle
}

// freeSpace is what a user may still write on the file system of a folder, bytes.
func freeSpace(dir string) (int64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}
