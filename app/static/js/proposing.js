// Comfort for the form of a proposal, which works without it: what stands beside the form is kept up to date while
// somebody types, a part offers only what it can hold, and a list of sources is narrowed at once.
"use strict";
const form = document.querySelector("form[data-beside]");
const part = document.getElementById("f-element");
const find = document.getElementById("f-find");

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
  const chosen = part.selectedOptions[0].dataset;
  for (const pick of form.querySelectorAll("[data-not-for]")) {
    pick.disabled = pick.dataset.notFor.split(" ").includes(chosen.kind);
    pick.checked &&= !pick.disabled;
    pick.parentElement.classList.toggle("off", pick.disabled);
    pick.parentElement.querySelector("small").hidden = !pick.disabled;
  }
  document.getElementById("kind-said").textContent = chosen.kindSaid;
  const reason = document.getElementById("f-reason");
  if (reason.value === usual) reason.value = chosen.reason;
  usual = chosen.reason;
}

if (form && part) {
  part.addEventListener("change", fit);
  fit();
  document.getElementById("show-part").hidden = true;
}

// Sources that have some words

function narrow() {
  const words = find.value.toLowerCase().split(/\s+/);
  let found = 0;
  for (const source of document.getElementById("found").children) {
    const label = source.textContent.toLowerCase();
    source.hidden = !words.every((word) => label.includes(word));
    found += !source.hidden;
  }
  document.getElementById("found-none").hidden = found > 0;
}

find?.addEventListener("input", narrow);
find?.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
