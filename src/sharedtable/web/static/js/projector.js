// The screen of the room: follows the meeting, answers to nobody. Readable from ten metres: few words, large.
import { $, Board, arrange, clock, data, el, herald, lineStatus, say, words } from "./live.js";
import { closing } from "./closing-room.js";

const show = data.show;
const MOST = 60; // cards on the screen at once; more cannot be read from a chair
const board = new Board("wall", render, lineStatus($("status")));
const aloud = herald(board, show, true);
let quiet = 0;
let left = "";
let part = "";
clock(board, $("timer"), (seconds) => { if (seconds !== quiet) { quiet = seconds; note(); } }, (said) => { left = said; note(); setTimeout(() => { left = ""; note(); }, 20000); });

function note() {
  const stage = board.stage;
  const turn = stage && stage.turn ? board.list("signs").find((one) => one.participant === stage.turn) : null;
  const hidden = stage && stage.hides && stage.is_open;
  const count = stage ? board.counts[stage.round] || 0 : 0;
  const text = !quiet && left ? left : quiet ? `${words.quiet} · ${quiet}` : turn ? say("turn", turn.name) : hidden ? `${words.hidden} · ${count === 1 ? words.card : say("cards", count)}` : "";
  $("note").hidden = !text;
  $("note").textContent = text;
}

function render() {
  const stage = board.stage;
  if (part !== stage.segment) { part = stage.segment; left = ""; }
  const said = show.segments[stage.segment];
  if (said) { $("title").textContent = said.title; $("goal").textContent = said.goal; }
  const asks = stage.prompt ? show.prompts[stage.prompt] : stage.is_open && show.rounds[stage.round] ? show.rounds[stage.round].text : "";
  $("prompt").hidden = !asks;
  $("prompt").textContent = asks || "";
  const slide = $("slide") && stage.slide === "sector";
  if ($("slide")) $("slide").hidden = !slide;
  $("areas").hidden = Boolean(slide);
  if (slide) $("prompt").hidden = true;
  if ($("join")) $("join").hidden = Boolean(slide) || (Boolean(stage.segment) && stage.segment !== show.order[0]);
  const names = show.champions && (stage.signup !== "off" || stage.segment === show.order[show.order.length - 1]);
  const areas = board.list("clusters").filter((one) => (names ? one.round === show.champions : one.round === stage.round));
  const focus = areas.find((one) => one.n === stage.focus);
  const shown = focus ? [focus] : areas;
  const notes = board.list("notes").filter((one) => one.round === stage.round);
  const parked = notes.filter((one) => one.parked === "someone_else");
  const loose = notes.filter((one) => !one.cluster && one.parked !== "someone_else");
  const items = shown.map((area) => {
    const cards = board.list("notes").filter((one) => one.cluster === area.n && one.parked !== "someone_else");
    const signs = board.list("signs").filter((one) => one.cluster === area.n);
    const stamp = JSON.stringify([area.title, area.shelved, area.notes, names, cards.map((one) => [one.n, one.text]), signs.map((one) => one.n), !!focus]);
    return [`a${area.n}`, stamp, () => el("section", { class: `room-area${area.shelved ? " is-shelved" : ""}${focus ? " is-focus" : ""}` },
      el("h2", {}, area.title),
      names ? el("ul", { class: "room-names" }, signs.length ? signs.map((one) => el("li", {}, one.name, one.company && el("span", {}, one.company))) : el("li", { class: "is-none" }, area.shelved ? words.shelved : words.nobody))
        : el("ul", { class: "room-cards" }, cards.map((one) => el("li", {}, one.text))),
      focus && area.notes && el("p", { class: "room-said" }, area.notes))];
  });
  if (!names && !focus && loose.length) {
    const last = loose.slice(-MOST);
    items.push(["loose", JSON.stringify(last.map((one) => [one.n, one.text])), () => el("section", { class: "room-area room-area--loose" },
      el("h2", {}, words.loose, loose.length > MOST && ` · ${say("more", loose.length - MOST)}`), el("ul", { class: "room-cards" }, last.map((one) => el("li", {}, one.text))))]);
  }
  if (!names && !focus && parked.length) {
    items.push(["parked", JSON.stringify(parked.map((one) => one.n)), () => el("section", { class: "room-area room-area--parked" },
      el("h2", {}, words.parked), el("ul", { class: "room-cards" }, parked.map((one) => el("li", {}, one.text))))]);
  }
  // Beside the areas: what rests on the shelf (yearly refresh), what the group wants to try (brainstorm).
  const beside = stage.segment === show.shelf_in ? [words.shelf, show.shelf] : [words.shortlist, show.aim ? notes.filter((one) => one.parked === "ours").map((one) => one.text) : []];
  if (!focus && beside[1].length) {
    items.unshift(["beside", JSON.stringify(beside), () => el("section", { class: "room-area room-area--beside" }, el("h2", {}, beside[0]), el("ul", { class: "room-cards" }, beside[1].map((text) => el("li", {}, text))))]);
  }
  arrange($("areas"), closing(board) ? [] : items);
  $("areas").classList.toggle("has-names", names);
  aloud();
  note();
}
