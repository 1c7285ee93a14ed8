// What needs a script on any page: a print button, which without scripts would do nothing and so stays hidden.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A wide table says that it can be slid sideways; where it fits, the words go away.
const hints = [...document.querySelectorAll(".scroll-hint")].filter((hint) => hint.nextElementSibling);
const look = () => {
  for (const hint of hints) {
    const table = hint.nextElementSibling;
    const isWide = table.scrollWidth > table.clientWidth + 1;
    hint.toggleAttribute("data-wide", isWide);
    hint.toggleAttribute("data-fits", !isWide);
  }
};
if (hints.length) {
  new ResizeObserver(look).observe(document.body);
  look();
}
