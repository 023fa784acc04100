package fakeslack

import (
	"cmp"
	"fmt"
	"strings"
)

func teamMethods() map[string]method {
	return map[string]method{
		"api.test":              {public: true, args: []string{"error", "foo"}, do: (*call).apiTest},
		"auth.test":             {tokens: []string{BotToken, UserToken, AppToken}, do: (*call).authTest},
		"team.info":             {scope: "team:read", perMin: 50, args: []string{"team", "domain"}, do: (*call).teamInfo},
		"bots.info":             {scope: "users:read", perMin: 50, args: []string{"bot", "team_id"}, do: (*call).botsInfo},
		"apps.connections.open": {tokens: []string{AppToken}, scope: "connections:write", perMin: 50, do: (*call).connectionsOpen},
	}
}

func (c *call) apiTest() (Block, *apiError) {
	if code := c.args.str("error"); code != "" {
		return nil, fail(code)
	}
	return Block{"args": redact(c.args)}, nil
}

func (c *call) authTest() (Block, *apiError) {
	s := c.s
	return Block{"url": fmt.Sprintf("https://%s.slack.com/", s.opts.TeamDomain), "team": s.opts.TeamName,
		"user": s.users[s.app.BotUserID].Name, "team_id": s.opts.TeamID, "user_id": s.app.BotUserID, "bot_id": s.app.BotID,
		"is_enterprise_install": false}, nil
}

func (c *call) teamInfo() (Block, *apiError) {
	if id := c.args.str("team"); id != "" && id != c.s.opts.TeamID {
		return nil, fail("team_not_found")
	}
	return Block{"team": Block{"id": c.s.opts.TeamID, "name": c.s.opts.TeamName, "domain": c.s.opts.TeamDomain,
		"email_domain": "", "url": fmt.Sprintf("https://%s.slack.com/", c.s.opts.TeamDomain), "icon": Block{"image_default": true}}}, nil
}

func (c *call) botsInfo() (Block, *apiError) {
	if id := c.args.str("bot"); id != "" && id != c.s.app.BotID {
		return nil, fail("bot_not_found")
	}
	return Block{"bot": Block{"id": c.s.app.BotID, "deleted": false, "name": c.s.app.Name, "updated": c.s.now().Unix(),
		"app_id": c.s.app.ID, "user_id": c.s.app.BotUserID, "icons": Block{}}}, nil
}

// connectionsOpen hands out a Socket Mode address that works once.
func (c *call) connectionsOpen() (Block, *apiError) {
	if !c.s.app.SocketMode {
		return nil, fail("forbidden_team") // which code Slack sends here is unconfirmed
	}
	ticket := c.s.id("ticket-")
	appID := cmp.Or(c.token.AppID, c.s.app.ID)
	c.s.tickets[ticket] = appID
	address := "ws" + strings.TrimPrefix(c.s.base, "http") // https becomes wss
	return Block{"url": fmt.Sprintf("%s/slack/link/?ticket=%s&app_id=%s", address, ticket, appID)}, nil
}
