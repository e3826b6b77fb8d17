package response

import (
	"container/list"
	"sync"

	"github.com/seisbatch/seisbatch/waveform"
)

// Cache keeps the inverses and simulations used last, up to a number of bytes, for
// any number of goroutines. Two that ask for the same one at once share one
// evaluation.
type Cache struct {
	limit int64

	mu      sync.Mutex
	entries map[key]*list.Element // of *entry
	order   *list.List            // the one used last comes first
	bytes   int64
}

type key struct {
	response  [32]byte
	target    [32]byte // of a simulation
	simulated bool
	n         int
	dt        float64
	options   Options
}

type entry struct {
	key     key
	inverse func() (*Inverse, error) // evaluates on the first call
	bytes   int64                    // 0 until evaluated
}

// NewCache makes a cache that keeps at most so many bytes of inverses, 16 a
// sample of trace. Inverses being evaluated or in use are not counted.
func NewCache(bytes int64) *Cache {
	return &Cache{limit: bytes, entries: map[key]*list.Element{}, order: list.New()}
}

// Inverse gives what [NewInverse] makes of r, n, dt and opt, from the cache
// where it is there. hash must be the [Hash] of r; it is asked for because the
// caller has it at hand and making it takes time. Errors are not kept.
func (c *Cache) Inverse(hash [32]byte, r *waveform.Response, n int, dt float64, opt Options) (*Inverse, error) {
	if err := opt.check(n, dt); err != nil {
		return nil, err // a NaN must not become part of a key
	}
	return c.get(key{response: hash, n: n, dt: dt, options: opt}, r, nil)
}

// Simulation gives what [NewSimulation] makes of from, to, n, dt and opt, from the
// cache where it is there. The hashes must be the [Hash] of from and of to. Errors
// are not kept.
func (c *Cache) Simulation(fromHash [32]byte, from *waveform.Response, toHash [32]byte, to *waveform.Response, n int, dt float64, opt Options) (*Simulation, error) {
	if err := opt.check(n, dt); err != nil {
		return nil, err
	}
	inv, err := c.get(key{fromHash, toHash, true, n, dt, opt}, from, to)
	return (*Simulation)(inv), err
}

// evaluate makes what k stands for.
func (k key) evaluate(from, to *waveform.Response) (*Inverse, error) {
	if !k.simulated {
		return NewInverse(from, k.n, k.dt, k.options)
	}
	s, err := NewSimulation(from, to, k.n, k.dt, k.options)
	return (*Inverse)(s), err
}

func (c *Cache) get(k key, from, to *waveform.Response) (*Inverse, error) {
	e := c.entry(k, from, to)
	inv, err := e.inverse()
	if err != nil {
		c.forget(e)
		return nil, err
	}
	c.account(e, inv)
	return inv, nil
}

// entry finds or adds the entry of k and moves it to the front.
func (c *Cache) entry(k key, from, to *waveform.Response) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.entries[k]; ok {
		c.order.MoveToFront(el)
		return el.Value.(*entry)
	}
	e := &entry{key: k}
	e.inverse = sync.OnceValues(func() (*Inverse, error) { return e.key.evaluate(from, to) })
	c.entries[k] = c.order.PushFront(e)
	return e
}

// account counts the bytes of an entry once, and drops what was unused for
// longest until the limit holds: this entry itself, if it alone is too large.
func (c *Cache) account(e *entry, inv *Inverse) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.entries[e.key]; !ok || el.Value != e || e.bytes > 0 {
		return
	}
	e.bytes = inv.size()
	c.bytes += e.bytes
	for el := c.order.Back(); el != nil && c.bytes > c.limit; {
		previous := el.Prev()
		if el.Value.(*entry).bytes > 0 {
			c.drop(el)
		}
		el = previous
	}
}

func (c *Cache) forget(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.entries[e.key]; ok && el.Value == e {
		c.drop(el)
	}
}

func (c *Cache) drop(el *list.Element) {
	e := c.order.Remove(el).(*entry)
	delete(c.entries, e.key)
	c.bytes -= e.bytes
}
