package mseed

import (
	"errors"
	"fmt"
	"io"
)

// Reader reads records from a stream. Its buffer is about twice the longest
// record, two megabytes at most. It is not for concurrent use.
type Reader struct {
	src    io.Reader
	buf    []byte // read and not yet done with: buf[from:]
	from   int
	base   int64 // offset in the stream of buf[from]
	eof    bool
	failed error // of src, final
	scan   scanner
	record Record
}

const (
	firstBuffer = 32 << 10
	maxReads    = 100 // that bring neither bytes nor an error
)

// NewReader starts reading at a record, or before one, of src.
func NewReader(src io.Reader) *Reader { return &Reader{src: src} }

// Next gives the next record, in the order of the stream. The record and its
// payload are valid until the next call. At the end, the error is io.EOF.
//
// A bad stretch is a [*BadRecordError], after which Next goes on with the next good
// record. Any other error is one of the stream, and final.
func (r *Reader) Next() (*Record, error) {
	for {
		rest := r.buf[r.from:]
		if r.eof && len(rest) == 0 && !r.scan.skipping {
			return nil, io.EOF
		}
		n, v := r.scan.step(&r.record, rest, r.base, r.eof)
		r.from += n
		r.base += int64(n)
		switch v {
		case found:
			return &r.record, nil
		case faulty:
			bad := r.scan.bad
			return nil, &bad
		case needMore:
			if err := r.fill(); err != nil {
				return nil, err
			}
		}
	}
}

// fill reads at least one byte more, or notes the end of the stream.
func (r *Reader) fill() error {
	if r.failed != nil {
		return r.failed
	}
	r.makeRoom()
	for range maxReads {
		n, err := r.src.Read(r.buf[len(r.buf):cap(r.buf)])
		if n < 0 || n > cap(r.buf)-len(r.buf) {
			return r.fail(errors.New("impossible count from Read"))
		}
		r.buf = r.buf[:len(r.buf)+n]
		switch {
		case err == io.EOF:
			r.eof = true
			return nil
		case n > 0:
			return nil // an error that came with bytes comes again without
		case err != nil:
			return r.fail(err)
		}
	}
	return r.fail(io.ErrNoProgress)
}

func (r *Reader) fail(err error) error {
	r.failed = fmt.Errorf("mseed: reading at byte %d: %w", r.base, err)
	return r.failed
}

// makeRoom makes room behind the bytes not yet done with: by moving them down,
// if they fill no more than half, else in a buffer of twice the size. Thus what is copied
// stays in proportion to what is read.
func (r *Reader) makeRoom() {
	if len(r.buf) < cap(r.buf) {
		return
	}
	rest := r.buf[r.from:]
	if len(rest) <= cap(r.buf)/2 && r.buf != nil {
		r.buf = append(r.buf[:0], rest...)
	} else {
		r.buf = append(make([]byte, 0, max(firstBuffer, 2*cap(r.buf))), rest...)
	}
	r.from = 0
}
