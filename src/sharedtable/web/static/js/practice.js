// For a practice launch: the made-up firms go on, wait, or go faster; and how long nobody has said anything.
import { $, arrange, el, say, words } from "./live.js";
import { board, send } from "./console.js";

const PACES = [1, 2, 5];
let last = 0;
let since = Date.now();
setInterval(() => {
  const stage = board.stage;
  if (!stage || !stage.practice.pace) return;
  const cards = Object.values(board.counts).reduce((sum, one) => sum + one, 0);
  if (cards !== last) { last = cards; since = Date.now(); }
  const { on, pace } = stage.practice;
  const still = stage.is_open && on ? Math.floor((Date.now() - since) / 1000) : 0;
  const small = (label, act, change, pressed) => el("button", { type: "button", class: "button button--small button--secondary", "data-act": act, "aria-pressed": pressed, onclick: () => send({ do: "practice.set", ...change }) }, label);
  arrange($("practice"), [["title", "", () => el("h3", {}, words.practice_title)],
    ["on", String(on), () => el("div", { class: "acts" }, small(on ? words.practice_on : words.practice_off, "on", { on: !on }))],
    ["pace", String(pace), () => el("div", { class: "acts" }, PACES.map((one) => small(one === 1 ? words.practice_life : say("practice_pace", one), `pace-${one}`, { pace: one }, String(one === pace))))],
    ...(still >= 5 ? [["still", String(still), () => el("p", { class: "small" }, say("practice_still", still), " ", words.practice_help)]] : [])]);
}, 1000);
