// The guided walk: a quiet card that says the next step, and notices by itself when it is done.

import { act } from "./api.js";
import { find, h } from "./dom.js";

export function drawWalk(state, place, { fill, go, move }) {
  const box = find("walk");
  const { step, number, of, off } = state.walk;
  const direct = state.channels.find((one) => one.direct);
  const sign = JSON.stringify([step, number, off, place, state.me]);
  if (box.sign === sign) return;
  box.sign = sign;
  box.hidden = off;
  if (off) return;
  const shut = h("button", { class: "quiet", "aria-label": "Put the walk away", onclick: () => act("walk", { off: true }) }, "✕");
  if (!step) {
    box.replaceChildren(
      h("div", { class: "step" }, h("b", {}, "That was the whole walk."),
        h("p", {}, "Go on as you like. /coach shows everything there is; “Look behind” shows what was kept.")), shut);
    return;
  }
  const deeds = [];
  if (step.fill) deeds.push(h("button", { class: "primary", onclick: () => fill(step.channel, step.fill) }, "Type it for me"));
  if (step.press) deeds.push(h("button", { class: "primary", onclick: () => move(step.press) }, "After the call"));
  if (step.id === "debrief" && place !== direct.id) deeds.push(h("button", { class: "primary", onclick: () => go(direct.id) }, "Open messages"));
  box.replaceChildren(
    h("span", { class: "number", "aria-label": `Step ${number} of ${of}` }, `${number}/${of}`),
    h("div", { class: "step" }, h("b", {}, step.title), h("p", {}, step.words, step.fill ? h("code", {}, step.fill) : null)),
    ...deeds, shut);
}
