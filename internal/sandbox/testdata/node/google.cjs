// Google's own library, unmodified, in the sandbox's calendars: free/busy, an
// event with a Meet link, a change under If-Match, and what has changed since.
// Argument: the address where its calendar API is.
"use strict";

const assert = require("node:assert/strict");
const { google } = require("googleapis");

const [base] = process.argv.slice(2);
const calendar = google.calendar({ version: "v3", rootUrl: `${base}/` });

const status = (code) => (error) => Number(error.status ?? error.response?.status ?? error.code) === code;

(async () => {
  const day = { timeMin: "2026-11-26T00:00:00-06:00", timeMax: "2026-11-27T00:00:00-06:00" };
  const busy = await calendar.freebusy.query({ requestBody: { ...day, items: [{ id: "karly@asymmetric.example" }, { id: "nobody@asymmetric.example" }] } });
  assert.ok(busy.data.calendars["karly@asymmetric.example"].busy.length > 0);
  assert.equal(busy.data.calendars["nobody@asymmetric.example"].errors[0].reason, "notFound");

  let list = await calendar.events.list({ calendarId: "primary" });
  const before = list.data.nextSyncToken;
  assert.ok(before, "there is no sync token");

  const made = await calendar.events.insert({
    calendarId: "primary", conferenceDataVersion: 1, sendUpdates: "all",
    requestBody: {
      summary: "Tea", start: { dateTime: "2026-11-26T10:00:00-06:00" }, end: { dateTime: "2026-11-26T10:45:00-06:00" },
      attendees: [{ email: "karly@asymmetric.example" }, { email: "jordan@mail.example" }],
      conferenceData: { createRequest: { requestId: "tea-1", conferenceSolutionKey: { type: "hangoutsMeet" } } },
    },
  });
  let event = made.data;
  for (let i = 0; i < 20 && event.conferenceData?.createRequest?.status?.statusCode === "pending"; i++) {
    event = (await calendar.events.get({ calendarId: "primary", eventId: event.id })).data;
  }
  assert.match(event.hangoutLink, /^https:\/\/meet\.google\.com\//);

  const patch = (etag, summary) => calendar.events.patch({ calendarId: "primary", eventId: event.id, requestBody: { summary } }, { headers: { "If-Match": etag } });
  const patched = await patch(event.etag, "Green tea");
  assert.equal(patched.data.summary, "Green tea");
  await assert.rejects(patch(event.etag, "Black tea"), status(412));

  list = await calendar.events.list({ calendarId: "primary", syncToken: before });
  assert.deepEqual(list.data.items.map((item) => item.summary), ["Green tea"]);
  list = await calendar.events.list({ calendarId: "primary", syncToken: list.data.nextSyncToken });
  assert.deepEqual(list.data.items, []);
  await assert.rejects(calendar.events.list({ calendarId: "primary", syncToken: "made up" }), status(400));
  console.log("google: all is well");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
