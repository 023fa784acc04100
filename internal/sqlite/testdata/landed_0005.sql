-- A database as the version before migration 0006 left it: killed on a Monday, with one
-- candidate decided and not told, one whose scorecard is owed, and one whose event is
-- still to be made. The people are made up, and its secret is replaced by zeros.
BEGIN TRANSACTION;
CREATE TABLE audit (
  id      INTEGER PRIMARY KEY,     -- consecutive from 1
  at      INTEGER NOT NULL,        -- when
  actor   TEXT NOT NULL,           -- Slack user id, "convene" or "google"
  action  TEXT NOT NULL,           -- e.g. "interview.booked"
  subject TEXT NOT NULL,           -- id
  detail  TEXT NOT NULL,           -- ids and codes, never a candidate's data
  hash    BLOB NOT NULL            -- SHA-256 of the row before and this one
) STRICT;
INSERT INTO "audit" VALUES(1,1795615200172,'convene','role.revision','account-coordinator','8f71ef8e4952',X'08EC18ECEEFB08DC8304A783FB8DC708A1413DC5E59D50FB4EE8E9F644B7DF24');
INSERT INTO "audit" VALUES(2,1795615200173,'convene','role.revision','account-coordinator-general','c8f127d2d5f4',X'5B5D0E77E11F4B5EA92FD3F25297C25EAFAACCBE0DB283F8C89C9ECD1193720E');
INSERT INTO "audit" VALUES(3,1795615200173,'convene','role.revision','pixelspoke-account-coordinator','acd926a7b3ab',X'74DAD097748BD0CAA991924A2B5260A1838903509829B501048D0B9CBCAC0079');
INSERT INTO "audit" VALUES(4,1795615200183,'U00000001','role.setup','account-coordinator','team',X'4F1E2F58720B3C3E1D91607A0E69ED0B72CF70203F7CBB03F3A92C0C4DD02D9D');
INSERT INTO "audit" VALUES(5,1795615200183,'U00000001','setup.saved','account-coordinator','{"channel":"","confirmed":"","coordinators":["U00000001","U00000004"],"deciders":["U00000001","U00000003"],"people":{"director-of-ops":["U00000002"],"owner":["U00000003"],"strategist":["U00000001"]},"settings":{}}',X'5370C7FB4F2438FD41FD7375349BF4CAB1DF66E5177890223766E267CB5E962A');
INSERT INTO "audit" VALUES(6,1795615200184,'U00000001','role.setup','account-coordinator','channel',X'92B511DD451ECC7EE96494C004DB0868A2729411EC036A9AFA3E855FF3625B3B');
INSERT INTO "audit" VALUES(7,1795615200184,'U00000001','setup.saved','account-coordinator','{"channel":"C00000002","confirmed":"","coordinators":["U00000001","U00000004"],"deciders":["U00000001","U00000003"],"people":{"director-of-ops":["U00000002"],"owner":["U00000003"],"strategist":["U00000001"]},"settings":{}}',X'F147D0504EDF2EB9A438F009E9D2CAEE44881837E76C16A86D19E6591761863C');
INSERT INTO "audit" VALUES(8,1795615200185,'U00000001','role.setup','account-coordinator','confirm',X'7A04158FBAA164C3C30F25DF8F93D9307FF2E53D1614BAE223C965629F20B1BF');
INSERT INTO "audit" VALUES(9,1795615200185,'U00000001','setup.saved','account-coordinator','{"channel":"C00000002","confirmed":"8a6f407468 cfbe245347 d9238c52c4 b58e82b3ba 20658186d6 af80a7e8b0 0550055f2d 5dd261aee5 066c3346bd 9b5c65e305 f37434584d d0391ce5b8 8ae03e8a2b 3859ebd18a 11f0b66280 eb5a47955f 1b10a45f06 6b15c3cf13 c8c9abad53 cc9e2e306b 03cd9e8b09 8c0f134d99","coordinators":["U00000001","U00000004"],"deciders":["U00000001","U00000003"],"people":{"director-of-ops":["U00000002"],"owner":["U00000003"],"strategist":["U00000001"]},"settings":{}}',X'296084E28FC625A6C1A56D3E4219C3D702866D84D3848B3FBC6D33BB53267DD7');
INSERT INTO "audit" VALUES(10,1795615200188,'U00000004','candidate.added','cand_biq7tbpknlj4hdxh','account-coordinator',X'B708B39E838C11CD80CC0B02BD565E3A53506D5CC298891DA9BB407C15AD97F4');
INSERT INTO "audit" VALUES(11,1795615308513,'U00000001','interview.booking','iv_yudydf2vhqwa6rms','cand_biq7tbpknlj4hdxh',X'A66BD521DAE2DCAC18D6C16FB9E4B03419014DF46B2D32CF218EED2FA70C5E31');
INSERT INTO "audit" VALUES(12,1795615308547,'convene','interview.booked','iv_yudydf2vhqwa6rms','36op0ntqpm3326g29t4q33n164ssmsb5',X'B2DB545BDCD2188ED840EB2EC7F6140F0538EA54CB205BED0981627497751FE1');
INSERT INTO "audit" VALUES(13,1795615318127,'U00000001','candidate.added','cand_tqj4cdlcx7ychxz5','account-coordinator',X'8571E3240CBD2C23CD0990D1E0E1F6BFB6D076EB1B9F4C5B599E80A954315B4E');
INSERT INTO "audit" VALUES(14,1795615318218,'U00000001','interview.booking','iv_sdop6d3pht3qtaqp','cand_tqj4cdlcx7ychxz5',X'ADB86E5AA17072FD4A83084C2AE106EA768F08854923B4D830F41D5B8CB3BAB3');
INSERT INTO "audit" VALUES(15,1795615318245,'convene','interview.booked','iv_sdop6d3pht3qtaqp','so543gpfgo95p669blcs641rkgsi719c',X'11E0D739437DEEE081CC324C186C4139B696BF99A4897D35BA0397FEB5962B34');
INSERT INTO "audit" VALUES(16,1796050877263,'U00000001','scorecard.submitted','iv_yudydf2vhqwa6rms','1',X'4BAE503337B8A86BE830C20ED0BF401BAD3F9CD695A0FCB27F3D7BDD2F9CEBE2');
INSERT INTO "audit" VALUES(17,1796050888587,'U00000001','decision.advance','iv_yudydf2vhqwa6rms','dec_7kt3vnn4kqrnnihx',X'404EE4B515738A2144FB32B124828A09ADAFADCFE139863AE005CB7B3A2AE52C');
INSERT INTO "audit" VALUES(18,1796050888752,'U00000001','candidate.added','cand_uh4gf4ncf66sybaa','account-coordinator',X'979069828E8A0EB2FB53E9C9ACC3B19747FB0898CC695273D56855DC241BC556');
INSERT INTO "audit" VALUES(19,1796050888800,'U00000001','interview.booking','iv_rz6fdm4yxlp54ken','cand_uh4gf4ncf66sybaa',X'ADAA9D91BD3EEADA29FE63D495DC455CDFDEE50AC8550BE2BE2B7B5F71F679E4');
CREATE TABLE candidates (
  id            TEXT PRIMARY KEY,
  role          TEXT NOT NULL REFERENCES roles (key),
  name          TEXT NOT NULL,
  email         TEXT NOT NULL,     -- as entered; invitations go there
  email_folded  TEXT NOT NULL,     -- in lower case, to find duplicates
  words         TEXT NOT NULL,     -- name and e-mail in lower case, to search in
  phone         TEXT NOT NULL,
  zone          TEXT NOT NULL,     -- IANA name
  earliest      INTEGER NOT NULL,  -- acceptable hours: seconds since midnight, wall clock in zone
  latest        INTEGER NOT NULL,  -- the end of them
  links         TEXT NOT NULL,     -- JSON list of {Name, URL}
  answers       TEXT NOT NULL,     -- JSON: application item id -> answer
  arrangements  TEXT NOT NULL,     -- accommodation asked for; coordinators and panelists only
  stage         TEXT NOT NULL,     -- id of the current stage
  state         TEXT NOT NULL CHECK (state IN ('active', 'declined', 'withdrawn', 'finished')),
  added_by      TEXT NOT NULL,     -- Slack user id
  added_at      INTEGER,           -- when
  erased_at     INTEGER            -- when the person's data was removed; NULL: it is here
, end_reason TEXT NOT NULL DEFAULT '', ended_at INTEGER) STRICT;
INSERT INTO "candidates" VALUES('cand_biq7tbpknlj4hdxh','account-coordinator','Noah Lindqvist','noah@mail.example','noah@mail.example','noah lindqvist
noah@mail.example','','America/Los_Angeles',28800,57600,'null','null','','panel','active','U00000004',1795615200187,NULL,'',NULL);
INSERT INTO "candidates" VALUES('cand_tqj4cdlcx7ychxz5','account-coordinator','Amara Osei','amara@mail.example','amara@mail.example','amara osei
amara@mail.example','','Europe/London',28800,64800,'null','{}','','round1','active','U00000001',1795615318127,NULL,'',NULL);
INSERT INTO "candidates" VALUES('cand_uh4gf4ncf66sybaa','account-coordinator','Kai Nakamura','kai@mail.example','kai@mail.example','kai nakamura
kai@mail.example','','Pacific/Honolulu',28800,64800,'null','{}','','round1','active','U00000001',1796050888751,NULL,'',NULL);
CREATE TABLE checks (
  id        TEXT PRIMARY KEY,
  candidate TEXT NOT NULL REFERENCES candidates (id),
  stage     TEXT NOT NULL,         -- id of the stage
  outcome   TEXT NOT NULL CHECK (outcome IN ('fine', 'concern', 'skipped')),
  note      TEXT NOT NULL,
  done_by   TEXT NOT NULL,         -- Slack user id
  done_at   INTEGER,               -- when
  replaced  INTEGER NOT NULL CHECK (replaced IN (0, 1)) -- 1: it was taken back or done anew
) STRICT;
CREATE TABLE decisions (
  id         TEXT PRIMARY KEY,
  candidate  TEXT NOT NULL REFERENCES candidates (id),
  interview  TEXT NOT NULL REFERENCES interviews (id),
  role       TEXT NOT NULL REFERENCES roles (key),
  stage      TEXT NOT NULL,        -- id of the stage
  outcome    TEXT NOT NULL CHECK (outcome IN ('advance', 'hold', 'decline')),
  reason     TEXT NOT NULL,
  hold_until INTEGER,              -- for hold: the date that the notice names
  decided_by TEXT NOT NULL,        -- Slack user id
  decided_at INTEGER,              -- when
  replaced   INTEGER NOT NULL CHECK (replaced IN (0, 1)) -- 1: a later decision took its place
, dissent TEXT NOT NULL DEFAULT '', corrects TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "decisions" VALUES('dec_7kt3vnn4kqrnnihx','cand_biq7tbpknlj4hdxh','iv_yudydf2vhqwa6rms','account-coordinator','round1','advance','Old-reason',NULL,'U00000001',1796050888579,0,'','');
CREATE TABLE due (
  key   TEXT PRIMARY KEY,          -- see hiring.Due for the list
  kind  TEXT NOT NULL,             -- the part of the key before the first colon
  about TEXT NOT NULL,             -- id of the interview or person, or the role's key
  at    INTEGER NOT NULL           -- when it falls due
) STRICT, WITHOUT ROWID;
INSERT INTO "due" VALUES('summary:account-coordinator:2026-11-30','summary','account-coordinator',1796076000000);
INSERT INTO "due" VALUES('warn:account-coordinator:1796079600','warn','account-coordinator',1796077800000);
INSERT INTO "due" VALUES('late:account-coordinator:1796079600','late','account-coordinator',1796079600000);
INSERT INTO "due" VALUES('nag:U00000001','nag','U00000001',1796133600000);
INSERT INTO "due" VALUES('preview:account-coordinator:2026-12-07','preview','account-coordinator',1796655600000);
CREATE TABLE files (
  id        TEXT PRIMARY KEY,      -- Slack's id of a file that the bot sent
  candidate TEXT NOT NULL REFERENCES candidates (id),
  person    TEXT NOT NULL,         -- Slack user id of who asked for it
  sent_at   INTEGER                -- when
) STRICT, WITHOUT ROWID;
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO "goose_db_version" VALUES(1,0,1,'2026-11-22 05:47:27');
INSERT INTO "goose_db_version" VALUES(2,1,1,'2026-11-22 05:47:27');
INSERT INTO "goose_db_version" VALUES(3,2,1,'2026-11-22 05:47:27');
INSERT INTO "goose_db_version" VALUES(4,3,1,'2026-11-22 05:47:27');
INSERT INTO "goose_db_version" VALUES(5,4,1,'2026-11-22 05:47:27');
INSERT INTO "goose_db_version" VALUES(6,5,1,'2026-11-22 05:47:27');
CREATE TABLE inbox (
  key     TEXT PRIMARY KEY,        -- id of an event that was received
  seen_at INTEGER NOT NULL         -- when
) STRICT, WITHOUT ROWID;
INSERT INTO "inbox" VALUES('Ev00000011',1796047200056);
INSERT INTO "inbox" VALUES('Ev00000013',1796047200073);
INSERT INTO "inbox" VALUES('Ev00000012',1796047200078);
INSERT INTO "inbox" VALUES('Ev00000014',1796050877331);
INSERT INTO "inbox" VALUES('Ev00000015',1796050877358);
INSERT INTO "inbox" VALUES('Ev00000016',1796050877361);
CREATE TABLE interviews (
  id             TEXT PRIMARY KEY,
  candidate      TEXT NOT NULL REFERENCES candidates (id),
  role           TEXT NOT NULL REFERENCES roles (key),
  role_revision  TEXT NOT NULL,    -- the rubric that its scorecards are asked with
  stage          TEXT NOT NULL,    -- id of the stage
  state          TEXT NOT NULL CHECK (state IN ('booking', 'booked', 'taken', 'removed', 'cancelled', 'not_held')),
  start_at       INTEGER NOT NULL,
  end_at         INTEGER NOT NULL CHECK (end_at > start_at),
  revision       INTEGER NOT NULL, -- goes up with every change of time or panelists
  generation     INTEGER NOT NULL, -- goes up when the Google event is made anew
  event_id       TEXT NOT NULL,    -- id of the Google event; '' before there is one
  etag           TEXT NOT NULL,    -- Google's version of the event that we know
  event_start_at INTEGER,          -- what Google is known to have
  event_end_at   INTEGER,          -- the same for the end
  link           TEXT NOT NULL,    -- of the video call; '' when there is none
  deadline_at    INTEGER,          -- when the candidate must have been told
  candidate_rsvp TEXT NOT NULL,    -- Google's word: needsAction, accepted, tentative, declined
  booked_by      TEXT NOT NULL,    -- Slack user id
  booked_at      INTEGER,          -- when
  reason         TEXT NOT NULL,    -- why it was cancelled, taken or not held
  problem        TEXT NOT NULL,    -- what a coordinator should know, in words
  told_at        INTEGER, carries TEXT NOT NULL DEFAULT '', cause TEXT NOT NULL DEFAULT '' CHECK (cause IN ('', 'no_show', 'withdrew', 'moved', 'other')), promised_at INTEGER, first_told_at INTEGER,          -- when the candidate was told the decision
  FOREIGN KEY (role, role_revision) REFERENCES role_revisions (role, revision)
) STRICT;
INSERT INTO "interviews" VALUES('iv_yudydf2vhqwa6rms','cand_biq7tbpknlj4hdxh','account-coordinator','8f71ef8e4952','round1','booked',1795798800000,1795801500000,1,1,'36op0ntqpm3326g29t4q33n164ssmsb5','"3500000000000708"',1795798800000,1795801500000,'https://meet.google.com/hbx-bvxi-evn',1796079600000,'needsAction','U00000001',1795615308509,'','',NULL,'','',NULL,NULL);
INSERT INTO "interviews" VALUES('iv_sdop6d3pht3qtaqp','cand_tqj4cdlcx7ychxz5','account-coordinator','8f71ef8e4952','round1','booked',1795793400000,1795796100000,1,1,'so543gpfgo95p669blcs641rkgsi719c','"3500000000000718"',1795793400000,1795796100000,'https://meet.google.com/kxr-dhbd-ssv',1796079600000,'needsAction','U00000001',1795615318218,'','',NULL,'','',NULL,NULL);
INSERT INTO "interviews" VALUES('iv_rz6fdm4yxlp54ken','cand_uh4gf4ncf66sybaa','account-coordinator','8f71ef8e4952','round1','booking',1796158800000,1796161500000,1,1,'c529umm1ut1icgoe1qbsqne45b0ktr84','',NULL,NULL,'',1796684400000,'','U00000001',1796050888800,'','',NULL,'','',NULL,NULL);
CREATE TABLE message_subjects (
  message INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  subject TEXT NOT NULL,           -- id of something that the message shows
  PRIMARY KEY (subject, message)
) STRICT, WITHOUT ROWID;
INSERT INTO "message_subjects" VALUES(1,'iv_yudydf2vhqwa6rms');
INSERT INTO "message_subjects" VALUES(3,'iv_sdop6d3pht3qtaqp');
INSERT INTO "message_subjects" VALUES(5,'cand_tqj4cdlcx7ychxz5');
INSERT INTO "message_subjects" VALUES(5,'iv_sdop6d3pht3qtaqp');
INSERT INTO "message_subjects" VALUES(6,'cand_biq7tbpknlj4hdxh');
INSERT INTO "message_subjects" VALUES(6,'iv_yudydf2vhqwa6rms');
INSERT INTO "message_subjects" VALUES(7,'U00000001');
INSERT INTO "message_subjects" VALUES(7,'cand_tqj4cdlcx7ychxz5');
INSERT INTO "message_subjects" VALUES(7,'iv_sdop6d3pht3qtaqp');
INSERT INTO "message_subjects" VALUES(8,'U00000001');
INSERT INTO "message_subjects" VALUES(8,'cand_biq7tbpknlj4hdxh');
INSERT INTO "message_subjects" VALUES(8,'iv_yudydf2vhqwa6rms');
INSERT INTO "message_subjects" VALUES(9,'U00000001');
INSERT INTO "message_subjects" VALUES(9,'iv_sdop6d3pht3qtaqp');
INSERT INTO "message_subjects" VALUES(9,'iv_yudydf2vhqwa6rms');
INSERT INTO "message_subjects" VALUES(10,'account-coordinator');
INSERT INTO "message_subjects" VALUES(10,'cand_biq7tbpknlj4hdxh');
INSERT INTO "message_subjects" VALUES(10,'cand_tqj4cdlcx7ychxz5');
INSERT INTO "message_subjects" VALUES(10,'iv_sdop6d3pht3qtaqp');
INSERT INTO "message_subjects" VALUES(10,'iv_yudydf2vhqwa6rms');
INSERT INTO "message_subjects" VALUES(10,'preview|account-coordinator|2026-11-30T15:00:00Z');
CREATE TABLE messages (
  id         INTEGER PRIMARY KEY,  -- order in which they were owed
  key        TEXT NOT NULL UNIQUE, -- names the intent; a Home view's is home:<person>
  kind       TEXT NOT NULL,        -- which renderer; "home" for a Home view
  about      TEXT NOT NULL,        -- id of what it is about
  person     TEXT NOT NULL,        -- Slack user id, for a DM or Home view; else ''
  role       TEXT NOT NULL,        -- role key, for the role's channel; else ''
  channel    TEXT NOT NULL,        -- Slack conversation where it stands; '' until posted
  ts         TEXT NOT NULL,        -- Slack's id of it there; '' until posted
  hash       TEXT NOT NULL,        -- of what it shows; '' when that isn't known
  want       INTEGER NOT NULL,     -- the version that is wanted; every touch raises it
  shown      INTEGER NOT NULL,     -- the version that it shows
  unwanted   INTEGER NOT NULL CHECK (unwanted IN (0, 1)), -- 1: to be removed from Slack
  gone       INTEGER NOT NULL CHECK (gone IN (0, 1)),     -- 1: removed, never posted, or can't be edited any more
  owed_at    INTEGER NOT NULL,     -- when it became owed
  posted_at  INTEGER               -- when it was posted
) STRICT;
INSERT INTO "messages" VALUES(1,'channel-booked:iv_yudydf2vhqwa6rms:1','channel-booked','iv_yudydf2vhqwa6rms','','account-coordinator','C00000002','1795615308.708355','49456d24e32d8a91929b8214',5,5,0,0,1795615308544,1795615308708);
INSERT INTO "messages" VALUES(2,'panelist:iv_yudydf2vhqwa6rms:1:U00000001','panelist','iv_yudydf2vhqwa6rms','U00000001','','D00000001','1795615308.742406','2bc4bf049919f9dd3565d6b1',2,2,1,1,1795615308546,1795615308746);
INSERT INTO "messages" VALUES(3,'channel-booked:iv_sdop6d3pht3qtaqp:1','channel-booked','iv_sdop6d3pht3qtaqp','','account-coordinator','C00000002','1795615318.288283','5e224d680c2530ef5d871233',3,3,0,0,1795615318245,1795615318288);
INSERT INTO "messages" VALUES(4,'panelist:iv_sdop6d3pht3qtaqp:1:U00000001','panelist','iv_sdop6d3pht3qtaqp','U00000001','','D00000001','1795615318.297198','ccbfcb649c6f24996da0a213',2,2,1,1,1795615318245,1795615318300);
INSERT INTO "messages" VALUES(5,'kit:iv_sdop6d3pht3qtaqp:1:U00000001','kit','iv_sdop6d3pht3qtaqp','U00000001','','D00000001','1795707000.151717','db27ab9d4ff89ca0894e6db0',1,1,0,0,1795707000001,1795707000158);
INSERT INTO "messages" VALUES(6,'kit:iv_yudydf2vhqwa6rms:1:U00000001','kit','iv_yudydf2vhqwa6rms','U00000001','','D00000001','1795712400.068881','5e279f0bccf6f6394a16ddcd',3,3,0,0,1795712400000,1795712400077);
INSERT INTO "messages" VALUES(7,'score:iv_sdop6d3pht3qtaqp:U00000001','score','iv_sdop6d3pht3qtaqp','U00000001','','D00000001','1795796100.011559','77e30fc50099a173ec600ea0',3,3,0,0,1795796100001,1795796100013);
INSERT INTO "messages" VALUES(8,'score:iv_yudydf2vhqwa6rms:U00000001','score','iv_yudydf2vhqwa6rms','U00000001','','D00000001','1795801500.051135','270e44ae7e16447090bf0e31',4,4,0,0,1795801500012,1795801500054);
INSERT INTO "messages" VALUES(9,'nag:U00000001:2026-11-30','nag','U00000001','U00000001','','D00000001','1796047200.050322','28c83a0a6dda3a35b75970ee',3,3,0,0,1796047200006,1796047200055);
INSERT INTO "messages" VALUES(10,'preview:account-coordinator:2026-11-30','preview','preview|account-coordinator|2026-11-30T15:00:00Z','','account-coordinator','C00000002','1796050800.023037','785ea6ad761b72ff693bc8e4',4,4,0,0,1796050800007,1796050800023);
CREATE TABLE notices (
  id          TEXT PRIMARY KEY,
  decision    TEXT NOT NULL UNIQUE REFERENCES decisions (id),
  candidate   TEXT NOT NULL REFERENCES candidates (id),
  role        TEXT NOT NULL REFERENCES roles (key),
  state       TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'unsure', 'failed', 'told', 'dropped')),
  subject     TEXT NOT NULL,
  body        TEXT NOT NULL,
  attempt     INTEGER NOT NULL,    -- of mailing
  approved_by TEXT NOT NULL,       -- Slack user id; '' until approved
  approved_at INTEGER,             -- when
  told_by     TEXT NOT NULL,       -- Slack user id; '' with told_at: the bot, by mail
  told_at     INTEGER,             -- when
  problem     TEXT NOT NULL        -- of the newest mailing, in words
) STRICT;
INSERT INTO "notices" VALUES('note_know64jmjjinvfyi','dec_7kt3vnn4kqrnnihx','cand_biq7tbpknlj4hdxh','account-coordinator','draft','Your application: Account Coordinator','Hello Noah,

Thank you for talking with us about the Account Coordinator role. We would like to take the next step with you, and look forward to talking with you again.

Kind regards
Karly Oykhman',0,'',NULL,'',NULL,'');
CREATE TABLE outbox (
  id         INTEGER PRIMARY KEY,  -- order within a lane
  key        TEXT NOT NULL UNIQUE, -- names the intent; see package outbox for the list
  kind       TEXT NOT NULL,        -- which handler
  about      TEXT NOT NULL,        -- id of what it is about
  lane       TEXT NOT NULL,        -- effects of one lane are carried out in order
  state      TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'unknown', 'done', 'dropped', 'failed', 'person')),
  attempt    INTEGER NOT NULL,     -- attempts begun
  started_at INTEGER,              -- wall clock of the newest attempt
  retry_at   INTEGER,              -- wall clock before which it isn't tried; NULL: any time
  looks      INTEGER NOT NULL,     -- times an unknown one was looked up and not found
  result     TEXT NOT NULL,        -- what the handler returned, e.g. a message's ts
  problem    TEXT NOT NULL         -- why it isn't done
) STRICT;
INSERT INTO "outbox" VALUES(1,'calendar:insert:iv_yudydf2vhqwa6rms:1','calendar:insert','iv_yudydf2vhqwa6rms','interview:iv_yudydf2vhqwa6rms','done',1,1795326556344,NULL,0,'36op0ntqpm3326g29t4q33n164ssmsb5','');
INSERT INTO "outbox" VALUES(2,'message:channel-booked:iv_yudydf2vhqwa6rms:1','message','channel-booked:iv_yudydf2vhqwa6rms:1','channel:account-coordinator','done',1,1795326556451,NULL,0,'1795615308.708355','');
INSERT INTO "outbox" VALUES(3,'message:panelist:iv_yudydf2vhqwa6rms:1:U00000001','message','panelist:iv_yudydf2vhqwa6rms:1:U00000001','dm:U00000001','done',1,1795326556547,NULL,0,'1795615308.742406','');
INSERT INTO "outbox" VALUES(4,'calendar:insert:iv_sdop6d3pht3qtaqp:1','calendar:insert','iv_sdop6d3pht3qtaqp','interview:iv_sdop6d3pht3qtaqp','done',1,1795326566051,NULL,0,'so543gpfgo95p669blcs641rkgsi719c','');
INSERT INTO "outbox" VALUES(5,'message:channel-booked:iv_sdop6d3pht3qtaqp:1','message','channel-booked:iv_sdop6d3pht3qtaqp:1','channel:account-coordinator','done',1,1795326566108,NULL,0,'1795615318.288283','');
INSERT INTO "outbox" VALUES(6,'message:panelist:iv_sdop6d3pht3qtaqp:1:U00000001','message','panelist:iv_sdop6d3pht3qtaqp:1:U00000001','dm:U00000001','done',1,1795326566113,NULL,0,'1795615318.297198','');
INSERT INTO "outbox" VALUES(7,'message:kit:iv_sdop6d3pht3qtaqp:1:U00000001','message','kit:iv_sdop6d3pht3qtaqp:1:U00000001','dm:U00000001','done',1,1795326566336,NULL,0,'1795707000.151717','');
INSERT INTO "outbox" VALUES(8,'message:kit:iv_yudydf2vhqwa6rms:1:U00000001','message','kit:iv_yudydf2vhqwa6rms:1:U00000001','dm:U00000001','done',1,1795326566605,NULL,0,'1795712400.068881','');
INSERT INTO "outbox" VALUES(9,'message:score:iv_sdop6d3pht3qtaqp:U00000001','message','score:iv_sdop6d3pht3qtaqp:U00000001','dm:U00000001','done',1,1795326566966,NULL,0,'1795796100.011559','');
INSERT INTO "outbox" VALUES(10,'message:score:iv_yudydf2vhqwa6rms:U00000001','message','score:iv_yudydf2vhqwa6rms:U00000001','dm:U00000001','done',1,1795326567124,NULL,0,'1795801500.051135','');
INSERT INTO "outbox" VALUES(11,'message:nag:U00000001:2026-11-30','message','nag:U00000001:2026-11-30','dm:U00000001','done',1,1795326620090,NULL,0,'1796047200.050322','');
INSERT INTO "outbox" VALUES(12,'message:preview:account-coordinator:2026-11-30','message','preview:account-coordinator:2026-11-30','channel:account-coordinator','done',1,1795326620174,NULL,0,'1796050800.023037','');
INSERT INTO "outbox" VALUES(13,'calendar:insert:iv_rz6fdm4yxlp54ken:1','calendar:insert','iv_rz6fdm4yxlp54ken','interview:iv_rz6fdm4yxlp54ken','pending',7,1795326720066,1795326792543,0,'','Google Calendar had an error of its own (HTTP 503, backendError)');
CREATE TABLE panelists (
  interview TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
  person    TEXT NOT NULL,         -- Slack user id
  part      TEXT NOT NULL CHECK (part IN ('required', 'optional', 'shadow')),
  rsvp      TEXT NOT NULL,         -- Google's word, as candidate_rsvp
  position  INTEGER NOT NULL, excused TEXT NOT NULL DEFAULT '' CHECK (excused IN ('', 'absent', 'handed_over')), excuse TEXT NOT NULL DEFAULT '', stand_in TEXT NOT NULL DEFAULT '', excused_at INTEGER,      -- order in the panel
  PRIMARY KEY (interview, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "panelists" VALUES('iv_rz6fdm4yxlp54ken','U00000001','required','',0,'','','',NULL);
INSERT INTO "panelists" VALUES('iv_sdop6d3pht3qtaqp','U00000001','required','needsAction',0,'','','',NULL);
INSERT INTO "panelists" VALUES('iv_yudydf2vhqwa6rms','U00000001','required','needsAction',0,'','','',NULL);
CREATE TABLE people (
  id         TEXT PRIMARY KEY,     -- Slack user id
  name       TEXT NOT NULL,        -- as shown in Slack
  email      TEXT NOT NULL,        -- also the id of their Google calendar; '' when unknown
  zone       TEXT NOT NULL,        -- IANA name from their Slack profile; '' when unknown
  is_admin   INTEGER NOT NULL CHECK (is_admin IN (0, 1)),   -- admin or owner of the workspace
  is_guest   INTEGER NOT NULL CHECK (is_guest IN (0, 1)),   -- single- or multi-channel guest
  is_foreign INTEGER NOT NULL CHECK (is_foreign IN (0, 1)), -- of another workspace
  is_bot     INTEGER NOT NULL CHECK (is_bot IN (0, 1)),     -- an app
  is_deleted INTEGER NOT NULL CHECK (is_deleted IN (0, 1))  -- deactivated
) STRICT;
INSERT INTO "people" VALUES('U00000001','Karly Oykhman','karly@asymmetric.example','America/Chicago',0,0,0,0,0);
INSERT INTO "people" VALUES('U00000002','Sebastian Gant','sebastian@asymmetric.example','America/New_York',0,0,0,0,0);
INSERT INTO "people" VALUES('U00000003','Mark','mark@asymmetric.example','America/Chicago',0,0,0,0,0);
INSERT INTO "people" VALUES('U00000004','Dana Whitfield','dana@asymmetric.example','America/Los_Angeles',0,0,0,0,0);
INSERT INTO "people" VALUES('U00000005','Priya Raman','priya@asymmetric.example','America/Chicago',1,0,0,0,0);
INSERT INTO "people" VALUES('U00000006','Tom Becker','tom@asymmetric.example','America/Chicago',0,0,0,0,0);
INSERT INTO "people" VALUES('U00000007','Gwen Park','gwen@studio.example','America/Denver',0,1,0,0,0);
INSERT INTO "people" VALUES('U00000008','Otto Blum','otto@asymmetric.example','',0,0,0,0,1);
INSERT INTO "people" VALUES('U00000009','Convene','','',0,0,0,1,0);
CREATE TABLE person_settings (
  person   TEXT PRIMARY KEY,       -- Slack user id
  calendar TEXT NOT NULL,          -- address of their Google calendar; '': their e-mail address in Slack
  hours    TEXT NOT NULL,          -- JSON: own working hours and days, in their zone; no days: the role's
  set_by   TEXT NOT NULL,          -- Slack user id of who changed this last
  set_at   INTEGER                 -- when
) STRICT, WITHOUT ROWID;
CREATE TABLE reveals (
  interview   TEXT PRIMARY KEY REFERENCES interviews (id),
  revealed_by TEXT NOT NULL,       -- the coordinator who opened the scorecards before all were in
  revealed_at INTEGER              -- when
) STRICT;
CREATE TABLE role_revisions (
  role          TEXT NOT NULL,     -- key of the role
  revision      TEXT NOT NULL,     -- hash of the role file's content
  body          TEXT NOT NULL,     -- the role as JSON, without its setup
  first_seen_at INTEGER NOT NULL,  -- when the program first started with it
  PRIMARY KEY (role, revision)
) STRICT;
INSERT INTO "role_revisions" VALUES('account-coordinator','8f71ef8e4952','{"Key":"account-coordinator","Revision":"8f71ef8e4952","Title":"Account Coordinator","Company":"Asymmetric","Context":["The Account Coordinator (AC) role was created as part of a deliberate restructure of Asymmetric''s account management function.","Asymmetric is splitting its legacy Account Manager role into two distinct functions","Account Coordinator — client-facing relationship management; primary point of contact for mid- and third-tier clients","Strategist — internal strategy, project oversight, and escalation handling","The AC is explicitly not expected to be a specialist. The role is designed to keep a human, responsive face on the agency while routing substantive work to the appropriate internal expert."],"Duties":null,"Terms":null,"Travel":["Quarterly in-person client visits in the greater Madison, WI area"],"WorkModel":["Remote-first, 8 AM–5 PM Central Time"],"Values":null,"Culture":["Asymmetric runs a distributed team and actively works to build connection remotely","Encourages personal sharing in team channels (photos, weekend updates)","Monthly \"Sip \u0026 Sinks\" — virtual social events (Jeopardy, pet show-and-tell, etc.)"],"Process":null,"Success":null,"Wanted":null,"Background":null,"Notes":["The document refers to other pages, [1], [2] and [3], that are not part of it. Page [1] is about how clients are segmented and assigned.","Benchmark questions are stated for three competencies; client-communication and triage have none.","Karly Oykhman holds Round 1 and sits on the panel, and the owner is a panelist; consider a sealed summary.","The decision timeline is stated for Round 1 only."],"Application":null,"Tools":[{"Name":"Project management","Need":"Expected / Nice to Have","Tools":["Asana","Basecamp","Liquid Planner"],"Note":"or equivalent"},{"Name":"Communication","Need":"Expected / Nice to Have","Tools":["Slack","Teams","G Suite"],"Note":""},{"Name":"Analytics","Need":"Expected / Nice to Have","Tools":["Google Analytics"],"Note":"certification is a plus"},{"Name":"AI tools","Need":"Expected / Nice to Have","Tools":["ChatGPT","Gemini"],"Note":"willingness to learn Gamma, Claude, Surfer"},{"Name":"Client CRMs","Need":"Not Required (Specialists Handle These)","Tools":["HubSpot","Salesforce"],"Note":"or other client CRMs — basic navigation is helpful but depth is not expected"},{"Name":"Ads","Need":"Not Required (Specialists Handle These)","Tools":["Meta Ads","Google Ads"],"Note":"awareness is fine; execution belongs to specialists"}],"Signals":[{"ID":"self-directed-learner","Text":"Candidates who are self-directed learners with tool-agnostic confidence (\"I jump in and figure it out\") tend to ramp faster than those who need formal training on every platform.","About":"tools"},{"ID":"client-pleaser","Text":"Candidates who are self-described \"client pleasers\" with high responsiveness instincts tend to fit well","About":"culture"},{"ID":"okr-aligned","Text":"provided they also understand the importance of OKR-aligned work (not just doing whatever clients ask)","About":"culture"}],"Questions":[{"ID":"landing-page","Text":"A client requests a landing page by Friday. It''s Tuesday. The team can''t deliver in time. How do you handle it?","Competencies":["expectation-setting"],"Ideal":""},{"ID":"several-emails","Text":"Within an hour, you receive emails from several different clients. How do you prioritize?","Competencies":["prioritization"],"Ideal":""},{"ID":"analytics-question","Text":"A client asks a detailed analytics question you weren''t prepared for. What do you do?","Competencies":["knowledge-gaps"],"Ideal":""}],"Competencies":[{"ID":"client-communication","Name":"Client Communication \u0026 Relationship Management","Primary":true,"Assesses":["2–3 client-facing meetings per day (Zoom)","Day-to-day email triage and responsiveness","Presenting deliverables (reports, strategy updates, ad performance)","Building rapport over time, including quarterly in-person visits to Madison-area clients"],"Strong":"Prior experience as a digital account manager with direct client ownership, monthly or bi-weekly meeting cadence, and internal escalation responsibility.","RedFlags":null,"AnswerKey":null},{"ID":"triage","Name":"Communication Triage Judgment","Primary":false,"Assesses":["The AC must quickly assess incoming requests and route them appropriately"],"Strong":"Candidates should articulate a clear mental model for this — not just \"I escalate when needed\" but a sense of urgency tiers and proactive acknowledgment.","RedFlags":null,"AnswerKey":[{"Case":"Simple / \u003c 5 min (e.g., ad snapshot)","Expected":"AC handles directly"},{"Case":"Complex / \u003e 5 min","Expected":"Routes to relevant specialist"},{"Case":"Hot issue (e.g., typo in sent email)","Expected":"Escalates to Strategist (Karly) or Owner (Mark)"}]},{"ID":"expectation-setting","Name":"Expectation Setting \u0026 Deadline Management","Primary":false,"Assesses":["A key situational competency."],"Strong":"Set realistic expectations proactively and early; communicate clearly without over-promising; frame the team''s capacity with empathy rather than defensiveness.","RedFlags":null,"AnswerKey":null},{"ID":"prioritization","Name":"Multi-Client Prioritization","Primary":false,"Assesses":["The AC will manage multiple mid- and third-tier clients simultaneously."],"Strong":"Prioritize by client tier and request urgency; immediately acknowledge all requests with an ETA even if resolution is pending; avoid letting anything go dark.","RedFlags":null,"AnswerKey":null},{"ID":"knowledge-gaps","Name":"Handling Knowledge Gaps on Live Calls","Primary":false,"Assesses":["The AC will sometimes face questions they can''t answer in the moment."],"Strong":"Honest acknowledgment; commit to following up with a specialist; deliver a complete answer after the call.","RedFlags":[{"ID":"bluffing","Text":"Candidates who try to bluff or over-answer"}],"AnswerKey":null}],"Gates":[{"ID":"quarterly-visits","Text":"Quarterly in-person client visits in the greater Madison, WI area — non-negotiable for this role","Ask":"","Stages":null},{"ID":"driving-distance","Text":"Candidate must be within reasonable driving distance of Madison (≤ ~1.5 hrs)","Ask":"","Stages":null}],"Titles":[{"Key":"strategist","Text":"Strategist","Name":"Karly Oykhman","Chosen":false},{"Key":"director-of-ops","Text":"Director of Ops","Name":"Sebastian Gant","Chosen":false},{"Key":"owner","Text":"Owner","Name":"Mark","Chosen":false}],"Stages":[{"ID":"round1","Name":"Screening","Kind":"interview","Panel":false,"When":"Round 1","Covers":["role fit","background","tools","situational questions"],"Panelists":[{"Title":"strategist","Part":"required"}],"Competencies":null,"Duration":{"V":2700000000000,"Chosen":true},"KitLead":{"V":86400000000000,"Chosen":true},"Location":{"V":{"Kind":"meet","Text":""},"Chosen":true},"Deadline":{"V":{"Kind":"weekday_after_week","Weekday":1,"Days":0,"EOD":61200000000000,"Holiday":"next_business_day","RuleText":"Candidates notified by EOD Monday following first-round week"},"Chosen":false},"Note":""},{"ID":"panel","Name":"Panel","Kind":"interview","Panel":true,"When":"Round 2 (if advancing)","Covers":null,"Panelists":[{"Title":"strategist","Part":"required"},{"Title":"director-of-ops","Part":"required"},{"Title":"owner","Part":"required"}],"Competencies":null,"Duration":{"V":3600000000000,"Chosen":true},"KitLead":{"V":86400000000000,"Chosen":true},"Location":{"V":{"Kind":"meet","Text":""},"Chosen":true},"Deadline":{"V":{"Kind":"weekday_after_week","Weekday":1,"Days":0,"EOD":61200000000000,"Holiday":"next_business_day","RuleText":""},"Chosen":true},"Note":""}],"Zone":{"V":"America/Chicago","Chosen":false},"Hours":{"V":{"Days":[1,2,3,4,5],"Start":28800000000000,"End":61200000000000},"Chosen":false},"Holidays":{"V":{"Country":"US","Extra":null},"Chosen":true},"MinNotice":{"V":86400000000000,"Chosen":true},"Horizon":{"V":1209600000000000,"Chosen":true},"Buffer":{"V":900000000000,"Chosen":true},"PerDay":{"V":3,"Chosen":true},"PerWeek":{"V":10,"Chosen":true},"NagAfter":{"V":57600000000000,"Chosen":true},"Escalate":{"V":2,"Chosen":true},"ShowGuests":false,"Sealed":{"V":false,"Chosen":true},"Notices":{"advance":{"Subject":"Your application: {role}","Body":"Hello {first_name},\n\nThank you for talking with us about the {role} role. We would like to take the next step with you, and look forward to talking with you again.\n\nKind regards\n{sender}","Chosen":true},"decline":{"Subject":"Your application: {role}","Body":"Hello {first_name},\n\nThank you for talking with us about the {role} role, and for the time you gave it. We have decided not to take your application further.\n\nWe wish you all the best.\n{sender}","Chosen":true},"hold":{"Subject":"Your application: {role}","Body":"Hello {first_name},\n\nThank you for talking with us about the {role} role. We have not decided yet, and are sorry to keep you waiting. You will hear from us by {new_date}.\n\nKind regards\n{sender}","Chosen":true}},"Choices":[{"Path":"hours.days","Name":"Working days","Text":"Monday to Friday"},{"Path":"holidays","Name":"Holidays","Text":"calendar of US"},{"Path":"min_notice","Name":"Shortest notice for an interview","Text":"24 hours"},{"Path":"horizon","Name":"How far ahead slots are offered","Text":"14 days"},{"Path":"buffer","Name":"Free time on both sides of an interview","Text":"15 minutes"},{"Path":"per_day","Name":"Interviews per panelist and day","Text":"at most 3"},{"Path":"per_week","Name":"Interviews per panelist and week","Text":"at most 10"},{"Path":"nag_after","Name":"First reminder of a missing scorecard","Text":"16 hours after the interview"},{"Path":"escalate_after","Name":"Somebody else is told of it","Text":"after 2 reminders"},{"Path":"sealed","Name":"Evidence in the summary","Text":"shown"},{"Path":"stages.round1.duration","Name":"Length of “Screening”","Text":"45 minutes"},{"Path":"stages.round1.kit_lead","Name":"Kit for “Screening”","Text":"sent 24 hours before"},{"Path":"stages.round1.location","Name":"Where “Screening” happens","Text":"Google Meet"},{"Path":"stages.round1.deadline.eod","Name":"End of that day, after “Screening”","Text":"17:00"},{"Path":"stages.round1.deadline.holiday","Name":"When that day is a holiday, after “Screening”","Text":"the next working day"},{"Path":"stages.panel.duration","Name":"Length of “Panel”","Text":"1 hour"},{"Path":"stages.panel.kit_lead","Name":"Kit for “Panel”","Text":"sent 24 hours before"},{"Path":"stages.panel.location","Name":"Where “Panel” happens","Text":"Google Meet"},{"Path":"stages.panel.deadline","Name":"Candidate told after “Panel”","Text":"Monday after the interview''s week, 17:00; on a holiday the next working day"},{"Path":"notices.advance","Name":"Draft of the notice, advance","Text":"“Your application: {role}” …"},{"Path":"notices.hold","Name":"Draft of the notice, hold","Text":"“Your application: {role}” …"},{"Path":"notices.decline","Name":"Draft of the notice, decline","Text":"“Your application: {role}” …"}],"Setup":{"RoleKey":"","People":null,"Coordinators":null,"Deciders":null,"Channel":"","Settings":null,"Sections":null,"Confirmed":"","SavedBy":"","SavedAt":"0001-01-01T00:00:00Z"}}',1795615200171);
CREATE TABLE role_settings (
  role   TEXT NOT NULL REFERENCES roles (key),
  path   TEXT NOT NULL,            -- as in hiring.Choice, e.g. "stages.round1.duration"
  value  TEXT NOT NULL,            -- as hiring.Setting writes it; it stands over the file's
  set_by TEXT NOT NULL,            -- Slack user id
  set_at INTEGER,                  -- when
  PRIMARY KEY (role, path)
) STRICT, WITHOUT ROWID;
INSERT INTO "role_settings" VALUES('account-coordinator','section:channel','1','U00000001',1795615200184);
INSERT INTO "role_settings" VALUES('account-coordinator','section:confirm','1','U00000001',1795615200185);
INSERT INTO "role_settings" VALUES('account-coordinator','section:team','1','U00000001',1795615200183);
CREATE TABLE roles (
  key      TEXT PRIMARY KEY,       -- stable name, e.g. "asymmetric-account-coordinator"
  revision TEXT NOT NULL,          -- the current one
  listed   INTEGER NOT NULL CHECK (listed IN (0, 1)), -- 0: its file is gone; open cases still need it
  position INTEGER NOT NULL,       -- order in lists
  FOREIGN KEY (key, revision) REFERENCES role_revisions (role, revision)
) STRICT;
INSERT INTO "roles" VALUES('account-coordinator','8f71ef8e4952',1,0);
CREATE TABLE scorecard_versions (
  interview    TEXT NOT NULL,
  panelist     TEXT NOT NULL,      -- Slack user id
  version      INTEGER NOT NULL,   -- counts from 1
  answers      TEXT NOT NULL,      -- JSON, as submitted
  submitted_at INTEGER,            -- when
  reason       TEXT NOT NULL, after_reveal INTEGER NOT NULL DEFAULT 0 CHECK (after_reveal IN (0, 1)),      -- why the version before it was reopened; '' for the first
  PRIMARY KEY (interview, panelist, version),
  FOREIGN KEY (interview, panelist) REFERENCES scorecards (interview, panelist)
) STRICT;
INSERT INTO "scorecard_versions" VALUES('iv_yudydf2vhqwa6rms','U00000001',1,'{"ratings":{"client-communication":{"level":3,"rated":true,"evidence":"Old-evidence about it"},"expectation-setting":{"level":3,"rated":true,"evidence":"Old-evidence about it"},"knowledge-gaps":{"level":3,"rated":true,"evidence":"Old-evidence about it"},"prioritization":{"level":3,"rated":true,"evidence":"Old-evidence about it"},"triage":{"level":3,"rated":true,"evidence":"Old-evidence about it"}},"gates":{"driving-distance":{"answer":"yes"},"quarterly-visits":{"answer":"yes"}},"recommendation":"yes","note":"Old-draft of Amara"}',1796050877262,'',0);
CREATE TABLE scorecards (
  interview     TEXT NOT NULL REFERENCES interviews (id),
  panelist      TEXT NOT NULL,     -- Slack user id
  role_revision TEXT NOT NULL,     -- the rubric that it was asked with
  answers       TEXT NOT NULL,     -- JSON; may be incomplete until it is submitted
  version       INTEGER NOT NULL,  -- submitted versions so far; 0: only a draft
  saved_at      INTEGER,           -- when the answers were last saved
  typed_at      INTEGER,           -- Slack's time of the newest typing that was kept
  submitted_at  INTEGER,           -- NULL: a draft
  reason        TEXT NOT NULL, after_reveal INTEGER NOT NULL DEFAULT 0 CHECK (after_reveal IN (0, 1)),     -- why it was last reopened; '' for the first version
  PRIMARY KEY (interview, panelist)
) STRICT;
INSERT INTO "scorecards" VALUES('iv_yudydf2vhqwa6rms','U00000001','8f71ef8e4952','{"ratings":{"client-communication":{"level":3,"rated":true,"evidence":"Old-evidence about it"},"expectation-setting":{"level":3,"rated":true,"evidence":"Old-evidence about it"},"knowledge-gaps":{"level":3,"rated":true,"evidence":"Old-evidence about it"},"prioritization":{"level":3,"rated":true,"evidence":"Old-evidence about it"},"triage":{"level":3,"rated":true,"evidence":"Old-evidence about it"}},"gates":{"driving-distance":{"answer":"yes"},"quarterly-visits":{"answer":"yes"}},"recommendation":"yes","note":"Old-draft of Amara"}',1,1796050877262,1796050877246,1796050877262,'',0);
CREATE TABLE searches (
  id         TEXT PRIMARY KEY,
  candidate  TEXT NOT NULL REFERENCES candidates (id),
  body       TEXT NOT NULL,        -- the question and its offers, as JSON
  used       INTEGER NOT NULL CHECK (used IN (0, 1)), -- 1: one of its offers was booked
  created_at INTEGER NOT NULL      -- when it was first saved
) STRICT;
INSERT INTO "searches" VALUES('search_32zw2zvtfohlx7oa','cand_biq7tbpknlj4hdxh','{"ID":"search_32zw2zvtfohlx7oa","CandidateID":"cand_biq7tbpknlj4hdxh","RoleKey":"account-coordinator","Stage":"round1","InterviewID":"","By":"U00000001","Panel":[{"Person":"U00000001","Part":"required","RSVP":"","Excused":{"Kind":"","Reason":"","StandIn":"","At":"0001-01-01T00:00:00Z"}}],"Seated":null,"Duration":2700000000000,"From":"0001-01-01T00:00:00Z","Offers":[{"Start":"2026-11-27T17:00:00Z","End":"2026-11-27T17:45:00Z","Cost":20,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-11-27T21:00:00Z","End":"2026-11-27T21:45:00Z","Cost":20,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-11-30T19:30:00Z","End":"2026-11-30T20:15:00Z","Cost":50,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-11-30T21:30:00Z","End":"2026-11-30T22:15:00Z","Cost":50,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-01T17:00:00Z","End":"2026-12-01T17:45:00Z","Cost":60,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-01T21:00:00Z","End":"2026-12-01T21:45:00Z","Cost":60,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-02T22:00:00Z","End":"2026-12-02T22:45:00Z","Cost":75,"Reasons":["keeps longer free stretches whole","at the edge of the day"],"Without":null},{"Start":"2026-12-03T19:30:00Z","End":"2026-12-03T20:15:00Z","Cost":80,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-03T21:30:00Z","End":"2026-12-03T22:15:00Z","Cost":80,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-04T17:00:00Z","End":"2026-12-04T17:45:00Z","Cost":90,"Reasons":["keeps longer free stretches whole"],"Without":null}],"InWay":null,"Misses":null,"Used":false,"Wanted":"0001-01-01T00:00:00Z","Confirmed":null,"Carries":""}',1,1795615308421);
INSERT INTO "searches" VALUES('search_pd467wwpldhzt5pr','cand_tqj4cdlcx7ychxz5','{"ID":"search_pd467wwpldhzt5pr","CandidateID":"cand_tqj4cdlcx7ychxz5","RoleKey":"account-coordinator","Stage":"round1","InterviewID":"","By":"U00000001","Panel":[{"Person":"U00000001","Part":"required","RSVP":"","Excused":{"Kind":"","Reason":"","StandIn":"","At":"0001-01-01T00:00:00Z"}}],"Seated":null,"Duration":2700000000000,"From":"0001-01-01T00:00:00Z","Offers":[{"Start":"2026-11-27T15:30:00Z","End":"2026-11-27T16:15:00Z","Cost":20,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-11-27T14:00:00Z","End":"2026-11-27T14:45:00Z","Cost":25,"Reasons":["the soonest that suits everyone","keeps longer free stretches whole","at the edge of the day"],"Without":null},{"Start":"2026-11-30T14:00:00Z","End":"2026-11-30T14:45:00Z","Cost":55,"Reasons":["keeps longer free stretches whole","at the edge of the day"],"Without":null},{"Start":"2026-12-01T15:30:00Z","End":"2026-12-01T16:15:00Z","Cost":60,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-01T14:00:00Z","End":"2026-12-01T14:45:00Z","Cost":65,"Reasons":["keeps longer free stretches whole","at the edge of the day"],"Without":null},{"Start":"2026-12-01T17:00:00Z","End":"2026-12-01T17:45:00Z","Cost":66,"Reasons":["keeps longer free stretches whole","early or late for the candidate"],"Without":null},{"Start":"2026-12-02T14:00:00Z","End":"2026-12-02T14:45:00Z","Cost":75,"Reasons":["keeps longer free stretches whole","at the edge of the day"],"Without":null},{"Start":"2026-12-03T14:00:00Z","End":"2026-12-03T14:45:00Z","Cost":85,"Reasons":["keeps longer free stretches whole","at the edge of the day"],"Without":null},{"Start":"2026-12-04T15:30:00Z","End":"2026-12-04T16:15:00Z","Cost":90,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-04T14:00:00Z","End":"2026-12-04T14:45:00Z","Cost":95,"Reasons":["keeps longer free stretches whole","at the edge of the day"],"Without":null}],"InWay":null,"Misses":null,"Used":false,"Wanted":"0001-01-01T00:00:00Z","Confirmed":null,"Carries":""}',1,1795615318153);
INSERT INTO "searches" VALUES('search_7ftwizcbjaefv46v','cand_uh4gf4ncf66sybaa','{"ID":"search_7ftwizcbjaefv46v","CandidateID":"cand_uh4gf4ncf66sybaa","RoleKey":"account-coordinator","Stage":"round1","InterviewID":"","By":"U00000001","Panel":[{"Person":"U00000001","Part":"required","RSVP":"","Excused":{"Kind":"","Reason":"","StandIn":"","At":"0001-01-01T00:00:00Z"}}],"Seated":null,"Duration":2700000000000,"From":"0001-01-01T00:00:00Z","Offers":[{"Start":"2026-12-01T21:00:00Z","End":"2026-12-01T21:45:00Z","Cost":10,"Reasons":["the soonest that suits everyone","keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-02T22:00:00Z","End":"2026-12-02T22:45:00Z","Cost":25,"Reasons":["keeps longer free stretches whole","at the edge of the day"],"Without":null},{"Start":"2026-12-03T19:30:00Z","End":"2026-12-03T20:15:00Z","Cost":30,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-03T21:30:00Z","End":"2026-12-03T22:15:00Z","Cost":30,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-04T21:00:00Z","End":"2026-12-04T21:45:00Z","Cost":40,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-07T19:30:00Z","End":"2026-12-07T20:15:00Z","Cost":70,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-07T21:30:00Z","End":"2026-12-07T22:15:00Z","Cost":70,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-08T21:00:00Z","End":"2026-12-08T21:45:00Z","Cost":80,"Reasons":["keeps longer free stretches whole"],"Without":null},{"Start":"2026-12-09T22:00:00Z","End":"2026-12-09T22:45:00Z","Cost":95,"Reasons":["keeps longer free stretches whole","at the edge of the day"],"Without":null},{"Start":"2026-12-10T19:30:00Z","End":"2026-12-10T20:15:00Z","Cost":100,"Reasons":["keeps longer free stretches whole"],"Without":null}],"InWay":null,"Misses":null,"Used":false,"Wanted":"0001-01-01T00:00:00Z","Confirmed":null,"Carries":""}',1,1796050888775);
CREATE TABLE secrets (
  name  TEXT PRIMARY KEY,          -- what it is for
  value BLOB NOT NULL              -- random; goes with every copy of the database
) STRICT, WITHOUT ROWID;
INSERT INTO "secrets" VALUES('message mark',X'0000000000000000000000000000000000000000000000000000000000000000');
CREATE TABLE setups (
  role         TEXT PRIMARY KEY REFERENCES roles (key),
  people       TEXT NOT NULL,      -- JSON: title key -> Slack user ids
  coordinators TEXT NOT NULL,      -- JSON list of Slack user ids
  deciders     TEXT NOT NULL,      -- JSON list of Slack user ids
  channel      TEXT NOT NULL,      -- Slack id of the role's private channel; '' until chosen
  confirmed    TEXT NOT NULL,      -- revision whose chosen values were confirmed
  saved_by     TEXT NOT NULL,      -- Slack user id
  saved_at     INTEGER             -- when
) STRICT;
INSERT INTO "setups" VALUES('account-coordinator','{"director-of-ops":["U00000002"],"owner":["U00000003"],"strategist":["U00000001"]}','["U00000001","U00000004"]','["U00000001","U00000003"]','C00000002','8a6f407468 cfbe245347 d9238c52c4 b58e82b3ba 20658186d6 af80a7e8b0 0550055f2d 5dd261aee5 066c3346bd 9b5c65e305 f37434584d d0391ce5b8 8ae03e8a2b 3859ebd18a 11f0b66280 eb5a47955f 1b10a45f06 6b15c3cf13 c8c9abad53 cc9e2e306b 03cd9e8b09 8c0f134d99','U00000001',1795615200185);
CREATE TABLE snoozes (
  person   TEXT PRIMARY KEY,       -- Slack user id
  until_at INTEGER NOT NULL,       -- before this time no reminder is sent by itself
  set_at   INTEGER NOT NULL        -- when
) STRICT, WITHOUT ROWID;
CREATE TABLE summary_entries (
  id        INTEGER PRIMARY KEY,   -- order in which they were shown
  candidate TEXT NOT NULL REFERENCES candidates (id),
  interview TEXT NOT NULL REFERENCES interviews (id),
  message   TEXT NOT NULL,         -- key of the preview or summary
  shown_at  INTEGER NOT NULL,      -- when it came to say this
  text      TEXT NOT NULL          -- what it said of the candidate, in words
) STRICT;
INSERT INTO "summary_entries" VALUES(1,'cand_tqj4cdlcx7ychxz5','iv_sdop6d3pht3qtaqp','preview:account-coordinator:2026-11-30',1796050800023,'Amara Osei · Screening
At risk ⚠ (little working time is left for the scorecards) · Due today: to be told by Mon 30 Nov, 5:00 pm CST.
0 of 1 scorecards in. Missing: Karly Oykhman.');
INSERT INTO "summary_entries" VALUES(2,'cand_biq7tbpknlj4hdxh','iv_yudydf2vhqwa6rms','preview:account-coordinator:2026-11-30',1796050800023,'Noah Lindqvist · Screening
On track ✓ · Due today: to be told by Mon 30 Nov, 5:00 pm CST.
0 of 1 scorecards in. Missing: Karly Oykhman.');
INSERT INTO "summary_entries" VALUES(3,'cand_biq7tbpknlj4hdxh','iv_yudydf2vhqwa6rms','preview:account-coordinator:2026-11-30',1796050877398,'Noah Lindqvist · Screening
On track ✓ · Due today: to be told by Mon 30 Nov, 5:00 pm CST.
All scorecards are in. Waits for a decision by Karly Oykhman or Mark.
• Client Communication & Relationship Management: 3
• Communication Triage Judgment: 3
• Expectation Setting & Deadline Management: 3
• Multi-Client Prioritization: 3
• Handling Knowledge Gaps on Live Calls: 3
Recommendations: Karly Oykhman: yes
All gates met; mean 3.0 over 5 competencies, 1 person; spread 0; no red flag.');
INSERT INTO "summary_entries" VALUES(4,'cand_biq7tbpknlj4hdxh','iv_yudydf2vhqwa6rms','preview:account-coordinator:2026-11-30',1796050888628,'Noah Lindqvist · Screening
On track ✓ · Due today: to be told by Mon 30 Nov, 5:00 pm CST.
Decided: advance, by Karly Oykhman, Mon 30 Nov, 9:01 am CST. Not told yet: the notice is still to be written.
Reason: Old-reason
• Client Communication & Relationship Management: 3
• Communication Triage Judgment: 3
• Expectation Setting & Deadline Management: 3
• Multi-Client Prioritization: 3
• Handling Knowledge Gaps on Live Calls: 3
Recommendations: Karly Oykhman: yes
All gates met; mean 3.0 over 5 competencies, 1 person; spread 0; no red flag.');
CREATE TABLE sync (
  name  TEXT PRIMARY KEY,          -- what is followed: "calendar"
  token TEXT NOT NULL              -- Google's token for "changes since then"
) STRICT, WITHOUT ROWID;
INSERT INTO "sync" VALUES('calendar','eyJjIjoiaW50ZXJ2aWV3c0Bhc3ltbWV0cmljLmV4YW1wbGUiLCJzIjoyLCJnIjoxLCJwIjoiIn0');
CREATE UNIQUE INDEX candidates_email ON candidates (role, email_folded) WHERE erased_at IS NULL;
CREATE INDEX interviews_candidate ON interviews (candidate);
CREATE UNIQUE INDEX interviews_event ON interviews (event_id) WHERE event_id <> '';
CREATE UNIQUE INDEX interviews_live ON interviews (candidate, stage) WHERE state IN ('booking', 'booked');
CREATE INDEX interviews_told ON interviews (role, told_at, end_at) WHERE state = 'booked';
CREATE INDEX interviews_end ON interviews (end_at) WHERE state = 'booked';
CREATE INDEX interviews_deadline ON interviews (role, deadline_at);
CREATE INDEX panelists_person ON panelists (person);
CREATE INDEX searches_candidate ON searches (candidate);
CREATE TRIGGER scorecard_versions_stay BEFORE UPDATE ON scorecard_versions
BEGIN
  SELECT RAISE(ABORT, 'a submitted version of a scorecard never changes');
END;
CREATE UNIQUE INDEX decisions_standing ON decisions (interview) WHERE replaced = 0;
CREATE INDEX decisions_interview ON decisions (interview);
CREATE INDEX decisions_candidate ON decisions (candidate);
CREATE INDEX notices_candidate ON notices (candidate);
CREATE INDEX due_at ON due (at, key, kind, about);
CREATE INDEX outbox_open ON outbox (lane, id) WHERE state IN ('pending', 'sending', 'unknown');
CREATE INDEX outbox_trouble ON outbox (id) WHERE state IN ('failed', 'person');
CREATE INDEX messages_stale ON messages (id) WHERE gone = 0 AND (want > shown OR unwanted = 1);
CREATE INDEX messages_nags ON messages (person, owed_at) WHERE kind = 'nag';
CREATE INDEX message_subjects_message ON message_subjects (message);
CREATE INDEX inbox_seen ON inbox (seen_at);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE UNIQUE INDEX checks_standing ON checks (candidate, stage) WHERE replaced = 0;
CREATE INDEX checks_candidate ON checks (candidate);
CREATE INDEX files_candidate ON files (candidate);
CREATE INDEX audit_subject ON audit (subject);
CREATE INDEX messages_place ON messages (channel, ts) WHERE ts <> '';
CREATE INDEX summary_entries_candidate ON summary_entries (candidate, message, id);
CREATE INDEX interviews_role ON interviews (role, id);
CREATE INDEX scorecard_versions_first ON scorecard_versions (interview, panelist, submitted_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('goose_db_version',6);
COMMIT;
