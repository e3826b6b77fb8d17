package job

import (
	"context"
	"fmt"
	"sync"

	"github.com/jmoiron/sqlx"

	"github.com/seisbatch/seisbatch/db"
	"github.com/seisbatch/seisbatch/waveform"
	"github.com/seisbatch/seisbatch/waveform/response"
)

// responses reads instrument responses when they are needed and keeps those used
// last. It may be used concurrently.
type responses struct {
	db       *sqlx.DB
	watch    *Watch
	patience *patience // nil: none

	mu   sync.Mutex
	kept map[[32]byte]*waveform.Response
	ring [][32]byte // in the order of reading
}

// keptResponses bounds the memory: a response is a few kilobytes to a hundred.
const keptResponses = 300

func newResponses(pool *sqlx.DB) *responses {
	return &responses{db: pool, kept: map[[32]byte]*waveform.Response{}}
}

// of gives the response of a channel epoch and its hash; nil if it has none.
func (r *responses) of(ctx context.Context, c *db.Channel) (*waveform.Response, [32]byte, error) {
	hash := responseHash(c)
	r.mu.Lock()
	resp, ok := r.kept[hash]
	r.mu.Unlock()
	if ok {
		return resp, hash, nil
	}
	read := r.watch.clock(opResponse)
	text, err := patiently(ctx, r.patience, func() ([]byte, error) { return db.Response(ctx, r.db, c.ID) })
	read()
	if err != nil {
		return nil, hash, err
	}
	if text != nil {
		if resp, err = response.Decode(text); err != nil {
			return nil, hash, fmt.Errorf("response of channel epoch %d: %w", c.ID, err)
		}
	}
	r.keep(hash, resp)
	return resp, hash, nil
}

func (r *responses) keep(hash [32]byte, resp *waveform.Response) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.kept[hash]; ok {
		return
	}
	if len(r.ring) == keptResponses {
		delete(r.kept, r.ring[0])
		r.ring = r.ring[1:]
	}
	r.kept[hash], r.ring = resp, append(r.ring, hash)
}
