// Moving a weight or a choice asks for the same page again and takes its table from it: no second way to make a table.
// The form itself is never replaced, so the focus stays where it is. Without this script the button does the same.
const form = document.getElementById("ask");
const announcement = document.getElementById("announcement");
const PARTS = ["results", "asked-line", "downloads"];
let waiting = null;
let request = null;

function address() {
  const asked = new URLSearchParams();
  for (const [key, value] of new FormData(form)) if (value !== "") asked.append(key, value);
  return `${form.action}?${asked}`;
}

function show(found, url) {
  // A page parsed by the browser itself (no text is turned into markup here), so its parts can be taken as they are.
  for (const id of PARTS) {
    const fresh = found.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) old.replaceWith(document.adoptNode(fresh));
  }
  history.replaceState(null, "", url);
  document.title = found.title;
  announcement.textContent = document.getElementById("results").dataset.first;
  for (const button of document.querySelectorAll("#downloads button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

function ask() {
  const results = document.getElementById("results");
  const url = address();
  // A page that refused the last question has no table to fill: let the browser load the next one whole.
  if (!results) return form.submit();
  request?.abort();
  request = new XMLHttpRequest();
  request.open("GET", url);
  request.responseType = "document";
  request.addEventListener("load", (event) => {
    const { response, status } = event.target;
    if (status === 200 && response?.getElementById("results")) show(response, url);
    else window.location.assign(url);
  });
  request.addEventListener("error", () => window.location.assign(url));
  results.setAttribute("aria-busy", "true");
  request.send();
}

if (form && announcement) {
  form.addEventListener("input", (event) => {
    if (event.target.type !== "range") return;
    form.querySelector(`output[for="${event.target.id}"]`).value = event.target.value;
  });
  form.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150); // somebody who moves with the arrow keys passes several steps
  });
}
