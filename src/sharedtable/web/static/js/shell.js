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

// On pages of personal links and at the door of a meeting nothing that was typed is lost when somebody looks elsewhere, or
// the phone puts the page away. It stays in this tab until it is sent, or until the page itself says something new there.
// Question lists save their answers themselves.
const TYPED = "textarea, input:not([type]), input[type=text], input[type=email], input[type=tel], input[type=url]";
if (/^\/(me|j)\//.test(location.pathname)) {
  [...document.querySelectorAll("form[method=post]:not([data-worksheet])")].forEach((form, at) => {
    const fields = [...form.elements].filter((field) => field.name && field.matches(TYPED));
    const place = (field) => `typed:${location.pathname}:${at}:${field.name}`;
    try {
      for (const field of fields) {
        const kept = JSON.parse(sessionStorage.getItem(place(field)) || "null");
        if (kept && kept.was === field.defaultValue) field.value = kept.now;
        field.addEventListener("input", () => { try { sessionStorage.setItem(place(field), JSON.stringify({ was: field.defaultValue, now: field.value })); } catch { /* full: it stays in the field */ } });
      }
      form.addEventListener("submit", () => fields.forEach((field) => sessionStorage.removeItem(place(field))));
    } catch { /* storage is switched off: the browser keeps what it can */ }
  });
}
