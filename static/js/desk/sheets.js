// Sheets as the server writes them.

export function parsed(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

// One comment as it stands now; null where there is none to be had. Rejects without a connection.
export async function sheetAt(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "manual" });
  return answer.ok ? parsed(await answer.text()).querySelector(".one") : null;
}
