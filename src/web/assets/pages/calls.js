// A live call as it happens. Without script the page is loaded again every few seconds.

const call = document.querySelector("[data-events]");
const lines = document.getElementById("lines");

// One element out of markup that the server has escaped.
function element(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content.firstElementChild;
}

function atTheEnd() {
  return innerHeight + scrollY >= document.documentElement.scrollHeight - 160;
}

function said({ data }) {
  const line = element(data);
  if (!line) return;
  document.getElementById("nothing-yet").hidden = true;
  const before = document.getElementById(line.id);
  if (before) {
    const open = before.querySelector("details")?.open;
    const turn = line.querySelector("details");
    if (turn && open) turn.open = true;
    return before.replaceWith(line);
  }
  const follow = atTheEnd();
  lines.append(line);
  if (follow) line.scrollIntoView({ block: "end", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

function follow() {
  const events = new EventSource(call.dataset.events);
  events.addEventListener("line", said);
  for (const part of ["card", "status"]) {
    events.addEventListener(part, ({ data }) => {
      document.getElementById(part).innerHTML = data;
    });
  }
  events.addEventListener("over", () => {
    events.close();
    document.getElementById("step-in-card")?.remove();
  });
  events.addEventListener("error", () => {
    // A browser gives up after an answer that is no stream: signed out, or too many pages that watch.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
  });
  addEventListener("pagehide", () => events.close());
}

if (call && lines) follow();
