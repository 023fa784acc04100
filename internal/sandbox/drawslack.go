package sandbox

import (
	"bytes"
	"html/template"
	"slices"
	"time"

	"convene/internal/sandbox/fakeslack"
)

type messagesView struct {
	In     string // a conversation's id, or dm
	Topic  string
	DM     bool // with the bot
	Days   []messageDay
	Thread *threadView // what the message box answers; nil: nothing
}

type messageDay struct {
	Name     string
	Messages []drawnMessage
}

type drawnMessage struct {
	ID   string
	HTML template.HTML
	from string
}

// threadView is the message that the message box answers.
type threadView struct{ TS, From, Leave string }

type messageView struct {
	ID        string // in the page
	Channel   string
	TS        string
	From      string
	Initial   string // of From
	Tint      int    // 0 to 5, the colour of their picture
	Bot       bool
	At        time.Time
	Time      string
	Edited    bool
	Ephemeral bool
	Reply     bool
	Answer    string        // the address at which the message box answers it; "" where one can't
	Text      template.HTML // when there are no blocks
	Blocks    []drawing
	Rest      []string // attachments and files, in words
}

func (s *Sandbox) drawMessages(p painter, c fakeslack.Conversation, app fakeslack.App) (*messagesView, error) {
	view := &messagesView{In: c.ID, Topic: c.Topic, DM: c.IsIM}
	at := c.ID
	if c.Partner == s.company.Bot {
		at = "dm"
	}
	for _, m := range inThreads(c.Messages) {
		if m.Deleted && m.ReplyCount == 0 {
			continue
		}
		drawn := drawMessage(p, m, app)
		if !drawn.Ephemeral && !drawn.Reply && !m.Deleted {
			drawn.Answer = address(p.viewer, at, "thread", m.TS)
		}
		html, err := s.drawOnce(drawn)
		if err != nil {
			return nil, err
		}
		day := drawn.At.Format("Monday, 2 January")
		if n := len(view.Days); drawn.Reply && n > 0 {
			day = view.Days[n-1].Name // replies stay below what they answer
		}
		if n := len(view.Days); n == 0 || view.Days[n-1].Name != day {
			view.Days = append(view.Days, messageDay{Name: day})
		}
		last := &view.Days[len(view.Days)-1]
		last.Messages = append(last.Messages, drawnMessage{drawn.ID, html, drawn.From})
	}
	return view, nil
}

func (s *Sandbox) drawOnce(m messageView) (template.HTML, error) {
	var html bytes.Buffer
	if err := s.pages.templates.ExecuteTemplate(&html, "message", m); err != nil {
		return "", err
	}
	return template.HTML(html.String()), nil // the template escaped it
}

// answer makes the message box answer a message, if it is there.
func (v *messagesView) answer(ts, viewer, at string) {
	for _, day := range v.Days {
		for _, m := range day.Messages {
			if ts != "" && m.ID == "m"+ts {
				v.Thread = &threadView{TS: ts, From: m.from, Leave: address(viewer, at)}
			}
		}
	}
}

// inThreads puts replies below the message that they answer.
func inThreads(messages []fakeslack.Message) []fakeslack.Message {
	out := slices.Clone(messages)
	parent := func(m fakeslack.Message) string {
		if m.ThreadTS != "" {
			return m.ThreadTS
		}
		return m.TS
	}
	slices.SortStableFunc(out, func(a, b fakeslack.Message) int {
		switch pa, pb := parent(a), parent(b); {
		case pa < pb:
			return -1
		case pa > pb:
			return 1
		}
		return 0
	})
	return out
}

// tints is how many colours the pictures of people have.
const tints = 6

func drawMessage(p painter, m fakeslack.Message, app fakeslack.App) messageView {
	p.place = m.Channel + m.TS
	p.r.Values, p.r.Errors = m.Values, nil
	at := tsTime(m.TS).In(p.r.Zone)
	view := messageView{
		ID: "m" + m.TS, Channel: m.Channel, TS: m.TS, From: p.r.User(m.User), Bot: m.User == app.BotUserID, At: at, Time: at.Format("3:04 pm"),
		Edited: m.EditedTS != "", Ephemeral: m.EphemeralTo != "", Reply: m.ThreadTS != "" && m.ThreadTS != m.TS, Blocks: p.blocks(m.Blocks),
	}
	for _, r := range view.From {
		view.Initial = string(r)
		break
	}
	for _, r := range m.User {
		view.Tint = (view.Tint + int(r)) % tints
	}
	if len(m.Blocks) == 0 {
		view.Text = p.mrkdwn(m.Text)
	}
	rest := m
	rest.Blocks, rest.Text = nil, ""
	view.Rest = p.r.Message(rest)
	return view
}

type homeView struct {
	ID     string // "" while nothing was published
	Blocks []drawing
}

func drawHome(p painter, v fakeslack.View) *homeView {
	p.place = v.ID
	p.r.Values, p.r.Errors = v.Values, v.Errors
	return &homeView{ID: v.ID, Blocks: p.blocks(v.Blocks)}
}

type modalView struct {
	ID     string
	Title  string
	Submit string
	Close  string
	Notice string
	Depth  int // how many are open, this one included
	Blocks []drawing
}

func drawModal(p painter, v fakeslack.View, depth int) *modalView {
	p.place = v.ID
	p.r.Values, p.r.Errors = v.Values, v.Errors
	view := &modalView{ID: v.ID, Title: p.r.Text(v.Title), Submit: p.r.Text(v.Submit), Close: p.r.Text(v.Close), Notice: v.Notice, Depth: depth, Blocks: p.blocks(v.Blocks)}
	if view.Close == "" {
		view.Close = "Cancel"
	}
	return view
}
