// The comment form: it works without this file. With it, a reader answers in place, and the page gets what a page
// that is the same for everybody cannot hold (a key, a signed time, the honest delay).
import { countIn } from "./count.js";

const holder = () => document.getElementById("ecrire");
const form = () => holder()?.querySelector("form");
const home = document.createComment("the form's own place");
const DRAFT = `draft:${location.pathname}`;
let pristine = form() && !form().querySelector(".is-invalid, [role=alert]") ? holder().cloneNode(true) : null;

// ── Key, time, delay: asked once, when the form comes near ────────────────
async function fetchKey() {
  const here = form();
  if (!here || here.dataset.asked) return;
  here.dataset.asked = "yes";
  try {
    const answer = await fetch(here.dataset.keyUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { key, signed_time: signedTime, delay } = await answer.json();
    if (!here.elements.idempotency_key.value) here.elements.idempotency_key.value = key;
    if (!here.elements.signed_time.value) here.elements.signed_time.value = signedTime;
    const line = here.querySelector(".delay");
    line.querySelector("[data-delay]").textContent = delay;
    line.hidden = !delay;
  } catch {
    // Without a key the post still arrives once: the server knows it again by its text.
  }
}

function watch() {
  if (!form()) return;
  const near = new IntersectionObserver(
    (seen) => {
      if (!seen.some((entry) => entry.isIntersecting)) return;
      near.disconnect();
      fetchKey();
    },
    { rootMargin: "600px" },
  );
  near.observe(form());
  form().addEventListener("focusin", fetchKey, { once: true });
}

// The thank-you of a page that was loaded anew; one that was swapped in says it already.
async function tellDelay(thanks) {
  const line = thanks.querySelector("[data-delay]");
  if (!line?.hidden) return;
  try {
    const answer = await fetch(thanks.dataset.keyUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { delay } = await answer.json();
    line.textContent = delay;
    line.hidden = !delay;
  } catch {
    // Without it the thank-you still says all that matters.
  }
}

// ── Answer in place ───────────────────────────────────────────────────────
function answerTo(link) {
  const block = holder();
  if (!form()) return false;
  if (!home.isConnected) block.before(home);
  link.closest(".comment").after(block);
  block.classList.add("write-here");
  form().elements.parent.value = link.dataset.reply;
  const title = block.querySelector("h3");
  title.textContent = `${title.dataset.answer} ${link.dataset.name}`;
  block.querySelector("[data-cancel]").hidden = false;
  (form().elements.author_name.value ? form().elements.text : form().elements.author_name).focus();
  return true;
}

function bringHome() {
  const block = holder();
  if (home.isConnected) home.replaceWith(block);
  block.classList.remove("write-here");
}

function cancel() {
  const answered = home.isConnected ? holder().previousElementSibling : null;
  bringHome();
  form().elements.parent.value = "";
  const title = holder().querySelector("h3");
  title.textContent = title.dataset.new;
  form().querySelector("[data-cancel]").hidden = true;
  (answered?.querySelector("[data-reply]") ?? form().elements.text).focus();
}

function writeAgain() {
  if (!pristine) return false;
  const fresh = pristine.cloneNode(true);
  holder().replaceWith(fresh);
  if (home.isConnected) home.replaceWith(fresh);
  window.htmx?.process(fresh);
  begin();
  form().elements.author_name.focus();
  return true;
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = event.target.closest("a[data-reply], a[data-cancel], a[data-write-again]");
  if (!link) return;
  if (link.hasAttribute("data-reply")) {
    if (answerTo(link)) event.preventDefault();
  } else if (link.hasAttribute("data-cancel")) {
    cancel();
    event.preventDefault();
  } else if (writeAgain()) {
    event.preventDefault();
  }
});

// ── A draft outlives a reload, in this tab only; never the e-mail ─────────
function keepDraft() {
  try {
    sessionStorage.setItem(DRAFT, form().elements.text.value);
  } catch {
    // Storage may be refused: then the draft lives as long as the page.
  }
}

function restoreDraft() {
  try {
    const area = form()?.elements.text;
    if (area && !area.value) area.value = sessionStorage.getItem(DRAFT) ?? "";
  } catch {
    // As above.
  }
}

function forgetDraft() {
  try {
    sessionStorage.removeItem(DRAFT);
  } catch {
    // As above.
  }
}

document.addEventListener("input", (event) => {
  if (event.target.name === "text" && event.target.form === form()) keepDraft();
});

// A discussion that was closed meanwhile refuses with the form's own part, which says so.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (xhr.status !== 403 || target !== holder() || !xhr.responseText.includes('id="ecrire"')) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

// ── After posting in place ────────────────────────────────────────────────
document.addEventListener("htmx:afterSwap", () => {
  const block = holder();
  if (!block) return;
  const thanks = block.querySelector("#merci");
  if (thanks) {
    forgetDraft();
    thanks.focus();
    return;
  }
  if (form() && !form().dataset.asked) {
    const first = block.querySelector("[aria-invalid=true], [role=alert]");
    begin();
    first?.focus();
  }
});

// The link « See the other answers » is gone once followed: the reader goes on at the first of them.
document.addEventListener("htmx:load", (event) => {
  if (!event.detail.elt.matches?.(".replies")) return;
  const first = event.detail.elt.querySelector(".comment");
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
});

function tellLost(event) {
  if (event.detail.elt !== form()) return;
  let line = form().querySelector(".lost");
  if (!line) {
    line = document.createElement("p");
    line.className = "lost banner banner-reject";
    line.setAttribute("role", "alert");
    form().append(line);
  }
  line.textContent = form().dataset.lost;
}
document.addEventListener("htmx:sendError", tellLost);
document.addEventListener("htmx:responseError", tellLost);

function begin() {
  if (home.isConnected && holder()?.parentNode !== home.parentNode) holder().classList.add("write-here");
  restoreDraft();
  if (holder()) countIn(holder());
  watch();
}

const thanked = document.getElementById("merci");
if (thanked) {
  forgetDraft();
  thanked.focus();
  tellDelay(thanked);
}
begin();
