// How much has been written of what is allowed: "12 / 5 000" under each textarea that has a limit.

const written = new Intl.NumberFormat(document.documentElement.lang);

function show(line) {
  const area = document.getElementById(line.dataset.countFor);
  if (area) line.textContent = `${written.format(area.value.length)} / ${written.format(area.maxLength)}`;
}

export function countIn(root) {
  root.querySelectorAll("[data-count-for]").forEach(show);
}

document.addEventListener("input", (event) => {
  const line = document.querySelector(`[data-count-for="${CSS.escape(event.target.id)}"]`);
  if (line) show(line);
});

countIn(document);
