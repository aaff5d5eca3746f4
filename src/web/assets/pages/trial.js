// Calling the receptionist from the settings. The page names the line and what could be said on it.

import { ready } from "./phone.js";

const { line, name } = document.getElementById("trial").dataset;
for (const element of document.querySelectorAll("[data-business=name]")) element.textContent = name;
document.getElementById("from-hint").textContent =
  "Leave it empty to call with your number withheld. With your own mobile you get the confirmation text.";
const examples = [...document.querySelectorAll("#trial-examples li")].map((item) => item.textContent);
ready({ at: line, from: "", examples });
