// Wires the page: loads the business, and turns clicks and keys into a call.

import { profile } from "./line.js";
import { canListen } from "./voice.js";
import { Call } from "./call.js";
import { showBusiness, showIdeas } from "./cards.js";

const $ = (id) => document.getElementById(id);
const REMEMBERED = "deskbell.number";
const narrow = matchMedia("(max-width: 720px)");

let business = null;

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

async function ring(first) {
  $("dial-problem").hidden = true;
  const from = $("from").value.trim();
  remember(from);
  const aloud = new FormData($("dial")).get("how") === "speak";
  try {
    await call.start({ business: business.id, from, aloud, first, tries: first ? [] : business.examples.slice(0, 3) });
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

function shut(title, text) {
  document.body.dataset.state = "shut";
  $("dial").hidden = true;
  $("shut").hidden = false;
  $("shut-title").textContent = title;
  $("shut-text").textContent = text;
}

$("dial").addEventListener("submit", (event) => {
  event.preventDefault();
  if (business && call.state !== "calling" && call.state !== "live") ring();
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

function fold() {
  $("more").open = !narrow.matches;
}
narrow.addEventListener("change", fold);
fold();

try {
  const answer = await profile(new URLSearchParams(location.search).get("business"));
  business = answer.business;
  if (business) {
    showBusiness(business);
    document.title = business.name + ", answered by Deskbell";
    $("from").value = remembered() ?? answer.caller;
  }
  if (answer.closed) {
    shut(answer.closed.title, answer.closed.text);
  } else {
    showIdeas(business.examples, (text) => ring(text));
    $("how").hidden = !canListen;
    document.querySelector(".call-button").disabled = false;
    document.body.dataset.state = "idle";
  }
} catch (error) {
  shut("Nobody picks up", error.message);
}
