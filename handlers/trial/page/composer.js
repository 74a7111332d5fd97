// The composer: words, slash commands with a list and a hint, and names after an @.

import { act } from "./api.js";
import { find, h, note } from "./dom.js";

const LARGEST = 2_000_000; // bytes of a file

const words = find("words");
const hints = find("hints");
let state = null; // what the page shows now
let place = null; // the conversation one is in
let chosen = 0;

export function composerFor(now, channel) {
  const moved = !place || channel.id !== place.id || now.me !== state.me;
  state = now;
  place = channel;
  const where = channel.direct ? channel.name : "#" + channel.name;
  words.setAttribute("aria-label", `Write in ${where}, or type / for a command`);
  words.placeholder = "Write, or type / for a command";
  if (moved) {
    words.value = sessionStorage.getItem(draft()) ?? "";
    look();
  }
}

export function fill(text) {
  words.value = text;
  look();
  hints.hidden = true;
  words.focus();
  words.setSelectionRange(text.length, text.length);
}

const draft = () => `draft ${state.me} ${place.id}`;

function look() {
  sessionStorage.setItem(draft(), words.value);
  words.style.height = "auto";
  words.style.height = `${Math.min(words.scrollHeight + 2, 180)}px`;
  const command = words.value.match(/^\/\S*$/);
  const name = words.value.slice(0, words.selectionStart).match(/(?:^|\s)@([\w-]*)$/);
  const offered = command ? commands(command[0]) : name ? names(name[1]) : [];
  chosen = 0;
  hints.replaceChildren(...offered.map((one, nth) => row(one, nth)));
  hints.hidden = !offered.length;
  words.setAttribute("aria-expanded", String(Boolean(offered.length)));
  mark();
  const known = state.commands.find((one) => words.value.startsWith(one.command + " ") || words.value === one.command);
  find("usage").textContent = known ? `${known.command} ${known.hint} · ${known.about}` : "";
}

const commands = (typed) => state.commands
  .filter((one) => one.command.startsWith(typed) && one.command !== typed)
  .map((one) => ({ show: [h("b", {}, one.command), " ", h("span", {}, one.hint), h("small", {}, one.about)], put: () => one.command + " " }));

const names = (typed) => [...state.people.map((one) => one.name), "Coach"]
  .filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()))
  .map((name) => ({ show: [h("b", {}, "@" + name)], put: () => {
    const until = words.selectionStart;
    return words.value.slice(0, until).replace(/@[\w-]*$/, "@" + name + " ") + words.value.slice(until);
  } }));

function row(one, nth) {
  const node = h("li", { role: "option", id: `hint-${nth}`, onmousedown: (event) => { event.preventDefault(); take(node); } }, one.show);
  node.put = one.put;
  return node;
}

function mark() {
  [...hints.children].forEach((node, nth) => node.setAttribute("aria-selected", String(nth === chosen)));
  if (hints.hidden) words.removeAttribute("aria-activedescendant");
  else words.setAttribute("aria-activedescendant", `hint-${chosen}`);
}

function take(node) {
  words.value = node.put();
  look();
  words.focus();
}

words.addEventListener("input", look);
words.addEventListener("blur", () => { hints.hidden = true; });
words.addEventListener("keydown", (event) => {
  const open = !hints.hidden && hints.children.length;
  if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : hints.children.length - 1)) % hints.children.length;
    mark();
  } else if (open && (event.key === "Tab" || event.key === "Enter")) {
    event.preventDefault();
    take(hints.children[chosen]);
  } else if (open && event.key === "Escape") {
    hints.hidden = true;
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    find("composer").requestSubmit();
  }
});

find("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = words.value.trim();
  if (!text) return;
  words.value = "";
  look();
  find("said").scrollTop = find("said").scrollHeight; // so that what comes of it is seen
  const { error } = await act(text.startsWith("/") ? "command" : "say", { channel: place.id, text });
  if (error && !words.value) {
    words.value = text;
    look();
  }
});

// A file, chosen or dropped: it is shared at once, with the words that stand here.

find("attach").addEventListener("click", () => find("file").click());
find("file").addEventListener("change", () => { share(find("file").files); find("file").value = ""; });
find("composer").addEventListener("dragover", (event) => event.preventDefault());
find("composer").addEventListener("drop", (event) => { event.preventDefault(); share(event.dataTransfer.files); });

async function share(files) {
  const file = files[0];
  if (!file) return;
  if (file.size > LARGEST) {
    note("The trial takes files of up to 2 MB.", true);
    return;
  }
  const text = words.value.trim();
  words.value = "";
  look();
  const read = new FileReader();
  read.onload = () => act("share", { channel: place.id, text, name: file.name, content: read.result.split(",")[1] ?? "" });
  read.readAsDataURL(file);
}
