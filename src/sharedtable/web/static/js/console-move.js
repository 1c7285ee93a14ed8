// Moving a card: a list of areas from a button (keyboard, one finger), or a drag. Joining areas uses the same list.
import { el, say, words } from "./live.js";
import { areas, board, place, send } from "./console.js";

let open = null;
function close(focus) { if (!open) return; const { box, button } = open; open = null; box.remove(); button.setAttribute("aria-expanded", "false"); if (focus && button.isConnected) button.focus(); }
document.addEventListener("pointerdown", (event) => { if (open && !open.box.contains(event.target)) close(false); });

export function menu(thing, button, isMerge = false) {
  close(false);
  const choices = isMerge ? areas().filter((one) => one.n !== thing.n) : [...areas(), { n: 0, title: words.nowhere }].filter((one) => one.n !== thing.cluster);
  const pick = (one) => {
    close(true);
    if (isMerge) send({ do: "cluster.merge", cluster: thing.n, into: one.n, base: board.clusters[thing.n].v }, say("moved", one.title));
    else place(board.notes[thing.n], one.n);
  };
  const box = el("div", { class: "menu" }, el("p", { class: "menu__title", id: "menu-title" }, isMerge ? say("merge_into", thing.title) : words.move_to),
    el("ul", { role: "listbox", "aria-labelledby": "menu-title", "aria-description": words.chosen }, choices.map((one) => el("li", { role: "option", tabIndex: -1, onclick: () => pick(one) }, one.title))));
  const options = [...box.querySelectorAll("[role=option]")];
  const go = (to) => { const option = options[(to + options.length) % options.length]; if (option) { for (const one of options) one.setAttribute("aria-selected", String(one === option)); option.focus(); } };
  box.addEventListener("keydown", (event) => {
    const here = options.indexOf(document.activeElement);
    const key = event.key;
    if (key === "ArrowDown") go(here + 1);
    else if (key === "ArrowUp") go(here - 1);
    else if (key === "Home") go(0);
    else if (key === "End") go(-1);
    else if (key === "Escape" || key === "Tab") close(true);
    else if (key === "Enter" || key === " ") pick(choices[here]);
    else if (/^[1-9]$/.test(key) && choices[Number(key) - 1]) pick(choices[Number(key) - 1]);
    else return;
    event.preventDefault();
  });
  button.setAttribute("aria-expanded", "true");
  button.parentElement.append(box);
  open = { box, button };
  go(0);
}

// A drag by pointer events, which work for mouse, pen and finger alike. It begins after a few pixels.
export function drag(item, note) {
  const text = item.querySelector(".card-item__text");
  text.addEventListener("pointerdown", (down) => {
    if (down.button) return;
    let ghost = null;
    let over = null;
    const move = (event) => {
      if (!ghost) {
        if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < 6) return;
        ghost = el("div", { class: "ghost" }, note.text);
        document.body.append(ghost);
        text.setPointerCapture(down.pointerId);
      }
      event.preventDefault();
      ghost.style.setProperty("transform", `translate(${event.clientX + 8}px, ${event.clientY + 8}px)`);
      const under = document.elementFromPoint(event.clientX, event.clientY);
      const target = under && under.closest("[data-area], .board-loose");
      if (target !== over) { if (over) over.classList.remove("is-over"); over = target; if (over) over.classList.add("is-over"); }
    };
    const end = (event) => {
      text.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) text.removeEventListener(name, end);
      if (ghost) ghost.remove();
      if (over) over.classList.remove("is-over");
      if (!ghost || event.type === "pointercancel" || !over) return;
      const cluster = Number(over.dataset.area || 0);
      if (cluster !== note.cluster) place(board.notes[note.n], cluster);
    };
    text.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) text.addEventListener(name, end);
  });
}
