package main

import "strings"

// leaks returns what must never be in a log and is: tokens, and the names,
// addresses and words of the people in the stories.
func leaks(logs string) []string {
	var out []string
	for _, secret := range []string{
		botToken, appToken, "xoxb-", "xapp-", "@example.com", "@asymmetric.example", "@elsewhere.example",
		"Nováková", "Ana ", "Oykhman", "Sebastian Gant", "Dana Reyes", "Strong on triage", "12 accounts",
	} {
		if strings.Contains(logs, secret) {
			out = append(out, secret)
		}
	}
	return out
}
