// The browser's own voice and ears, where it has them.

const Recognition = globalThis.SpeechRecognition || globalThis.webkitSpeechRecognition;
export const canSpeak = "speechSynthesis" in globalThis;
export const canListen = Boolean(Recognition);

// Speaks sentence by sentence as they come, and knows how far it got.
export class Speaker {
  on = false;
  language = "en-US";
  #spoken = ""; // of this utterance, what has been heard to the end
  #current = null; // the sentence being spoken: {text, at}
  #queue = [];
  #buffer = "";
  onchange = () => {};

  get speaking() {
    return this.#current !== null || this.#queue.length > 0;
  }

  // What the caller has heard of the utterance.
  get heard() {
    return this.#spoken + (this.#current ? this.#current.text.slice(0, this.#current.at) : "");
  }

  // What is being said just now, to tell an echo from a caller.
  get saying() {
    return this.#current?.text ?? "";
  }

  begin() {
    this.#spoken = "";
    this.#buffer = "";
  }

  add(token, last) {
    this.#buffer += token;
    for (;;) {
      const end = /[.!?…]["’”]?\s+/.exec(this.#buffer);
      if (!end) break;
      const cut = end.index + end[0].length;
      this.#enqueue(this.#buffer.slice(0, cut));
      this.#buffer = this.#buffer.slice(cut);
    }
    if (last) {
      this.#enqueue(this.#buffer);
      this.#buffer = "";
    }
  }

  stop() {
    this.#queue = [];
    this.#buffer = "";
    this.#current = null;
    if (canSpeak) speechSynthesis.cancel();
    this.onchange();
  }

  #enqueue(text) {
    if (!text.trim()) return;
    this.#queue.push(text);
    if (!this.#current) this.#next();
  }

  #next() {
    const text = this.#queue.shift();
    if (text === undefined) {
      this.#current = null;
      return this.onchange();
    }
    const current = { text, at: 0 };
    this.#current = current;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = this.language;
    utterance.onboundary = (event) => (current.at = event.charIndex);
    const done = () => {
      if (this.#current !== current) return;
      this.#spoken += text;
      this.#next();
    };
    utterance.onend = done;
    utterance.onerror = done;
    speechSynthesis.speak(utterance);
    this.onchange();
  }
}

const GUESSES = 5;

// Listens all the time while it is on. `on` has partial(text), final(text, others), refused(message); `others` is what
// else it may have been, best first.
export class Ears {
  #on;
  #recognition = null;
  #wanted = false;

  constructor(on) {
    this.#on = on;
  }

  get listening() {
    return this.#wanted;
  }

  start(language) {
    if (this.#wanted || !canListen) return;
    this.#wanted = true;
    const recognition = new Recognition();
    recognition.lang = language;
    recognition.continuous = true;
    recognition.interimResults = true;
    recognition.maxAlternatives = GUESSES;
    recognition.onresult = (event) => {
      let partial = "";
      for (let n = event.resultIndex; n < event.results.length; n++) {
        const [best, ...others] = Array.from(event.results[n], ({ transcript }) => transcript);
        if (event.results[n].isFinal) this.#on.final(best.trim(), others);
        else partial += best;
      }
      if (partial.trim()) this.#on.partial(partial.trim());
    };
    recognition.onerror = ({ error }) => {
      if (error !== "not-allowed" && error !== "service-not-allowed" && error !== "audio-capture") return;
      this.stop();
      this.#on.refused(error === "audio-capture" ? "No microphone was found. You can type instead." : "The microphone is switched off for this page. You can type instead.");
    };
    // Browsers stop listening after a silence; the call goes on.
    recognition.onend = () => {
      if (this.#wanted && this.#recognition === recognition) setTimeout(() => this.#wanted && recognition.start(), 250);
    };
    this.#recognition = recognition;
    recognition.start();
  }

  stop() {
    this.#wanted = false;
    this.#recognition?.abort();
    this.#recognition = null;
  }
}

// Whether what the microphone caught is only our own loudspeaker: most of its words are being spoken right now.
export function isEcho(caught, saying) {
  const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const ours = new Set(words(saying));
  const theirs = words(caught);
  return theirs.length > 0 && theirs.filter((word) => ours.has(word)).length / theirs.length > 0.6;
}
