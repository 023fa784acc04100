package sandbox

import (
	"convene/internal/sandbox/fakegoogle"
	"convene/internal/sandbox/fakeslack"
)

// The bot's tokens, the same in every sandbox.
const (
	BotToken = "xoxb-sandbox-bot"
	AppToken = "xapp-sandbox-app"
)

const domain = "asymmetric.example"

// InterviewsAccount is the Google account that the bot acts as.
const InterviewsAccount = "interviews@" + domain

const coordinators = "karly@" + domain + ",dana@" + domain

// companyZone is where the company's working day is.
const companyZone = "America/Chicago"

// Company names the people and channels of the workspace by their Slack ids.
type Company struct {
	Karly     string `json:"karly"`     // strategist; coordinates and decides
	Sebastian string `json:"sebastian"` // director of ops
	Mark      string `json:"mark"`      // owner; decides
	Dana      string `json:"dana"`      // second coordinator
	Priya     string `json:"priya"`     // the workspace's admin
	Tom       string `json:"tom"`       // has no part in hiring
	Gwen      string `json:"gwen"`      // guest
	Otto      string `json:"otto"`      // deactivated
	Bot       string `json:"bot"`

	Hiring  string `json:"hiring"`  // the private channel #hiring-ac
	General string `json:"general"` // the public channel #general
}

// Company returns the ids of the sample people and channels.
func (s *Sandbox) Company() Company { return s.company }

// seed fills the workspace and the calendars, unless they were kept.
func (s *Sandbox) seed(kept *keptState) error {
	s.Slack.PutToken(fakeslack.Token{Value: BotToken, Kind: fakeslack.BotToken, Scopes: s.opts.Scopes})
	s.Slack.PutToken(fakeslack.Token{Value: AppToken, Kind: fakeslack.AppToken, Scopes: []string{"connections:write"}})
	app := s.opts.App
	if kept != nil {
		was := s.Slack.App() // the manifest may have changed, the ids must not
		app.ID, app.BotID, app.BotUserID = was.ID, was.BotID, was.BotUserID
		s.Slack.SetApp(app)
		s.company = kept.Company
		return nil
	}
	s.seedSlack(app)
	return s.seedGoogle()
}

func (s *Sandbox) seedSlack(app fakeslack.App) {
	put := func(u fakeslack.User) string { return s.Slack.PutUser(u).ID }
	c := &s.company
	c.Karly = put(fakeslack.User{Name: "karly", RealName: "Karly Oykhman", Email: "karly@" + domain, TZ: "America/Chicago"})
	c.Sebastian = put(fakeslack.User{Name: "sebastian", RealName: "Sebastian Gant", Email: "sebastian@" + domain, TZ: "America/New_York"})
	c.Mark = put(fakeslack.User{Name: "mark", RealName: "Mark", Email: "mark@" + domain, TZ: "America/Chicago"})
	c.Dana = put(fakeslack.User{Name: "dana", RealName: "Dana Whitfield", Email: "dana@" + domain, TZ: "America/Los_Angeles"})
	c.Priya = put(fakeslack.User{Name: "priya", RealName: "Priya Raman", Email: "priya@" + domain, TZ: "America/Chicago", IsAdmin: true, IsOwner: true, IsPrimaryOwner: true})
	c.Tom = put(fakeslack.User{Name: "tom", RealName: "Tom Becker", Email: "tom@" + domain, TZ: "America/Chicago"})
	c.Gwen = put(fakeslack.User{Name: "gwen", RealName: "Gwen Park", Email: "gwen@studio.example", TZ: "America/Denver", IsRestricted: true})
	c.Otto = put(fakeslack.User{Name: "otto", RealName: "Otto Blum", Email: "otto@" + domain, Deleted: true})
	c.Bot = s.Slack.SetApp(app).BotUserID
	c.General = s.Slack.PutChannel(fakeslack.Channel{Name: "general", IsGeneral: true, Topic: "Company news",
		Members: []string{c.Karly, c.Sebastian, c.Mark, c.Dana, c.Priya, c.Tom, c.Gwen}}).ID
	c.Hiring = s.Slack.PutChannel(fakeslack.Channel{Name: "hiring-ac", IsPrivate: true, Topic: "Hiring our Account Coordinator",
		Members: []string{c.Karly, c.Sebastian, c.Mark, c.Dana, c.Bot}}).ID
}

func (s *Sandbox) seedGoogle() error {
	if err := s.Google.AddUser(fakegoogle.User{Email: InterviewsAccount, Name: "Asymmetric Interviews", TimeZone: companyZone}); err != nil {
		return err
	}
	for _, u := range s.Slack.Users() {
		if u.IsBot || u.Deleted || u.IsRestricted {
			continue
		}
		if err := s.Google.AddUser(fakegoogle.User{Email: u.Email, Name: u.RealName, TimeZone: u.TZ}); err != nil {
			return err
		}
		if err := s.fillCalendar(u.Email); err != nil {
			return err
		}
	}
	return nil
}
