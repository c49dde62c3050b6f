// Offers the names of colleagues after an @ in a comment. The names come from the page that lists them, found by the server.
"use strict";
{
  const PAUSE = 200; // milliseconds without a change before the server is asked
  const BEGUN = /(?:^|[\s(（,;、·])@([^\s@]{0,40})$/u;
  for (const field of document.querySelectorAll("textarea[data-names]")) {
    const list = Object.assign(document.createElement("ul"), { className: "names", hidden: true, id: `${field.id}-names` });
    const told = Object.assign(document.createElement("p"), { className: "vh" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels[0]?.textContent.trim() ?? "");
    told.setAttribute("role", "status");
    field.after(list, told);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    let chosen = -1, timer, asking;

    const begun = () => BEGUN.exec(field.value.slice(0, field.selectionStart))?.[1];

    function hide() {
      clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      list.replaceChildren();
      choose(-1);
    }

    function choose(place) {
      chosen = place;
      [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === place)));
      if (place < 0) field.removeAttribute("aria-activedescendant");
      else field.setAttribute("aria-activedescendant", list.children[place].id);
    }

    function take(option) {
      const end = field.selectionStart, start = end - begun().length;
      field.setRangeText(`${option.dataset.handle} `, start, end, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      hide();
      field.focus();
    }

    async function ask(text) {
      asking?.abort();
      asking = new AbortController();
      try {
        const address = `${field.dataset.names}?${new URLSearchParams({ q: text })}`;
        const answer = await fetch(address, { signal: asking.signal, redirect: "error" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!answer.ok || begun() !== text) return;
        const found = [...page.querySelectorAll("#names > [data-handle]")];
        list.replaceChildren(...found.map((one, place) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${place}`;
          option.setAttribute("role", "option");
          option.dataset.handle = one.dataset.handle;
          option.append(...one.firstElementChild.childNodes);
          option.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
          return option;
        }));
        list.hidden = !found.length;
        told.textContent = found.length ? field.dataset.some : field.dataset.none;
        choose(-1);
      } catch { /* the list is a comfort; a typed name works without it */ }
    }

    field.addEventListener("input", () => {
      clearTimeout(timer);
      const text = begun();
      if (text === undefined) return hide();
      timer = setTimeout(() => ask(text), PAUSE);
    });
    field.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing) return;
      const last = list.children.length - 1;
      if (event.key === "ArrowDown") choose(chosen >= last ? 0 : chosen + 1);
      else if (event.key === "ArrowUp") choose(chosen <= 0 ? last : chosen - 1);
      else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) take(list.children[chosen]);
      else if (event.key === "Escape") hide();
      else return;
      event.preventDefault();
    });
    field.addEventListener("blur", hide);
  }
}
