package job

import (
	"context"
	"errors"
	"io/fs"
	"sync/atomic"

	"github.com/seisbatch/seisbatch/mtp"
)

// vainRereads is after how many files that could not be read however often, one after
// another, a run takes each at its first word: then it is no passing trouble, and waiting
// would only keep the other items.
const vainRereads = 20

// rereads reads again what could not be read, after a short pause. All workers share it;
// nil reads once.
type rereads struct {
	again mtp.Backoff
	vain  atomic.Int64 // in a row
}

// newRereads gives nil if b allows one attempt only, or does not say how many.
func newRereads(b mtp.Backoff) *rereads {
	if b.Attempts < 2 {
		return nil
	}
	return &rereads{again: b}
}

// do calls read, and again where the system refuses a file.
func (r *rereads) do(ctx context.Context, hook Hook, read func() error) error {
	err := read()
	if r == nil || !errors.As(err, new(*fs.PathError)) || ctx.Err() != nil || r.vain.Load() >= vainRereads {
		return err
	}
	first := true
	_, failed := mtp.Retry(func(context.Context, struct{}) (struct{}, error) {
		if !first { // the first is what was called already
			hook.at("run:read-again")
			err = read()
		}
		first = false
		return struct{}{}, mtp.Transient(err)
	}, r.again)(ctx, struct{}{})
	if failed == nil {
		r.vain.Store(0)
	} else {
		r.vain.Add(1)
	}
	return err // without the count of attempts: the message is kept, and compared
}
