// Paper cards, typed by keyboard alone: name, Enter, card, Enter. Goes on without a line; what waits is said.
import { $, Board, Outbox, announce, arrange, clock, data, el, lineStatus, say, words } from "./live.js";

const show = data.show;
const NO_NAME = "-";
const setLine = lineStatus($("status"));
let isOn = true;
let waiting = [];
const typed = [];
const outbox = new Outbox((list) => { waiting = list; tell(); });
outbox.onTrouble = () => tell();
const board = new Board("facilitator", render, (on, why) => { isOn = on; if (why === "gone") setLine(false, why); else tell(); });
clock(board, $("timer"));

function tell() {
  if (waiting.length) $("status").textContent = say("still", waiting.length); else setLine(isOn);
  $("status").classList.toggle("is-off", !isOn);
}

const label = (one) => (one.company ? `${one.name}, ${one.company}` : one.name);
const speakers = () => board.list("people").filter((one) => one.state === "in" && data.speakers.includes(one.table) && (one.role === "participant" || one.role === "partner"));
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

// A few letters are enough: the start of any word of a name or a company; one match alone is the answer.
function matches(text) {
  const wanted = plain(text).split(/[\s,]+/).filter(Boolean);
  if (!wanted.length) return [];
  const exact = speakers().filter((one) => plain(label(one)) === plain(text) || plain(one.name) === plain(text));
  if (exact.length === 1) return exact;
  return speakers().filter((one) => { const parts = plain(label(one)).split(/[\s,]+/); return wanted.every((word) => parts.some((part) => part.startsWith(word))); });
}

// Whom this page just added counts at once: the next card may be typed before the list of the room says the name back.
let added = null;
function find(text) {
  if (text === NO_NAME) return [];
  const found = matches(text);
  return found.length || !added || plain(text) !== plain(label(added)) ? found : [added];
}

function look() {
  const text = $("who").value;
  const found = find(text);
  $("who-says").textContent = text === NO_NAME ? words.no_name : found.length === 1 ? label(found[0]) : found.length ? found.slice(0, 5).map(label).join(" · ") : "";
  const isNew = Boolean(text.trim()) && text !== NO_NAME && !found.length;
  $("add").hidden = !isNew;
  if (isNew) $("add-says").textContent = say("not_listed", text);
  return found;
}

$("who").addEventListener("input", look);
$("who").addEventListener("focus", () => $("who").select());
$("who").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const found = look();
  if (found.length === 1) { $("who").value = label(found[0]); $("text").focus(); }
  else if ($("who").value === NO_NAME) $("text").focus();
  else if (!$("add").hidden) add();
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); $("form").requestSubmit(); }
});
$("no-name").addEventListener("click", () => { $("who").value = NO_NAME; look(); $("text").focus(); });
$("add-button").addEventListener("click", add);

async function add() {
  const [name, ...company] = $("who").value.split(",");
  const form = new FormData($("token"));
  for (const [key, value] of Object.entries({ do: "write_down", name: name.trim(), company: company.join(",").trim() })) form.set(key, value);
  let said = { says: words.failed };
  try { said = await (await fetch(`/live/${data.meeting}/people`, { method: "POST", body: new URLSearchParams(form), headers: { accept: "application/json" } })).json(); } catch { /* said below */ }
  if (said.says) { $("who-says").textContent = said.says; announce(said.says); return; }
  added = { name: name.trim(), company: company.join(",").trim() };
  $("who").value = label(added);
  look();
  announce(say("added", added.name));
  $("text").focus();
}

$("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  const found = look();
  const who = $("who").value === NO_NAME ? NO_NAME : found.length === 1 ? label(found[0]) : "";
  if (!who) { $("who-says").textContent = words.who_first; announce(words.who_first); $("who").focus(); return; }
  if (!text) { $("who").focus(); return; }
  const one = { text, who, id: typed.length + 1, n: 0, says: "" };
  typed.unshift(one);
  const command = { do: "note.add", text, for: who, round: $("round").value };
  if ($("about").value && !$("about-field").hidden) command.about = Number($("about").value);
  $("text").value = "";
  $("who").focus();
  list();
  const said = await outbox.send(command);
  if (said.turned) { one.says = said.says; announce(said.says); } else one.n = said.n;
  list();
});

function list() {
  $("typed-count").textContent = String(typed.filter((one) => !one.gone && !one.says).length);
  arrange($("typed"), typed.slice(0, 12).map((one) => [String(one.id), JSON.stringify(one), () => el("li", { class: `mine__card${one.n ? "" : " is-waiting"}` },
    el("p", {}, one.gone ? el("s", {}, one.text) : one.text), el("p", { class: "soft small" }, one.says || (one.who === NO_NAME ? words.no_name : one.who)),
    one.n && !one.gone && el("div", { class: "mine__acts" }, el("button", { type: "button", class: "button button--quiet button--small", "aria-label": `${words.withdraw}: ${one.text}`, onclick: async () => { const said = await outbox.send({ do: "note.withdraw", note: one.n }); if (!said.turned) { one.gone = true; list(); } } }, words.withdraw)))]));
}

let wasRound = "";
function render() {
  const stage = board.stage;
  const rounds = Object.keys(show.rounds);
  if (!$("round").options.length) $("round").append(...rounds.map((name) => el("option", { value: name }, (show.segments[name] || {}).title || name)));
  if (stage.round && stage.round !== wasRound) { wasRound = stage.round; $("round").value = stage.round; }
  fill();
  arrange($("names"), speakers().map((one) => [String(one.n), label(one), () => el("option", { value: label(one) })]));
  if (document.activeElement === $("who")) look();
}
function fill() {
  const base = (show.rounds[$("round").value] || {}).about;
  const choices = base ? board.list("clusters").filter((one) => one.round === base) : [];
  $("about-field").hidden = !choices.length;
  const stamp = choices.map((one) => `${one.n} ${one.title}`).join("|");
  if ($("about").dataset.stamp === stamp) return;
  const value = $("about").value;
  $("about").replaceChildren(el("option", { value: "" }, words.none), ...choices.map((one) => el("option", { value: one.n }, one.title)));
  $("about").value = choices.some((one) => String(one.n) === value) ? value : "";
  $("about").dataset.stamp = stamp;
}
$("round").addEventListener("change", fill);
$("who").focus();
