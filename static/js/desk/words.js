// What the page tells its scripts (templates/comments/desk/sheet/_words.html), and how they speak.

export const desk = document.getElementById("desk");

const shownNumber = new Intl.NumberFormat(document.documentElement.lang);

// "41", "1 000+": as the server writes it.
export function capped(size) {
  const cap = Number(desk.dataset.cap);
  return size > cap ? `${shownNumber.format(cap)}+` : shownNumber.format(Math.max(0, size));
}

// A sentence of the page with its number: one("waits", 3).
export function counted(name, count) {
  const words = desk.dataset[`${name}${count === 1 ? "One" : "Many"}`];
  return words.replace("#", shownNumber.format(count));
}

export function say(words) {
  const place = document.querySelector("#said [role=status]");
  if (!place) return;
  const line = document.createElement("p");
  line.textContent = words;
  place.replaceChildren(line);
}

// The cookie is newer than the page's own field after a sign-in in another tab.
export function token() {
  const cookie = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return cookie ? cookie[1] : document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

export function form(fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) body.append(name, one);
  }
  body.append("csrfmiddlewaretoken", token());
  return body;
}
