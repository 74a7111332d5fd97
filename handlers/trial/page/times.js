// The clock in the corner, and the ways to move it.

import { find, h } from "./dom.js";
import { sure } from "./elements.js";

let base = 0;
let got = 0;

// The trial's time in seconds; with a number, that is what it is now.
export function tick(now) {
  if (now !== undefined) {
    base = now;
    got = performance.now();
  }
  return base + (performance.now() - got) / 1000;
}

const menu = find("times");
const button = find("clock");

function open(on) {
  menu.hidden = !on;
  button.setAttribute("aria-expanded", String(on));
  if (on) menu.querySelector("button").focus();
}

button.addEventListener("click", () => open(menu.hidden));
document.addEventListener("click", (event) => {
  if (!menu.hidden && !menu.contains(event.target) && !button.contains(event.target)) open(false);
});
menu.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  open(false);
  button.focus();
});

const MOVES = [
  ["ten", "Ten minutes later", "hour"],
  ["hour", "One hour later", "hour"],
  ["tomorrow", "Tomorrow 9:00", "in your own time zone"],
  ["after_call", "After the call", "when the coach asks how it went"],
];

export function drawClock(state, reader, move, startOver) {
  const said = new Intl.DateTimeFormat("en-GB", {
    timeZone: reader.zone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
  }).format(tick() * 1000);
  const moving = document.body.dataset.moving;
  const words = moving ? "Moving…" : said;
  if (button.textContent !== words) {
    button.textContent = words;
    button.setAttribute("aria-label", `It is ${words}. Move the clock`);
  }
  const sign = JSON.stringify([state.call, state.me]);
  if (menu.sign === sign) return;
  menu.sign = sign;
  const row = ([how, name, about]) => h("button", {
    type: "button", data: { move: how }, disabled: how === "after_call" && !state.call,
    onclick: () => { open(false); button.focus(); move(how); },
  }, h("b", {}, name), about === "hour" ? null : h("small", {}, how === "after_call" && !state.call ? "no call is planned" : about));
  menu.replaceChildren(
    h("p", {}, "Move the clock. The coach wakes on the way: what is due arrives."),
    ...MOVES.map(row),
    h("button", { type: "button", class: "over", onclick: async () => {
      open(false);
      const asked = { title: { text: "Start over?" }, text: { text: "Messages, calls and answers of this trial are deleted." }, confirm: { text: "Start over" }, deny: { text: "Keep it" }, style: "danger" };
      if (await sure(asked)) startOver();
    } }, h("b", {}, "Start over"), h("small", {}, "deletes what this trial kept")));
}
