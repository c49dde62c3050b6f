// Comfort for picking sources, which works without it: the summary follows the ticks, "Remove" unticks at once, and a
// pasted address is filled in from its page.
"use strict";
const picker = document.getElementById("f-evidence");
const summary = document.getElementById("picked");

// What is picked

function sum() {
  const ticks = [...picker.querySelectorAll("input[name=evidence]:checked")];
  const classes = new Map();
  for (const tick of ticks) classes.set(tick.dataset.class, (classes.get(tick.dataset.class) ?? 0) + 1);
  const counts = [...classes].map(([name, number]) => `${number} × ${name}`).join("; ");
  const count = summary.dataset.count.replace("#", ticks.length);
  summary.querySelector("p").textContent = ticks.length ? `${count} ${counts}` : summary.dataset.none;
  const listed = summary.querySelectorAll("li");
  for (const line of listed) line.hidden = !document.getElementById(`src-${line.dataset.source}`).checked;
}

picker?.addEventListener("change", (event) => event.target.name === "evidence" && sum());
summary?.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=unpick]");
  const tick = button && document.getElementById(`src-${button.value}`);
  if (!tick) return;
  event.preventDefault();
  tick.checked = false;
  tick.dispatchEvent(new Event("change", { bubbles: true }));
  tick.focus();
});

// A pasted address fills the empty fields

const FILLED = ["src_title", "src_publisher", "src_published_on", "src_language"];

async function fill(fields) {
  const body = new FormData(fields);
  for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
  body.set("action", "fill_source");
  const answer = await fetch(location.href, { method: "POST", body, redirect: "manual" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const address = page.getElementById("src-address");
  const typed = document.getElementById("f-src_url");
  if (!address || typed.value !== body.get("src_url")) return;
  for (const name of FILLED) {
    const [field, read] = [document.getElementById(`f-${name}`), page.getElementById(`f-${name}`)];
    field.value ||= read.value;
  }
  const hadFocus = document.activeElement === typed;
  document.getElementById("src-address").replaceWith(address);
  if (hadFocus) document.getElementById("f-src_url").focus();
}

document.addEventListener("paste", ({ target }) => {
  if (target.id !== "f-src_url" || !document.querySelector("button[value=fill_source]")) return;
  setTimeout(() => fill(target.form).catch(() => {})); // the button is still there
});
