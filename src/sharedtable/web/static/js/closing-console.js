// The end of the meeting on the console: talk about the areas one by one, the next date, the read-back, closing.
import { dayText, leave, missingText } from "./closing.js";
import { shareLeft } from "./closing-room.js";
import { board, send } from "./console.js";
import { $, announce, arrange, data, el, say, words } from "./live.js";

const show = data.show;
const last = show.order[show.order.length - 1];
const count = (one, many, number) => (number === 1 ? words[one] : say(many, number));
const set = (changes) => send({ do: "stage.set", set: changes });
const small = (label, act, onclick, kind = "quiet", more = {}) => el("button", { type: "button", class: `button button--small button--${kind}`, "data-act": act, onclick, ...more }, label);
let found = null; // what closing now would write down, as the server sees it
let asked = 0;
let seen = -1;
let wasLast = false;

if (data.leads) {
  $("date-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const dates = [...new Set([1, 2, 3].map((number) => $(`date-${number}`).value).filter(Boolean))].sort();
    if (!dates.length) { $("date-1").focus(); return; }
    set({ dates, date: dates.length === 1 ? dates[0] : "", zone: data.zone });
  });
  $("wrap-up").addEventListener("toggle", () => { if ($("wrap-up").open) ask(); });
  $("close-button").addEventListener("click", async () => { await ask(0); $("close-dialog").showModal(); $("close-not").focus(); });
  $("close-not").addEventListener("click", () => { $("close-dialog").close(); $("close-button").focus(); });
  $("talk-said").addEventListener("change", () => {
    const area = board.clusters[board.stage.focus];
    if (area) send({ do: "cluster.note", cluster: area.n, notes: $("talk-said").value, base: area.v }, words.written);
  });
  setInterval(left, 1000);
}

function left() {
  if (!board.stage) return;
  const seconds = shareLeft(board, show);
  const text = seconds === null ? "" : seconds <= 0 ? words.area_over : say("area_left", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  if ($("talk-left").textContent !== text) $("talk-left").textContent = text;
}

export function closing() {
  if (!data.leads || leave(board.stage)) return;
  const stage = board.stage;
  if (stage.segment === last && !wasLast) { $("wrap-up").open = true; wasLast = true; }
  if (stage.segment !== last) wasLast = false;
  talk(stage);
  dates(stage);
  if (board.number !== seen) { seen = board.number; if ($("wrap-up").open || stage.reads) ask(700); }
  lists(stage);
}

function talk(stage) {
  const areas = board.list("clusters").filter((one) => one.round === show.champions);
  const part = show.segments[stage.segment];
  const isOn = areas.length > 0 && part && stage.signup === "off" && !stage.is_open && stage.segment !== last && (stage.focus || stage.segment === "discussion");
  $("talk").hidden = !isOn;
  if (!isOn) return;
  const at = areas.findIndex((one) => one.n === stage.focus);
  const area = areas[at];
  $("talk-area").textContent = area ? `${say("area_of", `${at + 1}/${areas.length}`)}: ${area.title}` : words.area_none;
  const go = (to) => () => set({ focus: areas[to].n });
  arrange($("talk-acts"), [
    ...(area && at > 0 ? [["back", "back", () => small(words.area_back, "talk-back", go(at - 1))]] : []),
    ...(!area || at < areas.length - 1 ? [["next", String(Boolean(area)), () => small(area ? words.area_next : words.area_start, "talk-next", go(at + 1), "secondary")]] : []),
    ...(area ? [["off", "off", () => small(words.unfocus, "talk-off", () => set({ focus: 0 }))]] : []),
  ].map(([key, stamp, make]) => [key, `${stamp}${stage.focus}`, make]));
  const box = $("talk-said");
  box.disabled = !area;
  if (box.dataset.area !== String(stage.focus) || document.activeElement !== box) box.value = area ? area.notes : "";
  box.dataset.area = String(stage.focus);
  left();
}

function dates(stage) {
  arrange($("dates"), !stage.dates.length ? [] : [...stage.dates.map((day) => {
    const isTaken = stage.date === day;
    return [day, JSON.stringify([isTaken, stage.hands[day]]), () => el("div", { class: `date-choice${isTaken ? " is-taken" : ""}` }, el("span", {}, dayText(day, stage.zone), el("small", {}, say("suits", stage.hands[day] || 0))),
      small(isTaken ? words.date_taken : words.date_take, `take-${day}`, () => set({ date: isTaken ? "" : day }), "secondary", { "aria-pressed": String(isTaken), "aria-label": `${isTaken ? words.date_taken : words.date_take}: ${dayText(day, stage.zone)}` }))];
  }), ["off", "off", () => small(words.date_hide, "dates-off", () => set({ dates: [], date: "" }))]]);
}

function lines() {
  const stage = board.stage;
  const made = [];
  if (found && show.champions) {
    made.push([found.priorities.length ? "good" : "warn", count("champions_one", "champions", found.priorities.length) + (found.priorities.length ? `: ${found.priorities.map((one) => one.title).join(", ")}` : "")]);
    if (found.hint) made.push(["warn", found.hint]);
    for (const one of found.shelved.filter((each) => each.why === "no_words")) made.push(["warn", say("unsaid_area", one.title)]);
    const rests = found.shelved.filter((one) => one.why !== "no_words");
    if (rests.length) made.push(["plain", `${count("shelf_one", "shelf", rests.length)}: ${rests.map((one) => one.title).join(", ")}`]);
    if (found.left.length) made.push(["warn", `${words.left_out}: ${found.left.map((one) => one.says).join(", ")}`]);
    if (found.hidden) made.push(["warn", count("hidden_one", "hidden_many", found.hidden)]);
  }
  const missing = missingText(board);
  if (missing) made.push(["plain", missing]);
  made.push(stage.date ? ["good", `${words.next_date}: ${dayText(stage.date, stage.zone)}`] : ["warn", words.no_date]);
  if (found && stage.date && new Date(`${stage.date}:00Z`) - board.now() > found.days * 86400000 + 86400000) made.push(["warn", say("date_late", found.days)]);
  return made;
}

function lists(stage) {
  const items = lines().map(([kind, text]) => [text, kind, () => el("li", { class: `is-${kind}` }, text)]);
  arrange($("check"), items);
  arrange($("close-list"), items);
  const gone = found ? found.left : [];
  $("close-left").hidden = !gone.length;
  arrange($("close-left-names"), gone.map((one) => [one.value, one.says, () => el("p", {}, el("label", { class: "check" }, el("input", { type: "checkbox", name: "keep", value: one.value }), el("span", {}, one.says)))]));
  arrange($("read-acts"), !show.champions ? [] : [["reads", String(stage.reads), () => small(stage.reads ? words.reads_off : words.reads_on, "reads", () => set(stage.reads ? { reads: false } : { reads: true, unsaid: found ? found.unsaid : [] }), "secondary", { "aria-pressed": String(stage.reads) })]]);
  const titles = new Set(board.list("clusters").filter((one) => one.round === show.champions).map((one) => one.title.toLowerCase()));
  // A refresh has a part that shows the shelf; then it is not shown here once more.
  const rests = found && show.champions && !show.shelf.length ? found.rests.filter((one) => !titles.has(one.title.toLowerCase())) : [];
  const back = (one) => send({ do: "cluster.create", title: one.title, round: show.champions }, one.title);
  arrange($("shelf"), !rests.length ? [] : [["title", "title", () => el("h3", {}, words.from_shelf)], ...rests.map((one) => [one.title, one.reason, () => el("div", { class: "date-choice" }, el("span", {}, one.title, el("small", {}, one.reason)),
    small(words.put_back, `back-${one.title}`, () => back(one), "secondary", { "aria-label": `${words.put_back}: ${one.title}` }))]),
  ...(rests.length > 1 ? [["all", String(rests.length), () => small(words.put_all, "back-all", () => rests.forEach(back))]] : [])]);
}

function ask(wait = 0) {
  clearTimeout(asked);
  return new Promise((done) => {
    asked = setTimeout(async () => {
      try {
        const answer = await fetch(`/live/${data.meeting}/check`, { headers: { accept: "application/json" } });
        if (answer.ok) {
          found = await answer.json();
          suggest();
          lists(board.stage);
          // The read-back says what will be written: an area without words of a business member rests.
          if (board.stage.reads && JSON.stringify(board.stage.unsaid) !== JSON.stringify(found.unsaid)) set({ unsaid: found.unsaid });
        }
      } catch { announce(words.failed); }
      done();
    }, wait);
  });
}

// A first date to start from: so many days from now, on a working day, at the hour at which this meeting began.
function suggest() {
  if ($("date-1").value || board.stage.dates.length) return;
  const day = new Date(found.starts + found.days * 86400000);
  while (day.getDay() % 6 === 0) day.setDate(day.getDate() - 1);
  const two = (number) => String(number).padStart(2, "0");
  $("date-1").value = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T${two(day.getHours())}:${two(day.getMinutes())}`;
}
