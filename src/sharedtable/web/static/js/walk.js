// What the three screens of a data walk share: the figure that is on, and what the room made of it.
import { $, data, el, say, words } from "./live.js";

export const stops = new Map(data.stops.map((one) => [one.id, one]));
const MARKS = ["real", "doubtful", "missing"];
let shown = null;

// Puts the figure that is on into its place. Whoever holds an older page, from before the walk was set up, gets a new one.
export function figure(stage) {
  if (shown === stage.stop) return false;
  const before = shown;
  shown = stage.stop;
  if (!stage.stop) return before !== null;
  const from = $(`stop-${stage.stop}`);
  if (!from) {
    if (sessionStorage.getItem("walk-reload") !== stage.stop) { sessionStorage.setItem("walk-reload", stage.stop); location.reload(); }
    return false;
  }
  $("figure").replaceChildren(from.content.cloneNode(true));
  return true;
}

export const isRevealed = (stage, stop) => Boolean((stage.stops[stop] || [0, 0])[1]);
export const marked = (board, stop) => { const many = board.counts[stop] || 0; return many === 1 ? words.marked_one : say("marked", many); };

// The industries as the room puts them: by how many put them first, then second.
function ranked(all) {
  const rows = data.industries.map((name, number) => ({ name, number, first: 0, second: 0 }));
  for (const [order, many] of Object.entries(all)) {
    const [first, second] = order.split(",");
    if (rows[first]) rows[first].first += many;
    if (rows[second]) rows[second].second += many;
  }
  return rows.sort((a, b) => b.first - a.first || b.second - a.second || a.number - b.number);
}

function bars(found, title) {
  const total = MARKS.reduce((sum, mark) => sum + (found[mark] || 0), 0) || 1;
  return el("ul", { class: "spread", "aria-label": title || null }, title && el("li", { class: "spread__title" }, title), MARKS.map((mark) => {
    const bar = el("span", { class: "spread__bar" });
    bar.style.inlineSize = `${(100 * (found[mark] || 0)) / total}%`;
    return el("li", { class: `spread__row spread__row--${mark}` }, el("b", {}, words[mark]), el("span", { class: "spread__track", "aria-hidden": "true" }, bar), el("span", { class: "spread__count" }, String(found[mark] || 0)));
  }));
}

const ranks = (found, title) => el("div", {}, title && el("p", { class: "spread__title" }, title), el("ol", { class: "ranks" }, ranked(found).map((row) => el("li", {}, el("b", { lang: "en" }, row.name), " ", el("span", { class: "soft" }, `${say("first", row.first)}, ${say("second", row.second)}`)))));

// `who`: marks with names, for those who run the meeting; others get the words alone. `most`: how many fit the screen.
export function spread(one, who, most = 1000) {
  const isChoice = stops.get(one.stop) && stops.get(one.stop).options > 0;
  const draw = isChoice ? ranks : bars;
  const total = Object.values(one.all).reduce((sum, many) => sum + many, 0);
  const tables = Object.keys(one.tables);
  const label = (mark) => (isChoice ? data.industries[mark.split(",")[0]] : words[mark]) || words.heard;
  const said = who || one.said;
  const heard = one.heard.slice(-Math.max(most - said.length, Math.ceil(most / 2)));
  const first = said.slice(0, most - heard.length);
  const rest = said.length + one.heard.length - first.length - heard.length;
  return [
    total ? draw(one.all) : el("p", {}, words.nobody),
    tables.length > 0 && el("div", { class: "spread-tables" }, tables.map((name) => draw(one.tables[name], words[name]))),
    first.length + heard.length > 0 && el("ul", { class: "said" }, [
      ...first.map((entry) => el("li", { class: `said__one said__one--${entry.mark}` }, el("b", {}, label(entry.mark)), " ", entry.text, entry.name && el("small", {}, say("said_by", entry.name)))),
      ...heard.map((text) => el("li", { class: "said__one said__one--heard" }, el("b", {}, words.heard), " ", text)),
      rest > 0 && el("li", {}, say("more", rest)),
    ]),
  ].filter(Boolean);
}
