// Messages: in the middle, and in a thread on the right.

import { act } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { find, h, keep } from "./dom.js";
import { clock, dayOf, near } from "./text.js";

let last = "";
let told = ""; // the newest message that is to this person alone

export function drawTalk(state, channel, reader, openThread) {
  const box = find("said");
  const here = `${state.me} ${channel.id}`;
  const fresh = here !== last;
  const said = state.messages[channel.id];
  const alone = said.findLast((one) => one.private)?.ts ?? "";
  const answered = alone > told; // the answer to what one just did must not come out of sight
  const low = fresh || answered || box.scrollHeight - box.scrollTop - box.clientHeight < 120;
  told = alone;
  if (fresh) {
    box.setAttribute("aria-live", "off"); // what was said before is not read out
    setTimeout(() => box.setAttribute("aria-live", "polite"), 500);
    box.replaceChildren();
  }
  last = here;
  const top = said.filter((one) => !one.thread || one.thread === one.ts || one.private);
  const shown = channel.direct ? threads(top, said) : top;
  const all = channel.direct ? [] : said;
  keep(box, [...rows(shown, all, state, reader, openThread, channel), ...statuses(state, channel, !channel.direct && [])]);
  if (low) box.scrollTop = box.scrollHeight;
}

export function drawThread(state, channel, reader, thread) {
  const root = thread && state.messages[channel.id].find((one) => one.ts === thread);
  find("thread").hidden = !root;
  document.body.dataset.thread = root ? "open" : "closed";
  if (!root) return find("replies").replaceChildren();
  const replies = state.messages[channel.id].filter((one) => one.thread === thread && one.ts !== thread);
  const shown = rows([root, ...replies], [], state, reader, null, channel);
  return keep(find("replies"), [...shown, ...statuses(state, channel, [thread])]);
}

// In the coach's own messages each thread stands open under its first message.
function threads(top, said) {
  const under = (root) => said.filter((one) => one.thread === root.ts && one.ts !== root.ts && !one.private);
  return top.flatMap((root) => [root, ...under(root)]);
}

// What is shown while an answer is on its way; of some threads, or of all.
function statuses(state, channel, some) {
  return Object.entries(state.statuses[channel.id] ?? {})
    .filter(([thread]) => !some || some.includes(thread))
    .map(([thread, words]) => ({
      key: `status ${thread}`, sign: words, draw: () => h("div", { class: "status", role: "status" }, `Coach ${words}`),
    }));
}

function rows(shown, all, state, reader, openThread, channel) {
  if (!shown.length) return [{ key: "empty", sign: channel.id, draw: () => empty(channel) }];
  const out = [];
  let before = null;
  for (const one of shown) {
    const day = dayOf(at(one), reader.zone);
    if (!before || dayOf(at(before), reader.zone) !== day) {
      const name = dayName(at(one), reader);
      out.push({ key: `day ${day} ${one.ts}`, sign: name, draw: () => h("div", { class: "day" }, h("span", {}, name)) });
      before = null;
    }
    const same = before && before.user === one.user && before.thread === one.thread && before.private === one.private && Number(one.ts) - Number(before.ts) < 300;
    const replies = all.filter((other) => other.thread === one.ts && other.ts !== one.ts).length;
    const today = dayOf(new Date(reader.now * 1000), reader.zone);
    out.push({
      key: one.ts,
      sign: JSON.stringify([one.text, one.blocks, one.edited, one.streaming, same, replies, today]),
      draw: (old) => message(old, one, { same, replies, state, reader, openThread }),
    });
    before = one;
  }
  return out;
}

const at = (one) => new Date(Number(one.ts) * 1000);

function dayName(moment, reader) {
  const name = near(moment, reader);
  const long = new Intl.DateTimeFormat("en-GB", { timeZone: reader.zone, weekday: "long", day: "numeric", month: "long" }).format(moment);
  return name ? name[0].toUpperCase() + name.slice(1) : long;
}

function empty(channel) {
  return h("div", { class: "empty" }, channel.direct
    ? "Nothing here yet. What the coach has to tell you alone arrives here."
    : "Nothing here yet. Type / to see what the coach can do.");
}

// A message that is there already keeps its node: only the blocks that changed are drawn anew.
function message(old, one, { same, replies, state, reader, openThread }) {
  const mine = one.user === state.me;
  const bot = one.user === state.bot;
  const node = old?.classList.contains("message") ? old : h("article", {},
    h("span", { class: `face ${bot ? "bot" : one.user.toLowerCase()}`, "aria-hidden": "true" }, bot ? "" : (reader.names[one.user] ?? "?")[0]),
    h("div", { class: "body" }, h("header"), h("div", { class: "blocks" }), h("footer")));
  const reply = openThread && one.thread && one.thread !== one.ts && !one.private;
  node.className = ["message", same ? "same" : "", one.private ? "private" : "", reply ? "reply" : "", one.streaming ? "streaming" : ""].join(" ");
  node.querySelector("header").replaceChildren(...[
    h("b", {}, bot ? "Coach" : (reader.names[one.user] ?? one.user)),
    h("time", { datetime: at(one).toISOString() }, clock(at(one), reader.zone)),
    one.private ? h("span", { class: "only" }, "Only visible to you") : null,
    one.edited && !bot ? h("span", { class: "edited" }, "edited") : null,
  ].filter(Boolean));
  const blocks = one.blocks.length ? one.blocks : [{ type: "section", block_id: "text", text: { type: "mrkdwn", text: one.text || " " } }];
  drawBlocks(node.querySelector(".blocks"), blocks, { target: { channel: one.channel, ts: one.ts }, values: one.values, reader });
  node.querySelector("footer").replaceChildren(...[
    replies ? h("button", { class: "link", onclick: () => openThread(one.ts) }, replies === 1 ? "1 reply" : `${replies} replies`) : null,
    openThread && !one.private && !replies ? h("button", { class: "link rare", onclick: () => openThread(one.thread ?? one.ts) }, "Reply") : null,
    mine ? h("button", { class: "link rare", onclick: () => edit(node, one) }, "Edit") : null,
    mine ? h("button", { class: "link rare", onclick: () => act("delete", { channel: one.channel, ts: one.ts }) }, "Delete") : null,
  ].filter(Boolean));
  return node;
}

function edit(node, one) {
  const field = h("textarea", { rows: 2, "aria-label": "Edit your message", value: one.text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&") });
  const over = () => { form.remove(); node.querySelector(".blocks").hidden = false; };
  const form = h("form", { class: "edit", onsubmit: async (event) => {
    event.preventDefault();
    await act("edit", { channel: one.channel, ts: one.ts, text: field.value.trim() || one.text });
    over();
  } }, field, h("div", { class: "buttons" }, h("button", { type: "button", onclick: over }, "Cancel"), h("button", { class: "primary" }, "Save")));
  node.querySelector(".blocks").hidden = true;
  node.querySelector(".blocks").after(form);
  field.focus();
}
