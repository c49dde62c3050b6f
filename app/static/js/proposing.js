// Comfort for the form of a proposal, which works without it: what stands beside the form is kept up to date while
// somebody types, and a part offers only what it can hold.
"use strict";
const form = document.querySelector("form[data-beside]");
const part = document.getElementById("f-element");

// The rules and what the public would see

const PAUSE = 500; // milliseconds without a change before the server is asked
let beside = document.getElementById("beside");
let asked = form && relevant();
let asking, timer;

function relevant() {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "find" && !/^(src|search)_/.test(name)) fields.append(name, value);
  }
  fields.append("action", "beside");
  return fields.toString();
}

function tell(sentence) {
  const verdict = document.getElementById("verdict");
  if (verdict.textContent !== sentence) verdict.textContent = sentence;
}

async function ask() {
  const now = relevant();
  if (now === asked) return;
  asking?.abort();
  asking = new AbortController();
  asked = now;
  try {
    const body = new URLSearchParams(now);
    const answer = await fetch(location.href, { method: "POST", body, redirect: "manual", signal: asking.signal });
    if (answer.type === "opaqueredirect") throw "ended";
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("beside");
    if (!answer.ok || !part) throw "failed";
    if (beside.contains(document.activeElement)) {
      asked = "";
      beside.addEventListener("focusout", soon, { once: true });
    } else {
      beside.replaceWith(part);
      beside = part;
      tell(part.dataset.verdict);
    }
  } catch (why) {
    if (why.name === "AbortError") return;
    asked = "";
    tell(why === "ended" ? form.dataset.ended : form.dataset.failed);
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

form?.addEventListener("input", soon);

// What a part can hold, and the reason that is usual for it

let usual;

function fit() {
  const chosen = form.querySelector("input[name=element]:checked")?.dataset;
  if (!chosen) return;
  for (const pick of form.querySelectorAll("[data-not-for]")) {
    pick.disabled = pick.dataset.notFor.split(" ").includes(chosen.kind);
    pick.checked &&= !pick.disabled;
    pick.parentElement.classList.toggle("off", pick.disabled);
    pick.parentElement.querySelector(".why-not").hidden = !pick.disabled;
  }
  document.getElementById("kind-said").textContent = chosen.kindSaid;
  const reason = document.getElementById("f-reason");
  if (reason.value === usual) reason.value = chosen.reason;
  usual = chosen.reason;
  say();
}

// The values of folded fields in the line of their fold

function say() {
  for (const line of document.querySelectorAll("[data-value-of]")) {
    const field = document.getElementById(line.dataset.valueOf);
    const text = field.matches("select") ? field.value && field.selectedOptions[0].textContent : field.value.trim();
    line.textContent = text ? text.slice(0, 60) : line.dataset.none;
  }
}

document.querySelector("form.form")?.addEventListener("input", say);

if (form && part) {
  part.addEventListener("change", fit);
  fit();
  document.getElementById("show-part").hidden = true;
}
