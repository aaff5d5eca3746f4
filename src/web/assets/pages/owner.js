// What every page of the owner's does with script. Nothing that must be done needs it.

// The one way from a string to markup, for htmx, whose answers are our own escaped pages. There is none to script.
globalThis.trustedTypes?.createPolicy("default", { createHTML: (html) => html });

// Times stand in the business's zone; whoever sits in another is told.
const zone = document.body.dataset.zone;
const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && mine && zone !== mine) {
  const now = new Date();
  const clock = (timeZone) => new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "short" }).format(now);
  for (const note of document.querySelectorAll("[data-other-zone]")) {
    if (clock(zone) === clock(mine)) continue;
    note.querySelector("span").textContent = mine;
    note.hidden = false;
  }
}

// A small message in the corner, for moves that change only a part of the page.
export function toast(text, bad = false) {
  const note = document.createElement("p");
  note.className = bad ? "toast bad" : "toast";
  note.textContent = text;
  document.getElementById("toasts")?.append(note);
  setTimeout(() => note.remove(), 6000);
}

const offline = "The server did not answer. Nothing was changed; please try again.";
document.addEventListener("htmx:sendError", () => toast(offline, true));
document.addEventListener("htmx:responseError", ({ detail }) => {
  const { status } = detail.xhr;
  if (status === 401) location.reload();
  else toast(status === 403 ? "You may not do that." : status === 404 ? "That is not there any more." : offline, true);
});

// What hurts is asked about once more. Without script the form's own page asks.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset?.confirm;
  if (question && !confirm(question)) event.preventDefault();
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "yes";
  setTimeout(() => delete event.target.dataset.sent, 4000);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// Copies what stands beside a button.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  toast("Copied.");
});
