package dbtest

import (
	"bytes"
	"io"
	"net"
	"path/filepath"
	"sync"
	"testing"

	"github.com/lib/pq"
)

// Proxy stands between a program and the test's server, on a port of its own, and loses
// connections when it is told to.
type Proxy struct {
	DSN  string // through the proxy
	Lost func() // told that the answer of LoseCommit is lost; set it before

	socket   string
	listener net.Listener

	mu      sync.Mutex
	pairs   map[*pair]bool
	refuses bool
	commits int // until the one whose answer is lost; 0 is none
}

// pair is a connection of the program and its own to the server.
type pair struct {
	client, server net.Conn
	lose           bool // what the server says next is lost, and with it the connection
}

// NewProxy puts a proxy before the database of a DSN, until the test ends.
func NewProxy(t testing.TB, dsn string) *Proxy {
	t.Helper()
	cfg, err := pq.NewConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: listener, pairs: map[*pair]bool{}, socket: filepath.Join(cfg.Host, ".s.PGSQL.5432"),
		DSN: "host=127.0.0.1 port=" + port + " user=" + cfg.User + " dbname=" + cfg.Database + " sslmode=disable"}
	var done sync.WaitGroup
	done.Go(func() { p.accept(&done) })
	t.Cleanup(func() {
		listener.Close()
		p.Cut()
		done.Wait()
	})
	return p
}

func (p *Proxy) accept(done *sync.WaitGroup) {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", p.socket)
		if err != nil {
			client.Close()
			continue
		}
		c := &pair{client: client, server: server}
		p.mu.Lock()
		if p.refuses {
			client.Close()
			server.Close()
		} else {
			p.pairs[c] = true
		}
		p.mu.Unlock()
		done.Go(func() { p.up(c) })
		done.Go(func() { p.down(c) })
	}
}

// Cut ends all connections. New ones are taken.
func (p *Proxy) Cut() { p.end(func(c *pair) { c.client.Close(); c.server.Close() }) }

// Abandon ends all connections of the program, of which the server learns nothing until
// the test ends.
func (p *Proxy) Abandon(t testing.TB) {
	p.end(func(c *pair) {
		t.Cleanup(func() { c.server.Close() })
		c.client.Close()
	})
}

func (p *Proxy) end(one func(*pair)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.pairs {
		delete(p.pairs, c)
		one(c)
	}
}

// Refuse says whether new connections are ended at once.
func (p *Proxy) Refuse(refuse bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuses = refuse
}

// LoseCommit has the server do the nth commit from now on, and loses its answer with the
// connection.
func (p *Proxy) LoseCommit(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.commits = n
}

// up carries what the program says, a request at a time.
func (p *Proxy) up(c *pair) {
	buf := make([]byte, 1<<16)
	for {
		n, err := c.client.Read(buf)
		if err == nil {
			p.mu.Lock()
			if p.commits > 0 && bytes.Contains(buf[:n], []byte("COMMIT\x00")) {
				p.commits--
				c.lose = p.commits == 0
			}
			p.mu.Unlock()
			_, err = c.server.Write(buf[:n])
		}
		if err != nil {
			p.drop(c)
			return
		}
	}
}

// down carries what the server says.
func (p *Proxy) down(c *pair) {
	buf := make([]byte, 1<<16)
	for {
		n, err := c.server.Read(buf)
		p.mu.Lock()
		lose := c.lose
		p.mu.Unlock()
		if err == nil && !lose {
			_, err = c.client.Write(buf[:n])
		}
		if lose && p.Lost != nil {
			p.Lost()
		}
		if err != nil && err != io.EOF || lose || n == 0 {
			p.drop(c)
			return
		}
	}
}

// drop ends a pair, unless it was taken from the proxy before.
func (p *Proxy) drop(c *pair) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pairs[c] {
		delete(p.pairs, c)
		c.client.Close()
		c.server.Close()
	}
}
