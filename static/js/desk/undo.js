// What has been decided here, and taking it back: what is not yet sent never was, what is sent is sent back.

import * as outbox from "./outbox.js";
import { sheetAt } from "./sheets.js";
import { desk, freshKey, say } from "./words.js";

// Sheets that have been decided and stay in the page, to come back at once when taken back.
const KEPT = 30;

// The newest last: {entry, node, version}.
const done = [];
// How the page shows a sheet again; how it says a sentence with what is left.
let page = { bringBack: () => {}, tell: () => {} };

const form = () => document.querySelector("[data-undo]");

export function begin(on) {
  page = on;
}

export function remember(entry, node) {
  done.push({ entry, node, version: Number(entry.fields.version) });
  while (done.length > KEPT) done.shift().node.remove();
  showLast();
}

// The decisions with these keys never came through.
export function forget(keys) {
  for (let n = done.length - 1; n >= 0; n -= 1) if (keys.has(done[n].entry.key)) done.splice(n, 1);
  showLast();
}

function showLast() {
  const node = done.at(-1)?.node;
  form().hidden = !node;
  const link = form().querySelector("[data-last]");
  link.textContent = node ? `${node.dataset.name}, ${node.dataset.excerpt}` : "";
  if (node) link.href = `${desk.dataset.desk}?comment=${node.dataset.one}`;
}

// Decided together before this page was loaded: the server takes all of it back, by the form as it stands.
export const takesBulk = () => done.length === 0 && "bulk" in form().dataset && !form().hidden;

export function undo() {
  const last = done.pop();
  if (!last) return undoEarlier();
  const { entry, node } = last;
  const neverWas = outbox.cancel(entry.key);
  if (neverWas) {
    node.dataset.version = last.version;
  } else {
    send(node.dataset.one, last.version + 1, entry.key);
    node.dataset.version = last.version + 2;
  }
  page.bringBack(node);
  showLast();
  page.tell(!neverWas && entry.fields.answers?.length ? "undoneAlone" : "undone");
}

function send(comment, version, after, earlier = false) {
  const url = new URL(`${desk.dataset.desk}comments/${comment}/undo/`, location.href).href;
  const fields = { version, idempotency_key: freshKey(), queue: desk.dataset.queue, filters: desk.dataset.filters, layout: "focus" };
  outbox.put({ key: fields.idempotency_key, url, fields, comment, after, earlier });
}

// What was decided before this page was loaded: the server knows it, and its sheet has to come from there.
function undoEarlier() {
  const sent = form();
  if (sent.hidden) return page.tell("nothingToUndo");
  if (takesBulk()) return sent.requestSubmit();
  const comment = sent.getAttribute("action").match(/comments\/(\d+)\//)[1];
  sent.hidden = true;
  send(comment, sent.elements.version.value, "", true);
}

// An earlier decision has been taken back, and `said` tells so: here is its comment again.
export async function bringEarlier(comment, said) {
  const address = new URL(desk.dataset.desk, location.href);
  address.searchParams.set("comment", comment);
  address.searchParams.set("layout", "focus");
  address.searchParams.set("queue", desk.dataset.queue);
  try {
    const node = await sheetAt(address);
    if (!node) return;
    page.bringBack(node);
    say(said);
  } catch {
    // It waits in its queue.
  }
}
