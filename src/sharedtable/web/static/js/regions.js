// Map and list say the same. The list is the form; the map sets its boxes, and everything works without this file too.
const form = document.querySelector("form[data-picker]");
const map = document.querySelector("svg[data-map]");

if (form) {
  const boxes = new Map([...form.querySelectorAll('input[name="areas"]')].map((box) => [box.value, box]));
  const shapes = new Map();
  for (const shape of map ? map.querySelectorAll("[data-codes]") : []) {
    for (const code of shape.dataset.codes.split(" ")) shapes.set(code, shape);
  }
  const number = new Intl.NumberFormat(document.documentElement.lang === "es" ? "es-US" : "en-US");
  const live = form.querySelector("[data-live]");
  live.hidden = false;

  const tell = () => {
    const chosen = [...boxes.values()].filter((box) => box.checked);
    const known = chosen.filter((box) => box.dataset.jobs !== undefined);
    if (!chosen.length) {
      live.textContent = live.dataset.empty;
      return;
    }
    const jobs = number.format(known.reduce((sum, box) => sum + Number(box.dataset.jobs), 0));
    const words = known.length === chosen.length ? live.dataset.jobs : live.dataset.least;
    const counted = chosen.length === 1 ? live.dataset.one : live.dataset.many.replace("#", number.format(chosen.length));
    live.textContent = known.length ? `${counted}, ${words.replace("#", jobs)}` : counted;
  };
  const show = (box) => {
    const shape = shapes.get(box.value);
    if (!shape) return;
    const on = shape.dataset.codes.split(" ").some((code) => boxes.get(code)?.checked);
    shape.classList.toggle("is-chosen", on);
    map.querySelector(`[data-label="${shape.dataset.codes}"]`)?.classList.toggle("is-chosen", on);
  };
  form.addEventListener("change", (event) => {
    if (event.target.name !== "areas") return;
    show(event.target);
    tell();
  });
  // A browser keeps ticked boxes when a reader comes back to the page.
  for (const box of boxes.values()) show(box);
  tell();

  if (map) {
    const pointer = document.querySelector("[data-pointer]");
    let pointed = [];
    map.addEventListener("click", (event) => {
      const shape = event.target.closest("[data-codes]");
      if (!shape) return;
      event.preventDefault();
      const codes = shape.dataset.codes.split(" ").filter((code) => boxes.has(code));
      const on = !codes.some((code) => boxes.get(code).checked);
      for (const code of codes) {
        const box = boxes.get(code);
        box.checked = on;
        box.closest("details").open = true;
        box.closest("label").scrollIntoView({ block: "nearest" });
        show(box);
      }
      tell();
    });
    const point = (event) => {
      const shape = event.target.closest?.("[data-codes]");
      for (const label of pointed) label.classList.remove("is-pointed");
      pointed = shape ? shape.dataset.codes.split(" ").map((code) => boxes.get(code)?.closest("label")).filter(Boolean) : [];
      for (const label of pointed) label.classList.add("is-pointed");
      pointer.textContent = shape ? shape.querySelector("title").textContent : "";
    };
    map.addEventListener("pointerover", point);
    map.addEventListener("pointerleave", point);
  }

  const filter = form.querySelector("[data-filter]");
  filter.hidden = false;
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const wasOpen = new Map([...form.querySelectorAll("details")].map((group) => [group, group.open]));
  filter.querySelector("input").addEventListener("input", (event) => {
    const wanted = plain(event.target.value.trim());
    let any = false;
    for (const [group, open] of wasOpen) {
      let some = false;
      for (const label of group.querySelectorAll("label")) {
        const fits = plain(label.querySelector(".pick__name").textContent).includes(wanted);
        label.hidden = !fits;
        some ||= fits;
      }
      group.hidden = !some;
      group.open = wanted ? some : open;
      any ||= some;
    }
    form.querySelector("[data-none]").hidden = any;
  });
  filter.querySelector("input").addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // a half-typed filter must not send the form
  });
}
