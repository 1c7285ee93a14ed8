// The end of the meeting on the screen of the room: the dates to choose from, and the read-back. Large, few words.
import { dayText, leave, missingText, readBack } from "./closing.js";
import { $, arrange, el, say, words } from "./live.js";

// How much of the time for the areas is left for the one that the room talks about.
export function shareLeft(board, show) {
  const stage = board.stage;
  if (!stage.focus || !stage.focus_at || !show.segments[stage.segment]) return null;
  const areas = board.list("clusters").filter((one) => one.round === show.champions).length || 1;
  return Math.round((stage.focus_at + (show.segments[stage.segment].minutes * 60000) / areas - board.now()) / 1000);
}

// Gives whether the read-back has the screen for itself.
export function closing(board) {
  const stage = board.stage;
  if (leave(stage)) return true;
  const place = $("closing");
  const shows = stage.reads || stage.dates.length > 0 || Boolean(stage.date);
  place.hidden = !shows;
  if (!shows) return false;
  const items = [];
  if (stage.reads) {
    const found = readBack(board);
    items.push(["title", "title", () => el("h2", { class: "room-closing__title" }, words.read_back)]);
    items.push(["areas", JSON.stringify(found), () => el("div", { class: "room-read" }, found.priorities.length ? found.priorities.map(({ area, names }) => el("section", { class: "room-area" },
      el("h3", {}, area.title), el("ul", { class: "room-names" }, names.map((one) => el("li", {}, one.name, one.company && el("span", {}, one.company)))))) : el("p", {}, words.no_priorities))]);
    if (found.resting.length) items.push(["rests", JSON.stringify(found.resting), () => el("p", { class: "room-rests" }, el("b", {}, `${words.rests}: `), found.resting.map((one) => one.area.title).join(" · "))]);
    const missing = missingText(board);
    if (missing) items.push(["missing", missing, () => el("p", { class: "room-missing" }, missing)]);
  }
  if (stage.date) {
    items.push(["date", stage.date, () => el("p", { class: "room-date" }, el("span", {}, words.next_date), el("b", {}, dayText(stage.date, stage.zone)))]);
  } else if (stage.dates.length) {
    items.push(["ask", "ask", () => el("h2", { class: "room-closing__title" }, words.which_date)]);
    items.push(["dates", JSON.stringify([stage.dates, stage.hands]), () => el("ol", { class: "room-dates" }, stage.dates.map((day) => el("li", {}, el("b", {}, dayText(day, stage.zone)), el("span", {}, say("suits", stage.hands[day] || 0)))))]);
  }
  arrange(place, items);
  return stage.reads;
}
