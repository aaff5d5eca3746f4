// Asks every few seconds who is on the line and what needs a person, as long as somebody looks at the page.
const EVERY = 5_000;
// A page that nobody touches does not keep its session alive for ever.
const PATIENCE = 30 * 60_000;

let touched = Date.now();
for (const event of ["pointerdown", "pointermove", "keydown", "scroll"]) {
  addEventListener(event, () => (touched = Date.now()), { passive: true });
}
const refresh = () => {
  const now = document.getElementById("now");
  if (now && document.visibilityState === "visible" && Date.now() - touched < PATIENCE) window.htmx?.trigger(now, "refresh");
};
setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") touched = Date.now();
  refresh();
});
