// Buttons that copy a link or a citation. Without this script, the texts can be selected.
const status = document.getElementById("share-status");
for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      if (!document.execCommand("copy")) return; // the text stays selected
    }
    button.textContent = status.textContent = status.dataset.copied;
    setTimeout(() => { button.textContent = label; status.textContent = ""; }, 3000);
  });
}
