// The sandbox's page. The server draws it; this script sends what a person does
// to /sandbox/api/, and takes over the new drawing whenever something changed.
"use strict";

const api = "/sandbox/api/";
const me = () => document.body.dataset.as;

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
  clearTimeout(waiting.get(field));
  const body = { ...where(field), block_id: field.dataset.block, action_id: field.dataset.element, values: valuesOf(field) };
  return act("fill", body).finally(() => waiting.delete(field));
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
    const to = new URLSearchParams({ as: event.target.value, at: new URLSearchParams(location.search).get("at") ?? "" });
    location.search = to.toString();
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
  const button = event.target.closest("button");
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  if (!button) return;
  const data = button.dataset;
  if ("click" in data) {
    const at = where(button);
    button.closest("details.menu")?.removeAttribute("open");
    if (!(await agreed(button))) return;
    sendAll();
    const body = { ...at, block_id: data.block, action_id: data.element };
    if (data.value) body.values = [data.value];
    if (data.url && /^https?:\/\//i.test(data.url)) window.open(data.url, "_blank", "noopener");
    await busy(button, () => act("click", body));
  } else if ("post" in data) {
    button.closest("details.menu")?.removeAttribute("open");
    const body = {};
    if (data.to) body.to = data.to;
    if (data.rate) body.rate = Number(data.rate);
    if (data.shortcut) Object.assign(body, { as: me(), wait: "0s", shortcut: data.shortcut });
    const clock = document.getElementById("clock");
    await busy(data.post.startsWith("clock/") ? clock : button, () => post(data.post, body));
  } else if ("close" in data || "closeAll" in data) {
    sendAll();
    await busy(button, () => act("close", { all: "closeAll" in data }));
  }
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  event.preventDefault();
  const data = form.dataset;
  if ("submit" in data) {
    const open = document.querySelector("[data-modal]");
    if (!document.querySelector("#modal footer [type=submit]")) return;
    sendAll();
    await busy(open, () => act("submit", {}));
    document.querySelector("#modal [aria-invalid] input, #modal .error")?.scrollIntoView({ block: "center" });
  } else if ("writer" in data) {
    const input = form.elements.text;
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    if (text.startsWith("/")) {
      const [command, ...rest] = text.split(/\s+/);
      await act("command", { in: data.in, command, text: rest.join(" ") });
    } else {
      await act("say", { in: data.in, text });
    }
  } else if ("form" in data) {
    const body = {};
    for (const [name, value] of new FormData(form)) if (value !== "") body[name] = value;
    if (form.querySelector("[type=datetime-local]")) body.zone = document.body.dataset.tz; // the page shows the viewer's
    await busy(form, () => post(data.form, body));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (document.querySelector("[data-modal]") && !document.querySelector("dialog[open]")) {
      sendAll();
      act("close", {});
    }
  }
  if (event.key === "Enter" && event.target.matches("input[data-enter]")) {
    event.preventDefault();
    send(event.target);
    act("enter", { ...where(event.target), action_id: event.target.dataset.element });
  } else if (event.key === "Enter" && event.target.closest("[data-modal]") && event.target.matches("input")) {
    event.preventDefault(); // Slack doesn't send a modal by Enter in a field
  }
});

// --- Taking over a new drawing --------------------------------------------

// A field that somebody is in, or whose value is on its way, is theirs.
const held = (element) => element === document.activeElement || waiting.has(element.closest("[data-fill]")) || "keep" in element.dataset;

function adopt(now, next) {
  if (now.isEqualNode(next) && !now.querySelector?.("input, select, textarea")) return;
  for (const { name } of [...now.attributes]) {
    if (!next.hasAttribute(name) && name !== "open" && name !== "aria-busy") now.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (now.getAttribute(name) !== value && !(name === "open" && now.matches("details"))) now.setAttribute(name, value);
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

let drawing = false;
let again = false;
let before = null; // what had the focus before a modal opened

async function redraw() {
  if (drawing) {
    again = true;
    return;
  }
  drawing = true;
  try {
    const answer = await fetch(location.href);
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The sandbox has stopped; the stream says so.
  }
  drawing = false;
  if (again) {
    again = false;
    redraw();
  }
}

function show(next) {
  const list = document.getElementById("messages");
  const low = list && list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const was = document.getElementById("modal")?.dataset.in;
  const focused = document.activeElement;
  if (!was) before = focused;
  adopt(document.getElementById("page"), next.getElementById("page"));
  document.title = next.title;
  const modal = document.getElementById("modal");
  if (modal && (modal.dataset.in !== was || !focused.isConnected)) focusIn(modal);
  if (!modal && was) (before?.isConnected && before !== document.body ? before : document.getElementById("text"))?.focus();
  if (list && low) list.scrollTop = list.scrollHeight;
}

function focusIn(modal) {
  (modal.querySelector("form input, form select, form textarea, form button") ?? modal).focus();
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
  now.textContent = `${day.replace(/ 0/, " ")}, ${hour % 12 || 12}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} ${hour < 12 ? "am" : "pm"} ${zone}`;
}

function start() {
  say("");
  const list = document.getElementById("messages");
  if (list) list.scrollTop = list.scrollHeight;
  document.querySelector("#nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  const modal = document.getElementById("modal");
  if (modal) focusIn(modal);
  if (document.querySelector("[data-home]")) act("home", {});
  tick();
  setInterval(tick, 250);
  listen();
  // A browser keeps few connections to one server: a page that nobody looks at gives its own up.
  document.addEventListener("visibilitychange", listen);
}

let news = null;
let version = document.body.dataset.version;

function listen() {
  news?.close();
  news = null;
  if (document.hidden) return;
  news = new EventSource(api + "stream");
  news.onmessage = (event) => {
    if (version !== event.data) redraw();
    version = event.data;
  };
  news.onerror = () => say("The sandbox doesn't answer. This page goes on when it does.");
  news.onopen = () => {
    if (document.getElementById("say").textContent.startsWith("The sandbox doesn't answer")) say("");
  };
}

start();
