// Answers that follow a choice at once, and the clock of the hour. Without this file a press on the button does it.
let request;

const follow = (form) => {
  const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
  request?.abort();
  request = new XMLHttpRequest();
  request.responseType = "document"; // the browser reads it itself, so no page has to trust a text
  request.open("GET", address);
  request.addEventListener("load", () => {
    const page = request.response;
    if (!page || ![200, 422].includes(request.status)) return;
    const fresh = [...page.querySelectorAll("[data-follows]")];
    const shown = [...document.querySelectorAll("[data-follows]")];
    if (fresh.length !== shown.length) {
      location.assign(address);
      return;
    }
    shown.forEach((part, at) => part.replaceChildren(...fresh[at].childNodes));
    history.replaceState(null, "", address);
    const said = document.querySelector("[data-said]");
    said.textContent = "";
    requestAnimationFrame(() => (said.textContent = said.dataset.words));
  });
  request.send();
};

for (const form of document.querySelectorAll("form[data-live-answers]")) {
  let waiting;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => follow(form), 500);
  };
  form.addEventListener("change", (event) => event.target.name && soon());
  // Presses on the map set boxes without an event of their own.
  document.querySelector("svg[data-map]")?.addEventListener("click", (event) => {
    if (form.hasAttribute("data-picker") && event.target.closest("[data-codes]")) soon();
  });
}

const hour = document.querySelector("[data-hour]");
const left = hour?.querySelector("[data-left]");
if (left) {
  const ends = Date.parse(hour.dataset.ends);
  const bar = hour.querySelector("[data-bar]");
  const words = new Map([[true, hour.dataset.one], [false, hour.dataset.many]]);
  const tick = () => {
    const minutes = Math.max(0, Math.ceil((ends - Date.now()) / 60000));
    if (minutes === 0) return location.reload();
    left.textContent = words.get(minutes === 1).replace("#", minutes);
    bar.value = Number(hour.dataset.minutes) - minutes;
    setTimeout(tick, 10000);
  };
  setTimeout(tick, 10000);
}
