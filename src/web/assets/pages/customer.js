// What a customer's pages do with script. Nothing that must be done needs it.

// Times stand in the business's zone; whoever is elsewhere reads their own beside it.
const zone = document.body.dataset.zone;
const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
const language = document.documentElement.lang;
const format = (timeZone, options) => new Intl.DateTimeFormat(language, { timeZone, ...options });
if (zone && mine && zone !== mine) {
  const whole = { dateStyle: "short", timeStyle: "short" };
  const day = { day: "numeric", month: "numeric" };
  for (const note of document.querySelectorAll("[data-mine]")) {
    const at = new Date(note.dataset.mine);
    if (format(zone, whole).format(at) === format(mine, whole).format(at)) continue;
    const sameDay = format(zone, day).format(at) === format(mine, day).format(at);
    const shown = format(mine, sameDay ? { timeStyle: "short" } : { weekday: "short", hour: "numeric", minute: "2-digit" });
    note.textContent = note.dataset.words.replace("{}", shown.format(at));
    note.hidden = false;
  }
}

// How long a time is still kept, by our clock and theirs: what counts is how long this page has been open.
const kept = document.querySelector("[data-until]");
if (kept) {
  const until = new Date(kept.dataset.until);
  const left = kept.querySelector(".left");
  const tick = () => {
    const seconds = Math.max(0, Math.round((until - Date.now()) / 1000));
    left.textContent = seconds > 600 ? "" : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds > 0) return;
    clearInterval(timer);
    left.textContent = "";
    kept.classList.add("over");
    kept.querySelector("span").textContent = kept.dataset.over;
  };
  const timer = setInterval(tick, 1000);
  tick();
}

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "yes";
  setTimeout(() => delete event.target.dataset.sent, 4000);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
