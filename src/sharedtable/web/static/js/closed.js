// On the page at the end of a meeting: when the meeting is opened again, every screen goes back to it by itself.
const data = JSON.parse(document.getElementById("data").textContent);
const source = new EventSource(`/live/${data.meeting}/stream?after=0&view=stage`);
let wasFrozen = false; // the first picture may still be one from before the close
for (const name of ["board", "change"]) {
  source.addEventListener(name, (event) => {
    const stage = (JSON.parse(event.data).set || {}).stage;
    if (!stage) return;
    if (wasFrozen && !stage.stage.frozen) { source.close(); location.replace(data.live); }
    wasFrozen = stage.stage.frozen;
    const over = document.getElementById("over");
    if (over && stage.stage.debrief) over.hidden = false;
  });
}
