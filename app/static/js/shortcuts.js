// Keyboard shortcuts: the keys that the links and fields of this page carry in data-key. A key follows a link or moves the
// focus to a field. It never presses a button, so that no key decides or publishes anything.
"use strict";
{
  const PAUSE = 1500; // milliseconds between the keys of one shortcut
  const words = document.currentScript.dataset;
  const NOT_TYPED = ["checkbox", "radio", "submit", "button", "reset"];
  let begun = "", ends, dialog;

  function isTyping(element) {
    if (element.matches("input")) return !NOT_TYPED.includes(element.type);
    return element.matches("textarea, select") || element.isContentEditable;
  }

  // A Korean keyboard says "ㅔ" for the key of "p"
  function keyOf(event) {
    if (/^[ -~]$/.test(event.key)) return event.key;
    return event.code.startsWith("Key") && !event.shiftKey ? event.code.slice(3).toLowerCase() : event.key;
  }

  function targets() {
    const all = [...document.querySelectorAll("[data-key]")];
    return all.filter((e) => e.matches("a[href], input, textarea, select, summary") && e.checkVisibility());
  }

  function rows() {
    return [...document.querySelectorAll("[data-row]")].filter((e) => e.checkVisibility());
  }

  function move(step) {
    const list = rows();
    const here = list.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
    const next = list[Math.max(0, Math.min(list.length - 1, here < 0 ? 0 : here + step))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  function go(target) {
    if (target.matches("a")) return target.click();
    target.focus();
    target.scrollIntoView({ block: "center" });
  }

  function line(label, keys) {
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("div"), { textContent: label }));
    const cell = item.appendChild(document.createElement("div"));
    keys.split(" ").forEach((key, place) => {
      if (place) cell.append(` ${words.then} `);
      cell.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    });
    return item;
  }

  function show() {
    dialog?.remove();
    dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.className = "keys";
    dialog.setAttribute("aria-labelledby", "h-keys");
    dialog.append(Object.assign(document.createElement("h2"), { id: "h-keys", textContent: words.title }));
    const list = dialog.appendChild(Object.assign(document.createElement("ul"), { className: "elements keylist" }));
    const seen = new Set();
    for (const target of targets()) {
      if (seen.has(target.dataset.key)) continue;
      seen.add(target.dataset.key);
      list.append(line(target.dataset.keyLabel || target.textContent.trim(), target.dataset.key));
    }
    if (rows().length) list.append(line(words.next, "j"), line(words.previous, "k"), line(words.open, "Enter"));
    const foot = dialog.appendChild(Object.assign(document.createElement("p"), { className: "btns" }));
    const close = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: words.close });
    close.addEventListener("click", () => dialog.close());
    foot.append(close, Object.assign(document.createElement("a"), { href: words.help, className: "btn btn-2", textContent: words.all }));
    dialog.showModal();
    close.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || isTyping(event.target)) return;
    const key = keyOf(event);
    if (key.length > 1 || key === " ") return;
    const pressed = begun ? `${begun} ${key}` : key;
    begun = "";
    clearTimeout(ends);
    if (pressed === "?") show();
    else if (pressed === "j" || pressed === "k") move(pressed === "j" ? 1 : -1);
    else {
      const found = targets();
      const target = found.find((e) => e.dataset.key === pressed);
      if (target) go(target);
      else if (found.some((e) => e.dataset.key.startsWith(`${pressed} `))) {
        begun = pressed;
        ends = setTimeout(() => (begun = ""), PAUSE);
        return;
      } else return;
    }
    event.preventDefault();
  });
}
