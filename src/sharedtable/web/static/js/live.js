// What every live screen shares: the line down (changes), the outbox up (commands), the clock, small helpers.
// Objects come in tables; a change says what to set and what to drop, from one number to the next.

export const $ = (id) => document.getElementById(id);
export const data = JSON.parse($("data").textContent);
export const words = data.words;
export const say = (name, value) => words[name].replace("%s", value);
export const announce = (text) => { const live = $("live"); if (live) { live.textContent = ""; setTimeout(() => { live.textContent = text; }, 50); } };

// An element with attributes and children; text goes in as text only.
export function el(name, given, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "class") made.className = value;
    else if (key in made && key !== "list" && key !== "form") made[key] = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

// Puts children in order without touching those that are the same, so that focus stays where it is.
// `items`: [key, stamp, make]; an element is made anew only when its stamp changes.
export function arrange(parent, items) {
  for (const child of [...parent.children]) if (!child.dataset.key) child.remove(); // what the server drew, without a key
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const focus = document.activeElement;
  let before = parent.firstChild;
  for (const [key, stamp, make] of items) {
    let node = old.get(key);
    old.delete(key);
    if (node && node.dataset.stamp !== stamp) {
      const fresh = make();
      const kept = node.contains(focus) && focus.dataset.act;
      if (node === before) before = node.nextSibling;
      node.replaceWith(fresh);
      node = fresh;
      if (kept) { const same = fresh.querySelector(`[data-act="${kept}"]`); if (same) same.focus(); }
      node.dataset.key = key;
      node.dataset.stamp = stamp;
    } else if (!node) {
      node = make();
      node.dataset.key = key;
      node.dataset.stamp = stamp;
    }
    if (node === before) before = before.nextSibling;
    else parent.insertBefore(node, before);
  }
  for (const gone of old.values()) {
    if (gone.contains(focus)) { const next = gone.nextElementSibling || gone.previousElementSibling || parent; const target = next.querySelector ? next.querySelector("button") : null; gone.remove(); if (target) target.focus(); } else gone.remove();
  }
}

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- the line down ---------------------------------------------------------------------------------------------------

export class Board {
  constructor(view, onChange, onLine) {
    this.view = view;
    this.onChange = onChange;
    this.onLine = onLine;
    this.number = 0;
    this.offset = 0;
    this.heard = 0;
    this.failed = 0;
    this.empty();
    this.open();
    // iOS ends a stream without a word; so look whenever the page comes back, and when it has been silent too long.
    for (const name of ["online", "pageshow"]) addEventListener(name, () => this.open());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.open(); });
    setInterval(() => { if (performance.now() - this.heard > 20000) { this.onLine(false); this.open(); } }, 5000);
  }

  empty() {
    for (const name of ["notes", "clusters", "signs", "peers", "dismissed", "marks", "spreads", "people", "steps"]) this[name] = {};
    this.stage = null;
    this.counts = {};
  }

  see(view) { this.view = view; this.number = 0; this.open(); }

  address(line) { return `/live/${data.meeting}/${line}?after=${this.number}&view=${this.view}`; }

  open() {
    if (this.source) this.source.close();
    clearTimeout(this.timer);
    this.heard = performance.now();
    if (this.failed > 2) { this.poll(); return; }
    const source = this.source = new EventSource(this.address("stream"));
    const heard = (event) => { this.heard = performance.now(); this.onLine(true); return event; };
    source.addEventListener("hello", (event) => { heard(event); this.failed = 0; this.offset = Number(event.data) - Date.now(); });
    source.addEventListener("beat", heard);
    for (const name of ["board", "change"]) source.addEventListener(name, (event) => { heard(event); this.take(name, JSON.parse(event.data)); });
    source.onerror = () => {
      if (this.source !== source) return;
      this.onLine(false);
      this.failed += 1;
      source.close();
      this.timer = setTimeout(() => this.open(), 400 + Math.random() * 1200);
    };
  }

  // For lines that break every stream: ask, wait, ask again. Now and then the stream is tried once more.
  async poll() {
    const round = this.round = {};
    for (let turn = 0; turn < 20 && this.round === round; turn += 1) {
      try {
        const answer = await fetch(this.address("events"), { headers: { accept: "application/json" } });
        if (answer.status === 404) { this.onLine(false, "gone"); return; }
        const said = await answer.json();
        if (this.round !== round) return;
        this.heard = performance.now();
        this.onLine(true);
        // Only an answer made for this question tells the time: a stream may begin with a picture made earlier.
        if (said.data.now) this.offset = said.data.now - Date.now();
        this.take(said.event, said.data);
      } catch {
        this.onLine(false);
        await new Promise((done) => { setTimeout(done, 2000 + Math.random() * 3000); });
      }
    }
    if (this.round === round) { this.failed = 0; this.open(); }
  }

  take(kind, said) {
    if (kind === "change") {
      if (said.to <= this.number) return;
      if (said.after > this.number) { this.open(); return; }
    } else {
      this.empty();
    }
    for (const [table, rows] of Object.entries(said.set || {})) {
      if (table === "stage" || table === "counts") this[table] = rows[table];
      else Object.assign(this[table], rows);
    }
    for (const [table, names] of Object.entries(said.drop || {})) for (const name of names) delete this[table][name];
    this.number = said.to;
    this.onChange();
  }

  now() { return Date.now() + this.offset; }
  list(table) { return Object.values(this[table]).sort((a, b) => a.n - b.n); }
}

// --- the outbox up: nothing that was written is lost, and nothing is sent twice --------------------------------------

function database() {
  return new Promise((done) => {
    try {
      const asked = indexedDB.open("shared-table", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("out", { keyPath: "key" });
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => done(null);
    } catch { done(null); }
  });
}

export class Outbox {
  constructor(onChange) {
    this.onChange = onChange;
    this.waiting = [];
    this.wait = 300;
    this.ready = this.load();
    addEventListener("online", () => { this.wait = 300; this.flush(); });
    addEventListener("pageshow", () => this.flush());
  }

  async load() {
    this.base = await database();
    if (!this.base) return;
    await new Promise((done) => {
      const asked = this.base.transaction("out").objectStore("out").getAll();
      asked.onsuccess = () => { this.waiting = asked.result.filter((one) => one.meeting === data.meeting).sort((a, b) => a.at - b.at).concat(this.waiting); done(); };
      asked.onerror = done;
    });
    this.onChange(this.waiting);
    this.flush();
  }

  keep(action) {
    if (!this.base) return Promise.resolve();
    return new Promise((done) => {
      const work = this.base.transaction("out", "readwrite", { durability: "strict" });
      action(work.objectStore("out"));
      work.oncomplete = done;
      work.onerror = done;
      work.onabort = done;
    });
  }

  // Gives a promise of what the meeting said; it may take until the line is back.
  async send(command) {
    const one = { key: uuid(), meeting: data.meeting, at: Date.now(), command };
    const answer = new Promise((done) => { one.done = done; });
    this.waiting.push(one);
    this.onChange(this.waiting);
    await this.ready;
    const { done, ...plain } = one;
    await this.keep((store) => store.put(plain));
    this.flush();
    return answer;
  }

  async flush() {
    if (this.isBusy || !this.waiting.length) return;
    this.isBusy = true;
    clearTimeout(this.timer);
    const some = this.waiting.slice(0, 20);
    try {
      const answer = await fetch(`/live/${data.meeting}/events`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ commands: some.map((one) => ({ ...one.command, key: one.key })) }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const said = await answer.json();
      const known = new Map(said.answers.map((one) => [one.key, one]));
      const done = some.filter((one) => known.has(one.key));
      this.waiting = this.waiting.filter((one) => !known.has(one.key));
      await this.keep((store) => { for (const one of done) store.delete(one.key); });
      for (const one of done) {
        if (one.done) one.done(known.get(one.key));
        else if (this.onLater) this.onLater(one, known.get(one.key));
      }
      this.wait = 300;
      this.onChange(this.waiting);
    } catch (problem) {
      this.wait = Math.min(5000, this.wait * 1.8);
      if (this.onTrouble) this.onTrouble(problem.message);
    }
    this.isBusy = false;
    if (this.waiting.length) this.timer = setTimeout(() => this.flush(), this.wait * (0.5 + Math.random()));
  }
}

// --- the clock: counted here, told by nobody -------------------------------------------------------------------------

// Two times are said aloud, for those who do not look at the clock: five minutes, and one.
const SAID = [60000, 300000];

export function clock(board, place, onQuiet, onLeft) {
  let was = "";
  let before = 0;
  setInterval(() => {
    const stage = board.stage;
    if (!stage) return;
    const quiet = stage.quiet_until - board.now();
    if (onQuiet) onQuiet(quiet > 0 ? Math.ceil(quiet / 1000) : 0);
    const left = stage.ends_at - board.now();
    const whole = stage.ends_at - stage.started_at; // a part of five minutes does not begin with "5 minutes left"
    const mark = SAID.find((one) => left > 0 && left <= one && before > one && whole > one + 30000);
    before = stage.ends_at ? left : 0;
    if (mark) { const said = mark > 60000 ? say("left", mark / 60000) : words.left_one; announce(said); if (onLeft) onLeft(said); }
    const text = !stage.segment || !stage.ends_at ? "" : left <= 0 ? words.over
      : `${Math.floor(left / 60000)}:${String(Math.floor(left / 1000) % 60).padStart(2, "0")}`;
    if (text === was) return;
    if (text === words.over && was) announce(words.over);
    if (text === "2:00") announce(words.near);
    place.hidden = !text;
    place.textContent = text;
    place.classList.toggle("is-over", left <= 0);
    place.classList.toggle("is-near", left > 0 && left < 120000);
    was = text;
  }, 250);
}

// --- said aloud: what changed, for whoever does not see it. Parts at once; cards together, four times a minute at most

export function herald(board, show, countsCards) {
  let was = null;
  let told = 0;
  let timer = 0;
  const count = () => Object.values(board.counts).reduce((sum, one) => sum + one, 0);
  const tell = () => { timer = 0; const more = count() - told; told = count(); if (more > 0) announce(more === 1 ? words.new_card : say("new_cards", more)); };
  return () => {
    const stage = board.stage;
    const now = { segment: stage.segment, prompt: stage.prompt, quiet: stage.quiet_until, names: stage.signup !== "off", debrief: stage.debrief };
    if (!was) told = count();
    else if (now.segment !== was.segment && show.segments[now.segment]) announce([show.segments[now.segment].title, show.segments[now.segment].goal, now.names && words.names_open].filter(Boolean).join(" "));
    else if (now.quiet > was.quiet) announce(words.quiet);
    else if (now.prompt && now.prompt !== was.prompt) announce(show.prompts[now.prompt]);
    else if (now.names && !was.names) announce(words.names_open);
    else if (now.debrief && !was.debrief && $("over")) announce(words.debrief);
    else if (countsCards && count() > told && !timer) timer = setTimeout(tell, 15000);
    was = now;
  };
}

export function lineStatus(place) {
  return (isOn, why) => {
    place.textContent = isOn ? "" : why === "gone" ? words.gone : words.off;
    place.classList.toggle("is-off", !isOn);
  };
}
