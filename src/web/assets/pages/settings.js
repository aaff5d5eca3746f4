// What the settings do with script. Every one of these forms works without it.

// A part of a form is shown while a box is ticked ("own_hours") or a choice is made ("kind=open").
function showParts(root = document) {
  for (const part of root.querySelectorAll("[data-shown-by]")) {
    const [name, value] = part.dataset.shownBy.split("=");
    const given = new FormData(part.closest("form")).getAll(name);
    const shown = value ? given.includes(value) : given.length > 0;
    part.toggleAttribute("data-hidden", !shown);
  }
}
document.addEventListener("change", (event) => event.target.form && showParts());
document.addEventListener("htmx:afterSettle", () => showParts());
showParts();

// A button that would send a suggestion puts it into its field instead.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fills]");
  if (!button) return;
  event.preventDefault();
  const field = document.getElementById(button.dataset.fills);
  field.value = button.value;
  field.focus();
});

// A menu closes when one clicks beside it, and by Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Leaving with something typed and not saved is asked about once.
let typed = false;
document.addEventListener("input", (event) => { if (event.target.form?.method === "post") typed = true; });
document.addEventListener("submit", (event) => {
  if (event.submitter?.formTarget !== "_blank") typed = false;
});
addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

// On a phone the navigation is a line to be swiped: one's own place is in sight.
const here = document.querySelector(".subnav [aria-current]");
const line = here?.closest(".subnav");
if (line && line.scrollWidth > line.clientWidth) {
  line.scrollLeft = here.getBoundingClientRect().left - line.getBoundingClientRect().left - line.clientWidth / 2 + here.clientWidth / 2;
}
