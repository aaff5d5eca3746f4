// The ways in: passwords that can be looked at, and the time zone of this device. All of it works without.

for (const input of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "peek";
  button.textContent = "Show";
  const label = document.querySelector(`label[for="${input.id}"]`)?.textContent ?? "the password";
  const name = () => button.setAttribute("aria-label", `${input.type === "password" ? "Show" : "Hide"}: ${label}`);
  name();
  button.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    button.textContent = input.type === "password" ? "Show" : "Hide";
    name();
    input.focus();
  });
  const box = document.createElement("div");
  box.className = "peekable";
  input.replaceWith(box);
  box.append(input, button);
  // What is sent is a password again, so that the browser offers to keep it.
  input.form?.addEventListener("submit", () => { input.type = "password"; });
}

const zone = document.querySelector("input[data-zone]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !zone.value && here?.includes("/")) zone.value = here;

// The first thing that has to be put right, or the first thing to fill in.
const first = document.querySelector("[aria-invalid=true]") ?? document.querySelector(".alone form input:not([type=hidden], .visually-hidden)");
if (first && (first.getAttribute("aria-invalid") || !first.value)) first.focus();
