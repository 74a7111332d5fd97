// Small pieces of DOM. Text always goes in as text: nothing here can turn words into markup.

export function h(name, about = {}, ...inside) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(about)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key in PROPERTIES) node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...inside.flat(Infinity).filter((part) => part !== null && part !== undefined && part !== false));
  return node;
}

const PROPERTIES = { value: 1, checked: 1, selected: 1, disabled: 1 };

export const find = (id) => document.getElementById(id);

// Children are kept as long as their key and what they show stay the same; the rest is drawn anew.
// `wanted`: [{key, sign, draw}] in order. Focus in a child that is redrawn goes to its twin.
export function keep(parent, wanted) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const focus = placeOf(parent);
  let at = parent.firstElementChild;
  for (const { key, sign, draw } of wanted) {
    let node = old.get(key);
    if (!node || node.sign !== sign) {
      const fresh = draw(node);
      fresh.dataset.key = key;
      fresh.sign = sign;
      if (node && node !== fresh) {
        if (node === at) at = fresh;
        node.replaceWith(fresh);
      }
      node = fresh;
    }
    old.delete(key);
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
  for (const node of old.values()) node.remove();
  giveBack(parent, focus);
}

function placeOf(parent) {
  const node = document.activeElement;
  if (!node || !parent.contains(node)) return null;
  const name = node.dataset.focus;
  const group = name ? [...parent.querySelectorAll(`[data-focus="${CSS.escape(name)}"]`)] : [];
  return { node, name, nth: group.indexOf(node), of: group.length };
}

function giveBack(parent, focus) {
  if (!focus || focus.node.isConnected || !focus.name) return;
  const group = parent.querySelectorAll(`[data-focus="${CSS.escape(focus.name)}"]`);
  const twin = group[Math.min(Math.max(focus.nth, 0), group.length - 1)];
  if (twin) twin.focus({ preventScroll: true });
}

export function note(words, bad = false) {
  const told = h("div", { class: bad ? "note bad" : "note" }, words);
  find("notes").append(told);
  setTimeout(() => told.remove(), 6000);
}
