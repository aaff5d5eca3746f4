// The cards beside the call: the business, what was understood, the booking, the text message.

const $ = (id) => document.getElementById(id);

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "#i-" + name);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export function showBusiness(business) {
  for (const element of document.querySelectorAll("[data-business=name]")) element.textContent = business.name;
  $("open").hidden = false;
  $("open").classList.toggle("closed", !business.open.now);
  $("open").lastElementChild.textContent = business.open.text;
  $("address").hidden = !business.address;
  $("address").textContent = business.address ?? "";
  $("services").replaceChildren(...business.services.map((service) => make("li", "",
    make("b", "", service.name),
    service.price ? make("span", "price", service.price) : null,
    make("small", "", [service.length, service.staff.length ? "with " + either(service.staff) : ""].filter(Boolean).join(", ")))));
  $("hours").replaceChildren(...business.hours.map((day) => {
    const name = make("th", "", day.day);
    name.scope = "row";
    return make("tr", day.today ? "today" : "", name, make("td", "", ...day.hours.map((period) => make("span", "", period))));
  }));
}

const either = (names) => names.length > 1 ? names.slice(0, -1).join(", ") + " or " + names.at(-1) : names[0];

export function showIdeas(examples, choose) {
  $("ideas").hidden = examples.length === 0;
  $("idea-list").replaceChildren(...examples.map((text) => {
    const button = make("button", "", text);
    button.type = "button";
    button.onclick = () => choose(text);
    return make("li", "", button);
  }));
}

export function showTries(texts, choose) {
  $("try").replaceChildren(...texts.map((text) => {
    const button = make("button", "", text);
    button.type = "button";
    button.onclick = () => choose(text);
    return button;
  }));
}

const REACHED = { listening: 1, collecting: 1, holding: 2, confirming: 2, booked: 3, moved: 3, cancelled: 3, message: 3 };
const LAST_STEP = { moved: "Moved", cancelled: "Cancelled", message: "Message taken" };

export const isDone = (card) => REACHED[card?.stage] === 3;

// Once it is done the server starts on a clean sheet; what was done stays readable until something new is understood.
export function showUnderstood(card) {
  for (const row of document.querySelectorAll("#understood [data-field]")) {
    const place = row.querySelector("dd");
    const value = readable(card?.[row.dataset.field]) || (isDone(card) ? place.textContent : "");
    if (place.textContent === value) continue;
    place.textContent = value;
    row.classList.toggle("filled", value !== "");
    row.classList.remove("fresh");
    void row.offsetWidth; // so that the animation starts anew
    if (value) row.classList.add("fresh");
  }
  const reached = REACHED[card?.stage] ?? 0;
  const steps = [...document.querySelectorAll("#stages li")];
  steps.forEach((step, n) => {
    step.classList.toggle("done", n < reached);
    step.classList.toggle("now", n === reached - 1 && reached < 3);
    if (n === reached - 1) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  });
  steps[2].lastElementChild.textContent = LAST_STEP[card?.stage] ?? "Booked";
}

// A number comes as it is spoken, "2 1 2, 5 5 5, 0 1 8 7".
const readable = (text) => (text ?? "").replace(/(\d) (?=\d)/g, "$1").replace(/(\d), (?=\d)/g, "$1 ");

const STATES = { confirmed: "Booked", cancelled: "Cancelled", moved: "Moved", held: "Not confirmed", expired: "Not confirmed" };

let shown = "";

// Drawn anew only when something changed, so that it neither flickers nor is read out twice.
export function showResult(after) {
  const now = JSON.stringify([after.bookings, after.messages]);
  if (now === shown) return;
  $("result").classList.toggle("again", shown !== "");
  shown = now;
  $("result").replaceChildren(...after.bookings.map(ticket), ...after.messages.map(sms));
}

function ticket(booking) {
  const off = booking.status !== "confirmed";
  const fact = (name, value, className) => value ? make("div", className, make("dt", "", name), make("dd", "", value)) : null;
  const heading = make("h3", "", make("span", "", booking.day), booking.time);
  const bottom = make("dl", "ticket-bottom",
    fact("Name", booking.name), fact("Phone", booking.phone), fact("Price", booking.price), fact("Length", booking.length),
    fact("Where", booking.address, "wide"));
  return make("article", off ? "ticket off" : "ticket",
    make("div", "ticket-top",
      make("p", "ticket-state", off ? null : icon("check"), STATES[booking.status] ?? "Booking"),
      heading, make("p", "ticket-what", booking.what)),
    bottom);
}

const DELIVERY = { pending: "On its way", sending: "On its way", sent: "Sent", failed: "Could not be sent" };

function sms(message) {
  const header = make("header", "", make("b", "", "Text message"), make("span", "", "to " + message.to));
  return make("article", "card sms", header, make("p", "", message.body), make("small", "", DELIVERY[message.state] ?? message.state));
}

export function clearResult() {
  shown = "";
  $("result").replaceChildren();
}
