// Everything that can be pressed, chosen or typed into; each tells the trial what it holds.

import { act } from "./api.js";
import { h, find } from "./dom.js";
import { instant, link, localText, unescaped, words } from "./text.js";

// `place`: {target, block, element, held, input, reader}. `input`: nothing is sent until submitted.
export function element(place) {
  const draw = KINDS[place.element.type];
  return draw ? draw(place) : h("span", { class: "unknown" }, `(${place.element.type})`);
}

const KINDS = {
  button,
  checkboxes: (place) => choices(place, "checkbox"),
  radio_buttons: (place) => choices(place, "radio"),
  static_select: (place) => menu(place, groups(place.element)),
  external_select: external,
  users_select: (place) => menu(place, [[null, people(place)]]),
  channels_select: (place) => menu(place, [[null, rooms(place)]]),
  conversations_select: (place) => menu(place, [[null, rooms(place)]]),
  multi_static_select: (place) => several(place, groups(place.element).flatMap(([, options]) => options)),
  multi_external_select: external,
  multi_users_select: (place) => several(place, people(place)),
  multi_channels_select: (place) => several(place, rooms(place)),
  multi_conversations_select: (place) => several(place, rooms(place)),
  overflow,
  datepicker: (place) => native(place, "date", "selected_date"),
  timepicker: (place) => native(place, "time", "selected_time"),
  datetimepicker,
  plain_text_input: typed,
  rich_text_input: typed,
  email_text_input: (place) => typed(place, "email"),
  url_text_input: (place) => typed(place, "url"),
  number_input: (place) => typed(place, "number"),
  feedback_buttons: thumbs,
  image: (place) => picture(place.element),
};

// What is held by the inputs of a form, in order: typed words are sent a moment after the last key.
const waiting = new Map();

export function forgetTyped() {
  for (const timer of waiting.values()) clearTimeout(timer);
  waiting.clear();
}

async function tell(place, value) {
  const { target, block, element, input } = place;
  const more = { ...target, block: block.block_id, action: element.action_id, value };
  if (input && !block.dispatch_action) return act("fill", more);
  if (element.confirm && !(await sure(element.confirm))) return null;
  return act("click", more);
}

function later(place, value) {
  const key = place.block.block_id;
  clearTimeout(waiting.get(key));
  waiting.set(key, setTimeout(() => act("fill", {
    ...place.target, block: key, action: place.element.action_id, value,
  }), 250));
}

const named = (place, extra = "") => ({ focus: place.element.action_id + extra });
const label = (place) => place.label || place.element.placeholder?.text || place.element.accessibility_label || "Choose";
const first = (place) => place.element.placeholder?.text || "Choose…";

function button(place) {
  const { element } = place;
  const said = unescaped(element.text.text);
  const node = h("button", {
    type: "button",
    class: element.style || "",
    "aria-label": element.accessibility_label,
    data: named(place, element.value ?? ""),
  }, said);
  node.addEventListener("click", async () => {
    if (element.url && /^https?:/i.test(element.url)) window.open(element.url, "_blank", "noopener,noreferrer");
    node.setAttribute("aria-busy", "true");
    await tell(place, element.value ?? null);
    node.removeAttribute("aria-busy");
  });
  return node;
}

function choices(place, kind) {
  const { element, held, reader } = place;
  const chosen = new Set((held?.selected_options ?? [held?.selected_option]).filter(Boolean).map((one) => one.value));
  const name = `${place.block.block_id} ${element.action_id}`;
  const box = h("div", { class: "choices", role: kind === "radio" ? "radiogroup" : "group", "aria-label": place.label });
  for (const option of element.options) {
    const input = h("input", {
      type: kind, name, value: option.value, checked: chosen.has(option.value),
      data: named(place, element.options.length > 1 ? option.value : ""),
    });
    input.addEventListener("change", async () => {
      const on = [...box.querySelectorAll("input:checked")].map((one) => one.value);
      const value = kind === "radio" ? option.value : on;
      if ((await tell(place, value)) === null) input.checked = kind === "checkbox" ? !input.checked : false;
    });
    const about = option.description ? h("small", {}, words(option.description, reader)) : null;
    box.append(h("label", {}, input, h("span", {}, words(option.text, reader), about)));
  }
  return box;
}

const groups = (element) =>
  element.option_groups?.map((group) => [group.label.text, group.options.map(pair)]) ?? [[null, (element.options ?? []).map(pair)]];
const pair = (option) => ({ value: option.value, label: unescaped(option.text.text) });
const people = ({ reader }) => reader.people.map((one) => ({ value: one.id, label: one.name }));

function rooms({ reader, element }) {
  const filter = element.filter ?? {};
  const closed = filter.exclude_external_shared_channels;
  const direct = !element.type.includes("channels_select") && (filter.include ?? ["im"]).includes("im");
  return reader.channels
    .filter((one) => (one.direct ? direct : !(closed && one.shared)))
    .map((one) => ({ value: one.id, label: one.direct ? one.name : "#" + one.name }));
}

const SINGLE = ["selected_user", "selected_channel", "selected_conversation"];

function holds(held) {
  if (!held) return null;
  for (const key of SINGLE) if (key in held) return held[key];
  return held.selected_option?.value ?? null;
}

function menu(place, from) {
  const now = holds(place.held);
  const node = h("select", { "aria-label": label(place), data: named(place) });
  const optional = place.input && place.block.optional;
  if (!now || optional) node.append(h("option", { value: "", disabled: !optional && !!now }, first(place)));
  for (const [title, options] of from) {
    const drawn = options.map((one) => h("option", { value: one.value, selected: one.value === now }, one.label));
    node.append(...(title ? [h("optgroup", { label: title }, drawn)] : drawn));
  }
  let before = node.value;
  node.addEventListener("change", async () => {
    if ((await tell(place, node.value || null)) === null) node.value = before;
    before = node.value;
  });
  return node;
}

// A menu whose options the app suggests while one types.
function external(place) {
  const multi = place.element.type.startsWith("multi_");
  let chosen = multi ? (place.held?.selected_options ?? []) : [place.held?.selected_option].filter(Boolean);
  const said = h("span", { class: "chosen" });
  const input = h("input", { type: "text", placeholder: first(place), "aria-label": label(place), data: named(place) });
  const list = h("ul", { class: "suggested", role: "listbox", hidden: true });
  const show = () => said.replaceChildren(...chosen.map((one) => h("span", { class: "chip" }, unescaped(one.text.text))));
  const choose = async (option) => {
    chosen = multi ? [...chosen.filter((one) => one.value !== option.value), option] : [option];
    list.hidden = true;
    input.value = "";
    show();
    await tell(place, multi ? chosen : option);
  };
  input.addEventListener("input", async () => {
    if (input.value.length < (place.element.min_query_length ?? 0)) return;
    const asked = { ...place.target, block: place.block.block_id, action: place.element.action_id, typed: input.value };
    const { options = [] } = await act("suggest", asked);
    list.replaceChildren(...options.map((option) =>
      h("li", { role: "option" }, h("button", { type: "button", onclick: () => choose(option) }, unescaped(option.text.text)))));
    list.hidden = !options.length;
  });
  show();
  return h("div", { class: "external" }, said, input, list);
}

function several(place, options) {
  const held = place.held ?? {};
  const now = held.selected_options?.map((one) => one.value) ?? held.selected_users ?? held.selected_channels ?? held.selected_conversations ?? [];
  const chosen = new Set(now);
  const said = h("span");
  const most = place.element.max_selected_items ?? Infinity;
  const show = () => {
    const labels = options.filter((one) => chosen.has(one.value)).map((one) => one.label);
    said.textContent = labels.join(", ") || first(place);
    said.className = labels.length ? "" : "unset";
  };
  const boxes = options.map((one) => {
    const input = h("input", { type: "checkbox", value: one.value, checked: chosen.has(one.value), data: named(place, one.value) });
    input.addEventListener("change", () => {
      if (input.checked && chosen.size >= most) input.checked = false;
      else if (input.checked) chosen.add(one.value);
      else chosen.delete(one.value);
      show();
      tell(place, options.map((each) => each.value).filter((value) => chosen.has(value)));
    });
    return h("label", {}, input, h("span", {}, one.label));
  });
  show();
  const node = h("details", { class: "several" },
    h("summary", { "aria-label": label(place), data: named(place) }, said),
    h("div", { class: "choices", role: "group", "aria-label": label(place) }, boxes));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !node.open) return;
    event.stopPropagation();
    event.preventDefault();
    node.open = false;
    node.querySelector("summary").focus();
  });
  return node;
}

function overflow(place) {
  const node = h("details", { class: "overflow" },
    h("summary", { "aria-label": "More", data: named(place) }, "⋯"),
    h("div", { class: "menu" }, place.element.options.map((option) =>
      h("button", { type: "button", onclick: () => { node.open = false; tell(place, option.value); } }, unescaped(option.text.text)))));
  return node;
}

function native(place, type, key) {
  const input = h("input", { type, value: place.held?.[key] ?? "", "aria-label": label(place), data: named(place) });
  input.addEventListener("change", () => tell(place, input.value || null));
  return input;
}

function datetimepicker(place) {
  const { held, reader } = place;
  const now = held?.selected_date_time;
  const input = h("input", {
    type: "datetime-local", value: now ? localText(now, reader.zone) : "",
    "aria-label": label(place), data: named(place),
  });
  input.addEventListener("change", () => tell(place, input.value ? instant(input.value, reader.zone) : null));
  return input;
}

function typed(place, type = "text") {
  const { element, held } = place;
  const about = {
    value: words_of(held), placeholder: element.placeholder?.text, maxlength: element.max_length,
    "aria-label": label(place), data: { ...named(place), typed: place.block.block_id },
    autofocus: element.focus_on_load,
  };
  const many = element.multiline || element.type === "rich_text_input";
  const numbers = type === "number" ? { inputmode: element.is_decimal_allowed ? "decimal" : "numeric" } : {};
  const input = many
    ? h("textarea", { rows: 3, ...about })
    : h("input", { type: type === "number" ? "text" : type, ...numbers, ...about });
  input.addEventListener("input", () => later(place, input.value || null));
  if (place.block.dispatch_action) {
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); tell(place, input.value || null); }
    });
  }
  return input;
}

function words_of(held) {
  if (!held) return "";
  if (held.rich_text_value) return held.rich_text_value.elements?.flatMap((part) => part.elements.map((one) => one.text)).join("") ?? "";
  return held.value ?? "";
}

// Which thumb was pressed last, by the message it belongs to; Slack's client keeps that to itself too.
const pressed = new Map();

function thumbs(place) {
  const { element, target } = place;
  const key = `${target.channel} ${target.ts} ${element.action_id}`;
  const buttons = ["positive_button", "negative_button"].map((side) => element[side]).map((thumb) => h("button", {
    type: "button", "aria-label": thumb.accessibility_label, "aria-pressed": String(pressed.get(key) === thumb.value),
    data: named(place, thumb.value),
    onclick: () => {
      pressed.set(key, thumb.value);
      buttons.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.focus === element.action_id + thumb.value)));
      tell(place, thumb.value);
    },
  }, unescaped(thumb.text.text)));
  return h("span", { class: "thumbs" }, buttons);
}

// Nothing is fetched from elsewhere: a picture of the web is told in words.
export function picture(about) {
  const address = about.image_url ?? "";
  if (/^(data:image\/|\/)/.test(address) && !address.startsWith("//")) return h("img", { src: address, alt: about.alt_text });
  return h("span", { class: "noimage" }, "Picture: ", about.alt_text || "without words", address ? [" · ", link(address, "open")] : null);
}

// A question before something is done: resolves to true or false.
export function sure(confirm) {
  const dialog = find("ask");
  return new Promise((answer) => {
    const done = (said) => { dialog.onclose = null; dialog.close(); answer(said); };
    const no = h("button", { type: "button", onclick: () => done(false) }, unescaped(confirm.deny?.text ?? "No"));
    const yes = h("button", {
      type: "button", class: confirm.style === "danger" ? "danger" : "primary", onclick: () => done(true),
    }, unescaped(confirm.confirm?.text ?? "Yes"));
    dialog.replaceChildren(
      h("h2", { id: "asktitle" }, unescaped(confirm.title?.text ?? "Are you sure?")),
      h("p", {}, unescaped(confirm.text?.text ?? "")),
      h("div", { class: "buttons" }, no, yes));
    dialog.onclose = () => answer(false);
    dialog.showModal();
    no.focus();
  });
}
