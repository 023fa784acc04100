package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"convene/internal/sandbox/fakeslack"
)

// reply person words text: an answer in the thread of their newest message from
// the bot that has the words. It shows what the bot says to it.
func (s *story) replyCmd(args []string) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	list := s.slack.DM(who)
	for _, m := range slices.Backward(list) {
		if (m.ThreadTS == "" || m.ThreadTS == m.TS) && strings.Contains(s.slack.MessageText(who, m), args[1]) {
			return s.answered(who, func(ctx context.Context) (fakeslack.Result, error) {
				return s.slack.Say(ctx, who, "", args[2], m.TS)
			})
		}
	}
	return "", fmt.Errorf("no message with %q:\n%s", args[1], s.texts(who, list))
}

// reword person words text: they edit their newest message that has the words.
func (s *story) rewordCmd(args []string) (string, error) {
	return s.ownMessage(args, func(ctx context.Context, m fakeslack.Message) (fakeslack.Result, error) {
		return s.slack.Edit(ctx, m.User, m.Channel, m.TS, args[2])
	})
}

// unsay person words: they delete their newest message that has the words.
func (s *story) unsayCmd(args []string) (string, error) {
	return s.ownMessage(args, func(ctx context.Context, m fakeslack.Message) (fakeslack.Result, error) {
		return s.slack.Delete(ctx, m.User, m.Channel, m.TS)
	})
}

func (s *story) ownMessage(args []string, do func(context.Context, fakeslack.Message) (fakeslack.Result, error)) (string, error) {
	who, err := person(args[0])
	if err != nil {
		return "", err
	}
	for _, m := range slices.Backward(s.slack.DM(who)) {
		if m.User == who && strings.Contains(s.slack.MessageText(who, m), args[1]) {
			return s.answered(who, func(ctx context.Context) (fakeslack.Result, error) { return do(ctx, m) })
		}
	}
	return "", fmt.Errorf("%s wrote nothing with %q", args[0], args[1])
}

// answered does something in a thread and returns what the bot answered there.
func (s *story) answered(who string, do func(context.Context) (fakeslack.Result, error)) (string, error) {
	known := map[string]bool{}
	for _, m := range s.slack.DM(who) {
		known[m.TS] = true
	}
	r, err := do(context.Background())
	if err != nil {
		return "", err
	}
	if err := s.settle(); err != nil {
		return "", err
	}
	out := r.Failure
	for _, m := range s.slack.DM(who) {
		if !known[m.TS] && m.BotID != "" {
			out += s.slack.MessageText(who, m) + "\n"
		}
	}
	return out, nil
}
