// Talking to the trial's own server, and to nobody else.

import { note } from "./dom.js";

const token = document.querySelector('meta[name="token"]').content;

export const who = { me: localStorage.getItem("me") || "U1" };

export async function world() {
  const answer = await fetch(`/api/world?as=${encodeURIComponent(who.me)}`);
  return told(answer);
}

export async function behind() {
  return told(await fetch("/api/behind"));
}

function told(answer) {
  if (!answer.ok) throw new Error(`the trial answered ${answer.status}`);
  return answer.json();
}

// Does something as the person one is now. Trouble is told, unless it belongs to a field.
export async function act(what, more = {}) {
  try {
    const answer = await fetch("/api/act", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Trial": token },
      body: JSON.stringify({ as: who.me, do: what, ...more }),
    });
    if (answer.status === 403) {
      location.reload(); // the trial was started again; its page has another token
      return {};
    }
    const said = await answer.json();
    if (said.error) note(said.error, true);
    if (said.note) note(said.note);
    return said;
  } catch {
    note("The trial does not answer. Is it still running?", true);
    return { error: "gone" };
  }
}

export function changes(look) {
  const source = new EventSource("/api/changes");
  source.onmessage = look;
}
