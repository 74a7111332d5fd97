// The form that lies on top: a dialog, drawn from a modal view.

import { act } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { find, h } from "./dom.js";
import { forgetTyped } from "./elements.js";
import { unescaped } from "./text.js";

let shown = null;
let opener = null;

export function drawForm(view, reader) {
  const dialog = find("form");
  if (!view) {
    if (dialog.open) dialog.close();
    if (shown) giveBack();
    shown = null;
    return;
  }
  const at = { target: { view: view.id }, values: view.values, reader };
  if (view.id !== shown) begin(dialog, view);
  dialog.querySelector("h2").textContent = unescaped(view.title?.text ?? "");
  drawBlocks(dialog.querySelector(".blocks"), view.blocks, at);
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
  }
  if (view.id !== shown) {
    shown = view.id;
    const wanted = dialog.querySelector(".blocks [autofocus]") ?? dialog.querySelector(".blocks :is(input,textarea,select,summary,button)");
    (wanted ?? dialog.querySelector("button")).focus();
  }
}

// Focus goes to where it was; what was redrawn meanwhile has a twin. A field that the closing dialog
// focused by itself takes no typed text in Chromium until it is left and entered once more.
function giveBack() {
  const name = opener?.dataset?.focus;
  const twin = name && document.querySelector(`[data-focus="${CSS.escape(name)}"]`);
  const back = opener?.isConnected ? opener : (twin ?? find("words"));
  back.blur();
  back.focus({ preventScroll: true });
}

function begin(dialog, view) {
  const shut = () => { forgetTyped(); act("close", { view: view.id }); };
  const save = view.submit ? h("button", { type: "submit", class: "primary" }, unescaped(view.submit.text)) : null;
  dialog.replaceChildren(h("form", { novalidate: true, autocomplete: "off", onsubmit: (event) => { event.preventDefault(); submit(dialog, view, save); } },
    h("header", {}, h("h2", { id: "formtitle" }), h("button", { type: "button", class: "quiet", "aria-label": "Close the form", onclick: shut }, "✕")),
    h("div", { class: "blocks" }),
    h("footer", {}, h("button", { type: "button", onclick: shut }, unescaped(view.close?.text ?? "Cancel")), save)));
  dialog.oncancel = (event) => {
    event.preventDefault();
    if (event.target === dialog) shut();
  };
}

async function submit(dialog, view, save) {
  forgetTyped();
  const values = {};
  for (const field of dialog.querySelectorAll("[data-typed]")) values[field.dataset.typed] = field.value || null;
  save.disabled = true;
  const { errors = {} } = await act("submit", { view: view.id, values });
  save.disabled = false;
  tellErrors(dialog, errors);
}

function tellErrors(dialog, errors) {
  let first = null;
  for (const box of dialog.querySelectorAll(".block.input")) {
    const words = errors[box.dataset.key];
    box.querySelector(".error").textContent = words ?? "";
    box.classList.toggle("wrong", Boolean(words));
    const field = box.querySelector("input,textarea,select,summary");
    if (!field) continue;
    if (words) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    if (words && !first) first = field;
  }
  first?.focus();
}
