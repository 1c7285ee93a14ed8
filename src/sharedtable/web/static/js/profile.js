// Copies the sentences for a letter. Without scripts the button stays hidden and the text can be marked by hand.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const status = document.getElementById("copied");
    status.textContent = "";
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    status.textContent = button.dataset.done;
  });
}
