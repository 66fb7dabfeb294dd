// Which act a key means now. Letters never act in a field, held down, with Ctrl, Alt or Meta, or too soon after a
// new comment was shown: a finger that was on its way to the last one must not decide the next.

import { desk } from "./words.js";

const SETTLES_IN = 250;
const FIELDS = "input:not([type=radio]), select, textarea, [contenteditable]";

const acts = JSON.parse(desk?.dataset.keys || "{}");
const queues = JSON.parse(desk?.dataset.go || "{}");
const areOn = Object.keys(acts).length > 0;
let paintedAt = -Infinity;
let waitsForQueue = false;

export function painted() {
  paintedAt = performance.now();
}

function showWaiting(waits) {
  waitsForQueue = waits;
  const line = document.querySelector("[data-go-waits]");
  if (line) line.hidden = !waits;
}

// `on` gives for each act what to do; `panel` the open panel of grounds or note, if there is one.
export function listen(on) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.repeat && event.key.length === 1 && !event.target.closest(FIELDS)) return event.preventDefault();
    if (event.repeat || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return escape(event, on);
    const panel = on.panel();
    if (panel && inPanel(event, panel, on)) return event.preventDefault();
    if (!areOn || event.target.closest(FIELDS) || event.key.length !== 1) return;
    const act = meaning(event.key);
    if (!act) return;
    if (performance.now() - paintedAt < SETTLES_IN) return event.preventDefault();
    if (on.act(act)) event.preventDefault();
  });
}

function meaning(key) {
  if (waitsForQueue) {
    showWaiting(false);
    return queues[key.toLowerCase()] ? `queue:${queues[key.toLowerCase()]}` : "";
  }
  const act = acts[key] ?? "";
  if (act === "go") showWaiting(true);
  return act === "go" ? "" : act;
}

function escape(event, on) {
  if (waitsForQueue) return showWaiting(false);
  if (on.panel()) {
    event.preventDefault();
    return on.close();
  }
  if (event.target.closest(FIELDS)) event.target.blur();
}

// Grounds: a digit decides on its ground, arrows move the choice, Enter takes the choice or the last ground again.
// A note: Enter sends it, Shift and Enter begin a new line.
function inPanel(event, panel, on) {
  if (event.target.closest("button, a, summary")) return false;
  const inField = event.target.closest(FIELDS);
  if (panel.matches("[data-act=flag]")) {
    return event.key === "Enter" && !event.shiftKey && inField && (on.send(panel), true);
  }
  if (inField) return false;
  const choices = [...panel.querySelectorAll("[name=ground]")];
  const now = choices.findIndex((choice) => choice.checked);
  if (areOn && /^[1-9]$/.test(event.key) && choices[event.key - 1]) {
    choices[event.key - 1].checked = true;
    return on.send(panel), true;
  }
  if (event.key === "Enter") return on.send(panel), true;
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns(choices), ArrowUp: -columns(choices) }[event.key];
  if (!step) return false;
  const next = now < 0 ? 0 : Math.min(choices.length - 1, Math.max(0, now + step));
  choices[next].checked = true;
  choices[next].focus();
  return true;
}

function columns(choices) {
  const top = (choice) => choice.closest("label").offsetTop;
  return Math.max(1, choices.filter((choice) => top(choice) === top(choices[0])).length);
}
