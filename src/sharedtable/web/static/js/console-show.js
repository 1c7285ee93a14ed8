// What stands beside the run of show: roll call, the sector slide, who has not written yet, hints on areas, the counts.
import { $, arrange, data, el, say, words } from "./live.js";
import { board, send } from "./console.js";

const show = data.show;
const leads = data.leads;
const business = () => board.list("people").filter((one) => one.state === "in" && one.role === "participant").sort((a, b) => a.company.localeCompare(b.company) || a.name.localeCompare(b.name));
const full = (one) => (one.company ? `${one.name}, ${one.company}` : one.name);

// --- beside the step that is on --------------------------------------------------------------------------------------

const called = new Set(JSON.parse(sessionStorage.getItem(`called-${data.meeting}`) || "[]"));
function call(one, isOn) {
  if (isOn) called.add(one.n); else called.delete(one.n);
  sessionStorage.setItem(`called-${data.meeting}`, JSON.stringify([...called]));
}

// The roll call stands beside the first step: who is in, by company, ticked as they say their name.
function rollCall() {
  return el("details", { class: "roll", open: true }, el("summary", {}, say("roll", business().length)), el("ul", { id: "roll" }));
}

export function beside(id) {
  const made = [];
  if (leads && data.has_slide && id === show.order[1]) {
    const isOn = board.stage.slide === "sector";
    made.push(el("button", { type: "button", class: "button button--small button--secondary", "data-act": "slide", "aria-pressed": String(isOn), onclick: () => send({ do: "stage.set", set: { slide: isOn ? "" : "sector" } }) }, isOn ? words.slide_off : words.slide));
  }
  if (show.champions && id === show.order[0]) { made.push(rollCall()); setTimeout(fillRoll); }
  return made.length ? el("div", { class: "beside" }, made) : null;
}

function fillRoll() {
  const list = $("roll");
  if (!list) return;
  list.previousElementSibling.textContent = say("roll", business().length);
  arrange(list, business().map((one) => [String(one.n), full(one), () => el("li", {}, el("label", { class: "check" }, el("input", { type: "checkbox", checked: called.has(one.n), onchange: (event) => call(one, event.target.checked) }), el("span", {}, full(one))))]));
}

// --- on the cards ----------------------------------------------------------------------------------------------------

// In the first round: is it true here, or everywhere? One press each, beside the card.
export function quick(note, small) {
  if (!show.prompts.regional || (show.rounds[note.round] || {}).about) return null;
  return ["regional", "general"].map((tag) => {
    const isOn = note.tags.includes(tag);
    const others = note.tags.filter((one) => one !== "regional" && one !== "general");
    return small(words[tag], `${tag}-${note.n}`, () => send({ do: "note.tag", note: note.n, tags: isOn ? others : [...others, tag] }), "quiet", { "aria-pressed": String(isOn) });
  });
}

export const about = (note) => (note.about && board.clusters[note.about] ? `→ ${board.clusters[note.about].title}` : "");

// --- hints -----------------------------------------------------------------------------------------------------------

// Too few or too many areas: on the wall, and of those with names when names go on.
export function hint(list, loose) {
  if (board.stage.signup !== "off" && list.length && list[0].round === show.champions) {
    const signed = list.filter((one) => board.list("signs").some((sign) => sign.cluster === one.n && !sign.out)).length;
    if (signed > show.carry_most) return words.carry_many.replace("%s", signed).replace("%s", show.carry_most);
    if (signed && signed < show.carry_least) return say("carry_few", signed);
    return "";
  }
  return list.length && list.length > show.most ? say("many", show.most) : list.length && list.length < show.least && !loose.length ? say("few", show.least) : "";
}

// Of the first round, how many are true here in particular; of a round with a number for each person, who has not written.
export function round(name, notes) {
  const asked = show.rounds[name] || {};
  if (!asked.most) {
    const here = notes.filter((one) => one.tags.includes("regional")).length;
    return here ? words.here.replace("%s", here).replace("%s", notes.length) : "";
  }
  if (!board.stage.is_open || board.stage.round !== name) return "";
  const written = new Map();
  for (const note of notes) { const who = note.for || note.author; written.set(who, (written.get(who) || 0) + 1); }
  const few = business().filter((one) => (written.get(one.n) || 0) + (written.get(full(one)) || 0) < asked.least);
  return few.length ? words.not_yet.replace("%s", asked.least).replace("%s", few.slice(0, 6).map((one) => one.name).join(", ") + (few.length > 6 ? " …" : "")) : "";
}

// --- how many are here: asked for when somebody came or went ---------------------------------------------------------

let asked = 0;
let known = "";
async function count() {
  try {
    const answer = await fetch(`/live/${data.meeting}/attendance`);
    if (!answer.ok) return;
    const said = await answer.json();
    $("attendance").textContent = said.says;
    $("attendance").className = `attendance attendance--${said.level}`;
  } catch { /* it is asked again when somebody comes */ }
}

setInterval(() => {
  if (!board.stage) return;
  fillRoll();
  const now = board.list("people").map((one) => `${one.n}${one.state}${one.table}`).join();
  if (now === known) return;
  known = now;
  clearTimeout(asked);
  asked = setTimeout(count, 600);
}, 1000);

