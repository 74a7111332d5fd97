// The calendar of the person one is: a week of meetings to move, to cancel and to add to.

import { act } from "./api.js";
import { find, h, keep, note } from "./dom.js";

const drawer = find("calendar");
const opener = find("dates");

export function drawCalendar(state, reader) {
  if (drawer.hidden) return;
  if (!drawer.firstChild) frame();
  const { path, command, connected, meetings } = state.calendar;
  const address = location.origin + path;
  drawer.querySelector("#calendarhow").textContent = connected
    ? "The coach looks here every ten minutes. Change something, then move the clock."
    : `Type ${command}, and paste the address below.`;
  const field = drawer.querySelector("#calendaraddress");
  if (field.value !== address) field.value = address;
  keep(drawer.querySelector(".list"), meetings.map((one) => meeting(one, reader)));
}

function meeting(one, reader) {
  const day = new Intl.DateTimeFormat("en-GB", { timeZone: reader.zone, weekday: "short", day: "numeric", month: "short" });
  const hour = new Intl.DateTimeFormat("en-GB", { timeZone: reader.zone, hour: "2-digit", minute: "2-digit" });
  const starts = one.starts * 1000;
  const press = (how, words) => h("button", {
    type: "button", data: { focus: `${one.id} ${how}` }, "aria-label": `${words}: ${one.title}`,
    onclick: () => act("calendar", { how, id: one.id }),
  }, words);
  return {
    key: one.id,
    sign: JSON.stringify([one, reader.zone]),
    draw: () => h("article", { class: one.cancelled ? "meeting off" : "meeting" },
      h("time", {}, `${day.format(starts)}, ${hour.format(starts)}–${hour.format(starts + one.minutes * 60000)}`),
      h("b", {}, one.title),
      one.with.length ? h("small", {}, `with ${one.with.join(", ")}`) : null,
      one.cancelled ? h("small", {}, "cancelled") : h("div", { class: "row" },
        press("later", "30 min later"), press("next_day", "A day later"), press("cancel", "Cancel"))),
  };
}

function frame() {
  const shut = () => opener.click();
  drawer.replaceChildren(
    h("div", { class: "head" },
      h("div", { class: "headwords" }, h("h2", {}, "Calendar"), h("p", { id: "calendarhow" })),
      h("button", { class: "quiet", "aria-label": "Close", onclick: shut }, "✕")),
    h("div", { class: "address" },
      h("label", { for: "calendaraddress" }, "Private address"),
      h("input", { id: "calendaraddress", readonly: true, onfocus: (event) => event.target.select() }),
      h("button", { type: "button", onclick: copy }, "Copy")),
    h("div", { class: "list", tabindex: "0", "aria-label": "Your meetings" }),
    h("form", { class: "address", onsubmit: add },
      h("label", { for: "newmeeting" }, "Another meeting, within the hour"),
      h("input", { id: "newmeeting", placeholder: "Birch demo", maxlength: "120", autocomplete: "off" }),
      h("input", { id: "newguest", placeholder: "pat@birch.example", "aria-label": "Address of a guest", maxlength: "120", autocomplete: "off" }),
      h("button", { type: "submit" }, "Add")));
  drawer.onkeydown = (event) => { if (event.key === "Escape") shut(); };
}

async function copy() {
  const field = find("calendaraddress");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    note("Copied.");
  } catch {
    note("It is marked: copy it with the keyboard.");
  }
}

async function add(event) {
  event.preventDefault();
  const [title, guest] = [find("newmeeting"), find("newguest")];
  const done = await act("calendar", { how: "add", title: title.value, guest: guest.value });
  if (!done.error) title.value = guest.value = "";
}

export function onOpen(draw) {
  opener.addEventListener("click", () => {
    drawer.hidden = !drawer.hidden;
    opener.setAttribute("aria-expanded", String(!drawer.hidden));
    draw();
    (drawer.hidden ? opener : drawer.querySelector("button"))?.focus();
  });
}
