// The console of a data walk: show a figure, watch how many have marked it, reveal, write down what is said.
import { $, Board, Outbox, announce, arrange, clock, data, el, lineStatus, say, words } from "./live.js";
import { figure, isRevealed, spread, stops } from "./walk.js";

const show = data.show;
const leads = data.leads;
const outbox = new Outbox(() => {});
outbox.onTrouble = () => { $("status").textContent = words.failed; };
const board = new Board("facilitator", render, lineStatus($("status")));
clock(board, $("timer"));
const small = (label, act, onclick, kind = "quiet", more = {}) => el("button", { type: "button", class: `button button--small button--${kind}`, "data-act": act, onclick, ...more }, label);
const full = (one) => (one.company ? `${one.name}, ${one.company}` : one.name);
let drawn = "";
let forStop = "";

function trouble(sentence) { $("status").textContent = sentence; announce(sentence); }

async function send(command, done) {
  const said = await outbox.send(command);
  if (said.turned) trouble(said.says);
  else if (done) announce(done);
  return said;
}

async function post(line, given, done) {
  const form = new FormData($("token"));
  for (const [name, value] of Object.entries(given)) form.set(name, value);
  try {
    const answer = await fetch(`/live/${data.meeting}/${line}`, { method: "POST", body: new URLSearchParams(form), headers: { accept: "application/json" } });
    const said = await answer.json();
    if (said.says) { trouble(said.says); return false; }
  } catch { trouble(words.failed); return false; }
  $("status").textContent = "";
  if (done) announce(done);
  return true;
}

// --- run of show -----------------------------------------------------------------------------------------------------

function segments() {
  const stage = board.stage;
  arrange($("segments"), show.order.map((id) => {
    const part = show.segments[id];
    const isOn = stage.segment === id;
    return [id, String(isOn), () => el("article", { class: `segment${isOn ? " is-on" : ""}`, "aria-current": isOn && "step" },
      el("h3", {}, part.title, el("small", {}, say("minutes", part.minutes))),
      isOn && el("p", { class: "segment__goal" }, part.goal),
      isOn && el("ol", { class: "segment__script" }, part.script.map((line) => el("li", {}, line))),
      leads && el("div", { class: "acts" },
        !isOn && small(words.start, `start-${id}`, () => send({ do: "segment.start", segment: id, minutes: part.minutes }), "secondary", { "aria-label": `${words.start}: ${part.title}` }),
        isOn && small(words.plus, "plus", () => send({ do: "segment.extend", minutes: 5 }), "secondary"),
        isOn && small(words.quiet_start, "quiet", () => send({ do: "quiet.start" }), "secondary"),
        isOn && small(words.end, "end", () => send({ do: "segment.end" }), "danger")))];
  }));
}

// --- the walk --------------------------------------------------------------------------------------------------------

const inside = () => board.list("people").filter((one) => one.state === "in" && (one.role === "participant" || one.role === "partner")).sort((a, b) => a.name.localeCompare(b.name));

function now() {
  const stage = board.stage;
  figure(stage);
  const found = board.spreads[stage.stop];
  const order = [...stops.keys()];
  const next = order[order.indexOf(stage.stop) + 1];
  const isOpen = stops.has(stage.stop) && !found;
  const count = `${board.counts[stage.stop] || 0} / ${inside().length}`;
  arrange($("acts"), [
    ...(isOpen ? [["count", count, () => el("p", { class: "walk-count" }, say("marked_of", count))]] : []),
    ...(leads && isOpen ? [["reveal", stage.stop, () => el("button", { type: "button", class: "button", "data-act": "reveal", onclick: () => post("walk", { do: "reveal", stop: stage.stop }, words.open) }, words.reveal)]] : []),
    ...(leads && next ? [["next", next, () => el("button", { type: "button", class: found || !stage.stop ? "button" : "button button--secondary", "data-act": "next", onclick: () => post("walk", { do: "show", stop: next }) }, words.next)]] : [])]);
  const who = found && board.list("marks").filter((one) => one.stop === stage.stop && one.text).map((one) => ({ ...one, name: board.people[one.participant] && full(board.people[one.participant]) }));
  const stamp = JSON.stringify([stage.stop, found || null, who || null]);
  if (stamp !== drawn) $("spread-in").replaceChildren(...(found ? spread(found, who) : []));
  drawn = stamp;
  $("hear-form").hidden = !found;
  $("for-form").hidden = !isOpen;
  const isChoice = stops.has(stage.stop) && stops.get(stage.stop).options > 0;
  $("for-point").hidden = isChoice;
  $("for-choice").hidden = !isChoice;
  if (forStop !== stage.stop) { forStop = stage.stop; $("for-text").value = ""; $("hear-text").value = ""; }
  const people = inside().map((one) => [String(one.n), full(one), () => el("option", { value: one.n }, full(one))]);
  arrange($("for-who"), people);
  arrange($("hear-who"), [["", "0", () => el("option", { value: "" }, words.somebody)], ...people]);
}

const options = data.industries.map((name, number) => el("option", { value: number, lang: "en" }, name));
$("for-first").append(...options);
$("for-next").append(el("option", { value: "" }, "–"), ...options.map((one) => one.cloneNode(true)));

$("hear-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await post("walk", { do: "hear", stop: board.stage.stop, text: $("hear-text").value, participant: $("hear-who").value }, words.written)) $("hear-text").value = "";
  $("hear-text").focus();
});
$("for-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const stop = board.stage.stop;
  const mark = stops.get(stop).options ? [...new Set([$("for-first").value, $("for-next").value])].filter(Boolean).join(",") : $("for-mark").value;
  const who = board.people[$("for-who").value];
  if (!who) return;
  const said = await send({ do: "mark.set", stop, mark, text: $("for-text").value.trim(), participant: who.n }, say("mark_for", who.name));
  if (!said.turned) { $("for-text").value = ""; $("status").textContent = say("mark_for", who.name); }
});

function all() {
  const stage = board.stage;
  const groups = [...data.industries.map((name, number) => [name, data.stops.filter((one) => one.industry === number)]), [words.choice, data.stops.filter((one) => one.options)]];
  arrange($("stops"), groups.filter(([, list]) => list.length).map(([name, list]) => [name, JSON.stringify([stage.stop, list.map((one) => [isRevealed(stage, one.id), board.counts[one.id]])]), () => el("section", {}, el("h4", { lang: "en" }, name), el("ul", {}, list.map((one) => el("li", { class: one.id === stage.stop ? "is-on" : "" },
    el("span", {}, one.title, one.value && el("small", {}, one.value)),
    el("small", {}, one.id === stage.stop ? words.shown : isRevealed(stage, one.id) ? words.open : ""),
    leads && one.id !== stage.stop && small(words.show, `show-${one.id}`, () => post("walk", { do: "show", stop: one.id }), "quiet", { "aria-label": `${words.show}: ${one.title}` })))))]));
}

// --- people ----------------------------------------------------------------------------------------------------------

const people = (given) => post("people", given);

function persons() {
  const waiting = board.list("people").filter((one) => one.state === "waiting");
  const table = (one) => (one.table === "inner" ? words.inner : words.outer);
  const other = (one) => people({ do: "table", number: one.n, table: one.table === "inner" ? "outer" : "inner" });
  const change = (one) => (one.table === "inner" ? words.to_outer : words.to_inner);
  arrange($("lobby"), !leads ? [] : [["all", `${waiting.length}`, () => (waiting.length ? el("button", { type: "button", class: "button", "data-act": "all", onclick: () => people({ do: "admit" }) }, say("admit_all", waiting.length)) : el("p", { class: "soft small" }, words.lobby_empty))],
    ...waiting.map((one) => [`w${one.n}`, full(one) + one.table, () => el("div", { class: "person" }, el("span", {}, full(one), el("small", {}, table(one))),
      small(words.admit, `in-${one.n}`, () => people({ do: "admit", number: one.n }), "secondary", { "aria-label": `${words.admit}: ${one.name}` }),
      small(change(one), `t-${one.n}`, () => other(one)))])]);
  const list = inside();
  $("in-count").textContent = String(list.length);
  arrange($("people"), list.map((one) => [String(one.n), JSON.stringify(one), () => el("li", { class: "person" }, el("span", {}, full(one), el("small", {}, table(one))),
    leads && small(change(one), `tab-${one.n}`, () => other(one)),
    leads && small(words.show_out, `out-${one.n}`, () => people({ do: "show_out", number: one.n })))]));
}

$("person-form").hidden = !leads;
$("person-form").addEventListener("submit", (event) => {
  event.preventDefault();
  people({ do: "write_down", name: $("person-name").value, company: $("person-company").value });
  event.target.reset();
});

function render() {
  segments();
  now();
  all();
  persons();
}
