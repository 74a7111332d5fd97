// Blocks (docs.slack.dev/reference/block-kit/blocks) as DOM nodes.

import { h, keep } from "./dom.js";
import { element, picture } from "./elements.js";
import { inline, link, mrkdwn, unescaped, words, clock, dayOf } from "./text.js";

// Draws `blocks` into `box` and leaves alone what has not changed. `at`: {target, values, reader}.
export function drawBlocks(box, blocks, at) {
  const today = dayOf(new Date(at.reader.now * 1000), at.reader.zone);
  keep(box, blocks.map((block) => {
    const text = JSON.stringify(block);
    const sign = text.includes("!date") ? text + today + at.reader.zone : text;
    return { key: block.block_id, sign, draw: () => drawBlock(block, at) };
  }));
}

function drawBlock(block, at) {
  const draw = KINDS[block.type];
  const node = draw ? draw(block, at) : h("div", { class: "unknown" }, `(a block of the kind ${block.type})`);
  node.classList.add("block");
  return node;
}

const KINDS = {
  section, context, header, actions, input, image,
  divider: () => h("hr"),
  rich_text: (block, { reader }) => h("div", { class: "rich" }, block.elements.map((part) => rich(part, reader))),
  markdown: (block, { reader }) => h("div", { class: "rich" }, markdown(block.text, reader)),
  table: (block, { reader }) => h("table", {}, block.rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, inCell(cell, reader)))))),
  context_actions: actions,
};

const placed = (at, block, part, more = {}) => ({
  ...more, block, element: part, target: at.target, reader: at.reader,
  held: at.values?.[block.block_id]?.[part.action_id],
});

function text(object, reader) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text, reader) : h("p", {}, unescaped(object.text));
}

function section(block, at) {
  const fields = block.fields?.map((field) => h("div", {}, text(field, at.reader)));
  const label = block.text ? block.text.text.replace(/[*_~`]/g, "").slice(0, 80) : "";
  return h("div", { class: "section" },
    h("div", { class: "words" }, text(block.text, at.reader), fields ? h("div", { class: "fields" }, fields) : null),
    block.accessory ? h("div", { class: "accessory" }, element(placed(at, block, block.accessory, { label }))) : null);
}

function context(block, at) {
  return h("div", { class: "context" }, block.elements.map((part) =>
    part.type === "image" ? picture(part) : h("span", {}, contextText(part, at.reader))));
}

function contextText(part, reader) {
  if (part.type !== "mrkdwn") return unescaped(part.text);
  return part.text.includes("\n") ? mrkdwn(part.text, reader) : inline(part.text, reader);
}

function header(block) {
  return h("h3", {}, unescaped(block.text.text));
}

function actions(block, at) {
  return h("div", { class: "actions" }, block.elements.map((part) => element(placed(at, block, part, { label: part.placeholder?.text }))));
}

function input(block, at) {
  const label = unescaped(block.label.text);
  const node = element(placed(at, block, block.element, { input: true, label }));
  const id = `f-${block.block_id}`;
  const field = node.matches("input,select,textarea") ? node : null;
  if (field) {
    field.id = id;
    field.removeAttribute("aria-label");
    field.setAttribute("aria-describedby", `e-${block.block_id} h-${block.block_id}`);
  }
  const words = [label, block.optional ? h("span", { class: "optional" }, " (optional)") : null];
  return h("div", { class: "input" },
    field ? h("label", { for: id, class: "label" }, words) : h("div", { class: "label" }, words),
    node,
    h("p", { class: "error", id: `e-${block.block_id}`, role: "alert" }),
    h("p", { class: "hint", id: `h-${block.block_id}` }, block.hint ? unescaped(block.hint.text) : null));
}

function image(block) {
  return h("figure", {}, picture(block), block.title ? h("figcaption", {}, unescaped(block.title.text)) : null);
}

// Rich text

function rich(part, reader) {
  const inside = () => part.elements.map((one) => piece(one, reader));
  if (part.type === "rich_text_list") {
    const list = part.style === "ordered" ? "ol" : "ul";
    return h(list, {}, part.elements.map((item) => h("li", {}, item.elements.map((one) => piece(one, reader)))));
  }
  if (part.type === "rich_text_quote") return h("blockquote", {}, inside());
  if (part.type === "rich_text_preformatted") return h("pre", {}, inside());
  return h("p", {}, inside());
}

function piece(part, reader) {
  const said = {
    link: () => link(part.url, part.text || part.url),
    user: () => h("span", { class: "mention" }, "@" + (reader.names[part.user_id] ?? part.user_id)),
    channel: () => h("span", { class: "mention" }, "#" + (reader.names[part.channel_id] ?? part.channel_id)),
    broadcast: () => h("span", { class: "mention" }, "@" + part.range),
    emoji: () => `:${part.name}:`,
    date: () => clock(new Date(part.timestamp * 1000), reader.zone),
  }[part.type];
  let node = said ? said() : (part.text ?? "");
  for (const [style, name] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"]]) {
    if (part.style?.[style]) node = h(name, {}, node);
  }
  return node;
}

const inCell = (cell, reader) => (cell.type === "rich_text" ? cell.elements.map((part) => rich(part, reader)) : (cell.text ?? ""));

// The markdown block, as far as the coach would write it: by way of Slack's own markup.
function markdown(source, reader) {
  const escaped = source.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/^(\s*)>/gm, "$1\u0001").replace(/>/g, "&gt;").replace(/\u0001/g, ">");
  const turned = escaped
    .replace(/^#{1,6} +(.+)$/gm, "**$1**")
    .replace(/^(\s*)\* +/gm, "$1- ")
    .replace(/\[([^\]\n]+)\]\(([^)\s]+)\)/g, "<$2|$1>")
    .replace(/(?<!\*)\*([^*\n]+)\*(?!\*)/g, "_$1_")
    .replace(/\*\*([^*\n]+)\*\*/g, "*$1*")
    .replace(/~~([^~\n]+)~~/g, "~$1~");
  return mrkdwn(turned, reader);
}
