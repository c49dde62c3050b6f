// Comfort for the forms of staff, which work without it: what is typed saves itself as a draft, days say how they are
// read, Enter in a field for words finds, Ctrl+Enter sends a form that offers it, and the focus goes to the answer of the
// server: the summary of what is wrong, or the banner.
"use strict";
{
  const SAVE_EVERY = 20_000; // milliseconds
  const PAUSE = 400; // milliseconds without a key before the server reads a day

  // Browsers ignore autofocus on a page that opens at a place, as after an action that leads back to one
  function focusAnswer() {
    document.querySelector(".summary[role=alert], .banner[autofocus]")?.focus();
  }

  focusAnswer();
  if (location.hash) addEventListener("load", () => requestAnimationFrame(focusAnswer), { once: true });

  // How a day is read

  async function read(field) {
    const said = document.getElementById(`r-${field.name}`);
    const text = field.value.trim();
    if (!text) return (said.textContent = "");
    const answer = await fetch(`${field.dataset.day}?text=${encodeURIComponent(text)}`, { redirect: "manual" });
    if (answer.ok && text === field.value.trim()) said.textContent = await answer.text();
  }

  for (const field of document.querySelectorAll("input[data-day]")) {
    let timer;
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => read(field).catch(() => {}), PAUSE);
    });
  }

  // A draft that saves itself

  function typed(form) {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    return fields.toString();
  }

  function keep(form, line) {
    let saved = typed(form);
    let isSent = false;
    const state = line.querySelector("[data-state]");
    const ended = line.querySelector("[data-ended]");
    const address = form.getAttribute("action") || location.href; // form.action is the button of that name

    function body(fields) {
      return new URLSearchParams(`${fields}&action=autosave`);
    }

    async function save() {
      const fields = typed(form);
      try {
        const answer = await fetch(address, { method: "POST", body: body(fields), redirect: "manual" });
        if (answer.type === "opaqueredirect") {
          ended.hidden = false; // the server kept the text for after the sign-in
          saved = fields;
          return;
        }
        if (!answer.ok) throw new Error();
        state.textContent = (await answer.json()).saved;
        state.removeAttribute("role");
        saved = fields;
      } catch {
        state.setAttribute("role", "alert");
        state.textContent = line.dataset.failed;
      }
    }

    setInterval(() => !isSent && typed(form) !== saved && save(), SAVE_EVERY);
    line.querySelector("[data-itself]").hidden = false;
    form.addEventListener("submit", (event) => {
      if (event.submitter?.value !== "save_now") return (isSent = true);
      event.preventDefault();
      save();
    });
    addEventListener("pagehide", () => {
      const fields = typed(form);
      if (!isSent && fields !== saved) navigator.sendBeacon(address, body(fields));
    });
    addEventListener("pageshow", () => (isSent = false));
  }

  for (const line of document.querySelectorAll("form .kept[data-failed]")) keep(line.closest("form"), line);

  // Enter in a field for words to find presses its own button

  document.addEventListener("keydown", (event) => {
    const button = event.target.dataset?.find;
    if (!button || event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector(`button[value=${button}]`));
  });

  // Ctrl+Enter

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const button = event.target.closest("form")?.querySelector("button[data-send]");
    if (!button) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  });
}
