// On the page at the end of a meeting: when the meeting is opened again, every screen goes back to it by itself; when the
// talk among partners opens, their way there appears.
const data = JSON.parse(document.getElementById("data").textContent);
const over = document.getElementById("over");
const source = new EventSource(`/live/${data.meeting}/stream?after=0&view=stage`);
let wasFrozen = false; // the first picture may still be one from before the close
for (const name of ["board", "change"]) {
  source.addEventListener(name, (event) => {
    const stage = (JSON.parse(event.data).set || {}).stage;
    if (!stage) return;
    if (wasFrozen && !stage.stage.frozen) { source.close(); location.replace(data.live); }
    wasFrozen = stage.stage.frozen;
    if (over && over.hidden && stage.stage.debrief) { over.hidden = false; document.getElementById("live").textContent = data.debrief; }
  });
}
