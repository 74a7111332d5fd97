// A look behind: what app and Slack said to each other, and the rows that were written.

import { behind } from "./api.js";
import { find, h, keep } from "./dom.js";

let tab = "said";

export async function drawBehind(first = false) {
  const drawer = find("behind");
  if (drawer.hidden) return;
  if (first || !drawer.firstChild) frame(drawer);
  const seen = await behind();
  drawer.querySelector("h2 + p").textContent = tab === "said"
    ? "What the coach and Slack told each other, the newest first. Tokens are never shown."
    : `Rows of ${seen.file}, the newest first.`;
  keep(drawer.querySelector(".list"), tab === "said" ? seen.log.map(exchange) : seen.tables.map(table));
}

function frame(drawer) {
  const shut = () => find("look").click();
  const pick = (name, words) => h("button", {
    role: "tab", "aria-selected": String(tab === name),
    onclick: () => { tab = name; drawBehind(true); },
  }, words);
  drawer.replaceChildren(
    h("div", { class: "head" },
      h("div", { class: "headwords" }, h("h2", {}, "Look behind"), h("p", {})),
      h("div", { class: "tabs", role: "tablist", "aria-label": "What to look at" }, pick("said", "Messages"), pick("rows", "Rows")),
      h("button", { class: "quiet", "aria-label": "Close", onclick: shut }, "✕")),
    h("div", { class: "list", tabindex: "0", "aria-label": "What there is" }));
  drawer.onkeydown = (event) => { if (event.key === "Escape") { shut(); find("look").focus(); } };
}

const json = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

function exchange(one) {
  const way = one.to === "Slack" ? "Coach → Slack" : "Slack → Coach";
  const bad = one.status >= 400 || one.status === 0 || one.response?.ok === false;
  return {
    key: `${one.at} ${one.ms} ${one.name}`,
    sign: "once",
    draw: () => h("details", { class: one.to === "Slack" ? "out" : "in" },
      h("summary", {}, h("span", { class: "way" }, way), h("b", {}, one.name),
        h("span", { class: bad ? "bad" : "fine" }, String(one.status || "no answer")), h("span", {}, `${one.ms} ms`)),
      h("h3", {}, "Said"), h("pre", {}, json(one.request)), h("h3", {}, "Answered"), h("pre", {}, json(one.response) || "(nothing)")),
  };
}

function table(one) {
  const columns = Object.keys(one.rows[0] ?? {});
  return {
    key: one.name,
    sign: JSON.stringify(one),
    draw: (old) => h("details", { open: old?.open },
      h("summary", { data: { focus: one.name } }, h("b", {}, one.name), h("span", {}, one.count === 1 ? "1 row" : `${one.count} rows`)),
      h("div", { class: "wide" }, h("table", {},
        h("thead", {}, h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, one.rows.map((row) => h("tr", {}, columns.map((name) => h("td", {}, row[name] === null ? "–" : String(row[name]))))))))),
  };
}
