package fakeslack

import "encoding/json"

// Block is a Block Kit block, element or composition object as it travels: decoded JSON. Don't change one that this
// package returned.
type Block = map[string]any

// Values are what fields hold: block id, action id, and the state object in the form of Slack's state.values.
type Values map[string]map[string]Block

// User is a member of the workspace, a guest, a stranger from a shared channel, or a bot.
type User struct {
	ID                string `json:"id"`   // U…; given by PutUser when empty
	Name              string `json:"name"` // the handle, without @
	RealName          string `json:"real_name"`
	DisplayName       string `json:"display_name,omitempty"`
	Email             string `json:"email,omitempty"`
	TZ                string `json:"tz,omitempty"` // IANA name
	Locale            string `json:"locale,omitempty"`
	IsAdmin           bool   `json:"is_admin,omitempty"`
	IsOwner           bool   `json:"is_owner,omitempty"`
	IsPrimaryOwner    bool   `json:"is_primary_owner,omitempty"`
	IsRestricted      bool   `json:"is_restricted,omitempty"`       // multi-channel guest, or any guest
	IsUltraRestricted bool   `json:"is_ultra_restricted,omitempty"` // single-channel guest
	IsStranger        bool   `json:"is_stranger,omitempty"`         // of another workspace, met in a shared channel
	IsBot             bool   `json:"is_bot,omitempty"`
	Deleted           bool   `json:"deleted,omitempty"` // deactivated
}

// Channel is a public or private channel, or a direct message (IsIM).
type Channel struct {
	ID          string   `json:"id"` // C… or D…; given by PutChannel when empty
	Name        string   `json:"name,omitempty"`
	IsPrivate   bool     `json:"is_private,omitempty"`
	IsIM        bool     `json:"is_im,omitempty"`
	IsMPIM      bool     `json:"is_mpim,omitempty"`
	IsExtShared bool     `json:"is_ext_shared,omitempty"` // Slack Connect
	IsArchived  bool     `json:"is_archived,omitempty"`
	IsGeneral   bool     `json:"is_general,omitempty"`
	Topic       string   `json:"topic,omitempty"`
	Members     []string `json:"members"` // user ids; the bot too, when it was invited
}

// Token kinds.
const (
	BotToken  = "bot"  // xoxb-…
	AppToken  = "app"  // xapp-…
	UserToken = "user" // xoxp-…
)

// Token is a secret by which the app calls the Web API.
type Token struct {
	Value   string   `json:"value"`
	Kind    string   `json:"kind"`
	AppID   string   `json:"app_id,omitempty"` // of the app it belongs to, when that is another than the installed one
	Scopes  []string `json:"scopes"`
	Revoked bool     `json:"revoked,omitempty"`
	Expired bool     `json:"expired,omitempty"`
}

// App is the one app that is installed in the workspace, with the features of its manifest.
type App struct {
	ID                  string     `json:"id"`
	Name                string     `json:"name"`
	BotUserID           string     `json:"bot_user_id"`
	BotID               string     `json:"bot_id"`
	HomeTab             bool       `json:"home_tab"`
	MessagesTab         bool       `json:"messages_tab"`
	MessagesTabReadOnly bool       `json:"messages_tab_read_only,omitempty"`
	SocketMode          bool       `json:"socket_mode"`
	Interactivity       bool       `json:"interactivity"`
	Uninstalled         bool       `json:"uninstalled,omitempty"`
	Commands            []Command  `json:"commands,omitempty"`
	Shortcuts           []Shortcut `json:"shortcuts,omitempty"`
	BotEvents           []string   `json:"bot_events,omitempty"` // e.g. app_home_opened, message.im
}

// Command is a slash command of the app.
type Command struct {
	Command      string `json:"command"` // with its slash
	Description  string `json:"description,omitempty"`
	UsageHint    string `json:"usage_hint,omitempty"`
	ShouldEscape bool   `json:"should_escape,omitempty"` // @name arrives as <@U1|name>
}

// Shortcut is a global or message shortcut of the app.
type Shortcut struct {
	Name        string `json:"name"`
	Type        string `json:"type"` // "global" or "message"
	CallbackID  string `json:"callback_id"`
	Description string `json:"description,omitempty"`
}

// Metadata is what an app attaches to a message for itself.
type Metadata struct {
	EventType    string         `json:"event_type"`
	EventPayload map[string]any `json:"event_payload,omitempty"`
}

// Message is a message in a channel or DM, or (EphemeralTo) one that only one person sees.
type Message struct {
	Channel     string              `json:"channel"`
	TS          string              `json:"ts"`
	ThreadTS    string              `json:"thread_ts,omitempty"` // the parent's ts, on replies and on parents with replies
	Broadcast   bool                `json:"reply_broadcast,omitempty"`
	User        string              `json:"user"` // the author
	BotID       string              `json:"bot_id,omitempty"`
	AppID       string              `json:"app_id,omitempty"`
	Username    string              `json:"username,omitempty"` // chat:write.customize
	Text        string              `json:"text"`
	Blocks      []Block             `json:"blocks,omitempty"`
	Attachments []Block             `json:"attachments,omitempty"`
	Metadata    *Metadata           `json:"metadata,omitempty"`
	EditedTS    string              `json:"edited_ts,omitempty"`
	Deleted     bool                `json:"deleted,omitempty"` // only in Posted, and a parent that still has replies
	EphemeralTo string              `json:"ephemeral_to,omitempty"`
	Files       []File              `json:"files,omitempty"`
	Reactions   map[string][]string `json:"reactions,omitempty"` // emoji name: user ids
	ReplyCount  int                 `json:"reply_count,omitempty"`
	Unfurl      bool                `json:"unfurl,omitempty"` // links or media may unfurl
	Values      Values              `json:"values,omitempty"` // what the viewer chose in it; only in what See returns

	clientMsgID string
}

// View is a modal or an App Home.
type View struct {
	ID              string            `json:"id"`
	User            string            `json:"user"` // who has it before them
	Type            string            `json:"type"` // "modal" or "home"
	Title           Block             `json:"title,omitempty"`
	Submit          Block             `json:"submit,omitempty"`
	Close           Block             `json:"close,omitempty"`
	Blocks          []Block           `json:"blocks"`
	CallbackID      string            `json:"callback_id,omitempty"`
	PrivateMetadata string            `json:"private_metadata,omitempty"`
	ExternalID      string            `json:"external_id,omitempty"`
	Hash            string            `json:"hash"`
	RootViewID      string            `json:"root_view_id,omitempty"`
	PreviousViewID  string            `json:"previous_view_id,omitempty"`
	ClearOnClose    bool              `json:"clear_on_close,omitempty"`
	NotifyOnClose   bool              `json:"notify_on_close,omitempty"`
	Values          Values            `json:"values"`
	Errors          map[string]string `json:"errors,omitempty"` // under the field, by block id
	Notice          string            `json:"notice,omitempty"` // e.g. "We had some trouble connecting. Try again?"
	Updates         int               `json:"updates"`          // how often the app has changed it since it opened

	triggerChannel string // where the trigger came from: default_to_current_conversation
}

// File is an uploaded file.
type File struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Title    string   `json:"title,omitempty"`
	Size     int      `json:"size"`
	AltText  string   `json:"alt_txt,omitempty"`
	Content  []byte   `json:"content,omitempty"`
	Uploaded bool     `json:"uploaded"` // the bytes have arrived
	Complete bool     `json:"complete"` // files.completeUploadExternal was called
	Channels []string `json:"channels,omitempty"`
	Deleted  bool     `json:"deleted,omitempty"`
}

// Place is where a button or field is: in a message (Channel and TS) or in a view (ViewID). The zero Place is the
// person's top modal.
type Place struct {
	Channel string `json:"channel,omitempty"`
	TS      string `json:"ts,omitempty"`
	ViewID  string `json:"view_id,omitempty"`
}

// InMessage is the Place of a message.
func InMessage(channel, ts string) Place { return Place{Channel: channel, TS: ts} }

// InView is the Place of a modal or App Home.
func InView(id string) Place { return Place{ViewID: id} }

// Result is what a person saw happen in direct answer to what they did, up to the app's acknowledgement. What comes
// later (a modal opened after the ack, a DM) is read with See, AwaitView or WaitFor.
type Result struct {
	Sent       bool              `json:"sent"` // the app was told; false: the client itself refused, see Errors
	EnvelopeID string            `json:"envelope_id,omitempty"`
	TriggerID  string            `json:"trigger_id,omitempty"`
	Acked      bool              `json:"acked"`
	Ack        json.RawMessage   `json:"ack,omitempty"`     // the ack's payload
	Failure    string            `json:"failure,omitempty"` // what Slack tells the person when it went wrong
	Errors     map[string]string `json:"errors,omitempty"`  // under the fields, by block id
	OpenedView string            `json:"opened,omitempty"`  // id of a view opened or pushed so far
	Shown      []Message         `json:"shown,omitempty"`   // ephemeral messages shown so far, and a command's answer
	Message    *Message          `json:"message,omitempty"` // Say: what was said
	Options    []Block           `json:"options,omitempty"` // Suggest: what the menu offers
}

// What Slack tells people when an app fails them.
const (
	OperationTimeout  = "operation_timeout"                          // no ack within 3 s
	DispatchFailed    = "dispatch_failed"                            // no socket was open
	TroubleConnecting = "We had some trouble connecting. Try again?" // in a modal
	RequiredField     = "Please complete this required field."
)
