package xmlwalk

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ValueError is unusable content in a well-formed document: whoever owns the
// element decides what to leave out, and reading goes on after it.
type ValueError struct {
	At      Place
	Message string
}

func (e *ValueError) Error() string { return e.Message }

// Bad is a [*ValueError] at the present position.
func (c *Cursor) Bad(format string, args ...any) error {
	return &ValueError{c.Here(), fmt.Sprintf(format, args...)}
}

// Resume takes a ValueError and skips to where no more than depth elements are
// open; any other error is handed back. Both results are nil for no error.
func (c *Cursor) Resume(depth int, err error) (*ValueError, error) {
	var v *ValueError
	if err == nil || !errors.As(err, &v) {
		return nil, err
	}
	return v, c.Leave(depth)
}

// Quote shortens what a file says to what a message can carry.
func Quote(s string) string {
	const most = 40
	if r := []rune(s[:min(len(s), 4*most)]); len(r) > most {
		s = string(r[:most]) + "..."
	}
	return strconv.Quote(s)
}

// OrdinaryTime respells a time for [ParseTime]: with a T for a blank, and without
// second 60, the first of the next minute, and hour 24, the start of the next
// day, which time.Time does not have. For these two it gives the second or the
// day before, and as carry what leads on from there; else carry is 0.
func OrdinaryTime(s string) (ordinary string, carry time.Duration) {
	s = strings.Replace(s, " ", "T", 1)
	if len(s) >= 19 && s[16:19] == ":60" {
		return s[:17] + "59" + s[19:], time.Second
	}
	if len(s) >= 19 && s[10:19] == "T24:00:00" {
		return s[:10] + "T00:00:00" + s[19:], 24 * time.Hour
	}
	return s, 0
}

// ParseTime reads an ordinary time: UTC where no zone is given, any number of
// decimals, and leniently also a date alone. The years are 1 to 9999: what lies
// outside of them in UTC is not ok, since no database and no JSON takes it.
func ParseTime(s string) (t time.Time, ok bool) {
	for _, layout := range [...]string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			t = t.UTC()
			return t, t.Year() >= 1 && t.Year() <= 9999
		}
	}
	return time.Time{}, false
}
