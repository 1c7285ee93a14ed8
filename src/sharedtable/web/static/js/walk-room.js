// The screen of the room in a data walk: one figure, large; after the reveal what the room made of it.
import { $, Board, clock, data, lineStatus, words } from "./live.js";
import { figure, marked, spread } from "./walk.js";

const board = new Board("wall", render, lineStatus($("status")));
let quiet = 0;
let drawn = "";
clock(board, $("timer"), (left) => { if (left !== quiet) { quiet = left; note(); } });

function note() {
  const stage = board.stage;
  if (!stage) return;
  const isOpen = stage.stop && !board.spreads[stage.stop];
  const text = quiet ? `${words.quiet} · ${quiet}` : isOpen ? marked(board, stage.stop) : "";
  $("note").hidden = !text;
  $("note").textContent = text;
}

function render() {
  const stage = board.stage;
  const part = data.show.segments[stage.segment];
  if (part) { $("title").textContent = part.title; $("goal").textContent = part.goal; }
  if ($("join")) $("join").hidden = Boolean(stage.stop);
  figure(stage);
  const found = board.spreads[stage.stop];
  $("spread").hidden = !found;
  document.documentElement.classList.toggle("is-revealed", Boolean(found));
  const stamp = JSON.stringify(found || null);
  if (found && stamp !== drawn) $("spread-in").replaceChildren(...spread(found, null, 6));
  drawn = stamp;
  note();
}
