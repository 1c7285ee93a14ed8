// The phone of whoever takes part: write a card, see one's own, put a name on an area. Without this script the same
// forms work with a load of the page after each.
import { $, Board, Outbox, announce, arrange, clock, data, el, herald, lineStatus, say, words } from "./live.js";
import { closing } from "./closing-phone.js";

const show = data.show;
const mine = new Map(data.mine.map((one) => [String(one.n), one]));
const form = $("card-form");
const text = $("text");
const draftName = `draft-${data.meeting}`;
let shownWall = false;
let board = null;

text.required = false; // an empty field after sending is no mistake
text.value = text.value || localStorage.getItem(draftName) || "";
text.addEventListener("input", () => { try { localStorage.setItem(draftName, text.value); } catch { /* private window */ } });

const status = $("status");
const setLine = lineStatus(status);
let isOn = true;
let waiting = [];
function tell() {
  const many = waiting.filter((one) => one.command.do === "note.add").length;
  if (many) status.textContent = many === 1 ? words.waiting_one : say("waiting", many);
  else setLine(isOn, isOn);
  status.classList.toggle("is-off", !isOn || many > 0 && !isOn);
}

const outbox = new Outbox((list) => { waiting = list; tell(); cards(); });
outbox.onLater = (one, said) => answered(one.command, said);
outbox.onTrouble = (why) => { if (why === "404") { isOn = false; setLine(false, "gone"); } };

board = new Board(data.speaks ? "stage" : "wall", render, (on, why) => { isOn = on; if (why === "gone") setLine(false, why); else tell(); });
clock(board, $("timer"));
const aloud = herald(board, show, !data.speaks);

function answered(command, said) {
  if (said.turned) {
    problem(said.says);
    // The words come back to where they were typed, never away.
    if (command.do === "note.add" && !text.value) { text.value = command.text; localStorage.setItem(draftName, text.value); form.hidden = false; }
    if (command.do === "note.edit" && said.now) mine.set(String(said.now.n), { ...mine.get(String(said.now.n)), text: said.now.text, v: said.now.v });
  } else if (command.do === "note.add") {
    mine.set(String(said.n), { n: said.n, v: said.n, round: command.round || "", text: command.text, private: !!command.private });
    announce(words.sent);
  } else if (command.do === "note.withdraw") mine.delete(String(command.note));
  else if (command.do === "note.edit") mine.set(String(command.note), { ...mine.get(String(command.note)), text: command.text, v: said.n });
  cards();
}

function problem(sentence) {
  let place = $("problem");
  if (!place) { place = el("p", { id: "problem", class: "errorlist", role: "alert" }); form.before(place); }
  place.textContent = sentence;
}

async function send(command) { const said = await outbox.send(command); answered(command, said); return said; }

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const written = text.value.trim();
  if (!written) return;
  const command = { do: "note.add", text: written, typed_at: Math.round(board.now()) };
  if (data.speaks) {
    command.round = board.stage ? board.stage.round : "";
    const about = $("about");
    if (about && about.value && !$("about-field").hidden) command.about = Number(about.value);
  } else command.private = true;
  text.value = "";
  localStorage.removeItem(draftName);
  if ($("problem")) $("problem").textContent = "";
  send(command);
  text.focus();
});

function cards() {
  const own = [...mine.values()].map((one) => [String(one.n), `${one.text}|${one.v}`, () => card(one)]);
  const out = waiting.filter((one) => one.command.do === "note.add").map((one) => [one.key, "out", () => el("li", { class: "mine__card is-waiting" }, el("p", {}, one.command.text))]);
  arrange($("mine"), [...out.reverse(), ...own.reverse()]);
  $("mine-part").hidden = !own.length && !out.length;
  const round = board && board.stage && data.speaks ? show.rounds[board.stage.round] : null;
  const many = round && round.most ? [...mine.values()].filter((one) => one.round === board.stage.round).length + out.length : 0;
  $("asked").textContent = round && round.most ? words.asked.replace("%s", round.least).replace("%s", round.most).replace("%s", many) : "";
}

function card(one) {
  const item = el("li", { class: "mine__card" });
  const plain = () => item.replaceChildren(
    el("p", {}, one.text),
    el("div", { class: "mine__acts" },
      el("button", { type: "button", class: "button button--quiet button--small", "data-act": "edit", onclick: edit }, words.edit),
      el("button", { type: "button", class: "button button--quiet button--small", onclick: () => send({ do: "note.withdraw", note: one.n }) }, words.withdraw)));
  const edit = () => {
    const box = el("textarea", { rows: 3, maxLength: 600, class: "input", "aria-label": words.edit }, one.text);
    const save = () => { if (box.value.trim() && box.value.trim() !== one.text) send({ do: "note.edit", note: one.n, text: box.value.trim(), base: one.v }); plain(); };
    item.replaceChildren(box, el("div", { class: "mine__acts" }, el("button", { type: "button", class: "button button--small", onclick: save }, words.save)));
    box.focus();
  };
  plain();
  return item;
}

function names(area) { return board.list("signs").filter((one) => one.cluster === area.n); }
function nameText(sign) { return sign.company ? `${sign.name} (${sign.company})` : sign.name; }

function render() {
  const stage = board.stage;
  const part = show.segments[stage.segment];
  if (part) { $("title").textContent = part.title; $("goal").textContent = part.goal; }
  $("prompt").hidden = !stage.prompt;
  $("prompt").textContent = show.prompts[stage.prompt] || "";
  if (data.speaks) {
    form.hidden = !(stage.is_open && stage.round) && !text.value;
    const round = show.rounds[stage.round];
    $("question").textContent = round ? round.text : "";
    const choices = round && round.about ? board.list("clusters").filter((one) => one.round === round.about) : [];
    $("about-field").hidden = !choices.length;
    const about = $("about");
    const stamp = choices.map((one) => `${one.n} ${one.title}`).join("|");
    if (about.dataset.stamp !== stamp) {
      const value = about.value;
      about.replaceChildren(about.options[0], ...choices.map((one) => el("option", { value: one.n }, one.title)));
      about.value = choices.some((one) => String(one.n) === value) ? value : "";
      about.dataset.stamp = stamp;
    }
    signs(stage);
  }
  if ($("over")) $("over").hidden = !stage.debrief;
  if ($("shelf")) $("shelf").hidden = stage.segment !== show.shelf_in;
  closing(board, send);
  cards();
  aloud();
  if (shownWall) wall();
}

function signs(stage) {
  const open = stage.signup === "all" || (stage.signup === "one" && stage.turn === data.place);
  $("sign-part").hidden = stage.signup === "off";
  arrange($("signs"), board.list("clusters").filter((one) => one.round === show.champions).map((area) => {
    const there = names(area);
    const isMine = there.some((one) => one.participant === data.place);
    return [String(area.n), [area.title, there.map((one) => one.n), open].join("|"), () => el("li", { class: "sign" },
      el("h3", {}, area.title),
      el("p", { class: "soft small" }, there.length ? there.map(nameText).join(", ") : words.nobody),
      open && el("button", { type: "button", "data-act": `sign-${area.n}`, class: isMine ? "button button--secondary" : "button", "aria-label": `${isMine ? words.unsign : words.sign}: ${area.title}`,
        onclick: () => send({ do: isMine ? "champion.withdraw" : "champion.sign", cluster: area.n }) }, isMine ? words.unsign : words.sign))];
  }));
}

const peer = $("peer-form");
if (peer) peer.addEventListener("submit", (event) => {
  event.preventDefault();
  send({ do: "peer.name", name: $("peer-name").value, company: $("peer-company").value }).then((said) => { if (!said.turned) announce(words.thanks); });
  peer.reset();
});

const button = $("wall-button");
button.hidden = false;
function openWall(open) {
  shownWall = open;
  button.setAttribute("aria-expanded", String(open));
  button.textContent = open ? words.hide : words.show;
  $("wall").hidden = !open;
  if (data.speaks) board.see(open ? "wall" : "stage"); else if (board.stage) wall();
}
button.addEventListener("click", () => openWall(!shownWall));
if (!data.speaks) openWall(true);

function wall() {
  const round = board.stage.round;
  const notes = board.list("notes");
  const isFor = (one) => one.cluster || (one.parked === "someone_else" ? "parked" : 0);
  const groups = [...board.list("clusters").map((one) => [one.n, one.title]), [0, words.loose], ["parked", words.parked]];
  arrange($("wall"), groups.map(([number, title]) => [number, title, notes.filter((one) => isFor(one) === number && (one.cluster || one.round === round))])
    .filter((group) => group[2].length || Number(group[0]))
    .map(([number, title, inside]) => [`g${number}`, [title, ...inside.map((one) => `${one.n}${one.text}`)].join("|"),
      () => el("section", { class: "wall-group" }, el("h3", {}, title), el("ul", {}, inside.map((one) => el("li", {}, one.text))))]));
}
