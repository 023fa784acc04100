package hiring

import (
	"strings"
	"testing"
	"time"
)

func goodCandidate() *Candidate {
	return &Candidate{
		Name: "Ana Diaz", Email: "ana@example.com", Zone: "America/Denver",
		EarliestHour: 8 * time.Hour, LatestHour: 18 * time.Hour,
	}
}

func fields(problems []*UserError) string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Field)
	}
	return strings.Join(out, " ")
}

func TestCandidateIsChecked(t *testing.T) {
	for _, tt := range []struct {
		why    string
		change func(*Candidate)
		want   string
	}{
		{"good", func(*Candidate) {}, ""},
		{"no name", func(c *Candidate) { c.Name = "" }, "name"},
		{"the longest name", func(c *Candidate) { c.Name = strings.Repeat("王", MaxName) }, ""},
		{"a longer name", func(c *Candidate) { c.Name = strings.Repeat("王", MaxName+1) }, "name"},
		{"an emoji and right-to-left name", func(c *Candidate) { c.Name = "👩‍🚀 محمد" }, ""},
		{"a name that looks like markup", func(c *Candidate) { c.Name = "<!channel> *bold*" }, ""},
		{"no e-mail", func(c *Candidate) { c.Email = "" }, "email"},
		{"no @", func(c *Candidate) { c.Email = "ana.example.com" }, "email"},
		{"two @", func(c *Candidate) { c.Email = "a@b@example.com" }, "email"},
		{"no dot in the domain", func(c *Candidate) { c.Email = "ana@localhost" }, "email"},
		{"a dot at the end", func(c *Candidate) { c.Email = "ana@example.com." }, "email"},
		{"a dot at the start", func(c *Candidate) { c.Email = "ana@.example.com" }, "email"},
		{"a name with the address", func(c *Candidate) { c.Email = "Ana <ana@example.com>" }, "email"},
		{"two addresses", func(c *Candidate) { c.Email = "ana@example.com, ben@example.com" }, "email"},
		{"a space within", func(c *Candidate) { c.Email = "ana @example.com" }, "email"},
		{"a header smuggled in", func(c *Candidate) { c.Email = "ana@example.com\r\nBcc: x@example.org" }, "email"},
		{"an invisible character", func(c *Candidate) { c.Email = "ana@example.com\u2060" }, "email"},
		{"too long", func(c *Candidate) { c.Email = strings.Repeat("a", 250) + "@example.com" }, "email"},
		{"plus and subdomain", func(c *Candidate) { c.Email = "ana+jobs@mail.example.co.uk" }, ""},
		{"another script", func(c *Candidate) { c.Email = "ana@münchen.example" }, ""},
		{"phone too long", func(c *Candidate) { c.Phone = strings.Repeat("1", MaxPhone+1) }, "phone"},
		{"no zone", func(c *Candidate) { c.Zone = "" }, "zone"},
		{"this machine's zone", func(c *Candidate) { c.Zone = "Local" }, "zone"},
		{"an unknown zone", func(c *Candidate) { c.Zone = "Europe/Atlantis" }, "zone"},
		{"a path as zone", func(c *Candidate) { c.Zone = "../../etc/passwd" }, "zone"},
		{"no hours", func(c *Candidate) { c.LatestHour = c.EarliestHour }, "latest"},
		{"hours the wrong way", func(c *Candidate) { c.EarliestHour, c.LatestHour = 18*time.Hour, 8*time.Hour }, "latest"},
		{"a link", func(c *Candidate) { c.Links = []Link{{"Résumé", "https://example.com/a.pdf?x=1#2"}} }, ""},
		{"a link without a host", func(c *Candidate) { c.Links = []Link{{"Résumé", "https://"}} }, "link:Résumé"},
		{"a script as link", func(c *Candidate) { c.Links = []Link{{"Résumé", "javascript:alert(1)"}} }, "link:Résumé"},
		{"a bare name as link", func(c *Candidate) { c.Links = []Link{{"Résumé", "example.com/a.pdf"}} }, "link:Résumé"},
		{"words after a link", func(c *Candidate) { c.Links = []Link{{"Résumé", "https://example.com/a.pdf and more"}} }, "link:Résumé"},
		{"too long a link", func(c *Candidate) {
			c.Links = []Link{{"Résumé", "https://example.com/" + strings.Repeat("a", MaxLink)}}
		}, "link:Résumé"},
		{"too long an answer", func(c *Candidate) { c.Answers = map[string]string{"why": strings.Repeat("a", MaxAnswer+1)} }, "answer:why"},
		{"too long arrangements", func(c *Candidate) { c.Arrangements = strings.Repeat("a", MaxArrangements+1) }, "arrangements"},
		{"several at once", func(c *Candidate) { c.Name, c.Email, c.Zone = "", "", "" }, "name email zone"},
	} {
		c := goodCandidate()
		tt.change(c)
		if got := fields(c.Check()); got != tt.want {
			t.Errorf("%s: wrong fields %q, want %q", tt.why, got, tt.want)
		}
	}
}

func TestFirstName(t *testing.T) {
	for name, want := range map[string]string{"Ana Diaz": "Ana", "Madonna": "Madonna", "": "", "محمد علي": "محمد"} {
		if got := (&Candidate{Name: name}).FirstName(); got != want {
			t.Errorf("first name of %q: %q", name, got)
		}
	}
}
