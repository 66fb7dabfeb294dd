// Reserves what is on the screen and what comes next, as long as the page is looked at; gives it back on leaving.

import { desk, form } from "./words.js";

// Those behind the one in focus are reserved for two minutes: renewed in time, even when a tab sleeps a little.
const RENEWS_EVERY = 60000;
let shown = () => ({ focus: [], ahead: [] });
let heard = () => {};

export async function claim() {
  const { focus, ahead } = shown();
  if (document.visibilityState !== "visible" || focus.length + ahead.length === 0) return;
  try {
    const answer = await fetch(desk.dataset.claims, { method: "POST", body: form({ focus, ahead }), redirect: "manual" });
    if (answer.ok) heard(focus[0], await answer.json());
  } catch {
    // Without a connection nothing is reserved; deciding tells if somebody was faster.
  }
}

export function keepClaiming(what, then) {
  [shown, heard] = [what, then];
  setInterval(claim, RENEWS_EVERY);
  document.addEventListener("visibilitychange", claim);
  addEventListener("pagehide", () => {
    const { focus, ahead } = shown();
    if (focus.length + ahead.length) navigator.sendBeacon(desk.dataset.claims, form({ release: [...focus, ...ahead] }));
  });
}
