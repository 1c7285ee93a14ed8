// The console of whoever runs the meeting: run of show on the left, the wall in the middle, people on the right.
// Every move works by button and keyboard, and by drag where there is a pointer. Nothing moves by itself.
import { $, Board, Outbox, announce, arrange, clock, data, el, herald, lineStatus, say, words } from "./live.js";
import { closing } from "./closing-console.js";
import { drag, menu } from "./console-move.js";
import { about, beside, hint as areaHint, quick, round as roundHint } from "./console-show.js";

const show = data.show;
const leads = data.leads;
export const outbox = new Outbox(() => {});
outbox.onTrouble = () => { $("status").textContent = words.failed; };
export const board = new Board("facilitator", render, lineStatus($("status")));
clock(board, $("timer"));
const aloud = herald(board, show, true);
let help = { areas: {}, same: {}, names: {} };
let viewed = "";

export async function send(command, done) {
  const said = await outbox.send(command);
  if (said.turned) announce(said.says), $("status").textContent = said.says;
  else if (done) announce(done);
  return said;
}

const small = (label, act, onclick, kind = "quiet", more = {}) => el("button", { type: "button", class: `button button--small button--${kind}`, "data-act": act, onclick, ...more }, label);
const set = (changes) => send({ do: "stage.set", set: changes });

// --- run of show -----------------------------------------------------------------------------------------------------

$("tips").closest("details").hidden = !show.tips.length;
$("tips").append(...show.tips.map((tip) => el("li", {}, tip)));

function segments() {
  const stage = board.stage;
  arrange($("segments"), show.order.map((id) => {
    const part = show.segments[id];
    const isOn = stage.segment === id;
    const stamp = JSON.stringify([isOn, isOn && [stage.prompt, stage.hides, stage.signup, stage.is_open, stage.slide]]);
    return [id, stamp, () => el("article", { class: `segment${isOn ? " is-on" : ""}`, "aria-current": isOn && "step" },
      el("h3", {}, part.title, el("small", {}, say("minutes", part.minutes))),
      isOn && el("p", { class: "segment__goal" }, part.goal),
      isOn && el("ol", { class: "segment__script" }, part.script.map((line) => el("li", {}, line))),
      isOn && id === show.shelf_in && el("ul", { class: "shelf-list", "aria-label": words.shelf }, show.shelf.map((title) => el("li", {}, title, leads && small(words.take_up, `take-${title}`, () => send({ do: "cluster.create", title, round: show.champions }, title), "secondary", { "aria-label": `${words.take_up}: ${title}` })))),
      leads && el("div", { class: "acts" },
        !isOn && small(words.start, `start-${id}`, () => send({ do: "segment.start", segment: id, minutes: part.minutes }), "secondary", { "aria-label": `${words.start}: ${part.title}` }),
        isOn && small(words.plus, "plus", () => send({ do: "segment.extend", minutes: 5 }), "secondary"),
        isOn && small(words.quiet_start, "quiet", () => send({ do: "quiet.start" }), "secondary"),
        isOn && small(words.end, "end", () => send({ do: "segment.end" }), "danger")),
      isOn && leads && el("label", { class: "check" }, el("input", { type: "checkbox", checked: stage.hides, onchange: (event) => set({ hides: event.target.checked }) }), words.hide),
      isOn && leads && el("div", { class: "acts" }, Object.entries(show.prompts).map(([name, text]) =>
        small(stage.prompt === name ? words.prompt_off : text, `prompt-${name}`, () => set({ prompt: stage.prompt === name ? "" : name }), "quiet", { "aria-pressed": String(stage.prompt === name) }))),
      isOn && beside(id))];
  }));
}

// --- the wall --------------------------------------------------------------------------------------------------------

$("round").append(...Object.keys(show.rounds).map((name) => el("option", { value: name }, (show.segments[name] || {}).title || name)));
$("round").addEventListener("change", (event) => { viewed = event.target.value; render(); ask(); });
$("open-all").addEventListener("click", () => send({ do: "note.open", notes: "all" }));
$("area-form").hidden = !leads;
$("draft-button").hidden = !leads;
$("area-form").addEventListener("submit", (event) => {
  event.preventDefault();
  send({ do: "cluster.create", title: $("area-title").value, round: viewed }, $("area-title").value);
  $("area-title").value = "";
});

export const areas = () => board.list("clusters").filter((one) => one.round === viewed);
export const place = (note, cluster, how = "human") => {
  const title = cluster ? board.clusters[cluster].title : words.nowhere;
  return send({ do: "note.place", note: note.n, cluster, base: note.cluster, how }, say("moved", title));
};

const ours = show.aim ? words.shortlist : words.ours;
function card(note) {
  const guesses = (note.cluster ? [] : help.areas[note.n] || []).filter((number) => board.clusters[number]);
  const twin = help.same[note.n] && board.notes[help.same[note.n]];
  const item = el("li", { class: `card-item${note.hidden ? " is-hidden" : ""}`, id: `card-${note.n}` },
    el("p", { class: "card-item__text" }, note.text),
    el("p", { class: "card-item__meta" }, [about(note), note.for && (note.for === "-" ? words.no_name : say("said_by", note.for)), note.late && words.late, note.hidden && words.hidden, note.parked === "ours" && ours,
      ...note.tags.map((tag) => show.tags[tag] || words[tag]), twin && say("same", twin.text.slice(0, 40))].filter(Boolean).join(" · ")));
  if (!leads) return item;
  item.append(el("div", { class: "chips" }, guesses.map((number, index) => el("button", { type: "button", class: "chip", "data-act": `chip-${note.n}-${index}`, onclick: () => place(note, number, "accepted") }, board.clusters[number].title)),
    guesses.length > 0 && small(words.dismiss, `no-${note.n}`, () => Promise.all(guesses.map((number) => send({ do: "suggestion.dismiss", note: note.n, cluster: number }))).then(ask))),
  el("div", { class: "acts" }, quick(note, small),
    small(words.move, `move-${note.n}`, (event) => menu(note, event.currentTarget), "secondary", { "aria-haspopup": "listbox", "aria-label": `${words.move}: ${note.text.slice(0, 60)}` }),
    small(note.hidden ? words.open : words.hide_one, `hide-${note.n}`, () => send({ do: note.hidden ? "note.open" : "note.hide", notes: [note.n] })),
    small(ours, `ours-${note.n}`, () => send({ do: "note.park", note: note.n, parked: note.parked === "ours" ? "" : "ours" }), "quiet", { "aria-pressed": String(note.parked === "ours") }),
    small(words.park, `park-${note.n}`, () => send({ do: "note.park", note: note.n, parked: note.parked === "someone_else" ? "" : "someone_else" }), "quiet", { "aria-pressed": String(note.parked === "someone_else") }),
    el("details", { class: "kinds" }, el("summary", {}, words.tags), el("div", { class: "acts" }, Object.entries(show.tags).map(([tag, label]) =>
      small(label, `tag-${note.n}-${tag}`, () => send({ do: "note.tag", note: note.n, tags: note.tags.includes(tag) ? note.tags.filter((one) => one !== tag) : [...note.tags, tag] }), "quiet", { "aria-pressed": String(note.tags.includes(tag)) }))))));
  drag(item, note);
  return item;
}

const stampOf = (note) => JSON.stringify([note, note.cluster ? 0 : (help.areas[note.n] || []).map((number) => board.clusters[number] && board.clusters[number].title), help.same[note.n]]);
const cardItems = (notes) => notes.map((note) => [String(note.n), stampOf(note), () => card(note)]);

function area(one, notes) {
  const made = el("section", { class: `area${one.shelved ? " is-shelved" : ""}`, "data-area": one.n, "aria-label": one.title });
  const edit = () => {
    const box = el("input", { class: "input", value: one.title, maxLength: 80, "aria-label": words.title });
    const form = el("form", { class: "inline-form", onsubmit: (event) => { event.preventDefault(); send({ do: "cluster.rename", cluster: one.n, title: box.value, base: one.v }); head(); } }, box, el("button", { class: "button button--small" }, words.save));
    top.replaceChildren(form);
    box.focus();
  };
  const top = el("div", { class: "area__head" });
  const signs = board.list("signs").filter((sign) => sign.cluster === one.n);
  const head = () => top.replaceChildren(el("h3", {}, one.title, " ", el("small", {}, String(notes.length))),
    leads ? el("div", { class: "acts" },
      small(words.rename, `rename-${one.n}`, edit),
      small(words.merge, `merge-${one.n}`, (event) => menu(one, event.currentTarget, true), "quiet", { "aria-haspopup": "listbox" }),
      small(board.stage.focus === one.n ? words.unfocus : words.focus, `focus-${one.n}`, () => set({ focus: board.stage.focus === one.n ? 0 : one.n })),
      small(words.remove, `remove-${one.n}`, () => send({ do: "cluster.remove", cluster: one.n }))) : "");
  head();
  made.append(top);
  const title = leads && (help.names[one.n] || []).filter((name) => name.toLowerCase() !== one.title.toLowerCase());
  if (title && title.length) made.append(el("p", { class: "chips" }, el("span", { class: "soft small" }, words.call_it), title.map((name) => el("button", { type: "button", class: "chip", "data-act": `call-${one.n}-${name}`, onclick: () => send({ do: "cluster.rename", cluster: one.n, title: name, base: one.v }) }, name))));
  const off = (sign) => small(words.take_off, `off-${one.n}-${sign.participant}`, () => send({ do: "champion.withdraw", cluster: one.n, participant: sign.participant }));
  if (one.round === show.champions && (board.stage.signup !== "off" || signs.length || one.shelved)) {
    const people = board.list("people").filter((person) => person.state === "in" && person.role === "participant" && !signs.some((sign) => sign.participant === person.n));
    const choose = el("select", { class: "input", "aria-label": `${words.sign_for}: ${one.title}` }, el("option", { value: "" }, words.sign_for), people.map((person) => el("option", { value: person.n }, person.name)));
    choose.addEventListener("change", () => { if (choose.value) send({ do: "champion.sign", cluster: one.n, participant: Number(choose.value) }); });
    made.append(el("ul", { class: "names" }, signs.length ? signs.map((sign) => el("li", { class: sign.out ? "is-out" : "" }, sign.name, sign.company && ` (${sign.company})`, sign.out && el("small", {}, words.not_counted), off(sign))) : el("li", { class: "soft" }, one.shelved ? words.shelved : words.nobody)), choose);
  }
  if (leads) {
    const said = el("textarea", { class: "input", rows: 2, maxLength: 2000, "aria-label": `${words.note}: ${one.title}` }, one.notes);
    said.addEventListener("change", () => send({ do: "cluster.note", cluster: one.n, notes: said.value, base: board.clusters[one.n].v }));
    made.append(el("details", { open: Boolean(one.notes) }, el("summary", {}, words.note), said));
  }
  const list = el("ul", { class: "cards" });
  arrange(list, cardItems(notes));
  made.append(list);
  if (!notes.length) made.append(el("p", { class: "soft small" }, words.empty_area));
  return made;
}

function wall() {
  const stage = board.stage;
  if (!viewed || (stage.round && stage.round !== wall.round)) { viewed = stage.round || Object.keys(show.rounds)[0]; wall.round = stage.round; ask(); }
  $("round").value = viewed;
  const notes = board.list("notes").filter((one) => one.round === viewed);
  const free = notes.filter((one) => !one.cluster || !board.clusters[one.cluster]);
  const loose = free.filter((one) => one.parked !== "someone_else"); // what is for somebody else has been sorted
  const parked = free.filter((one) => one.parked === "someone_else");
  $("loose-count").textContent = loose.length ? String(loose.length) : "";
  $("open-all").hidden = !leads || !notes.some((one) => one.hidden) || stage.round !== viewed;
  arrange($("loose"), cardItems(loose));
  $("parked-part").hidden = !parked.length;
  $("parked-count").textContent = parked.length ? String(parked.length) : "";
  arrange($("parked"), cardItems(parked));
  const list = areas();
  arrange($("areas"), list.map((one) => {
    const inside = notes.filter((note) => note.cluster === one.n);
    const signs = board.list("signs").filter((sign) => sign.cluster === one.n).map((sign) => [sign.n, sign.out]);
    return [String(one.n), JSON.stringify([one, inside.map(stampOf), signs, stage.focus === one.n, stage.signup, help.names[one.n], Object.keys(board.people).length]), () => area(one, inside)];
  }));
  const aim = show.aim && stage.is_open && notes.length < show.aim ? say("aim", `${notes.length}/${show.aim}`) : "";
  const hint = aim || [areaHint(list, loose), roundHint(viewed, notes)].filter(Boolean).join(" ");
  $("hint").hidden = !hint;
  $("hint").textContent = hint;
}

// --- help: asked for when the wall has changed, never more than once a second ----------------------------------------

let asked = 0;
async function ask() {
  clearTimeout(asked);
  asked = setTimeout(async () => {
    if (!leads || !viewed) return;
    try {
      const answer = await fetch(`/live/${data.meeting}/help?round=${viewed}`);
      if (answer.ok) { help = await answer.json(); render(true); }
    } catch { /* the chips stay as they are */ }
  }, 700);
}

$("draft-button").addEventListener("click", async () => {
  const answer = await fetch(`/live/${data.meeting}/help?round=${viewed}&draft=1`);
  if (!answer.ok) return;
  const found = (await answer.json()).draft || [];
  const close = () => { $("draft").hidden = true; $("draft-button").focus(); };
  $("draft").hidden = false;
  $("draft").replaceChildren(el("p", { class: "draft__title" }, words.draft), ...(found.length ? found.map((group) => {
    const box = el("input", { class: "input", value: group.names[0] || "", maxLength: 80, required: true, "aria-label": words.title });
    const made = el("form", { class: "draft__group", onsubmit: (event) => { event.preventDefault(); send({ do: "cluster.create", title: box.value, round: viewed, notes: group.notes }, box.value); made.remove(); } },
      el("ul", {}, group.notes.map((number) => el("li", {}, board.notes[number] ? board.notes[number].text : ""))), box, el("button", { class: "button button--small" }, words.draft_take));
    return made;
  }) : [el("p", {}, words.draft_none)]), small(words.cancel, "draft-close", close));
  $("draft").querySelector("input,button").focus();
});

// --- people ----------------------------------------------------------------------------------------------------------

async function people(given) {
  const form = new FormData($("token"));
  for (const [name, value] of Object.entries(given)) form.set(name, value);
  const answer = await fetch(`/live/${data.meeting}/people`, { method: "POST", body: new URLSearchParams(form), headers: { accept: "application/json" } });
  const said = await answer.json().catch(() => ({ says: words.failed }));
  if (said.says) { $("status").textContent = said.says; announce(said.says); }
}

function persons() {
  const list = board.list("people").filter((one) => one.role === "participant" || one.role === "partner").sort((a, b) => a.name.localeCompare(b.name));
  const waiting = list.filter((one) => one.state === "waiting");
  const inside = list.filter((one) => one.state === "in");
  const full = (one) => (one.company ? `${one.name}, ${one.company}` : one.name);
  const stage = board.stage;
  arrange($("lobby"), !leads ? [] : [["all", `${waiting.length}`, () => (waiting.length ? el("button", { type: "button", class: "button", "data-act": "all", onclick: () => people({ do: "admit" }) }, say("admit_all", waiting.length)) : el("p", { class: "soft small" }, words.lobby_empty))],
    ...waiting.map((one) => [`w${one.n}`, full(one) + one.table, () => el("div", { class: "person" }, el("span", {}, full(one), el("small", {}, one.table === "inner" ? words.inner : words.outer)),
      small(words.admit, `in-${one.n}`, () => people({ do: "admit", number: one.n }), "secondary", { "aria-label": `${words.admit}: ${one.name}` }),
      small(one.table === "inner" ? words.to_outer : words.to_inner, `t-${one.n}`, () => people({ do: "table", number: one.n, table: one.table === "inner" ? "outer" : "inner" })))])]);
  $("in-count").textContent = String(inside.length);
  arrange($("people"), inside.map((one) => [String(one.n), JSON.stringify([one, stage.signup, stage.turn]), () => el("li", { class: "person" }, el("span", {}, full(one), el("small", {}, one.table === "inner" ? words.inner : words.outer)),
    leads && one.table === "inner" && stage.signup === "one" && small(stage.turn === one.n ? words.turn_off : words.turn, `turn-${one.n}`, () => set({ turn: stage.turn === one.n ? 0 : one.n }), "secondary"),
    leads && small(one.table === "inner" ? words.to_outer : words.to_inner, `tab-${one.n}`, () => people({ do: "table", number: one.n, table: one.table === "inner" ? "outer" : "inner" })),
    leads && small(words.show_out, `out-${one.n}`, () => people({ do: "show_out", number: one.n })))]));
  arrange($("names"), inside.filter((one) => show.speaks.includes(one.table)).map((one) => [String(one.n), full(one), () => el("option", { value: full(one) })]));
  arrange($("signup"), leads && show.champions ? [["s", stage.signup, () => el("div", { role: "group", "aria-labelledby": "signup-title" }, el("h3", { id: "signup-title" }, words.signup), el("div", { class: "acts" }, ["off", "one", "all"].map((how) => small(words[`signup_${how}`], `signup-${how}`, () => set({ signup: how }), stage.signup === how ? "secondary" : "quiet", { "aria-pressed": String(stage.signup === how) }))))]] : []);
  const peers = board.list("peers");
  arrange($("peers"), [...(peers.length ? [["title", "title", () => el("h3", {}, words.peers)]] : []), ...peers.map((one) => [String(one.n), one.name, () => el("div", { class: "person person--peer" }, el("span", {}, full(one), el("small", {}, say("suggested_by", (board.people[one.by] || {}).name || ""))), small(words.remove, `peer-${one.n}`, () => send({ do: "peer.withdraw", peer: one.n })))])]);
}

$("scribe-form").addEventListener("submit", (event) => {
  event.preventDefault();
  send({ do: "note.add", text: $("scribe-text").value, for: $("scribe-for").value, round: viewed }, words.written);
  $("scribe-text").value = "";
  $("scribe-text").focus();
});
$("person-form").hidden = !leads;
$("person-form").addEventListener("submit", (event) => {
  event.preventDefault();
  people({ do: "write_down", name: $("person-name").value, company: $("person-company").value });
  event.target.reset();
});

// --- undo ------------------------------------------------------------------------------------------------------------

const lastStep = () => board.list("steps").filter((one) => !one.undone && !one.undoes).pop();
$("undo").addEventListener("click", () => { const step = lastStep(); if (step) send({ do: "undo", n: step.n }, words.undone); });
$("undo").hidden = !leads;

let lastNumber = -1;
function render(isHelp) {
  if (!board.stage) return;
  $("undo").disabled = !lastStep();
  segments();
  wall();
  persons();
  aloud();
  closing();
  if (isHelp !== true && board.number !== lastNumber) { lastNumber = board.number; ask(); }
}
