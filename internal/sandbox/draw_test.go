package sandbox

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"convene/internal/sandbox/fakeslack"
)

// bad is text that breaks out of a page that doesn't escape.
const bad = `<script>alert(1)</script>"'><img src=x onerror=alert(1)> javascript:alert(1)`

func testPainter() painter {
	zone, _ := time.LoadLocation("America/Chicago")
	r := fakeslack.Renderer{
		Zone: zone, Now: time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC),
		User: func(id string) string { return id + bad }, Channel: func(string) string { return "hiring" + bad },
	}
	return painter{inliner: inliner{r}, people: []fakeslack.User{{ID: "U1", RealName: bad}}, channels: []fakeslack.Channel{{ID: "C1", Name: bad}}}
}

func TestMrkdwn(t *testing.T) {
	p := testPainter().inliner
	p.r.User = func(id string) string { return "Ana" }
	for _, c := range []struct{ text, html string }{
		{"plain", "plain"},
		{"a *bold* word, _this_ and ~that~", "a <strong>bold</strong> word, <em>this</em> and <s>that</s>"},
		{"*one* *two*", "<strong>one</strong> <strong>two</strong>"},
		{"2*3*4 and snake_case_name", "2*3*4 and snake_case_name"},
		{"*<@U1>* said `a *b* <c>`", `<strong><span class="mention">@Ana</span></strong> said <code>a *b* &lt;c&gt;</code>`},
		{"```\nx < y\n```", "<pre>x &lt; y</pre>"},
		{"&lt;b&gt; &amp;amp;", "&lt;b&gt; &amp;amp;"},
		{"<https://a.test/?q=1&amp;r=2|a *link*>", `<a href="https://a.test/?q=1&amp;r=2" target="_blank" rel="noopener noreferrer">a *link*</a>`},
		{"<https://a.test>", `<a href="https://a.test" target="_blank" rel="noopener noreferrer">https://a.test</a>`},
		{"<javascript:alert(1)|click>", "click"},
		{"<data:text/html,x|click>", "click"},
		{"<mailto:a@b.test|a@b.test>", "a@b.test"},
		{"<!here> <#C1>", `<span class="mention">@here</span> <span class="mention">#hiring` + escape(bad) + `</span>`},
		{"<!date^1795788000^{date_num} {time}|later>", `<span class="date">2026-11-27 8:00 AM</span>`},
		{"<!date^1795788000^{time}^javascript:alert(1)|later>", "8:00 AM"},
		{"a\n&gt; b\nc", "a<br><blockquote>b</blockquote>c"},
		{"private \U000F0000 character", "private \uFFFD character"},
		{"unclosed *bold and <tag", "unclosed *bold and &lt;tag"},
	} {
		if got := string(p.mrkdwn(c.text)); got != c.html {
			t.Errorf("%q is drawn\n%s\nwant\n%s", c.text, got, c.html)
		}
	}
}

// everyBlock is one of each block and element that the page draws, with bad
// text everywhere.
const everyBlock = `[
{"type":"header","block_id":"BAD","text":{"type":"plain_text","text":"BAD"}},
{"type":"section","block_id":"s1","text":{"type":"mrkdwn","text":"BAD *b* <javascript:alert(1)|BAD> <https://ok.test/\"onclick=x|BAD> <@U1>"},"fields":[{"type":"plain_text","text":"BAD"}],
 "accessory":{"type":"overflow","action_id":"BAD","options":[{"text":{"type":"plain_text","text":"BAD"},"value":"BAD"}]}},
{"type":"context","elements":[{"type":"mrkdwn","text":"BAD"},{"type":"plain_text","text":"BAD"},{"type":"image","image_url":"javascript:alert(1)","alt_text":"BAD"}]},
{"type":"divider"},
{"type":"actions","block_id":"a","elements":[
 {"type":"button","action_id":"BAD","text":{"type":"plain_text","text":"BAD"},"value":"BAD","url":"javascript:alert(1)","style":"primary","confirm":{"title":{"type":"plain_text","text":"BAD"},"text":{"type":"plain_text","text":"BAD"},"confirm":{"type":"plain_text","text":"BAD"},"deny":{"type":"plain_text","text":"BAD"}}},
 {"type":"static_select","action_id":"x","placeholder":{"type":"plain_text","text":"BAD"},"options":[{"text":{"type":"plain_text","text":"BAD"},"value":"BAD"}]},
 {"type":"static_select","action_id":"y","option_groups":[{"label":{"type":"plain_text","text":"BAD"},"options":[{"text":{"type":"plain_text","text":"BAD"},"value":"BAD"}]}]},
 {"type":"users_select","action_id":"z"},{"type":"conversations_select","action_id":"zz"},{"type":"channels_select","action_id":"zzz"},
 {"type":"datepicker","action_id":"d","initial_date":"2026-11-25"},{"type":"timepicker","action_id":"t"}]},
{"type":"input","block_id":"BAD","optional":true,"label":{"type":"plain_text","text":"BAD"},"hint":{"type":"plain_text","text":"BAD"},"element":{"type":"plain_text_input","action_id":"BAD","multiline":true,"max_length":9}},
{"type":"input","block_id":"i2","label":{"type":"plain_text","text":"BAD"},"element":{"type":"email_text_input","action_id":"e","placeholder":{"type":"plain_text","text":"BAD"}}},
{"type":"input","block_id":"i3","label":{"type":"plain_text","text":"BAD"},"element":{"type":"url_text_input","action_id":"u"}},
{"type":"input","block_id":"i4","label":{"type":"plain_text","text":"BAD"},"element":{"type":"radio_buttons","action_id":"r","options":[{"text":{"type":"mrkdwn","text":"BAD"},"value":"BAD","description":{"type":"plain_text","text":"BAD"}}]}},
{"type":"input","block_id":"i5","label":{"type":"plain_text","text":"BAD"},"element":{"type":"checkboxes","action_id":"c","options":[{"text":{"type":"plain_text","text":"BAD"},"value":"BAD"}]}},
{"type":"input","block_id":"i6","label":{"type":"plain_text","text":"BAD"},"element":{"type":"multi_users_select","action_id":"mu"}},
{"type":"input","block_id":"i7","label":{"type":"plain_text","text":"BAD"},"element":{"type":"multi_static_select","action_id":"ms","options":[{"text":{"type":"plain_text","text":"BAD"},"value":"BAD"}]}},
{"type":"input","block_id":"i8","label":{"type":"plain_text","text":"BAD"},"element":{"type":"external_select","action_id":"es"}},
{"type":"input","block_id":"i9","label":{"type":"plain_text","text":"BAD"},"element":{"type":"number_input","action_id":"n"}},
{"type":"input","block_id":"i10","label":{"type":"plain_text","text":"BAD"},"element":{"type":"rich_text_input","action_id":"rt"}},
{"type":"rich_text","elements":[
 {"type":"rich_text_section","elements":[{"type":"text","text":"BAD","style":{"bold":true,"italic":true,"strike":true,"code":true}},{"type":"link","url":"javascript:alert(1)","text":"BAD"},{"type":"link","url":"https://ok.test","text":"BAD"},{"type":"user","user_id":"U1"},{"type":"channel","channel_id":"C1"},{"type":"emoji","name":"BAD"},{"type":"broadcast","range":"here"},{"type":"date","timestamp":1795788000,"format":"BAD {time}","fallback":"BAD","url":"javascript:alert(1)"}]},
 {"type":"rich_text_list","style":"ordered","indent":1,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"BAD"}]}]},
 {"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"BAD"}]}]},
 {"type":"rich_text_quote","elements":[{"type":"text","text":"BAD"}]},
 {"type":"rich_text_preformatted","elements":[{"type":"text","text":"BAD"}]}]},
{"type":"table","rows":[[{"type":"raw_text","text":"BAD"}],[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"BAD"}]}]}]]},
{"type":"data_visualization","title":"BAD","chart":{"type":"bar","axis_config":{"categories":["BAD"],"x_label":"BAD"},"series":[{"name":"BAD","data":[{"label":"BAD","value":3}]}]}},
{"type":"data_visualization","title":"BAD","chart":{"type":"pie","segments":[{"label":"BAD","value":4}]}},
{"type":"image","image_url":"https://ok.test/a.png\" onerror=\"alert(1)","alt_text":"BAD","title":{"type":"plain_text","text":"BAD"}}
]`

func drawn(t *testing.T, source string) string {
	t.Helper()
	quoted, err := json.Marshal(bad)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []fakeslack.Block
	if err := json.Unmarshal([]byte(strings.ReplaceAll(source, "BAD", strings.Trim(string(quoted), `"`))), &blocks); err != nil {
		t.Fatal(err)
	}
	pages, err := readPages()
	if err != nil {
		t.Fatal(err)
	}
	p := testPainter()
	p.r.Errors = map[string]string{bad: bad}
	p.r.Values = fakeslack.Values{bad: {bad: {"type": "plain_text_input", "value": bad}}, "i8": {"es": {"type": "external_select",
		"selected_option": map[string]any{"value": bad, "text": map[string]any{"type": "plain_text", "text": bad}}}}}
	var out bytes.Buffer
	view := modalView{ID: bad, Title: bad, Submit: bad, Close: bad, Notice: bad, Depth: 2, Blocks: p.blocks(blocks)}
	if err := pages.templates.ExecuteTemplate(&out, "modal", view); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestEveryBlockIsDrawn(t *testing.T) {
	html := drawn(t, strings.ReplaceAll(everyBlock, "BAD", "fine"))
	if strings.Contains(html, "doesn&#39;t draw") || strings.Contains(html, "doesn't draw") {
		t.Error("a block or element is not drawn")
	}
	for _, want := range []string{"<h3", "<hr", "<table>", `<meter min="0" max="3" value="3" aria-hidden="true"></meter> 3`, "<textarea", `type="radio"`, `type="checkbox"`, `type="date"`, `type="time"`, `type="email"`, `type="url"`, "<optgroup", "<blockquote>", "<pre>", "<ol", "data-search", "#hiring"} {
		if !strings.Contains(html, want) {
			t.Errorf("there is no %s in\n%s", want, html)
		}
	}
	other := drawn(t, `[{"type":"video","title":"x"},{"type":"actions","elements":[{"type":"workflow_button"}]}]`)
	for _, want := range []string{"A block of type “video”", "&#34;title&#34;: &#34;x&#34;", "An element of type “workflow_button”"} {
		if !strings.Contains(other, want) {
			t.Errorf("what the page doesn't draw lacks %s in\n%s", want, other)
		}
	}
}

var (
	tag       = regexp.MustCompile(`<(/?[a-zA-Z][a-zA-Z0-9]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>`)
	attribute = regexp.MustCompile(`([a-zA-Z-]+)(?:="([^"]*)")?`)
)

// TestNothingBadGetsOut reads what is drawn as a browser would: only tags and
// attributes of the page's own, and only links to the web.
func TestNothingBadGetsOut(t *testing.T) {
	html := drawn(t, everyBlock)
	ours := " section header h2 small button form p h3 hr div span details summary select option optgroup label input textarea fieldset legend table tr th td ul ol li blockquote pre code strong em s a br img figure figcaption meter footer "
	found := 0
	for _, m := range tag.FindAllStringSubmatch(html, -1) {
		found++
		name := strings.TrimPrefix(m[1], "/")
		if !strings.Contains(ours, " "+name+" ") {
			t.Errorf("a tag that is not ours: %s", m[0])
		}
		for _, a := range attribute.FindAllStringSubmatch(m[2], -1) {
			if strings.HasPrefix(strings.ToLower(a[1]), "on") || a[1] == "style" {
				t.Errorf("an attribute that runs something: %s", m[0])
			}
			if (a[1] == "href" || a[1] == "src") && !strings.HasPrefix(a[2], "https://ok.test") {
				t.Errorf("a link to elsewhere: %s", m[0])
			}
			if a[1] == "data-url" && strings.Contains(a[2], "javascript") {
				t.Errorf("a button that runs something: %s", m[0])
			}
		}
	}
	if found < 150 {
		t.Errorf("only %d tags were found in\n%s", found, html)
	}
	// What is left between the tags can't begin one.
	if rest := tag.ReplaceAllString(html, ""); strings.ContainsAny(rest, "<>") {
		t.Errorf("half a tag is left in\n%s", rest)
	}
}
