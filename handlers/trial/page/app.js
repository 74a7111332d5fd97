// The page: looks at the trial, draws what one person sees, and looks again when told to.

import { act, changes, who, world } from "./api.js";
import { drawBehind } from "./behind.js";
import { drawCalendar, onOpen } from "./calendar.js";
import { composerFor, fill } from "./composer.js";
import { find, h, keep } from "./dom.js";
import { drawBlocks } from "./blocks.js";
import { drawForm } from "./form.js";
import { drawTalk, drawThread } from "./talk.js";
import { clock } from "./text.js";
import { drawClock, tick } from "./times.js";
import { drawWalk } from "./walk.js";

let state = null;
let place = localStorage.getItem("place");
let tab = "messages";
let thread = null;

const reader = () => ({
  names: state.names,
  people: state.people,
  channels: state.channels,
  zone: state.people.find((one) => one.id === state.me).zone,
  now: tick(),
});

function draw() {
  const here = reader();
  const channel = state.channels.find((one) => one.id === place) ?? state.channels.find((one) => !one.direct);
  place = channel.id;
  drawPeople();
  drawTimes();
  drawPlaces();
  drawHead(channel);
  composerFor(state, channel);
  drawTalk(state, channel, here, openThread);
  drawPrompts(channel);
  drawThread(state, channel, here, thread);
  drawHome(here);
  drawWalk(state, place, { fill: fillIn, go, move });
  drawClock(state, here, move, startOver);
  drawCalendar(state, here);
  drawForm(state.modal, here);
  markRead(channel);
  document.title = `${state.people.some((one) => one.unread) ? "• " : ""}Coach · trial`;
}

function drawPeople() {
  keep(find("people"), state.people.map((one) => ({
    key: one.id,
    sign: JSON.stringify([one, state.me]),
    draw: () => h("button", {
      class: `person ${one.id.toLowerCase()}`, "aria-pressed": String(one.id === state.me),
      title: `${one.name}, ${one.role}`, data: { focus: one.id }, onclick: () => be(one.id),
    },
    h("span", { class: "face", "aria-hidden": "true" }, one.name[0]),
    h("span", { class: "who" }, h("b", {}, one.name), h("small", { data: { zone: one.zone } }, localTime(one.zone))),
    one.unread && one.id !== state.me ? h("span", { class: "dot", "aria-label": `${one.unread} new` }) : null),
  })));
}

function drawTimes() {
  for (const node of document.querySelectorAll("[data-zone]")) {
    const time = localTime(node.dataset.zone);
    if (node.textContent !== time) node.textContent = time;
  }
}

const localTime = (zone) => clock(new Date(tick() * 1000), zone);

function drawPlaces() {
  const row = (one) => ({
    key: one.id,
    sign: JSON.stringify([one, place === one.id]),
    draw: () => h("button", {
      class: one.unread ? "place new" : "place", "aria-current": place === one.id ? "page" : null,
      data: { focus: one.id }, onclick: () => go(one.id),
    },
    h("span", { class: "sign", "aria-hidden": "true" }, one.direct ? "●" : "#"), one.name,
    one.shared ? h("small", {}, "shared") : null,
    one.unread ? h("span", { class: "count", "aria-label": `${one.unread} new` }, String(one.unread)) : null),
  });
  const title = (words) => ({ key: words, sign: words, draw: () => h("h2", {}, words) });
  keep(find("places"), [
    title("Channels"), ...state.channels.filter((one) => !one.direct).map(row),
    title("Direct messages"), ...state.channels.filter((one) => one.direct).map(row),
  ]);
}

function drawHead(channel) {
  find("place").textContent = channel.direct ? channel.name : "#" + channel.name;
  find("about").textContent = channel.about;
  const tabs = find("tabs");
  tabs.hidden = !(channel.direct && state.home);
  if (tabs.hidden) tab = "messages";
  keep(tabs, ["messages", "home"].map((name) => ({
    key: name,
    sign: String(tab === name),
    draw: () => h("button", {
      role: "tab", "aria-selected": String(tab === name), data: { focus: name },
      onclick: () => { tab = name; if (name === "home") act("home"); draw(); },
    }, name === "home" ? "Home" : "Messages"),
  })));
  const home = tab === "home";
  find("said").hidden = home;
  find("composer").hidden = home;
  find("home").hidden = !home;
}

// What the coach suggests to ask, in its own messages.
function drawPrompts(channel) {
  const offered = channel.direct && tab === "messages" ? state.prompts : [];
  find("prompts").hidden = !offered.length;
  keep(find("prompts"), offered.map((words) => ({
    key: words,
    sign: words,
    draw: () => h("button", {
      type: "button", data: { focus: words }, onclick: () => act("say", { channel: channel.id, text: words }),
    }, words),
  })));
}

function drawHome(here) {
  const view = state.home;
  drawBlocks(find("home"), view?.blocks ?? [], { target: { view: view?.id }, values: view?.values, reader: here });
}

function markRead(channel) {
  const said = state.messages[channel.id];
  if (!channel.unread || !said.length || document.hidden || pane() === "list") return;
  act("read", { channel: channel.id, ts: said[said.length - 1].ts });
}

// Moving about

const pane = () => (matchMedia("(max-width: 760px)").matches ? document.body.dataset.pane : "talk");

function go(id, focus = true) {
  if (place !== id) {
    thread = null;
    tab = "messages";
  }
  place = id;
  localStorage.setItem("place", id);
  document.body.dataset.pane = "talk";
  draw();
  // Slack tells an app when somebody opens its messages.
  if (state.channels.find((one) => one.id === id)?.direct) act("messages");
  if (focus && !matchMedia("(max-width: 760px)").matches) find("words").focus();
}

async function be(id) {
  who.me = id;
  localStorage.setItem("me", id);
  thread = null;
  const direct = state.channels.find((one) => one.id === place)?.direct;
  find("said").replaceChildren();
  find("home").replaceChildren();
  await look();
  if (direct) go(state.channels.find((one) => one.direct).id, false);
  find("people").querySelector('[aria-pressed="true"]').focus();
}

function openThread(ts) {
  thread = ts;
  document.body.dataset.pane = "thread";
  draw();
  find("reply").focus();
}

function closeThread() {
  thread = null;
  document.body.dataset.pane = "talk";
  draw();
}

function fillIn(channel, words) {
  go(channel);
  fill(words);
}

async function move(how) {
  document.body.dataset.moving = "yes";
  await act("clock", { move: how });
  delete document.body.dataset.moving;
}

async function startOver() {
  await act("start_over");
  sessionStorage.clear();
  localStorage.clear();
  location.reload();
}

find("closethread").addEventListener("click", closeThread);
find("back").addEventListener("click", () => {
  document.body.dataset.pane = "list";
  draw();
  find("places").querySelector("[aria-current]")?.focus();
});
find("answer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = find("reply").value.trim();
  if (!text) return;
  find("reply").value = "";
  await act("say", { channel: place, thread, text });
});
find("reply").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  find("answer").requestSubmit();
});
onOpen(() => { if (state) drawCalendar(state, reader()); });
find("look").addEventListener("click", () => {
  const drawer = find("behind");
  drawer.hidden = !drawer.hidden;
  find("look").setAttribute("aria-expanded", String(!drawer.hidden));
  drawBehind(true).then(() => drawer.querySelector("button")?.focus());
});

// Looking

let looking = null;
let again = false;

// One look at a time; what changes meanwhile is looked at afterwards. Resolves when all is drawn.
function look() {
  again = true;
  looking ??= lookOn().finally(() => { looking = null; });
  return looking;
}

async function lookOn() {
  while (again) {
    again = false;
    try {
      const seen = await world();
      if (seen.me !== who.me) again = true;
      else await show(seen);
    } catch (error) {
      console.warn("the trial does not answer", error);
    }
  }
}

async function show(seen) {
  state = seen;
  tick(seen.now);
  draw();
  await drawBehind();
  document.body.dataset.drawn = seen.changes; // so that whoever drives the page knows
}

await look();
document.body.dataset.ready = "yes";
changes(look);
setInterval(() => {
  drawTimes();
  if (state) drawClock(state, reader(), move, startOver);
}, 1000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
