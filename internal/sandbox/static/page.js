// The sandbox's page. The server draws it; this script sends what a person does
// to /sandbox/api/, and takes over the new drawing whenever something changed.
"use strict";

const api = "/sandbox/api/";
const page = () => document.getElementById("page");
const me = () => page().dataset.as;

// --- Saying what happened -------------------------------------------------

let silence;

function say(text) {
  const box = document.getElementById("say");
  box.textContent = text;
  box.hidden = !text;
  clearTimeout(silence);
  if (text) silence = setTimeout(() => say(""), 12000);
}

// --- Acting ---------------------------------------------------------------

// Actions go out one after the other, as one person's do.
let queue = Promise.resolve();

function post(path, body) {
  const sent = queue.then(async () => {
    const answer = await fetch(api + path, {
      method: "POST",
      keepalive: true, // what was typed arrives when the page is left
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const outcome = await answer.json();
    if (!answer.ok) throw new Error(outcome.error);
    if (outcome.failure) say(outcome.failure);
    return outcome;
  });
  queue = sent.catch((problem) => say(problem.message));
  return queue;
}

// where is the message or view that an element stands in.
function where(element) {
  const place = element.closest("[data-in]");
  if (!place) return {};
  const at = { in: place.dataset.in };
  if (place.dataset.ts) at.ts = place.dataset.ts;
  return at;
}

const act = (path, body) => post(path, { as: me(), wait: "0s", ...body });

// --- Fields ---------------------------------------------------------------

const waiting = new Map(); // element of a field: the timer that will send it

function valuesOf(field) {
  if (field.matches("input, select, textarea")) return field.value === "" ? [] : [field.value];
  return [...field.querySelectorAll("input:checked")].map((box) => box.value);
}

function send(field) {
  const timer = waiting.get(field);
  clearTimeout(timer);
  const body = { ...where(field), block_id: field.dataset.block, action_id: field.dataset.element, values: valuesOf(field) };
  return act("fill", body).finally(() => {
    if (waiting.get(field) === timer) waiting.delete(field); // else more was typed meanwhile, and is still to be sent
  });
}

function sendSoon(field) {
  clearTimeout(waiting.get(field));
  waiting.set(field, setTimeout(() => send(field), 250));
}

// sendAll sends what was typed and not yet sent.
function sendAll() {
  for (const field of waiting.keys()) send(field);
}

document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-fill]");
  if (!field || event.target.closest("[data-search]")) return;
  if (event.target.matches("textarea, input:not([type=radio]):not([type=checkbox])")) sendSoon(field);
});

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-who]")) {
    sendAll();
    navigate("/?" + new URLSearchParams({ as: event.target.value, at: page().dataset.at }), event.target);
    return;
  }
  const trouble = event.target.closest("[data-trouble]");
  if (trouble) {
    post("trouble", { [trouble.dataset.trouble]: event.target.value });
    return;
  }
  const field = event.target.closest("[data-fill]");
  if (!field || event.target.closest("[data-search]")) return;
  if (event.target.matches("select, input[type=radio], input[type=checkbox]")) {
    waiting.set(field, 0);
    send(field);
  }
});

// A menu whose options the bot offers while one types.
document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-search]");
  if (!field) return;
  clearTimeout(waiting.get(field));
  waiting.set(field, setTimeout(() => search(field, event.target.value), 300));
});

async function search(field, query) {
  waiting.delete(field);
  const found = field.querySelector("[data-found]");
  found.replaceChildren();
  if (!query) return;
  const outcome = await act("suggest", { ...where(field), action_id: field.dataset.element, query });
  for (const option of outcome?.options ?? []) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = option.text;
    button.addEventListener("click", () => {
      const chosen = "many" in field.dataset ? [...field.querySelectorAll(".chip")].map((chip) => chip.dataset.value) : [];
      act("fill", { ...where(field), block_id: field.dataset.block, action_id: field.dataset.element, values: [...chosen, option.value] });
      found.replaceChildren();
    });
    found.append(button);
  }
}

// A chip is a chosen option of such a menu: clicking it takes it out.
function removeChip(chip) {
  const field = chip.closest("[data-search]");
  const rest = [...field.querySelectorAll(".chip")].filter((other) => other !== chip).map((other) => other.dataset.value);
  return act("fill", { ...where(field), block_id: field.dataset.block, action_id: field.dataset.element, values: rest });
}

// --- The message box ------------------------------------------------------

// offers are the commands that fit what was typed so far.
function offer() {
  const input = document.getElementById("text");
  const list = document.getElementById("commands");
  const typed = input.value.toLowerCase();
  let any = false;
  for (const option of list.children) {
    const words = option.dataset.words;
    option.hidden = !typed.startsWith("/") || !words.startsWith(typed) || words === typed;
    any ||= !option.hidden;
  }
  point(null);
  list.hidden = !any;
  input.setAttribute("aria-expanded", String(any));
}

const pointed = () => document.querySelector("#commands [aria-selected=true]");

function point(option) {
  pointed()?.removeAttribute("aria-selected");
  const input = document.getElementById("text");
  if (!option) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

function complete(option) {
  const input = document.getElementById("text");
  input.value = option.dataset.words + " ";
  keepText(input.value);
  input.focus();
  offer();
}

function hideOffers() {
  const list = document.getElementById("commands");
  if (!list || list.hidden) return false;
  list.hidden = true;
  point(null);
  document.getElementById("text").setAttribute("aria-expanded", "false");
  return true;
}

// keyInBox handles a key in the message box while commands are offered.
function keyInBox(event) {
  const shown = [...document.querySelectorAll("#commands li:not([hidden])")];
  if (document.getElementById("commands").hidden || !shown.length) return false;
  const at = shown.indexOf(pointed());
  if (event.key === "ArrowDown") point(shown[(at + 1) % shown.length]);
  else if (event.key === "ArrowUp") point(shown[(at <= 0 ? shown.length : at) - 1]);
  else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) complete(shown[at]);
  else return false;
  event.preventDefault();
  return true;
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "text") return;
  offer();
  keepText(event.target.value);
});

// What stands in the message box unsent comes back with the page.
const textKey = () => `text ${me()} ${page().dataset.at}`;
const keepText = (text) => sessionStorage.setItem(textKey(), text);

function restoreText() {
  const input = document.getElementById("text");
  if (input) input.value = sessionStorage.getItem(textKey()) ?? "";
}
document.addEventListener("focusout", (event) => {
  if (event.target.id === "text") hideOffers();
});
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest("#commands li");
  if (!option) return;
  event.preventDefault(); // the focus stays in the box
  complete(option);
});

// --- Buttons and forms ----------------------------------------------------

// agreed asks what a button wants to have confirmed.
function agreed(button) {
  const { ask, askText, yes, no } = button.dataset;
  if (ask === undefined) return Promise.resolve(true);
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  const title = document.createElement("h2");
  title.textContent = ask;
  const text = document.createElement("p");
  text.textContent = askText;
  const form = document.createElement("form");
  form.method = "dialog";
  for (const [value, words] of [["", no], ["yes", yes]]) {
    const choice = document.createElement("button");
    choice.value = value;
    choice.textContent = words;
    if (value) choice.className = "primary";
    form.append(choice);
  }
  dialog.append(title, text, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => {
    dialog.remove();
    done(dialog.returnValue === "yes");
  }));
}

async function busy(element, work) {
  element.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    element.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", async (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  const link = event.target.closest("a[href^='/?']");
  if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    navigate(link.getAttribute("href"));
    return;
  }
  if (event.target.closest("[data-to-main]")) {
    event.preventDefault();
    (document.getElementById("text") ?? document.querySelector("#main h1")).focus();
    return;
  }
  const button = event.target.closest("button");
  if (!button) return;
  const data = button.dataset;
  if ("click" in data) await press(button);
  else if ("post" in data) await tell(button);
  else if ("answer" in data) await busy(button, () => post(`events/${data.event}/answer`, { as: data.guest, answer: data.answer }));
  else if ("close" in data || "closeAll" in data) {
    sendAll();
    await busy(button, () => act("close", { all: "closeAll" in data }));
  } else if ("drawer" in data || "drawerClose" in data) drawer(!document.body.classList.contains("troubled"));
  else if ("skip" in data || "tour" in data) tour(!document.body.classList.contains("touring"));
  else if ("type" in data) {
    const input = document.getElementById("text");
    input.value = data.type;
    keepText(data.type);
    input.focus();
  } else if (button.matches(".chip")) await busy(button, () => removeChip(button));
});

// press clicks a button of the bot's.
async function press(button) {
  const data = button.dataset;
  const at = where(button);
  button.closest("details.menu")?.removeAttribute("open");
  if (!(await agreed(button))) return;
  sendAll();
  const body = { ...at, block_id: data.block, action_id: data.element };
  if (data.value) body.values = [data.value];
  if (data.url && /^https?:\/\//i.test(data.url)) window.open(data.url, "_blank", "noopener");
  await busy(button, () => act("click", body));
}

// tell does what a button of the sandbox itself says.
async function tell(button) {
  const data = button.dataset;
  const menu = button.closest("details.menu");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  const body = {};
  if (data.to) body.to = data.to;
  if (data.rate) body.rate = Number(data.rate);
  if (data.how) body.how = data.how;
  if (data.mail) Object.assign(body, { service: "mail", action: data.mail });
  if (data.shortcut) Object.assign(body, { as: me(), wait: "0s", shortcut: data.shortcut });
  await busy(data.post.startsWith("clock/") ? document.getElementById("clock") : button, () => post(data.post, body));
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  event.preventDefault();
  const data = form.dataset;
  if ("submit" in data) {
    const open = document.querySelector("[data-modal]");
    if (!document.querySelector("#modal footer [type=submit]")) return;
    sendAll();
    sent = open.dataset.in;
    await busy(open, () => act("submit", {}));
  } else if ("writer" in data) {
    await write(form);
  } else if ("form" in data) {
    const body = {};
    for (const [name, value] of new FormData(form)) if (value !== "") body[name] = value;
    if (form.querySelector("[type=datetime-local]")) body.zone = page().dataset.tz; // the page shows the viewer's
    const done = await busy(form, () => post(data.form, body));
    if (done) for (const field of form.elements) touched.delete(field);
    if (done && "leave" in data) navigate(document.getElementById("calendar").dataset.leave);
  }
});

// write says what is in the message box, or gives the command in it.
async function write(form) {
  const input = form.elements.text;
  const text = input.value.trim();
  if (!text) return;
  input.value = "";
  keepText("");
  hideOffers();
  const at = { in: form.dataset.in };
  if (form.dataset.thread) at.thread_ts = form.dataset.thread;
  if (text.startsWith("/")) {
    const [command, ...rest] = text.split(/\s+/);
    delete at.thread_ts; // Slack knows no commands in threads
    await act("command", { ...at, command, text: rest.join(" ") });
  } else {
    await act("say", { ...at, text });
  }
}

document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (target.id === "text" && keyInBox(event)) return;
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) escapeFrom(event);
  else if (event.key === "Tab") keepInModal(event);
  else if (event.key === "F6") {
    event.preventDefault();
    document.getElementById(target.closest("#top") ? (document.getElementById("modal") ? "modal" : "main") : "as")?.focus();
  } else if (event.key === "Enter" && target.matches("input[data-enter]")) {
    event.preventDefault();
    send(target);
    act("enter", { ...where(target), action_id: target.dataset.element });
  } else if (event.key === "Enter" && target.closest("[data-modal]") && target.matches("input")) {
    event.preventDefault(); // Slack doesn't send a modal by Enter in a field
  }
});

// escapeFrom leaves the innermost thing that is open.
function escapeFrom() {
  const menu = document.querySelector("details.menu[open], details.people[open]");
  if (hideOffers()) return;
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (document.querySelector("[data-modal]")) {
    sendAll();
    act("close", {});
  } else if (document.body.classList.contains("troubled")) {
    drawer(false);
  }
}

const reachable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";

// keepInModal makes Tab go round in an open modal. F6 leads to the bar above,
// which is not a part of Slack.
function keepInModal(event) {
  const modal = document.getElementById("modal");
  if (!modal?.contains(document.activeElement)) return;
  const all = [...modal.querySelectorAll(reachable)].filter((element) => element.checkVisibility() && !element.disabled && !skipped(element));
  const last = event.shiftKey ? all[0] : all.at(-1);
  if (!all.length || (document.activeElement !== last && document.activeElement !== modal && !sameGroup(document.activeElement, last))) return;
  if (document.activeElement === modal && !event.shiftKey) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0]).focus();
}

// Of a group of radio buttons Tab reaches one: the chosen one, or any.
const skipped = (element) => element.type === "radio" && !element.checked && element.closest("form").querySelector(`input[name="${element.name}"]:checked`);
const sameGroup = (a, b) => a.type === "radio" && b.type === "radio" && a.name === b.name;

// --- The drawer and the first steps ---------------------------------------

function drawer(open) {
  document.body.classList.toggle("troubled", open);
  sessionStorage.setItem("trouble", open ? "open" : "");
  const button = document.querySelector("[data-drawer]");
  button.setAttribute("aria-expanded", String(open));
  listen();
  if (open) document.querySelector("#trouble h2").focus();
  else button.focus();
}

function tour(on) {
  document.body.classList.toggle("touring", on);
  localStorage.setItem("tour", on ? "" : "skipped");
}

// --- Taking over a new drawing --------------------------------------------

// A field that somebody is in, or whose value is on its way, is theirs.
const held = (element) => element === document.activeElement || touched.has(element) || waiting.has(element.closest("[data-fill]")) || "keep" in element.dataset;

// Fields of the sandbox's own forms that somebody has changed and not sent.
const touched = new WeakSet();

document.addEventListener("input", (event) => {
  if (event.target.closest("[data-form]")) touched.add(event.target);
});

function adopt(now, next) {
  if ("same" in (next.dataset ?? {})) return; // the server knows that we have it
  if (now.dataset?.own !== undefined && now.dataset.own === next.dataset.own) return; // the script's own
  if (now.isEqualNode(next) && !now.querySelector?.("input, select, textarea")) return;
  for (const { name } of [...now.attributes]) {
    if (!next.hasAttribute(name) && name !== "open" && name !== "aria-busy" && name !== "data-drawing") now.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (now.getAttribute(name) !== value && name !== "aria-expanded" && !(name === "open" && now.matches("details"))) now.setAttribute(name, value);
  }
  if (now.matches("textarea")) {
    if (!held(now) && now.value !== next.value) now.value = next.value;
    return;
  }
  adoptChildren(now, next);
  if (held(now)) return;
  if (now.matches("input[type=radio], input[type=checkbox]")) now.checked = next.hasAttribute("checked");
  else if (now.matches("input")) now.value = next.getAttribute("value") ?? "";
  else if (now.matches("select")) now.value = next.value;
}

function adoptChildren(now, next) {
  const known = new Map();
  for (const child of now.children) if (child.id) known.set(child.id, child);
  let at = now.firstChild;
  for (const want of [...next.childNodes]) {
    const same = want.id ? known.get(want.id) : at && !at.id && at.nodeName === want.nodeName ? at : null;
    if (!same || same.nodeName !== want.nodeName) {
      now.insertBefore(want, at);
      continue;
    }
    if (same === at) at = at.nextSibling;
    else now.insertBefore(same, at);
    if (same.nodeType === Node.ELEMENT_NODE) adopt(same, want);
    else if (same.nodeValue !== want.nodeValue) same.nodeValue = want.nodeValue;
  }
  while (at) {
    const rest = at.nextSibling;
    at.remove();
    at = rest;
  }
}

let before = null; // what had the focus before a modal opened
let sent = ""; // the modal that was just sent, until its errors are seen or it is gone

// show takes over a page as the server drew it.
function show(html) {
  const next = new DOMParser().parseFromString(html, "text/html").getElementById("page");
  const list = document.getElementById("messages");
  const low = list && list.scrollHeight - list.scrollTop - list.clientHeight < 60; // people who read further up stay there
  const place = page().dataset.as + page().dataset.at;
  const was = document.getElementById("modal")?.dataset.in;
  const focused = document.activeElement;
  if (!was) before = focused;
  adopt(page(), next);
  document.title = page().dataset.title;
  const modal = document.getElementById("modal");
  if (modal && (modal.dataset.in !== was || (was && !focused.isConnected))) focusIn(modal);
  if (!modal && was) (before?.isConnected && before !== document.body ? before : document.getElementById("text"))?.focus();
  if (low || place !== page().dataset.as + page().dataset.at) toBottom();
  if (sent) seeError();
}

// seeError leads to the first error of the modal that was just sent.
function seeError() {
  const modal = document.getElementById("modal");
  const error = modal?.querySelector(".error");
  if (modal?.dataset.in === sent && !error) return; // it is on its way
  sent = "";
  if (!error) return;
  error.closest(".input")?.querySelector("input, select, textarea, summary")?.focus();
  error.scrollIntoView({ block: "center" });
}

// toBottom shows the newest message. Messages that were never on the screen
// have a guessed height, so that the bottom is found in a few steps.
function toBottom(steps = 6) {
  const list = document.getElementById("messages");
  if (!list) return;
  list.scrollTop = list.scrollHeight;
  if (steps) requestAnimationFrame(() => toBottom(steps - 1));
}

function focusIn(modal) {
  (modal.querySelector("form :is(input, select, textarea, button, summary)") ?? modal).focus();
}

// navigate shows another place, or somebody else's.
let going = 0;

async function navigate(href, keep) {
  const turn = ++going;
  news?.close();
  const answer = await fetch(href).catch(() => null);
  if (turn !== going) return;
  if (!answer?.ok) {
    say("The sandbox doesn’t answer. Reload the page when it does.");
    return;
  }
  const html = await answer.text();
  if (answer.url !== location.href) history.pushState(null, "", answer.url);
  arrive(html, keep);
}

function arrive(html, keep) {
  page().removeAttribute("data-drawing");
  show(html);
  restoreText();
  for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  const modal = document.getElementById("modal");
  if (modal) focusIn(modal);
  else if (!keep) (document.querySelector("#opened h2") ?? (document.querySelector("[data-thread]") ? document.getElementById("text") : document.querySelector("#main h1"))).focus();
  settleIn();
  listen();
}

window.addEventListener("popstate", () => navigate(location.href));

// settleIn does what a person does by looking at a place.
function settleIn() {
  document.querySelector("#nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  if (document.querySelector("[data-home]")) act("home", {});
}

// --- The clock, and the news ----------------------------------------------

let shown = { key: "", at: 0 };

function tick() {
  const now = document.getElementById("now");
  const { ms, offset, rate, zone } = now.dataset;
  const key = `${ms} ${rate}`;
  if (key !== shown.key) shown = { key, at: performance.now() };
  const time = new Date(Number(ms) + (performance.now() - shown.at) * Number(rate) + Number(offset) * 1000);
  const day = time.toUTCString().slice(0, 16).replace(",", "");
  const hour = time.getUTCHours();
  const two = (n) => String(n).padStart(2, "0");
  const words = `${day.replace(/ 0/, " ")}, ${hour % 12 || 12}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} ${hour < 12 ? "am" : "pm"} ${zone}`;
  if (now.textContent !== words) now.textContent = words;
}

let news = null;

function listen() {
  news?.close();
  news = null;
  // A browser keeps few connections to one server: a page that nobody looks at gives its own up.
  if (document.hidden) return;
  const query = new URLSearchParams(location.search);
  const { drawing } = page().dataset;
  if (drawing) query.set("drawing", drawing);
  page().removeAttribute("data-drawing"); // it is good for one stream
  if (document.body.classList.contains("troubled")) query.set("drawer", "open");
  news = new EventSource("/live?" + query);
  const own = news;
  news.onmessage = (event) => {
    if (own === news) show(JSON.parse(event.data));
  };
  news.onerror = () => say("The sandbox doesn’t answer. This page goes on when it does.");
  news.onopen = () => {
    if (document.getElementById("say").textContent.startsWith("The sandbox doesn’t answer")) say("");
  };
}

function start() {
  say("");
  if (localStorage.getItem("tour") !== "skipped") document.body.classList.add("touring");
  if (sessionStorage.getItem("trouble")) {
    document.body.classList.add("troubled");
    document.querySelector("[data-drawer]").setAttribute("aria-expanded", "true");
  }
  restoreText();
  toBottom();
  const modal = document.getElementById("modal");
  if (modal) focusIn(modal);
  settleIn();
  tick();
  setInterval(tick, 250);
  listen();
  document.addEventListener("visibilitychange", listen);
  window.addEventListener("pagehide", sendAll);
}

start();
