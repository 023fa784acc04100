package fakeslack

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

func userMethods() map[string]method {
	return map[string]method{
		"users.info":          {scope: "users:read", perMin: 100, required: []string{"user"}, args: []string{"include_locale"}, do: (*call).usersInfo},
		"users.list":          {scope: "users:read", perMin: 20, args: []string{"cursor", "limit", "include_locale", "team_id", "presence"}, do: (*call).usersList},
		"users.lookupByEmail": {scope: "users:read.email", perMin: 50, required: []string{"email"}, do: (*call).usersLookup},
		"users.conversations": {perMin: 50, args: []string{"user", "types", "exclude_archived", "cursor", "limit", "team_id"}, do: (*call).usersConversations},
		"dnd.info":            {scope: "dnd:read", perMin: 50, args: []string{"user", "team_id"}, do: (*call).dndInfo},
	}
}

func (c *call) usersInfo() (Block, *apiError) {
	u := c.s.users[c.args.str("user")]
	if u == nil {
		return nil, fail("user_not_found")
	}
	return Block{"user": c.s.userJSON(u, c.may("users:read.email"), c.args.flag("include_locale"))}, nil
}

func (c *call) usersList() (Block, *apiError) {
	ids, next, bad := page(c, c.s.userIDs, 0, 1000)
	if bad != nil {
		return nil, bad
	}
	members := []any{}
	for _, id := range ids {
		members = append(members, c.s.userJSON(c.s.users[id], c.may("users:read.email"), c.args.flag("include_locale")))
	}
	return Block{"members": members, "cache_ts": c.s.now().Unix(), "response_metadata": Block{"next_cursor": next}}, nil
}

func (c *call) usersLookup() (Block, *apiError) {
	for _, id := range c.s.userIDs {
		u := c.s.users[id]
		if u.Email != "" && strings.EqualFold(u.Email, c.args.str("email")) && !u.Deleted {
			return Block{"user": c.s.userJSON(u, true, false)}, nil
		}
	}
	return nil, fail("users_not_found")
}

func (c *call) dndInfo() (Block, *apiError) {
	id := c.args.str("user")
	if id != "" && c.s.users[id] == nil {
		return nil, fail("user_not_found")
	}
	return Block{"dnd_enabled": false, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1, "snooze_enabled": false}, nil
}

// userJSON is a user as Slack sends it. The e-mail address needs users:read.email.
func (s *Server) userJSON(u *User, email, locale bool) Block {
	profile := Block{"real_name": u.RealName, "real_name_normalized": u.RealName, "display_name": u.DisplayName,
		"display_name_normalized": u.DisplayName, "status_text": "", "status_emoji": "", "image_72": "", "team": s.opts.TeamID}
	if email && u.Email != "" {
		profile["email"] = u.Email
	}
	b := Block{"id": u.ID, "team_id": s.opts.TeamID, "name": u.Name, "deleted": u.Deleted, "real_name": u.RealName,
		"profile": profile, "is_bot": u.IsBot, "is_app_user": false, "updated": s.now().Unix()}
	if u.IsBot {
		profile["bot_id"], profile["api_app_id"] = s.app.BotID, s.app.ID
	}
	if u.IsStranger {
		b["is_stranger"] = true
	}
	if u.Deleted {
		return b // a deactivated user has no zone and no roles
	}
	b["is_admin"], b["is_owner"], b["is_primary_owner"] = u.IsAdmin || u.IsOwner || u.IsPrimaryOwner, u.IsOwner || u.IsPrimaryOwner, u.IsPrimaryOwner
	b["is_restricted"], b["is_ultra_restricted"] = u.IsRestricted || u.IsUltraRestricted, u.IsUltraRestricted
	if u.TZ != "" {
		abbr, offset := s.now().In(u.zone()).Zone()
		b["tz"], b["tz_label"], b["tz_offset"] = u.TZ, abbr, offset
	}
	if locale {
		if b["locale"] = u.Locale; u.Locale == "" {
			b["locale"] = "en-US"
		}
	}
	return b
}

// page cuts one page out of a list. The cursor is opaque to callers, as Slack's is.
func page[T any](c *call, all []T, def, max int) (items []T, next string, bad *apiError) {
	start := 0
	if cursor := c.args.str("cursor"); cursor != "" {
		raw, err := base64.StdEncoding.DecodeString(cursor)
		n, err2 := strconv.Atoi(strings.TrimPrefix(string(raw), "next:"))
		if err != nil || err2 != nil || n < 0 || n > len(all) {
			return nil, "", fail("invalid_cursor")
		}
		start = n
	}
	limit := c.args.num("limit", def)
	if limit < 0 || limit > max {
		return nil, "", fail("invalid_limit")
	}
	if limit == 0 {
		limit = max
	}
	end := min(start+limit, len(all))
	if end < len(all) {
		next = base64.StdEncoding.EncodeToString([]byte("next:" + strconv.Itoa(end)))
	}
	return all[start:end], next, nil
}

// tsTime reads a ts as a time on the product clock.
func tsTime(ts string) (time.Time, bool) {
	seconds, fraction, _ := strings.Cut(ts, ".")
	sec, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	for len(fraction) < 6 {
		fraction += "0"
	}
	micro, err := strconv.ParseInt(fraction[:6], 10, 64)
	return time.Unix(sec, micro*1000), err == nil
}
