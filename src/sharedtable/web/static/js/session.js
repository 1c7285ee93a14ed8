// The clock of a work session: minutes that are left of the block at hand. Without scripts the page shows its hours.
const left = document.querySelector("[data-ends]");
if (left) {
  const tick = () => {
    const minutes = Math.ceil((new Date(left.dataset.ends) - Date.now()) / 60000);
    left.textContent = `${Math.max(0, minutes)} ${left.dataset.word}`;
  };
  tick();
  setInterval(tick, 5000);
}
