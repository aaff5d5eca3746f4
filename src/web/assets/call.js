// One call from the ring to the ticket: what the caller does goes out on the line, what comes back is shown and spoken.

import { Line, LineError } from "./line.js";
import { Ears, Speaker, canListen, canSpeak, isEcho } from "./voice.js";
import { Transcript } from "./transcript.js";
import { clearResult, isDone, showResult, showTries, showUnderstood } from "./cards.js";

const $ = (id) => document.getElementById(id);
const AFTER_TRIES = 8; // the text message goes out a moment after the booking

export class Call {
  #line;
  #transcript = new Transcript($("transcript"), $("announcer"));
  #speaker = new Speaker();
  #ears;
  #saying = null;
  #ending = null; // what the server said when it ended the call, until its last words are out
  #waiting = []; // said before the line was up
  #began = 0;
  #clock = 0;
  #state = "idle";
  #asked = 0; // only the last to ask what came of it shows it
  #onState;

  constructor(onState) {
    this.#onState = onState;
    this.#speaker.onchange = () => this.#settle();
    this.#ears = new Ears({
      partial: (text) => this.#heardPartial(text),
      final: (text, others) => this.#heardFinal(text, others),
      refused: (message) => {
        this.#transcript.event(message);
        this.#showSwitches();
      },
    });
  }

  get state() {
    return this.#state;
  }

  async start({ at, from, aloud, first, tries }) {
    this.#set("calling");
    this.#transcript.clear();
    this.#asked++;
    clearResult();
    showUnderstood(null);
    showTries(tries, (text) => this.say(text));
    this.#ending = this.#saying = null;
    this.#waiting = first ? [first] : [];
    this.#speaker.on = aloud && canSpeak;
    $("status").textContent = "Ringing…";
    $("timer").textContent = "00:00";
    this.#line = new Line({
      connected: (resumed) => this.#connected(resumed),
      text: (token, last) => this.#text(token, last),
      understood: (card) => {
        showUnderstood(card);
        if (isDone(card)) this.#after(this.#line);
      },
      ended: (handoff) => {
        this.#ending = handoff;
        this.#settle();
      },
      dropped: () => {
        this.#transcript.event("The line dropped. Picking it up again…");
        $("status").textContent = "Reconnecting…";
      },
      lost: (message) => this.#over(message),
    });
    try {
      const ringing = await this.#line.ring(at, from);
      this.#speaker.language = ringing.language;
      this.#greeting = ringing.greeting;
      if (aloud) this.#ears.start(ringing.language);
      this.#showSwitches();
    } catch (error) {
      this.#set("idle");
      throw error instanceof LineError ? error : new LineError("That did not work. Please try again.", 0);
    }
  }

  #greeting = "";

  say(text, others = []) {
    text = text.trim();
    if (!text || (this.#state !== "live" && this.#state !== "calling")) return;
    if (!this.#line.live) return void this.#waiting.push(text);
    this.#talkOver();
    this.#transcript.caller(text);
    this.#line.say(text, others);
    this.#transcript.thinking(true);
    showTries([], () => {});
  }

  // Somebody typing while the voice talks wants to be heard, as on the phone. Without the voice there is nothing to stop.
  typing() {
    if (this.#speaker.speaking) this.#talkOver();
  }

  key(digit) {
    if (!this.#line?.live) return;
    this.#talkOver();
    this.#transcript.event("Pressed " + digit);
    this.#line.key(digit);
  }

  hangUp() {
    if (this.#state !== "live" && this.#state !== "calling") return;
    this.#line.hangUp();
    this.#over("You hung up.");
  }

  toggleEars() {
    if (this.#ears.listening) this.#ears.stop();
    else this.#ears.start(this.#speaker.language);
    this.#showSwitches();
  }

  toggleSpeaker() {
    this.#speaker.on = !this.#speaker.on;
    if (!this.#speaker.on) this.#speaker.stop();
    this.#showSwitches();
  }

  #connected(resumed) {
    if (!resumed) {
      this.#began = performance.now();
      this.#clock = setInterval(() => this.#tick(), 500);
      this.#set("live");
      if (this.#greeting) this.#text(this.#greeting, true);
    }
    this.#status();
    for (const text of this.#waiting.splice(0)) this.say(text);
  }

  #text(token, last) {
    if (this.#saying === null || this.#saying.closed) {
      if (!token && last) return;
      this.#saying?.finish();
      this.#saying = this.#transcript.saying(this.#speaker.on ? this.#speaker : null, () => this.#settle());
    }
    this.#saying.add(token, last);
  }

  #talkOver() {
    if (this.#saying === null || this.#saying.over) return;
    const { milliseconds } = this.#saying;
    this.#line.interrupt(this.#saying.cutOff(), milliseconds);
  }

  #heardPartial(text) {
    if (this.#speaker.speaking && isEcho(text, this.#speaker.saying)) return;
    this.#talkOver();
    this.#transcript.partial(text);
    document.body.dataset.talking = "caller";
  }

  #heardFinal(text, others) {
    if (!text || (this.#speaker.speaking && isEcho(text, this.#speaker.saying))) return;
    this.say(text, others);
  }

  // Something was shown, spoken or stopped: says who is talking, and hangs up after the last words.
  #settle() {
    if (this.#state !== "live") return;
    const talking = this.#saying !== null && !this.#saying.over;
    if (talking) document.body.dataset.talking = "agent";
    else delete document.body.dataset.talking;
    this.#status(talking);
    if (this.#ending && !talking) this.#over("Deskbell hung up.");
  }

  #status(talking = false) {
    $("status").textContent = talking ? "Speaking" : this.#ears.listening ? "Listening" : "On the line";
  }

  #tick() {
    const seconds = Math.floor((performance.now() - this.#began) / 1000);
    const two = (n) => String(n).padStart(2, "0");
    $("timer").textContent = two(Math.floor(seconds / 60)) + ":" + two(seconds % 60);
  }

  #over(message) {
    const rang = this.#state === "live";
    this.#set("over"); // first, since stopping the voice asks whether the call is settled
    clearInterval(this.#clock);
    this.#ears.stop();
    this.#speaker.stop();
    this.#transcript.thinking(false);
    delete document.body.dataset.talking;
    $("status").textContent = "Call ended";
    $("over-text").textContent = message;
    $("record").hidden = !this.#line.record;
    $("record").firstElementChild.href = this.#line.record;
    this.#transcript.announce(message);
    this.#transcript.toEnd();
    if (rang) this.#after(this.#line);
  }

  // Asks what came of it until every message has gone out, for a few seconds.
  async #after(line) {
    const asked = ++this.#asked;
    for (let n = 0; n < AFTER_TRIES; n++) {
      const after = await line.after().catch(() => null);
      if (asked !== this.#asked || line !== this.#line) return;
      if (after && (after.bookings.length || after.messages.length)) {
        showResult(after);
        if (after.messages.every(({ state }) => state === "sent" || state === "failed")) return;
      }
      await new Promise((done) => setTimeout(done, 400 + 300 * n));
    }
  }

  #showSwitches() {
    $("mic").hidden = !canListen;
    $("speaker").hidden = !canSpeak;
    $("mic").setAttribute("aria-pressed", String(this.#ears.listening));
    $("speaker").setAttribute("aria-pressed", String(this.#speaker.on));
  }

  #set(state) {
    this.#state = state;
    this.#onState(state);
  }
}
