// One comment at a time. An act shows the next comment at once and goes into the outbox; what the server refuses
// comes back as the next one, with its reason. Undo takes back what is not yet sent, or sends the taking back.

import { claim, keepClaiming } from "./claims.js";
import * as keys from "./keys.js";
import * as outbox from "./outbox.js";
import { parsed, sheetAt } from "./sheets.js";
import { begin as beginUndo, bringEarlier, forget, remember, takesBulk, undo } from "./undo.js";
import { capped, desk, freshKey, say } from "./words.js";

const LOW = 3;
const LAST_GROUND = `desk-ground-${desk?.dataset.user}`;
const ones = document.querySelector("[data-ones]");

const seen = new Set();
let left = Number(desk?.dataset.left);
let current = null;
let asking = null;

const live = () => [...ones.querySelectorAll(".one:not([data-done])")];
const nodeOf = (comment) => ones.querySelector(`.one[data-one="${CSS.escape(comment)}"]`);

// ── Showing ─────────────────────────────────────────────────────────────

function paint(node, { quietly = false } = {}) {
  current = node ?? null;
  // Only what changes is touched: each touch costs a reckoning of styles, and the next frame waits for it.
  for (const one of ones.querySelectorAll(".one")) if (one.hidden === (one === current)) one.hidden = one !== current;
  ones.querySelector("[data-nothing]").hidden = Boolean(current);
  keys.painted();
  if (!current) return;
  dress(current);
  seen.add(current.dataset.one);
  const scroll = current.querySelector(".centre-scroll");
  scroll.scrollTop = 0;
  if (!quietly) heading(current)?.focus({ preventScroll: true });
  if (!quietly && scroll.scrollHeight <= scroll.clientHeight) scrollTo(0, 0);
}

const heading = (node) => node.querySelector("h2[tabindex]") ?? focusable(node.querySelector("h2"));

function focusable(title) {
  title?.setAttribute("tabindex", "-1");
  return title;
}

// What scripts add to a sheet that came from the server.
function dress(node) {
  for (const button of node.querySelectorAll("[data-close]")) button.hidden = false;
  const again = node.querySelector("[data-ground-again]");
  const label = lastGround(node)?.closest("label").querySelector("span:not(.nokey)").textContent;
  if (again && label) {
    again.hidden = false;
    again.querySelector("[data-again-words]").textContent = desk.dataset.lastGround.replace("#", label);
  }
  if (node.dataset.pane) void fetchPane(node);
  const following = live()[live().indexOf(node) + 1];
  if (following?.dataset.pane) void fetchPane(following);
}

async function fetchPane(node) {
  const address = node.dataset.pane;
  delete node.dataset.pane;
  try {
    const answer = await fetch(address, { redirect: "manual" });
    if (!answer.ok) return;
    const pane = parsed(await answer.text()).querySelector(".context");
    // A form that somebody has begun to fill in stays.
    const here = node.querySelector(".context");
    if (pane && !here.contains(document.activeElement)) here.replaceChildren(...pane.childNodes);
  } catch {
    // What the page has brought along stays.
  }
}

function showLeft(count) {
  left = Math.max(0, count);
  const number = document.querySelector("#left .num");
  if (number) number.textContent = capped(left);
}

function tell(name) {
  say(desk.dataset[name].replace("#", capped(left)));
}

// ── Going on ────────────────────────────────────────────────────────────

function after(node) {
  const all = live();
  return all[all.indexOf(node) + 1] ?? all.find((one) => one !== node && !seen.has(one.dataset.one));
}

async function goOn(next) {
  if (next) {
    paint(next);
  } else {
    await more();
    paint(live().find((one) => !seen.has(one.dataset.one)) ?? live()[0]);
  }
  void claim();
  if (behind().length < LOW) void more();
}

const behind = () => live().slice(live().indexOf(current) + 1);

function more() {
  asking ??= fetchMore().finally(() => (asking = null));
  return asking;
}

async function fetchMore() {
  const address = new URL(desk.dataset.ahead, location.href);
  address.search = desk.dataset.filters;
  address.searchParams.set("queue", desk.dataset.queue);
  const met = new Set([...ones.querySelectorAll(".one")].map((one) => one.dataset.one));
  for (const entry of outbox.waiting()) met.add(entry.comment);
  for (const comment of met) address.searchParams.append("seen", comment);
  try {
    const answer = await fetch(address, { redirect: "manual" });
    if (!answer.ok) return;
    const fresh = [...parsed(await answer.text()).querySelectorAll(".one")];
    ones.querySelector("[data-nothing]").before(...fresh.filter((one) => !nodeOf(one.dataset.one)));
  } catch {
    // The next act asks again.
  }
}

function step(by) {
  const all = live();
  const there = all[all.indexOf(current) + by];
  if (by < 0 && !there) return;
  if (current?.dataset.answered) leave(current);
  void goOn(there);
}

// An answer has been read: its comment has nothing left to do here.
function leave(node) {
  node.dataset.done = "";
  node.hidden = true;
}

// ── Deciding ────────────────────────────────────────────────────────────

const SAID = { APPROVE: "approved", REJECT: "rejected", FLAG: "flagged", SKIP: "skipped" };

function act(sent, button) {
  const node = sent.closest(".one");
  const action = sent.dataset.act === "skip" ? "SKIP" : (button?.value ?? sent.dataset.act.toUpperCase());
  const fields = fieldsOf(sent, action);
  if (action === "REJECT" && !fields.ground) fields.ground = localStorage.getItem(LAST_GROUND) ?? "";
  const missing = lacking(action, fields);
  if (missing) return complain(sent, missing);
  if (action === "REJECT") localStorage.setItem(LAST_GROUND, fields.ground);
  const entry = {
    key: fields.idempotency_key,
    // Not .action: a button of that name stands in its way.
    url: new URL(sent.getAttribute("action"), location.href).href,
    fields,
    comment: node.dataset.one,
    leaves: true,
  };
  const next = after(node);
  node.dataset.done = "";
  outbox.put(entry);
  if (action !== "SKIP") remember(entry, node);
  showLeft(left - 1);
  const keeps = action === "APPROVE" && /\/reports\/$/.test(entry.url);
  tell(keeps ? "kept" : SAID[action]);
  void goOn(next);
}

function fieldsOf(sent, action) {
  const data = new FormData(sent);
  const fields = Object.fromEntries(data);
  delete fields.csrfmiddlewaretoken;
  if (data.has("answers")) fields.answers = data.getAll("answers");
  return { ...fields, action, layout: "focus", idempotency_key: freshKey(), version: sent.closest(".one").dataset.version };
}

function lacking(action, fields) {
  if (action === "REJECT" && !fields.ground) return "chooseGround";
  return action === "FLAG" && !fields.note.trim() ? "writeWhy" : "";
}

function complain(sent, name) {
  say(desk.dataset[name]);
  sent.querySelector("[name=ground], textarea").focus();
}

const lastGround = (node) => {
  const ground = localStorage.getItem(LAST_GROUND);
  return ground ? node.querySelector(`[name=ground][value="${CSS.escape(ground)}"]`) : null;
};

// What has been taken back is read again, before anything else.
function bringBack(node) {
  const old = nodeOf(node.dataset.one);
  delete node.dataset.done;
  for (const panel of node.querySelectorAll("details.act[open]")) panel.open = false;
  for (const sent of node.querySelectorAll("form")) sent.reset();
  if (current) current.before(node);
  else ones.prepend(node);
  if (old !== node) old?.remove();
  paint(node);
  showLeft(left + 1);
  void claim();
}

// ── What the server answers ─────────────────────────────────────────────

function refused(entry, { status, html, gone }) {
  forget(gone);
  const old = nodeOf(entry.comment);
  const node = (html ? parsed(html).querySelector(".one") : null) ?? asItWas(old, entry);
  if (!node) return say(desk.dataset[status === 404 ? "gone" : "wentWrong"]);
  if (entry.leaves && current !== old) showLeft(left + 1);
  const wasRead = current === old && current !== null;
  if (old !== node) old?.remove();
  // Nothing that is being read moves: it comes next.
  if (current && !wasRead) current.after(node);
  else ones.prepend(node);
  const heard = node.querySelector("[role=alert] h2")?.textContent.trim() ?? "";
  if (!current || wasRead) paint(node);
  say(`${desk.dataset.cameBack} ${html ? heard : desk.dataset[status === 404 ? "gone" : "wentWrong"]}`);
}

// The server has no word on it: the sheet itself comes back, undecided.
function asItWas(old, entry) {
  if (!old) return null;
  delete old.dataset.done;
  if (entry.leaves && entry.fields.version) old.dataset.version = entry.fields.version;
  return old;
}

function sent(entry, { said }) {
  if (entry.earlier) void bringEarlier(entry.comment, said);
}

// What a colleague holds is not for us; what is being read stays, and says so.
function claimed(focus, { until, taken, told }) {
  const place = focus && nodeOf(focus)?.querySelector("[data-claim]");
  if (place) place.textContent = told || until;
  for (const comment of taken.map(String)) {
    const node = nodeOf(comment);
    if (node && node !== current && !node.dataset.answered && node.dataset.done === undefined) node.remove();
  }
  if (told && current?.dataset.one === focus) say(told);
  if (behind().length < LOW) void more();
}

const toClaim = () => ({
  focus: current && "claimed" in current.dataset && current.dataset.done === undefined ? [current.dataset.one] : [],
  ahead: behind().filter((one) => "claimed" in one.dataset).slice(0, 5).map((one) => one.dataset.one),
});

// ── The page ────────────────────────────────────────────────────────────

const opened = () => current?.querySelector("details.act[open] > form") ?? null;

function open(kind) {
  const panel = current?.querySelector(`details.act-${kind}`);
  if (!panel) return;
  panel.open = true;
  (panel.querySelector(":checked") ?? panel.querySelector("[name=ground], textarea")).focus();
}

function close() {
  const panel = opened()?.closest("details");
  if (!panel) return;
  panel.open = false;
  heading(current).focus({ preventScroll: true });
}

function press(kind) {
  const sent = current?.querySelector(`form[data-act=${kind}]`);
  if (sent && !sent.querySelector("button[type=submit]").disabled) act(sent);
}

function spam() {
  const sent = current?.querySelector("form[data-act=reject]");
  if (!sent) return;
  sent.querySelector("[name=ground][value=SPAM]").checked = true;
  act(sent);
}

export const acts = {
  approve: () => press("approve"),
  reject: () => open("reject"),
  spam,
  flag: () => open("flag"),
  skip: () => press("skip"),
  undo,
  next: () => step(1),
  previous: () => step(-1),
  note: () => openNote(current?.querySelector("[data-note]") ?? current?.querySelector(".context form [name=text]")),
  alike,
  open: () => window.open(current?.querySelector("[data-open]")?.href, "_blank", "noopener"),
};

// Where it has been decided on the same text, one key does alike; where there is a choice, the focus goes to it.
function alike() {
  const choices = current?.querySelectorAll("[data-alike] :is(button, a)") ?? [];
  if (choices.length === 1) choices[0].click();
  else choices[0]?.focus();
}

function openNote(place) {
  if (!place) return;
  const folded = place.closest("details");
  if (folded) folded.open = true;
  (place.matches("textarea, input") ? place : place.querySelector("textarea"))?.focus();
}

function submitted(event) {
  const sent = event.target;
  if (sent.matches("[data-undo]")) {
    if (takesBulk()) return;
    event.preventDefault();
    undo();
  } else if (sent.matches(".one form[data-act]")) {
    event.preventDefault();
    act(sent, event.submitter);
  }
}

function clicked(event) {
  if (event.target.closest("[data-close]")) close();
  const link = event.target.closest(".one-answered a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.matches(".button-primary")) step(1);
  else void readAgain(link);
}

// « Read it as it stands now » takes the answer's place.
async function readAgain(link) {
  const address = new URL(link.href);
  address.searchParams.set("layout", "focus");
  const node = await sheetAt(address);
  if (!node) return location.assign(link.href);
  link.closest(".one").replaceWith(node);
  paint(node);
  void claim();
}

export const panel = opened;
export { close, act as send, showLeft };

export function begin() {
  const unsent = new Set(outbox.waiting().filter((entry) => entry.leaves).map((entry) => entry.comment));
  for (const one of live()) if (unsent.has(one.dataset.one)) one.remove();
  showLeft(left - unsent.size);
  ones.addEventListener("submit", submitted);
  document.querySelector("#said").addEventListener("submit", submitted);
  ones.addEventListener("click", clicked);
  outbox.listen({ sent, refused });
  beginUndo({ bringBack, tell });
  keepClaiming(toClaim, claimed);
  paint(live()[0], { quietly: !location.hash && document.activeElement === document.body ? false : true });
  void claim();
  if (behind().length < LOW) void more();
}
