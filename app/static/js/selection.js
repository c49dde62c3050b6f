// Comfort for the overview of a register, which works without it: the number of selected rows follows the ticks.
"use strict";
const counter = document.getElementById("selected");
const list = counter && counter.closest("form");

if (list) {
  list.addEventListener("change", () => {
    const everything = list.elements.namedItem("everything");
    if (everything) everything.remove();
    const picked = list.querySelectorAll("input[name=pick]:checked").length;
    counter.textContent = counter.dataset.pattern.replace("{n}", String(picked));
  });
}
