// The phone on a page: its button and keys, and what is typed and pressed during a call.

import { Call } from "./call.js";
import { showIdeas } from "./cards.js";
import { canListen } from "./voice.js";

const $ = (id) => document.getElementById(id);
const REMEMBERED = "deskbell.number";
const narrow = matchMedia("(max-width: 720px)");

let line = null; // where to ring, and what could be said

const call = new Call((state) => {
  document.body.dataset.state = state;
  $("talk").hidden = state === "idle";
  $("over").hidden = state !== "over";
  if (state === "calling") {
    $("keypad").hidden = true;
    $("keys").setAttribute("aria-expanded", "false");
    if (narrow.matches) scrollTo(0, 0);
    $("say").focus({ preventScroll: true });
  }
  if (state === "over") {
    if (narrow.matches) scrollTo(0, 0);
    $("again").focus({ preventScroll: true });
  }
  if (state === "idle") document.querySelector(".call-button").focus({ preventScroll: true });
});

// There is a line: `at` is where to ring, `from` the number in the field to begin with.
export function ready({ at, from, examples }) {
  line = { at, examples };
  $("from").value = remembered() ?? from;
  showIdeas(examples, (text) => ring(text));
  $("how").hidden = !canListen;
  document.querySelector(".call-button").disabled = false;
  document.body.dataset.state = "idle";
}

// There is none.
export function shut(title, text) {
  document.body.dataset.state = "shut";
  $("dial").hidden = true;
  $("shut").hidden = false;
  $("shut-title").textContent = title;
  $("shut-text").textContent = text;
}

async function ring(first) {
  $("dial-problem").hidden = true;
  const from = $("from").value.trim();
  remember(from);
  const aloud = new FormData($("dial")).get("how") === "speak";
  try {
    await call.start({ at: line.at, from, aloud, first, tries: first ? [] : line.examples.slice(0, 3) });
  } catch (error) {
    $("dial-problem").textContent = error.message;
    $("dial-problem").hidden = false;
  }
}

function remember(number) {
  try {
    localStorage.setItem(REMEMBERED, number);
  } catch {
    // Private windows may refuse; then it is not remembered.
  }
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

$("dial").addEventListener("submit", (event) => {
  event.preventDefault();
  if (line && call.state !== "calling" && call.state !== "live") ring();
});
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  call.say($("say").value);
  $("say").value = "";
});
$("say").addEventListener("input", () => call.typing());
$("mic").addEventListener("click", () => call.toggleEars());
$("speaker").addEventListener("click", () => call.toggleSpeaker());
$("hangup").addEventListener("click", () => call.hangUp());
$("again").addEventListener("click", () => ring());
$("keys").addEventListener("click", () => {
  $("keypad").hidden = !$("keypad").hidden;
  $("keys").setAttribute("aria-expanded", String(!$("keypad").hidden));
});
$("keypad").addEventListener("click", ({ target }) => {
  if (target.closest("button")) call.key(target.closest("button").textContent);
});
addEventListener("pagehide", () => call.hangUp());
