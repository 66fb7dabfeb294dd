// The list layout works by forms alone. This ticks all, counts the ticked, keeps focus and word of what happened
// when htmx puts a card in place, and gives the cards their keys.

import * as outbox from "./outbox.js";
import { parsed } from "./sheets.js";
import { desk } from "./words.js";

const boxes = () => [...document.querySelectorAll(".tick input")];

function countTicked() {
  const told = document.querySelector("[data-ticked]");
  if (!told) return;
  const ticked = boxes().filter((box) => box.checked).length;
  const words = ticked === 0 ? told.dataset.none : ticked === 1 ? told.dataset.one : told.dataset.many;
  told.textContent = words.replace("#", ticked);
  const all = document.querySelector("[data-tick-all]");
  all.checked = ticked > 0 && ticked === boxes().length;
  all.indeterminate = ticked > 0 && ticked < boxes().length;
}

const all = document.querySelector("[data-tick-all]");
if (all) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    countTicked();
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest(".tick")) countTicked();
  });
  countTicked();
}

// A refusal that comes as a card takes the card's place, whatever its status; a whole page never does.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.getResponseHeader("HX-Reswap") === "outerHTML") {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// The act had the focus and is gone with the old card: the new one takes it.
document.addEventListener("htmx:afterSettle", (event) => {
  const card = event.detail.elt.closest?.(".entry");
  if (card && !card.contains(document.activeElement)) {
    (card.querySelector("[aria-invalid], .invalid-feedback") ? card.querySelector("details[open] :is(textarea, input[type=radio])") : card).focus();
  }
  countTicked();
});

function tellUnsent() {
  const said = document.getElementById("said");
  if (!said) return;
  const words = document.createElement("p");
  words.textContent = said.dataset.unsent;
  said.querySelector("[role=status]").replaceChildren(words);
}
document.addEventListener("htmx:sendError", tellUnsent);
document.addEventListener("htmx:responseError", tellUnsent);

// ── What was still unsent ───────────────────────────────────────────────

// Decided one by one and sent from here: nothing on this page would tell that it was refused.
function refused(entry, { status, html }) {
  const heard = html ? parsed(html).querySelector("[role=alert] h2")?.textContent.trim() : "";
  const line = document.createElement("p");
  line.className = "banner banner-flag";
  const link = document.createElement("a");
  link.href = `${desk.dataset.desk}?comment=${entry.comment}`;
  link.textContent = `${desk.dataset.refused} ${heard || desk.dataset[status === 404 ? "gone" : "wentWrong"]}`;
  line.append(link);
  document.querySelector("[data-refusals]").append(line);
}

export function begin() {
  outbox.listen({ refused });
}

// ── Keys ────────────────────────────────────────────────────────────────

let last = null;

const cards = () => [...document.querySelectorAll("li.entry")];
// The card that has the focus, or had it last, or the first one.
const here = () => document.activeElement.closest?.("li.entry") ?? cards().find((card) => card === last) ?? null;

function step(by) {
  const all = cards();
  const now = all.indexOf(here());
  last = all[now < 0 ? 0 : now + by] ?? all[now];
  last?.focus();
}

function open(place, kind) {
  const panel = place?.querySelector(`details.act-${kind}`);
  if (!panel) return;
  panel.open = true;
  panel.querySelector("[name=ground], textarea").focus();
}

function tick() {
  const box = here()?.querySelector(".tick input");
  if (box) box.click();
}

// The open panel that the focus is in, among them that of the ticked; else the one that a card has open.
const opened = () =>
  document.activeElement.closest?.("#bulk details.act[open]") ?? document.querySelector("li.entry details.act[open]");

// Enter and digits have chosen: the panel's own button sends it, so that htmx does what it always does.
export function send(form) {
  last = form.closest("li.entry");
  if (form.requestSubmit) form.requestSubmit(opened().querySelector("button[type=submit]"));
}

export const panel = () => opened()?.querySelector("form") ?? opened()?.closest("form");

export function close() {
  const details = opened();
  if (!details) return;
  details.open = false;
  details.querySelector("summary").focus();
}

export const acts = {
  approve: () => here()?.querySelector(".act-approve button")?.click(),
  reject: () => open(here(), "reject"),
  flag: () => open(here(), "flag"),
  undo: () => document.querySelector("[data-undo]:not([hidden]) button")?.click(),
  next: () => step(1),
  previous: () => step(-1),
  tick,
  approve_ticked: () => document.querySelector("#bulk button[value=APPROVE]")?.click(),
  reject_ticked: () => open(document.getElementById("bulk"), "reject"),
  open: () => window.open(here()?.querySelector("[data-open]")?.href ?? desk.dataset.desk, "_blank", "noopener"),
};
