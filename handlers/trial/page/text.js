// Slack's markup (docs.slack.dev/messaging/formatting-message-text) as DOM nodes.

import { h } from "./dom.js";

// `reader`: {names, zone, now}. `now` in seconds.
export function mrkdwn(text, reader) {
  const parts = [];
  const pieces = text.split("```");
  pieces.forEach((piece, nth) => {
    if (nth % 2 && nth < pieces.length - 1) parts.push(h("pre", {}, plain(piece.replace(/^\n|\n$/g, ""), reader)));
    else if (piece) parts.push(...lines(nth % 2 ? "```" + piece : piece, reader));
  });
  return parts;
}

function lines(text, reader) {
  const out = [];
  let quote = null;
  let list = null;
  for (const line of text.split("\n")) {
    const quoted = line.match(/^(?:>|&gt;) ?(.*)$/);
    const item = line.match(/^\s*(?:•|-|\d+\.) +(.*)$/);
    if (!quoted) quote = null;
    if (!item) list = null;
    if (quoted) {
      if (!quote) out.push((quote = h("blockquote")));
      else quote.append(h("br"));
      quote.append(...inline(quoted[1], reader));
    } else if (item) {
      if (!list) out.push((list = h("ul", { class: "plain" })));
      const mark = line.match(/^\s*(•|-|\d+\.)/)[1];
      list.append(h("li", { data: { mark: mark === "-" ? "•" : mark } }, inline(item[1], reader)));
    } else {
      const last = out[out.length - 1];
      if (last && last.tagName === "P") last.append(h("br"), ...inline(line, reader));
      else if (line.trim() || !last) out.push(h("p", {}, inline(line, reader)));
    }
  }
  return out;
}

const MARKS = [
  [/`([^`\n]+)`/, (inside, reader) => h("code", {}, plain(inside, reader))],
  [/(?<![\p{L}\p{N}*])\*(?! )([^*\n]*[^*\n ])\*(?![\p{L}\p{N}*])/u, (inside, reader) => h("strong", {}, marked(inside, reader))],
  [/(?<![\p{L}\p{N}_])_(?! )([^_\n]*[^_\n ])_(?![\p{L}\p{N}_])/u, (inside, reader) => h("em", {}, marked(inside, reader))],
  [/(?<![\p{L}\p{N}~])~(?! )([^~\n]*[^~\n ])~(?![\p{L}\p{N}~])/u, (inside, reader) => h("s", {}, marked(inside, reader))],
];

// Entities are set aside first, so that an underscore in an address is no emphasis.
export function inline(text, reader) {
  const aside = [];
  const bare = text.replace(/[\ue000-\uf8ff]/g, "").replace(/<([^<>\n]+)>/g, (_, inside) => {
    aside.push(inside);
    return String.fromCharCode(0xe000 + Math.min(aside.length - 1, 0x17ff));
  });
  return marked(bare, { ...reader, aside });
}

function marked(text, reader) {
  let first = null;
  for (const [pattern, draw] of MARKS) {
    const found = pattern.exec(text);
    if (found && (!first || found.index < first.found.index)) first = { found, draw };
  }
  if (!first) return plain(text, reader);
  const { found, draw } = first;
  return [
    ...plain(text.slice(0, found.index), reader),
    draw(found[1], reader),
    ...marked(text.slice(found.index + found[0].length), reader),
  ];
}

function plain(text, reader) {
  const out = [];
  for (const piece of text.split(/([\ue000-\uf8ff])/)) {
    const code = piece.charCodeAt(0);
    if (piece.length === 1 && code >= 0xe000 && code <= 0xf8ff && reader.aside) {
      out.push(entity(reader.aside[code - 0xe000] ?? "", reader));
    } else if (piece) out.push(unescaped(piece));
  }
  return out;
}

export const unescaped = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

function entity(inside, reader) {
  const [target, ...rest] = inside.split("|");
  const label = rest.join("|");
  if (target.startsWith("@")) return mention("@" + (reader.names[target.slice(1)] ?? (label || target.slice(1))));
  if (target.startsWith("#")) return mention("#" + (reader.names[target.slice(1)] ?? (label || target.slice(1))));
  if (target.startsWith("!date^")) return date(target, unescaped(label), reader);
  if (target.startsWith("!")) return mention("@" + target.slice(1).split("^")[0]);
  return link(unescaped(target), unescaped(label || target));
}

const mention = (words) => h("span", { class: "mention" }, words);

// Nothing is followed from here but addresses of the web and of mail, in a window of their own.
export function link(address, label) {
  if (!/^(https?:\/\/|mailto:)/i.test(address)) return h("span", {}, label);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer", title: address }, label);
}

function date(target, fallback, reader) {
  const [, seconds, shape] = target.split("^");
  const moment = new Date(Number(seconds) * 1000);
  if (!shape || Number.isNaN(moment.getTime())) return document.createTextNode(fallback);
  const said = shape.replace(/\{([a-z_]+)\}/g, (all, token) => part(token, moment, reader) ?? all);
  return h("time", { datetime: moment.toISOString(), title: full(moment, reader) }, said);
}

const shown = (moment, zone, how) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...how }).format(moment);

export const clock = (moment, zone) => shown(moment, zone, { hour: "2-digit", minute: "2-digit" });
export const dayOf = (moment, zone) => shown(moment, zone, { year: "numeric", month: "2-digit", day: "2-digit" });

const full = (moment, reader) =>
  shown(moment, reader.zone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

function part(token, moment, reader) {
  const zone = reader.zone;
  if (token === "time") return clock(moment, zone);
  if (token === "time_secs") return shown(moment, zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  if (token === "ago") return ago(moment, reader.now);
  if (token === "date_num") return dayOf(moment, zone).split("/").reverse().join("-");
  if (token === "date_slash") return dayOf(moment, zone);
  const how = token.includes("long")
    ? { weekday: "long", day: "numeric", month: "long", year: "numeric" }
    : token.includes("short")
      ? { day: "numeric", month: "short", year: sameYear(moment, reader) ? undefined : "numeric" }
      : { day: "numeric", month: "long", year: "numeric" };
  if (!token.startsWith("date")) return null;
  return (token.includes("pretty") && near(moment, reader)) || shown(moment, zone, how);
}

const sameYear = (moment, reader) =>
  shown(moment, reader.zone, { year: "numeric" }) === shown(new Date(reader.now * 1000), reader.zone, { year: "numeric" });

export function near(moment, reader) {
  const names = { "-1": "yesterday", 0: "today", 1: "tomorrow" };
  for (const [days, name] of Object.entries(names)) {
    const other = new Date(reader.now * 1000 + days * 86400000);
    if (dayOf(other, reader.zone) === dayOf(moment, reader.zone)) return name;
  }
  return null;
}

function ago(moment, now) {
  const minutes = Math.round((moment.getTime() / 1000 - now) / 60);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return words.format(minutes, "minute");
  if (Math.abs(minutes) < 1440) return words.format(Math.round(minutes / 60), "hour");
  return words.format(Math.round(minutes / 1440), "day");
}

// Seconds of a local date and time ("2026-11-24T15:00") in a zone, and back.
export function instant(local, zone) {
  const wanted = Date.parse(local + "Z");
  let guess = wanted;
  for (let turn = 0; turn < 3; turn += 1) guess += wanted - Date.parse(localText(guess / 1000, zone) + "Z");
  return Math.round(guess / 1000);
}

export function localText(seconds, zone) {
  const how = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...how }).formatToParts(seconds * 1000);
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}`;
}

// A plain_text or mrkdwn object, in one line.
export function words(object, reader) {
  if (!object) return [];
  return object.type === "mrkdwn" ? inline(object.text, reader) : [unescaped(object.text)];
}
