package sqlite

import "sync"

// A pool holds the connections that nobody uses just now. The one that was used
// last is given out first: its statements are prepared, and it has read the
// schema, so the others only cost something while they are needed.
type pool struct {
	free chan struct{} // one for each idle connection

	mu   sync.Mutex
	idle []*conn
}

func newPool(size int) *pool { return &pool{free: make(chan struct{}, size)} }

func (p *pool) size() int { return cap(p.free) }

func (p *pool) put(c *conn) {
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	p.free <- struct{}{}
}

// get waits for a connection.
func (p *pool) get() *conn {
	<-p.free
	return p.pop()
}

// pop returns the connection that a value from free stands for.
func (p *pool) pop() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.idle) - 1
	c := p.idle[last]
	p.idle = p.idle[:last]
	return c
}
