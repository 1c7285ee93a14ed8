// What needs a script on any page: a print button, which without scripts would do nothing and so stays hidden.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
