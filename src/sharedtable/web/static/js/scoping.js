// Answers that follow a choice at once, and the clock of the hour. Without this file a press on the button does it.
const follow = async (form) => {
  const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
  const reply = await fetch(address, { headers: { Accept: "text/html" } });
  if (!reply.ok && reply.status !== 422) return;
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const fresh = [...page.querySelectorAll("[data-follows]")];
  const shown = [...document.querySelectorAll("[data-follows]")];
  if (fresh.length !== shown.length) return location.assign(address);
  shown.forEach((part, at) => part.replaceChildren(...fresh[at].childNodes));
  history.replaceState(null, "", address);
  const said = document.querySelector("[data-said]");
  said.textContent = "";
  requestAnimationFrame(() => (said.textContent = said.dataset.words));
};

for (const form of document.querySelectorAll("form[data-live-answers]")) {
  let waiting;
  let turn = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const mine = ++turn;
      follow(form).catch(() => mine === turn && form.classList.add("is-offline"));
    }, 500);
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
