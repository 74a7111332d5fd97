// Messages: in the middle, and in a thread on the right.

import { act } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { find, h, keep } from "./dom.js";
import { clock, dayOf, near } from "./text.js";

let last = "";

export function drawTalk(state, channel, reader, openThread) {
  const box = find("said");
  const here = `${state.me} ${channel.id}`;
  const fresh = here !== last;
  const low = fresh || box.scrollHeight - box.scrollTop - box.clientHeight < 120;
  if (fresh) {
    box.setAttribute("aria-live", "off"); // what was said before is not read out
    setTimeout(() => box.setAttribute("aria-live", "polite"), 500);
    box.replaceChildren();
  }
  last = here;
  const said = state.messages[channel.id];
  const top = said.filter((one) => !one.thread || one.thread === one.ts || one.private);
  keep(box, rows(top, said, state, reader, openThread, channel));
  if (low) box.scrollTop = box.scrollHeight;
}

export function drawThread(state, channel, reader, thread) {
  const root = thread && state.messages[channel.id].find((one) => one.ts === thread);
  find("thread").hidden = !root;
  document.body.dataset.thread = root ? "open" : "closed";
  if (!root) return find("replies").replaceChildren();
  const replies = state.messages[channel.id].filter((one) => one.thread === thread && one.ts !== thread);
  return keep(find("replies"), rows([root, ...replies], [], state, reader, null, channel));
}

function rows(shown, all, state, reader, openThread, channel) {
  if (!shown.length) return [{ key: "empty", sign: channel.id, draw: () => empty(channel) }];
  const out = [];
  let before = null;
  for (const one of shown) {
    const day = dayOf(at(one), reader.zone);
    if (!before || dayOf(at(before), reader.zone) !== day) {
      const name = dayName(at(one), reader);
      out.push({ key: `day ${day}`, sign: name, draw: () => h("div", { class: "day" }, h("span", {}, name)) });
      before = null;
    }
    const same = before && before.user === one.user && before.private === one.private && Number(one.ts) - Number(before.ts) < 300;
    const replies = all.filter((other) => other.thread === one.ts && other.ts !== one.ts).length;
    const today = dayOf(new Date(reader.now * 1000), reader.zone);
    out.push({
      key: one.ts,
      sign: JSON.stringify([one.text, one.blocks, one.edited, same, replies, today]),
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
  node.className = ["message", same ? "same" : "", one.private ? "private" : ""].join(" ");
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
    openThread && !one.private && !replies ? h("button", { class: "link rare", onclick: () => openThread(one.ts) }, "Reply") : null,
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
