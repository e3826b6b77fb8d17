package cli

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/seisbatch/seisbatch/db/pgserver"
)

// refused is an error of the database with a code.
type refused string

func (r refused) Error() string    { return "pq: " + string(r) }
func (r refused) SQLState() string { return string(r) }

func TestAdviceFitsTheError(t *testing.T) {
	for _, c := range []struct {
		err  error
		full bool
		want string
	}{
		{errors.New("something else"), false, ""},
		{refused("53100"), false, "disk is full"}, // disk_full: PostgreSQL manual, appendix A
		{fmt.Errorf("write x: %w", syscall.ENOSPC), false, "disk is full"},
		{errors.New("the server did not start"), true, "disk is full"},
		{pgserver.ErrNotFound, true, ""},
		{refused("57P01"), false, "connection to the database broke"},
		{refused("42501"), false, "may not write"},
	} {
		got := advice(fmt.Errorf("doing: %w", c.err), c.full)
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}
