// The end of the meeting on a phone: which dates suit, what was agreed on, and home.
import { dayText, leave, missingText, nameText, readBack } from "./closing.js";
import { $, arrange, data, el, words } from "./live.js";

const kept = `dates-${data.meeting}`;
let mine = new Set(JSON.parse(sessionStorage.getItem(kept) || "[]"));
// What the page came with is for browsers without scripts; from here on the script keeps both lists.
for (const name of ["dates", "read"]) if ($(name)) $(name).replaceChildren();

export function closing(board, send) {
  const stage = board.stage;
  if (leave(stage)) return;
  $("next-part").hidden = !stage.dates.length && !stage.date;
  $("next-title").textContent = stage.date ? words.next_date : words.which_date;
  $("next-day").hidden = !stage.date;
  $("next-day").textContent = stage.date ? dayText(stage.date, stage.zone) : "";
  const form = $("dates-form");
  if (form) {
    form.hidden = Boolean(stage.date) || !stage.dates.length;
    mine = new Set([...mine].filter((day) => stage.dates.includes(day)));
    arrange($("dates"), stage.dates.map((day) => [day, `${mine.has(day)}`, () => el("label", { class: "check check--line" },
      el("input", { type: "checkbox", checked: mine.has(day), "data-act": day, onchange: (event) => {
        if (event.target.checked) mine.add(day); else mine.delete(day);
        try { sessionStorage.setItem(kept, JSON.stringify([...mine])); } catch { /* private window */ }
        send({ do: "date.say", dates: [...mine] });
      } }), el("span", {}, dayText(day, stage.zone)))]));
  }
  $("read-part").hidden = !stage.reads;
  if (!stage.reads) return;
  const found = readBack(board);
  const item = ({ area, names, isUnsaid }, rests) => {
    const isMine = names.some((one) => one.participant === data.place);
    const below = rests ? (isUnsaid ? words.unsaid : words.rests) : names.map(nameText).join(", ");
    return [`r${area.n}`, JSON.stringify([area.title, below, isMine]), () => el("li", { class: `read${rests ? " is-resting" : ""}${isMine ? " is-mine" : ""}` },
      el("b", {}, area.title), el("span", {}, below), isMine && !rests && el("em", {}, words.mine))];
  };
  arrange($("read"), [...found.priorities.map((one) => item(one, false)), ...found.resting.map((one) => item(one, true))]);
  $("read-missing").textContent = missingText(board);
}
