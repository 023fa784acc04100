package fakeslack

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

func fileMethods() map[string]method {
	return map[string]method{
		"files.getUploadURLExternal": {scope: "files:write", perMin: 100, required: []string{"filename"}, args: []string{"length", "alt_txt", "alt_text", "snippet_type"}, do: (*call).uploadURL},
		"files.completeUploadExternal": {scope: "files:write", perMin: 100, required: []string{"files"},
			args: []string{"channel_id", "channels", "thread_ts", "initial_comment", "blocks"}, do: (*call).completeUpload},
		"files.info":   {scope: "files:read", perMin: 100, required: []string{"file"}, args: []string{"count", "page", "cursor", "limit"}, do: (*call).fileInfo},
		"files.delete": {scope: "files:write", perMin: 50, required: []string{"file"}, do: (*call).deleteFile},
	}
}

// uploadURL is the first of three steps. https://docs.slack.dev/messaging/working-with-files#upload
func (c *call) uploadURL() (Block, *apiError) {
	length := c.args.num("length", 0)
	if length <= 0 {
		return nil, fail("missing_argument")
	}
	alt := c.args.str("alt_txt")
	if utf8.RuneCountInString(alt) > 1000 {
		return nil, fail("alt_txt_too_large")
	}
	f := &File{ID: c.s.id("F"), Name: c.args.str("filename"), Size: length, AltText: alt}
	c.s.files[f.ID] = f
	return Block{"upload_url": c.s.base + "/slack/upload/" + f.ID, "file_id": f.ID}, nil
}

// serveUpload takes the bytes, raw or as the multipart field "file".
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	body, err := uploaded(r)
	f := s.takeFault("upload", args{"file": id})
	entry := Call{Method: "upload", Args: map[string]any{"file": id, "bytes": len(body)}}
	if !f.before(r.Context(), s.timers) {
		s.record(entry.outcome("dropped before"))
		hangUp(w)
		return
	}
	if f.HTTPStatus != 0 {
		s.record(entry.failed(f.HTTPStatus, ""))
		http.Error(w, http.StatusText(f.HTTPStatus), f.HTTPStatus)
		return
	}
	s.mu.Lock()
	file := s.files[id]
	ok := err == nil && file != nil && r.Method == http.MethodPost && len(body) == file.Size && !file.Uploaded
	if ok {
		file.Content, file.Uploaded = body, true
	}
	s.mu.Unlock()
	if !ok {
		s.record(entry.failed(http.StatusBadRequest, "upload_refused"))
		http.Error(w, "upload refused", http.StatusBadRequest)
		return
	}
	entry.OK, entry.Applied, entry.HTTPStatus = true, true, http.StatusOK
	if f.DropAfter {
		s.record(entry.outcome("dropped after"))
		hangUp(w)
		return
	}
	s.record(entry)
	fmt.Fprintf(w, "OK - %d", len(body))
}

func uploaded(r *http.Request) ([]byte, error) {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return io.ReadAll(r.Body)
	}
	parts := multipart.NewReader(r.Body, params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, fmt.Errorf("no file in the form: %w", err)
		}
		if part.FormName() == "file" || part.FileName() != "" {
			body, err := io.ReadAll(part)
			_, _ = io.Copy(io.Discard, r.Body)
			return body, err
		}
	}
}

// completeUpload shares uploaded files, in a channel when one is given.
func (c *call) completeUpload() (Block, *apiError) {
	v, _, ok := c.args.json("files")
	list, isList := v.([]any)
	if !ok || !isList || len(list) == 0 {
		return nil, invalidArguments("must provide an array [json-pointer:/files]")
	}
	var files []*File
	for _, item := range list {
		m, _ := item.(map[string]any)
		id, _ := m["id"].(string)
		f := c.s.files[id]
		if f == nil || !f.Uploaded || f.Complete || f.Deleted {
			return nil, fail("file_not_found")
		}
		f.Title, _ = m["title"].(string)
		files = append(files, f)
	}
	channels := c.args.list("channels")
	if id := c.args.str("channel_id"); id != "" {
		channels = append(channels, id)
	}
	var targets []*Channel
	for _, id := range channels {
		ch, bad := c.target(id)
		if bad != nil {
			return nil, bad
		}
		targets = append(targets, ch)
	}
	body, bad := c.s.readContent(args{"text": c.args.str("initial_comment"), "blocks": c.args["blocks"]})
	if bad != nil && c.args.has("blocks") {
		return nil, bad
	}
	for _, ch := range targets {
		m := c.s.botMessage(ch, body)
		m.ThreadTS = c.args.str("thread_ts")
		for _, f := range files {
			f.Channels = append(f.Channels, ch.ID)
			shared := *f
			shared.Content = nil // the bytes are in Files
			m.Files = append(m.Files, shared)
		}
		c.s.post(m)
	}
	out := []any{}
	for _, f := range files {
		f.Complete = true
		out = append(out, c.s.fileJSON(f))
	}
	c.s.bump()
	return Block{"files": out}, nil
}

func (c *call) fileInfo() (Block, *apiError) {
	f := c.s.files[c.args.str("file")]
	switch {
	case f == nil || !f.Complete:
		return nil, fail("file_not_found")
	case f.Deleted:
		return nil, fail("file_deleted")
	}
	return Block{"file": c.s.fileJSON(f), "comments": []any{}, "response_metadata": Block{"next_cursor": ""}}, nil
}

func (c *call) deleteFile() (Block, *apiError) {
	f := c.s.files[c.args.str("file")]
	switch {
	case f == nil:
		return nil, fail("file_not_found")
	case f.Deleted:
		return nil, fail("file_deleted")
	}
	f.Deleted, f.Content = true, nil
	for _, list := range c.s.messages {
		for _, m := range list {
			m.Files = slices.DeleteFunc(slices.Clone(m.Files), func(x File) bool { return x.ID == f.ID })
		}
	}
	c.s.bump()
	return Block{}, nil
}

// serveFile is url_private: the bytes, for a token with files:read.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	token, bad := s.authorize(method{scope: "files:read"}, tokenOf(r, args{}))
	f := s.files[r.PathValue("id")]
	var content []byte
	if f != nil {
		content = f.Content
	}
	s.mu.Unlock()
	if token == nil || bad != nil || f == nil || f.Deleted {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(content)
}

func (s *Server) fileJSON(f *File) Block {
	title := f.Title
	if title == "" {
		title = f.Name
	}
	kind := strings.TrimPrefix(path.Ext(f.Name), ".")
	return Block{"id": f.ID, "name": f.Name, "title": title, "size": f.Size, "filetype": kind, "user": s.app.BotUserID,
		"mode": "hosted", "created": s.now().Unix(), "timestamp": s.now().Unix(), "alt_txt": f.AltText,
		"url_private": s.base + "/slack/files/" + f.ID, "url_private_download": s.base + "/slack/files/" + f.ID,
		"channels": f.Channels, "permalink": fmt.Sprintf("https://%s.slack.com/files/%s/%s", s.opts.TeamDomain, s.app.BotUserID, f.ID)}
}
