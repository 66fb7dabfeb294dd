// Sizes, the longest wait and how many are new, every ten seconds while the page is looked at. Moves nothing that is read.

import { desk } from "./words.js";
import { waiting } from "./outbox.js";

const EVERY = 10000;
let etag = "";
let isPaused = false;
let heard = () => {};

// In the newsroom's zone, like every time on the page, wherever the moderator sits.
const hour = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: document.querySelector("[data-live-at]")?.dataset.timeZone,
});

async function ask() {
  if (isPaused || document.visibilityState !== "visible") return;
  const address = new URL(desk.dataset.live, location.href);
  address.search = desk.dataset.filters;
  address.searchParams.set("queue", desk.dataset.queue);
  address.searchParams.set("layout", desk.dataset.layout);
  address.searchParams.set("since", desk.dataset.painted);
  try {
    const answer = await fetch(address, {
      cache: "no-store",
      redirect: "manual",
      headers: etag ? { "If-None-Match": etag } : {},
    });
    if (!answer.ok && answer.status !== 304) return;
    etag = answer.headers.get("ETag") ?? "";
    if (answer.ok) show(await answer.json());
    document.querySelector("[data-live-at]").textContent = hour.format(new Date());
    showWait();
  } catch {
    // The hour beside the button tells how old the sizes are.
  }
}

function show(facts) {
  if (isPaused) return;
  for (const [code, [, words]] of Object.entries(facts.sizes)) {
    for (const place of document.querySelectorAll(`[data-size="${code}"]`)) place.textContent = words;
  }
  const oldest = document.querySelector("[data-oldest]");
  if (oldest) {
    oldest.dataset.oldest = facts.oldest;
    oldest.closest(".rail-oldest").hidden = !facts.oldest;
  }
  showWait();
  showNewer(facts.newer);
  // What is decided here and not yet sent is no longer left.
  heard({ left: facts.left[0] - waiting().filter((entry) => entry.leaves).length, newer: facts.newer });
}

// As the server writes it (comments/templatetags/desk.py, `waiting`).
function showWait() {
  const place = document.querySelector("[data-oldest]");
  if (!place?.dataset.oldest) return;
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(place.dataset.oldest)) / 1000));
  const words = (name, count) => desk.dataset[name].replace("%(count)s", count);
  if (seconds < 60) place.textContent = words("seconds", seconds);
  else if (seconds < 3600) place.textContent = words("minutes", Math.floor(seconds / 60));
  else if (seconds < 86400) {
    const minutes = String(Math.floor(seconds / 60) % 60).padStart(2, "0");
    place.textContent = desk.dataset.hours.replace("%(hours)s", Math.floor(seconds / 3600)).replace("%(minutes)s", minutes);
  } else place.textContent = words("days", Math.floor(seconds / 86400));
}

function showNewer(count) {
  const link = document.querySelector("[data-newer]");
  if (!link) return;
  link.hidden = !count;
  if (count) link.textContent = count === 1 ? link.dataset.one : link.dataset.many.replace("#", count);
}

export function keepFresh(then) {
  heard = then;
  const line = document.querySelector("[data-live-line]");
  if (!line) return;
  line.hidden = false;
  document.querySelector("[data-live-at]").textContent = hour.format(new Date());
  const pause = document.querySelector("[data-live-pause]");
  pause.addEventListener("click", () => {
    isPaused = !isPaused;
    pause.setAttribute("aria-pressed", isPaused);
    if (!isPaused) void ask();
  });
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}
