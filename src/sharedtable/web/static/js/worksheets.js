// Keeps each answer as it is typed: first on this device, then on the server, in order, until the server says so.
const form = document.querySelector("[data-worksheet]");
if (form) start(form);

function start(form) {
  const group = form.elements.group ? form.elements.group.value : "";
  const place = `${form.dataset.save}#${group}`;
  const line = form.querySelector("[data-save-line]");
  const token = form.elements.csrfmiddlewaretoken.value;
  // A key of its own for each sheet: one for all of them would tie a sheet without a name to the others.
  const device = kept("device", "") || keep("device", random());
  let counter = Math.max(Number(form.elements.counter.value), Number(kept("counter", 0)));
  let queue = kept("queue", {});
  let sending = false, pause = 500, stopped = false, timer = 0;
  const typing = new Map();

  form.classList.add("has-script");
  document.documentElement.classList.add("has-script");
  form.elements.device.value = device;
  for (const [name, fields] of Object.entries(queue)) restore(name, fields.fields);
  form.addEventListener("input", (event) => later(event.target, 500));
  form.addEventListener("change", (event) => later(event.target, 0));
  form.addEventListener("submit", submit);
  addEventListener("online", () => { pause = 500; send(); });
  addEventListener("pagehide", settle);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") settle(); else send(); });
  depend();
  show(Object.keys(queue).length ? "waiting" : "saved");
  send();

  function kept(name, other) {
    try { return JSON.parse(localStorage.getItem(`${place}:${name}`)) ?? other; } catch { return other; }
  }

  function keep(name, value) {
    try { localStorage.setItem(`${place}:${name}`, JSON.stringify(value)); } catch { /* full or switched off: it stays in memory */ }
    return value;
  }

  function random() {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function later(target, wait) {
    const box = target.closest("[data-question]");
    if (!box) return;
    clearTimeout(typing.get(box));
    typing.set(box, setTimeout(() => take(box), wait));
    if (wait === 0) depend();
  }

  function settle() {
    for (const [box, waiting] of typing) { clearTimeout(waiting); take(box); }
  }

  function take(box) {
    typing.delete(box);
    const all = new FormData(form);
    const prefix = `q-${box.dataset.question}`;
    const names = new Set(Array.from(box.elements, (element) => element.name).filter((name) => name.startsWith(prefix)));
    const fields = [];
    for (const name of names) for (const value of all.getAll(name)) fields.push([name, value]);
    counter += 1;
    keep("counter", counter);
    queue[box.dataset.question] = { fields, counter };
    keep("queue", queue);
    show("saving");
    send();
  }

  async function send() {
    const names = Object.keys(queue);
    if (sending || stopped || !names.length) return;
    sending = true;
    clearTimeout(timer);
    const name = names[0], entry = queue[name];
    const body = new URLSearchParams([...entry.fields, ["question", name], ["counter", entry.counter], ["device", device], ["group", group], ["csrfmiddlewaretoken", token]]);
    let again = 0;
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
      if (answer.ok) {
        const said = await answer.json();
        if (said.saved !== name) throw new Error("another answer");
        if (queue[name] && queue[name].counter === entry.counter) delete queue[name];
        problem(name, "");
        pause = 500;
        counter = Math.max(counter, said.counter);
      } else if (answer.status === 422) {
        // Not an answer: it stays in the field, with a sentence beside it, and is sent again when it changes.
        problem(name, (await answer.json()).problem);
        if (queue[name] && queue[name].counter === entry.counter) delete queue[name];
      } else if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
        again = wait();
      } else {
        stopped = true;
        if (answer.headers.get("Content-Type")?.includes("json")) problem(name, (await answer.json()).problem);
      }
      keep("queue", queue);
    } catch {
      again = wait();
    }
    sending = false;
    form.elements.counter.value = counter;
    if (stopped) show("stopped");
    else if (form.querySelector("[data-problem]:not([hidden])")) show("refused");
    else if (!Object.keys(queue).length) show("saved");
    else if (again) show("waiting");
    if (again) timer = setTimeout(send, again); else if (Object.keys(queue).length && !stopped) send();
  }

  function wait() {
    pause = Math.min(pause * 2, 8000);
    return pause * (0.7 + 0.6 * Math.random());
  }

  function problem(name, sentence) {
    const box = form.querySelector(`[data-question="${name}"]`), text = box?.querySelector("[data-problem]");
    if (!text) return;
    text.textContent = sentence;
    text.hidden = !sentence;
    box.classList.toggle("question--error", Boolean(sentence));
  }

  function show(state) {
    const count = Object.keys(queue).length, words = line.dataset;
    const sentence = state === "waiting" ? (count === 1 ? words.waitingOne : words.waiting.replace("#", count)) : words[state];
    line.dataset.state = state;
    if (line.textContent !== sentence) line.textContent = sentence;
  }

  function restore(name, fields) {
    const box = form.querySelector(`[data-question="${name}"]`);
    if (!box) return;
    for (const element of box.elements) {
      const values = fields.filter(([field]) => field === element.name).map(([, value]) => value);
      if (element.type === "radio" || element.type === "checkbox") element.checked = values.includes(element.value);
      else if (values.length) element.value = values[0];
    }
  }

  // What depends on another answer shows only with that answer.
  function depend() {
    for (const box of form.querySelectorAll("[data-depends-on]")) {
      const chosen = form.querySelector(`[name="${box.dataset.dependsOn}"]:checked`);
      const parent = chosen?.closest("[data-question]");
      box.hidden = !chosen || Boolean(parent?.hidden) || !box.dataset.dependsValues.split(" ").includes(chosen.value);
      const rule = box.querySelector(".question__rule");
      if (rule) rule.hidden = true;
    }
  }

  async function submit(event) {
    settle();
    if (!Object.keys(queue).length && !sending) return;
    // First what waits, then the page: so nothing is on its way twice.
    event.preventDefault();
    const button = event.submitter;
    const until = Date.now() + 6000;
    while ((Object.keys(queue).length || sending) && !stopped && Date.now() < until) {
      send();
      await new Promise((done) => setTimeout(done, 100));
    }
    if (Object.keys(queue).length) return show(stopped ? "stopped" : "hold");
    if (!form.querySelector("[data-problem]:not([hidden])")) form.requestSubmit(button);
  }
}
