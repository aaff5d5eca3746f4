// The calendar with script: what opens beside it, keys, moving by hand, and a now that goes on. All of it can be done
// without: every appointment is a link, every change a form.

const pane = document.getElementById("pane");
const grid = document.querySelector(".cal-grid");

// Beside the calendar.
async function open(href) {
  await htmx.ajax("GET", href, { target: pane, swap: "innerHTML" });
  if (!pane.firstElementChild) return;
  const title = pane.querySelector("h2");
  if (!pane.open) pane.showModal();
  title.tabIndex = -1;
  title.focus();
  pane.scrollTop = 0;
}
if (pane) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-pane], .cal-column li a, .rota-cell li a");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    open(link.href);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-pane-form]");
    if (!form) return;
    event.preventDefault();
    open(`${form.action}?${new URLSearchParams(new FormData(form))}`);
  });
  // Another day or member of staff shows their times at once.
  pane.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-pane-form]");
    if (form && event.target.name !== "time") form.requestSubmit();
  });
  // A click beside it closes it.
  pane.addEventListener("click", (event) => event.target === pane && pane.close());
  pane.addEventListener("close", () => {
    pane.replaceChildren();
    settle();
  });
}

// A customer who was here before brings their number.
document.addEventListener("input", (event) => {
  const { target } = event;
  if (target.id !== "name" || !target.list) return;
  const known = [...target.list.options].find((option) => option.value === target.value && option.dataset.phone);
  const phone = document.getElementById("phone");
  if (known && phone && !phone.value) phone.value = known.dataset.phone;
});
// Choosing a time of one's own is choosing it.
document.addEventListener("input", (event) => {
  if (event.target.name !== "time") return;
  const other = event.target.form?.querySelector('input[name="at"][value="other"]');
  if (other) other.checked = true;
});
// Whole days have no hours.
const hours = () => {
  const whole = document.getElementById("whole");
  if (!whole) return;
  for (const id of ["from_time", "to_time"]) document.getElementById(id).closest(".field").hidden = whole.checked;
};
document.addEventListener("change", (event) => event.target.id === "whole" && hours());
document.addEventListener("htmx:afterSettle", hours);
hours();

// Keys lead where links lead.
document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || pane?.open) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.click();
});

// Heights and times: "0:540 12:600", rows and minutes, "r" where an hour is repeated.
const runs = (grid?.dataset.axis ?? "").split(" ").filter(Boolean).map((run) => {
  const [row, minute] = run.split(":");
  return { row: Number(row), minute: parseInt(minute, 10), again: minute.endsWith("r") };
});
function timeAt(row) {
  const run = runs.findLast((run) => run.row <= row) ?? runs[0];
  const minute = run.minute + (row - run.row) * 5;
  return { minute, again: run.again };
}
function rowAt(minute) {
  const at = runs.findLastIndex((run) => !run.again && run.minute <= minute);
  if (at < 0) return null;
  const end = runs[at + 1]?.row ?? Infinity;
  const row = runs[at].row + Math.floor((minute - runs[at].minute) / 5);
  return row < end ? row : null;
}
const twelve = / [ap]m/.test(document.querySelector(".cal-hours")?.textContent ?? "");
const two = (n) => String(n).padStart(2, "0");
const clock = (minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
function said(minute) {
  const hour = Math.floor(minute / 60);
  if (!twelve) return clock(minute);
  return `${hour % 12 || 12}:${two(minute % 60)} ${hour % 24 < 12 ? "am" : "pm"}`;
}

// The line of now moves down its column.
const line = document.querySelector(".cal-now");
function tick() {
  const zone = document.body.dataset.zone;
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const [hour, minute] = parts.format(new Date()).split(":").map(Number);
  const row = rowAt(hour * 60 + minute);
  if (row === null) return;
  line.className = `at cal-now h-${Math.floor(row / 12)} m-${row % 12} sh-0 sm-1`;
}
// An hour that comes twice is left to the server.
if (line && runs.length === 1) setInterval(tick, 30_000);
if (line && grid.scrollHeight > innerHeight * 1.4) line.scrollIntoView({ block: "center" });

// Moving by hand: a mouse or a pen takes an appointment to another time, and the page asks before anything is done.
let held = null;
function settle() {
  for (const moved of document.querySelectorAll(".cal-drag")) {
    moved.classList.remove("cal-drag");
    moved.style.transform = "";
    delete moved.firstElementChild.dataset.to;
  }
  document.querySelectorAll(".cal-target").forEach((place) => place.classList.remove("cal-target"));
}
function place(event) {
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const column = under?.closest(".cal-column, .rota-cell");
  const day = column?.closest("[data-on]");
  if (!column || !day) return null;
  const staff = column.dataset.staff ?? held.staff;
  if (column.classList.contains("rota-cell")) return { column, on: day.dataset.on, staff, minute: held.minute, again: false };
  const time = column.querySelector(".time").getBoundingClientRect();
  const height = parseFloat(getComputedStyle(grid).getPropertyValue("--row"));
  const step = Math.max(1, Math.round(Number(grid.dataset.step) / 5));
  const top = held.box.top + (event.clientY - held.y) - time.top;
  const row = Math.max(0, Math.round(top / height / step) * step);
  return { column, on: day.dataset.on, staff, row, top: time.top + row * height, left: time.left, ...timeAt(row) };
}
document.addEventListener("pointerdown", (event) => {
  const item = event.target.closest(".booked:not(.class)");
  if (!item || !pane || event.button || event.pointerType === "touch") return;
  const [hour, minute] = item.querySelector("time").dateTime.split(":").map(Number);
  const own = item.closest(".cal-column, .rota-cell");
  held = {
    item, own, x: event.clientX, y: event.clientY, box: item.getBoundingClientRect(),
    minute: hour * 60 + minute, staff: own.dataset.staff, on: item.closest("[data-on]").dataset.on, moved: false,
  };
});
document.addEventListener("pointermove", (event) => {
  if (!held) return;
  const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
  if (!held.moved && Math.hypot(dx, dy) < 6) return;
  if (!held.moved) {
    held.moved = true;
    held.item.classList.add("cal-drag");
    getSelection().removeAllRanges();
  }
  held.to = place(event);
  document.querySelectorAll(".cal-target").forEach((place) => place.classList.remove("cal-target"));
  held.to?.column.classList.add("cal-target");
  const { item, box, to } = held;
  const snap = to?.row === undefined ? [dx, dy] : [to.left + 2 - box.left, to.top - box.top];
  item.style.transform = `translate(${snap[0]}px, ${snap[1]}px)`;
  if (to?.row !== undefined) item.firstElementChild.dataset.to = said(to.minute);
});
document.addEventListener("pointerup", () => {
  const { item, moved, to, minute, staff, on } = held ?? {};
  held = null;
  if (!moved) return;
  // The click that ends it opens nothing.
  const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
  const same = !to || (to.on === on && to.staff === staff && to.minute === minute);
  if (same) return settle();
  const wish = new URLSearchParams({ on: to.on, time: clock(to.minute) });
  if (to.staff) wish.set("staff", to.staff);
  if (to.again) wish.set("again", "1");
  open(`${item.firstElementChild.href}/move?${wish}`);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !held) return;
  held = null;
  settle();
});
document.addEventListener("dragstart", (event) => event.target.closest(".cal-column, .rota-cell") && event.preventDefault());

// Two clicks on an empty place make an appointment there.
grid?.addEventListener("dblclick", (event) => {
  const column = event.target.closest(".cal-column");
  if (!column || !pane || event.target.closest("li, h2")) return;
  held = { box: { top: event.clientY }, y: event.clientY, staff: column.dataset.staff, minute: 0 };
  const to = place(event);
  held = null;
  if (!to) return;
  const address = new URL(grid.dataset.new, location.href);
  address.searchParams.set("on", to.on);
  address.searchParams.set("time", clock(to.minute));
  if (to.staff) address.searchParams.set("staff", to.staff);
  open(address.href);
});
