package fakeslack

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/coder/websocket"
)

// conn is one Socket Mode connection. https://docs.slack.dev/apis/events-api/using-socket-mode
type conn struct {
	id     int
	ws     *websocket.Conn
	appID  string
	out    chan []byte // frames to write, in order
	ctx    context.Context
	cancel context.CancelFunc
	opened time.Time

	// Guarded by Server.mu.
	draining  bool // a disconnect frame was sent: nothing more is dealt to it
	silent    bool
	gone      bool
	delivered int
	acked     int
	pongs     int
}

// Connection describes an open Socket Mode connection.
type Connection struct {
	ID        int       `json:"id"`
	Opened    time.Time `json:"opened"`
	Draining  bool      `json:"draining,omitempty"`
	Silent    bool      `json:"silent,omitempty"`
	Delivered int       `json:"delivered"`
	Acked     int       `json:"acked"`
	Pongs     int       `json:"pongs"`
}

// serveSocket is the address that apps.connections.open handed out. It works once.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	if f := s.takeFault("socket", args{}); !f.before(r.Context(), s.timers) {
		hangUp(w)
		return
	} else if f.HTTPStatus != 0 {
		http.Error(w, http.StatusText(f.HTTPStatus), f.HTTPStatus)
		return
	}
	s.mu.Lock()
	appID, ok := s.tickets[ticket]
	ok = ok && !s.closed
	delete(s.tickets, ticket)
	s.mu.Unlock()
	if !ok {
		http.Error(w, "this address was used before, or never given", http.StatusForbidden)
		return
	}
	// Clients send Origin: https://api.slack.com, which is not this host.
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return // Accept has answered
	}
	ws.SetReadLimit(1 << 20)
	ctx, cancel := context.WithCancel(context.Background())
	c := &conn{ws: ws, appID: appID, out: make(chan []byte, 1024), ctx: ctx, cancel: cancel, opened: s.timers.now()}
	s.serveConn(c)
}

// serveConn lives as long as the connection.
func (s *Server) serveConn(c *conn) {
	if !s.join(c) {
		c.cancel()
		return
	}
	defer s.leave(c)
	go c.write()
	go s.ping(c)
	for {
		kind, data, err := c.ws.Read(c.ctx)
		if err != nil {
			return
		}
		s.mu.Lock()
		if kind != websocket.MessageText {
			s.violate("bad_frame", "", "a binary frame")
		} else if !c.silent {
			s.acknowledge(c, data)
		}
		s.mu.Unlock()
	}
}

// join counts a connection in and greets it, or turns it away when the app has too many.
func (s *Server) join(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = c.ws.CloseNow()
		return false
	}
	if len(s.conns) >= s.limits.Connections {
		frame := mustJSON(Block{"type": "disconnect", "reason": "too_many_websockets", "debug_info": Block{"host": "fakeslack"}})
		go func() {
			_ = c.ws.Write(context.Background(), websocket.MessageText, frame)
			_ = c.ws.Close(websocket.StatusNormalClosure, "")
		}()
		return false
	}
	s.nextID["conn"]++
	c.id = s.nextID["conn"]
	s.conns = append(s.conns, c)
	c.send(Block{"type": "hello", "num_connections": len(s.conns), "connection_info": Block{"app_id": c.appID},
		"debug_info": Block{"host": "fakeslack", "started": s.now().UTC().Format("2006-01-02 15:04:05.000"), "build_number": 1,
			"approximate_connection_time": 18060}})
	s.bump()
	return true
}

func (s *Server) leave(c *conn) {
	c.drop()
	s.mu.Lock()
	defer s.mu.Unlock()
	c.gone = true
	s.conns = slices.DeleteFunc(s.conns, func(x *conn) bool { return x == c })
	s.bump()
}

// drop ends a connection abruptly.
func (c *conn) drop() {
	c.cancel()
	_ = c.ws.CloseNow()
}

// send queues a frame. The caller holds Server.mu. A client that reads nothing loses its connection.
func (c *conn) send(frame Block) {
	if c.silent {
		return
	}
	select {
	case c.out <- mustJSON(frame):
	default:
		go c.drop()
	}
}

func (c *conn) write() {
	for {
		select {
		case frame := <-c.out:
			if c.ws.Write(c.ctx, websocket.MessageText, frame) != nil {
				c.drop()
				return
			}
		case <-c.ctx.Done():
			return
		}
	}
}

// ping pings the client now and then every few seconds, always in real time: clients watch for it.
func (s *Server) ping(c *conn) {
	tick := time.NewTicker(s.opts.PingInterval)
	defer tick.Stop()
	for {
		s.mu.Lock()
		silent := c.silent
		s.mu.Unlock()
		if !silent {
			ctx, cancel := context.WithTimeout(c.ctx, s.opts.PingInterval)
			err := c.ws.Ping(ctx)
			cancel()
			if err == nil {
				s.mu.Lock()
				c.pongs++
				s.mu.Unlock()
			}
		}
		select {
		case <-tick.C:
		case <-c.ctx.Done():
			return
		}
	}
}

// Connections lists the open connections, oldest first.
func (s *Server) Connections() []Connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Connection
	for _, c := range s.conns {
		out = append(out, Connection{ID: c.id, Opened: c.opened, Draining: c.draining, Silent: c.silent, Delivered: c.delivered,
			Acked: c.acked, Pongs: c.pongs})
	}
	return out
}

// pickConns are the connections that an id means: 0 is all of them.
func (s *Server) pickConns(id int) []*conn {
	var out []*conn
	for _, c := range s.conns {
		if id == 0 || c.id == id {
			out = append(out, c)
		}
	}
	return out
}

// SendDisconnect sends a disconnect frame to a connection (0: to all). The reason is "warning", "refresh_requested" or
// "link_disabled". The server ends the connection 10 s later when the client has not.
func (s *Server) SendDisconnect(id int, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.pickConns(id) {
		c.send(Block{"type": "disconnect", "reason": reason, "debug_info": Block{"host": "fakeslack"}})
		c.draining = reason != "warning"
		s.timers.after(10*time.Second, c.drop)
	}
}

// DropConnection ends a connection (0: all) without a word.
func (s *Server) DropConnection(id int) {
	s.mu.Lock()
	conns := s.pickConns(id)
	for _, c := range conns {
		c.draining = true
	}
	s.mu.Unlock()
	for _, c := range conns {
		c.drop()
	}
}

// Silence makes a connection (0: all) a dead link that stays open: no pings, no frames, and acks are lost. Payloads are
// still dealt to it. on=false wakes it up.
func (s *Server) Silence(id int, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.pickConns(id) {
		c.silent = on
	}
}

func mustJSON(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("fakeslack: " + err.Error()) // only decoded JSON and our own types come here
	}
	return raw
}
