// Decisions that have been made here and not yet been acknowledged. Kept on this computer, one list for each person;
// sent one after another, each with its own key, so that sending twice decides once. An entry:
// {key, url, fields, comment, after}: `after` is the key of the entry without which this one means nothing.

import { counted, desk, form } from "./words.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;

const place = `desk-outbox-${desk?.dataset.user}`;
const heard = { sent: () => {}, refused: () => {}, changed: () => {} };
let inFlight = "";
let wait = FIRST_WAIT;
let timer = 0;
let signedOut = false;
let failed = false;
let leaving = false;

function all() {
  try {
    return JSON.parse(localStorage.getItem(place)) ?? [];
  } catch {
    return [];
  }
}

function keep(entries) {
  localStorage.setItem(place, JSON.stringify(entries));
  tell();
}

export const waiting = () => all();
export const isFailing = () => failed || signedOut;

export function listen(on) {
  Object.assign(heard, on);
}

export function put(entry) {
  keep([...all(), entry]);
  if (!failed) void pump();
}

// Gives whether the entry was still here and unsent: then it is as if it had never been.
export function cancel(key) {
  const entries = all();
  if (key === inFlight || !entries.some((entry) => entry.key === key && !entry.tried)) return false;
  keep(entries.filter((entry) => entry.key !== key));
  return true;
}

function drop(key, { dependents = false } = {}) {
  const gone = new Set([key]);
  keep(
    all().filter((entry) => {
      if (dependents && gone.has(entry.after)) gone.add(entry.key);
      return !gone.has(entry.key);
    }),
  );
  return gone;
}

// Another tab of the same person may be sending: one at a time.
export async function pump() {
  if (!all().length) return tell();
  if (!navigator.locks) return sendAll();
  await navigator.locks.request(place, { ifAvailable: true }, async (lock) => (lock ? sendAll() : later(FIRST_WAIT)));
}

async function sendAll() {
  if (inFlight) return;
  clearTimeout(timer);
  for (let entry = all()[0]; entry; entry = all()[0]) {
    inFlight = entry.key;
    // From now on the server may have it, whatever becomes of the answer.
    keep(all().map((one) => (one.key === entry.key ? { ...one, tried: true } : one)));
    const came = await send(entry);
    inFlight = "";
    if (!came) return;
  }
  tell();
}

async function send(entry) {
  let answer;
  try {
    answer = await fetch(entry.url, {
      method: "POST",
      body: form(entry.fields),
      headers: { Accept: "application/json", "HX-Request": "true", "HX-Current-URL": location.href },
      redirect: "manual",
    });
  } catch {
    return retry();
  }
  if (answer.headers.has("HX-Redirect") || answer.type === "opaqueredirect" || answer.status === 401) return stop();
  const isAnswer = answer.headers.get("HX-Reswap") === "outerHTML";
  if (answer.status === 403 && !isAnswer) return stop();
  if (answer.status >= 500 || answer.status === 429) return retry();
  const body = await answer.text().catch(() => null);
  if (body === null) return retry();
  [failed, signedOut, wait] = [false, false, FIRST_WAIT];
  if (answer.ok) {
    drop(entry.key);
    heard.sent(entry, JSON.parse(body));
  } else {
    const gone = drop(entry.key, { dependents: true });
    heard.refused(entry, { status: answer.status, html: isAnswer ? body : "", gone });
  }
  return true;
}

function retry() {
  failed = true;
  later(wait);
  wait = Math.min(2 * wait, LONGEST_WAIT);
  tell();
  return false;
}

function stop() {
  signedOut = true;
  tell();
  return false;
}

function later(delay) {
  clearTimeout(timer);
  timer = setTimeout(pump, delay);
}

function tell() {
  const count = all().length;
  if (!count) [failed, signedOut] = [false, false];
  heard.changed(count);
  const banner = document.querySelector("[data-outbox]");
  if (!banner) return;
  banner.hidden = !count || !(failed || signedOut);
  banner.querySelector("[data-outbox-sign-in]").hidden = !signedOut;
  if (!banner.hidden) {
    const words = counted(signedOut ? "signedOut" : "waits", count);
    const line = banner.querySelector("[data-outbox-words]");
    if (line.textContent !== words) line.textContent = words;
  }
}

function again() {
  [wait, signedOut] = [FIRST_WAIT, false];
  void pump();
}

if (desk) {
  addEventListener("online", again);
  document.querySelector("[data-outbox-again]")?.addEventListener("click", again);
  document.querySelector("[data-outbox-sign-in]")?.addEventListener("click", () => (leaving = true));
  addEventListener("beforeunload", (event) => {
    if (all().length && !leaving) event.preventDefault();
  });
}
