package fakeslack

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// args are the arguments of one Web API call, whether they came as a form or as JSON. In a form, blocks and other
// structures are JSON in strings; Slack takes that in a JSON body too.
type args map[string]any

// readArgs reads a request's body and query. Errors are Slack's codes for bodies that it cannot read.
func readArgs(r *http.Request) (args, *apiError) {
	out := args{}
	for k, v := range r.URL.Query() {
		out[k] = v[0]
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 8<<20))
	if err != nil {
		return nil, fail("request_timeout")
	}
	if len(body) == 0 {
		return out, nil
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		var m map[string]any
		if err := json.Unmarshal(body, &m); err != nil {
			return nil, fail("invalid_json")
		}
		delete(m, "token") // with JSON the token travels in the header only
		for k, v := range m {
			out[k] = v
		}
	case "application/x-www-form-urlencoded", "":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, fail("invalid_form_data")
		}
		for k, v := range form {
			out[k] = v[0]
		}
	default:
		return nil, fail("invalid_post_type")
	}
	return out, nil
}

func (a args) has(name string) bool { v, ok := a[name]; return ok && v != nil }

func (a args) str(name string) string {
	switch v := a[name].(type) {
	case string:
		return v
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

func (a args) flag(name string) bool {
	s := a.str(name)
	return s == "1" || strings.EqualFold(s, "true")
}

// num reads a number; without it, or when it is none, it gives def.
func (a args) num(name string, def int) int {
	n, err := strconv.Atoi(a.str(name))
	if err != nil {
		return def
	}
	return n
}

// list reads an array, or Slack's comma-separated form of one.
func (a args) list(name string) []string {
	var out []string
	if items, ok := a[name].([]any); ok {
		for _, item := range items {
			out = append(out, fmt.Sprint(item))
		}
		return out
	}
	for part := range strings.SplitSeq(a.str(name), ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// json reads a structure, out of its string where it is in one. given is false when the argument is absent.
func (a args) json(name string) (v any, given, ok bool) {
	v, given = a[name]
	if !given {
		return nil, false, true
	}
	text, isText := v.(string)
	if !isText {
		return v, true, true
	}
	if text == "" {
		return nil, false, true
	}
	var out any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		return nil, true, false
	}
	return out, true, true
}
