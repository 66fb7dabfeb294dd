// The desk works by forms alone. Its scripts: keys, the outbox, one comment at a time, the list, what is fresh.

import * as focus from "./desk/focus.js";
import * as keys from "./desk/keys.js";
import * as list from "./desk/list.js";
import { keepFresh } from "./desk/live.js";
import * as outbox from "./desk/outbox.js";
import { desk } from "./desk/words.js";

function goTo(code) {
  const link = document.querySelector(`.rail-list [data-queue="${CSS.escape(code)}"]`);
  if (link) location.assign(link.href);
}

function nextQueue() {
  const links = [...document.querySelectorAll(".rail-list [data-queue]")];
  const now = links.findIndex((link) => link.hasAttribute("aria-current"));
  location.assign(links[(now + 1) % links.length].href);
}

const everywhere = {
  layout: () => document.querySelector(".switch [aria-pressed=false]")?.click(),
  next_queue: nextQueue,
  search: () => document.querySelector("[data-search]")?.focus(),
  keys: () => document.getElementById("keys")?.showModal(),
};

if (desk) {
  const inFocus = desk.dataset.layout === "focus";
  const layout = inFocus ? focus : list;
  keys.listen({
    panel: layout.panel,
    close: layout.close,
    send: layout.send,
    act(name) {
      if (name.startsWith("queue:")) return goTo(name.slice("queue:".length)), true;
      const does = layout.acts[name] ?? everywhere[name];
      does?.();
      return Boolean(does);
    },
  });
  layout.begin();
  keepFresh(({ left }) => inFocus && focus.showLeft(left));
  void outbox.pump();
  document.querySelector("[data-keys-open]")?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    everywhere.keys();
  });
}
