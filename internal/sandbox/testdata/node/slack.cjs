// Slack's own libraries, unmodified, as a bot in the sandbox: an app in Socket
// Mode answers a slash command with a modal, updates it, refuses and accepts
// what is sent; a plain client posts, updates and reads back with metadata.
// Arguments: the sandbox's address, the bot's and the app's token.
"use strict";

const assert = require("node:assert/strict");
const { App, LogLevel } = require("@slack/bolt");
const { WebClient } = require("@slack/web-api");

const [base, botToken, appToken] = process.argv.slice(2);
const clientOptions = { slackApiUrl: `${base}/slack/api/` };

async function ask(path, body) {
  const answer = await fetch(`${base}/sandbox/api/${path}`, body && { method: "POST", body: JSON.stringify(body) });
  const got = await answer.json();
  assert.ok(answer.ok, `${path}: ${got.error}`);
  return got;
}

const plain = (text) => ({ type: "plain_text", text });

const order = (title) => ({
  type: "modal",
  callback_id: "order",
  title: plain(title),
  submit: plain("Order"),
  private_metadata: "from karly",
  blocks: [
    { type: "section", block_id: "kind", text: { type: "mrkdwn", text: `*${title}*` }, accessory: { type: "button", action_id: "green", text: plain("Green, please") } },
    { type: "input", block_id: "cups", label: plain("Cups"), element: { type: "plain_text_input", action_id: "n" } },
  ],
});

async function bolt(channel) {
  const app = new App({ token: botToken, appToken, socketMode: true, clientOptions, logLevel: LogLevel.ERROR });
  app.command("/tea", async ({ ack, body, client }) => {
    await ack();
    const opened = await client.views.open({ trigger_id: body.trigger_id, view: order("Tea") });
    assert.equal(opened.view.private_metadata, "from karly");
  });
  app.action("green", async ({ ack, body, client }) => {
    await ack();
    await client.views.update({ view_id: body.view.id, hash: body.view.hash, view: order("Green tea") });
  });
  app.view("order", async ({ ack, body, view, client }) => {
    const cups = view.state.values.cups.n.value;
    if (!/^\d+$/.test(cups)) {
      await ack({ response_action: "errors", errors: { cups: "A number, please" } });
      return;
    }
    await ack();
    await client.chat.postMessage({ channel, text: `${cups} cups for <@${body.user.id}>`, metadata: { event_type: "tea_ordered", event_payload: { cups } } });
  });
  await app.start();

  let seen = await ask("command", { as: "karly", text: "/tea", wait: "5s" });
  assert.equal(seen.failure, undefined);
  assert.equal(seen.modal.title, "Tea");
  await ask("click", { as: "karly", label: "Green, please", wait: "5s" });
  seen = await ask("wait?as=karly&in=modal&text=Green%20tea");
  assert.ok(seen.met, "the modal was not updated");
  seen = await ask("submit", { as: "karly", fields: { Cups: "some" }, wait: "5s" });
  assert.deepEqual(seen.errors, { Cups: "A number, please" });
  seen = await ask("submit", { as: "karly", fields: { Cups: "2" }, wait: "5s" });
  assert.equal(seen.modal, null);
  seen = await ask("wait?as=karly&text=2%20cups%20for");
  assert.ok(seen.met, "the order was not posted");
  await app.stop();
}

async function webAPI(channel) {
  const client = new WebClient(botToken, clientOptions);
  const me = await client.auth.test();
  assert.ok(me.ok && me.bot_id);
  const posted = await client.chat.postMessage({ channel, text: "Kettle is on", metadata: { event_type: "kettle", event_payload: { id: "k1" } } });
  await client.chat.update({ channel: posted.channel, ts: posted.ts, text: "Kettle is off" });
  const history = await client.conversations.history({ channel: posted.channel, include_all_metadata: true });
  assert.equal(history.messages[0].text, "Kettle is off");
  assert.equal(history.messages[0].metadata.event_type, "kettle");
  assert.equal(history.messages[0].metadata.event_payload.id, "k1");
  assert.equal(history.messages[1].metadata.event_payload.cups, "2");
  await assert.rejects(client.chat.postMessage({ channel: "C0NOWHERE", text: "x" }), (error) => error.data.error === "channel_not_found");
}

(async () => {
  const { channels } = await ask("channels");
  const channel = channels.find((c) => c.name === "hiring-ac").id;
  await bolt(channel);
  await webAPI(channel);
  console.log("slack: all is well");
  process.exit(0);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
