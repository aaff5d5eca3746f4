// The forms about how the phone is answered: sentences that can be taken over, listened to, and rows that come and go. All
// of it works without, by the forms' own buttons.

for (const button of document.querySelectorAll("[data-fill]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.fill);
    field.value = button.dataset.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}

if ("speechSynthesis" in globalThis) {
  for (const button of document.querySelectorAll("[data-speak]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      speechSynthesis.cancel();
      const words = new SpeechSynthesisUtterance(document.getElementById(button.dataset.speak).textContent);
      words.lang = document.getElementById("language")?.value || "en-US";
      speechSynthesis.speak(words);
    });
  }
}

// Rows: the last one is copied empty, and one that goes leaves at least one behind.
document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-row]");
  const remove = event.target.closest("[data-remove-row]");
  if (!add && !remove) return;
  event.preventDefault();
  const list = add ? document.getElementById(add.dataset.addRow) : remove.closest("ol");
  if (add) {
    const row = list.lastElementChild.cloneNode(true);
    list.append(row);
    empty(row);
    number(list);
    row.querySelector("input, textarea").focus();
    return;
  }
  const row = remove.closest("li");
  const near = row.nextElementSibling ?? row.previousElementSibling;
  if (near) row.remove();
  else empty(row);
  number(list);
  (near ?? row).querySelector("input, textarea").focus();
});

function empty(row) {
  for (const wrong of row.querySelectorAll(".wrong, .badge")) wrong.remove();
  for (const field of row.querySelectorAll("input, textarea")) {
    field.value = "";
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}

// Labels go on pointing to their own fields.
function number(list) {
  [...list.children].forEach((row, n) => {
    for (const field of row.querySelectorAll("[id]")) {
      const id = field.id.replace(/_\d+/, "_" + n);
      const label = row.querySelector(`label[for="${field.id}"]`);
      field.id = id;
      if (label) label.htmlFor = id;
    }
    const remove = row.querySelector("[data-remove-row]");
    if (remove) remove.value = String(n);
  });
}
