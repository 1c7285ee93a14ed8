// What the screens share at the end of a meeting: dates as people say them, and what the read-back lists.
import { data, say, words } from "./live.js";

const language = document.documentElement.lang || "en";
let hasLeft = false;
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

// A date of the stage ("2027-02-23T09:00") is what the clock in the room will show, wherever this screen stands.
export function dayText(day, zone) {
  const at = new Date(`${day}:00Z`);
  const text = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(at);
  return zone && zone !== own ? `${text} (${zone.split("/").pop().replaceAll("_", " ")})` : text;
}

export const namesOf = (board, area) => board.list("signs").filter((one) => one.cluster === area.n);
export const nameText = (sign) => (sign.company ? `${sign.name} (${sign.company})` : sign.name);

// The areas of the read-back: those with names first, then those that rest.
export function readBack(board) {
  const stage = board.stage;
  const areas = board.list("clusters").filter((one) => one.round === data.show.champions)
    .map((area) => ({ area, names: namesOf(board, area), isUnsaid: stage.unsaid.includes(area.n) }));
  const priorities = areas.filter((one) => one.names.length && !one.isUnsaid);
  return { priorities, resting: areas.filter((one) => !priorities.includes(one)) };
}

export function missingText(board) {
  const many = board.counts._peers || 0;
  return !many ? "" : many === 1 ? words.missing_one : say("missing", many);
}

// When the meeting was closed, every screen goes to the page that everybody takes home.
export function leave(stage) {
  if (!stage.frozen) return false;
  if (hasLeft) return true;
  hasLeft = true;
  location.replace(`/live/${data.meeting}/thanks`);
  return true;
}
