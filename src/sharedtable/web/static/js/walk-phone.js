// The phone in a data walk: mark the figure, say what one knows, see what the room made of it. Without this script the
// same forms work with a load of the page after each.
import { $, Board, Outbox, announce, clock, data, lineStatus, say, words } from "./live.js";
import { figure, isRevealed, spread, stops } from "./walk.js";

const marks = new Map(Object.entries(data.marks));
const forms = { point: $("mark-form"), choice: $("choice-form") };
const setLine = lineStatus($("status"));
let isOn = true;
let waiting = [];
let drawn = "";

const draft = (stop) => `walk-${data.meeting}-${stop}`;
const keep = (name, value) => { try { if (value) localStorage.setItem(name, value); else localStorage.removeItem(name); } catch { /* private window */ } };
const kept = (name) => { try { return localStorage.getItem(name) || ""; } catch { return ""; } };

function tell() {
  if (waiting.length) $("status").textContent = words.waiting;
  else setLine(isOn, isOn);
  $("status").classList.toggle("is-off", !isOn);
}
const outbox = new Outbox((list) => { waiting = list; tell(); });
outbox.onLater = (one, said) => answered(one.command, said);
outbox.onTrouble = (why) => { if (why === "404") { isOn = false; setLine(false, "gone"); } };

for (const form of Object.values(forms)) {
  form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
  form.elements.text.addEventListener("input", () => keep(draft(board.stage.stop), form.elements.text.value));
}
// One tap is enough; the words come when they come.
forms.point.addEventListener("change", (event) => { if (event.target.name === "mark") send(forms.point); });

const board = new Board("stage", render, (on, why) => { isOn = on; if (why === "gone") setLine(false, why); else tell(); });
clock(board, $("timer"));

const markOf = (form) => (form === forms.point ? form.elements.mark.value
  : [...new Set([form.elements.first.value, form.elements.next.value])].filter(Boolean).join(","));

async function send(form) {
  const stop = board.stage && board.stage.stop;
  const mark = markOf(form);
  if (!stop || !mark || (form === forms.choice && !form.elements.first.value)) { form.reportValidity(); return; }
  const command = { do: "mark.set", stop, mark, text: form.elements.text.value.trim() };
  $("problem").hidden = true;
  answered(command, await outbox.send(command));
}

function answered(command, said) {
  if (said.turned) {
    // The words stay in sight, so that they can be said aloud.
    $("problem").hidden = false;
    $("problem").textContent = command.text ? `${said.says} ${say("kept", command.text)}` : said.says;
    return;
  }
  marks.set(command.stop, command);
  if (kept(draft(command.stop)).trim() === command.text) keep(draft(command.stop), "");
  if (board.stage && command.stop === board.stage.stop && !isRevealed(board.stage, command.stop)) { $("sent").textContent = words.sent; announce(words.sent); }
}

function fill(stop) {
  const mine = marks.get(stop) || { mark: "", text: "" };
  const isChoice = stops.has(stop) && stops.get(stop).options > 0;
  const form = isChoice ? forms.choice : forms.point;
  if (isChoice) [form.elements.first.value, form.elements.next.value] = [...mine.mark.split(","), "", ""];
  else for (const input of form.querySelectorAll("input[name=mark]")) input.checked = input.value === mine.mark;
  form.elements.text.value = kept(draft(stop)) || mine.text;
  $("sent").textContent = mine.mark ? words.sent : "";
  $("problem").hidden = true;
}

function render() {
  const stage = board.stage;
  const part = data.show.segments[stage.segment];
  if (part) $("title").textContent = part.title;
  if (figure(stage) && stage.stop) { fill(stage.stop); announce(stops.has(stage.stop) ? stops.get(stage.stop).title : ""); }
  const found = board.spreads[stage.stop];
  const isOpen = stops.has(stage.stop) && !found;
  const isChoice = stops.has(stage.stop) && stops.get(stage.stop).options > 0;
  forms.point.hidden = !isOpen || isChoice;
  forms.choice.hidden = !isOpen || !isChoice;
  $("sent").hidden = !isOpen;
  $("spread").hidden = !found;
  const stamp = JSON.stringify(found || null);
  if (found && stamp !== drawn) $("spread-in").replaceChildren(...spread(found));
  drawn = stamp;
}
