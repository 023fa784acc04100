package sandbox

import (
	"html/template"
	"slices"
	"time"

	"convene/internal/sandbox/fakeslack"
)

type messagesView struct {
	In    string // a conversation's id, or dm
	Topic string
	DM    bool // with the bot
	Days  []messageDay
}

type messageDay struct {
	Name     string
	Messages []messageView
}

type messageView struct {
	ID        string // in the page
	Channel   string
	TS        string
	From      string
	Bot       bool
	At        time.Time
	Time      string
	Edited    bool
	Ephemeral bool
	Reply     bool
	Text      template.HTML // when there are no blocks
	Blocks    []drawing
	Rest      []string // attachments and files, in words
}

func drawMessages(p painter, c fakeslack.Conversation, app fakeslack.App) *messagesView {
	view := &messagesView{In: c.ID, Topic: c.Topic, DM: c.IsIM}
	for _, m := range inThreads(c.Messages) {
		if m.Deleted && m.ReplyCount == 0 {
			continue
		}
		drawn := drawMessage(p, m, app)
		day := tsTime(m.TS).In(p.r.Zone).Format("Monday, 2 January")
		if n := len(view.Days); drawn.Reply && n > 0 {
			day = view.Days[n-1].Name // replies stay below what they answer
		}
		if n := len(view.Days); n == 0 || view.Days[n-1].Name != day {
			view.Days = append(view.Days, messageDay{Name: day})
		}
		last := &view.Days[len(view.Days)-1]
		last.Messages = append(last.Messages, drawn)
	}
	return view
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

func drawMessage(p painter, m fakeslack.Message, app fakeslack.App) messageView {
	p.place = m.Channel + m.TS
	p.r.Values, p.r.Errors = m.Values, nil
	at := tsTime(m.TS).In(p.r.Zone)
	view := messageView{
		ID: "m" + m.TS, Channel: m.Channel, TS: m.TS, From: p.r.User(m.User), Bot: m.User == app.BotUserID, At: at, Time: at.Format("3:04 pm"),
		Edited: m.EditedTS != "", Ephemeral: m.EphemeralTo != "", Reply: m.ThreadTS != "" && m.ThreadTS != m.TS, Blocks: p.blocks(m.Blocks),
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
