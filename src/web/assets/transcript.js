// What has been said, as bubbles. Deskbell's words arrive in pieces and are shown word by word.

const WORD_MS = 38; // how long a word takes to appear when nothing is spoken aloud
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Transcript {
  #list;
  #announcer;
  #thinking = null;
  #partial = null;

  constructor(list, announcer) {
    this.#list = list;
    this.#announcer = announcer;
  }

  clear() {
    this.#list.replaceChildren();
    this.#announcer.replaceChildren();
    this.#thinking = this.#partial = null;
  }

  caller(text) {
    this.#partial?.remove();
    this.#partial = null;
    this.#bubble("caller", "You: ").append(text);
    this.#follow(true);
  }

  // What the microphone believes so far.
  partial(text) {
    if (!this.#partial) {
      this.#partial = this.#bubble("caller", "You: ");
      this.#partial.classList.add("partial");
      this.#partial.append(document.createElement("span"));
    }
    this.#partial.lastChild.textContent = text;
    this.#follow(true);
  }

  event(text) {
    this.#bubble("event", "").append(text);
    this.announce(text);
    this.#follow(true);
  }

  thinking(yes) {
    this.#thinking?.remove();
    this.#thinking = null;
    if (!yes) return;
    this.#thinking = document.createElement("li");
    this.#thinking.className = "agent thinking";
    this.#thinking.setAttribute("aria-hidden", "true");
    this.#thinking.append(...[1, 2, 3].map(() => document.createElement("i")));
    this.#list.append(this.#thinking);
    this.#follow();
  }

  // Begins something Deskbell says. With a speaker, the words stand there at once and the voice follows.
  saying(speaker, changed) {
    this.thinking(false);
    return new Saying(this.#bubble("agent", "Deskbell: "), speaker, changed, () => this.#follow(), (text) => this.announce(text));
  }

  toEnd() {
    this.#follow(true);
  }

  announce(text) {
    const line = document.createElement("p");
    line.textContent = text;
    this.#announcer.append(line);
    while (this.#announcer.childElementCount > 12) this.#announcer.firstChild.remove();
  }

  #bubble(kind, who) {
    const item = document.createElement("li");
    item.className = kind;
    if (who) {
      const label = document.createElement("span");
      label.className = "hidden";
      label.textContent = who;
      item.append(label);
    }
    this.#list.insertBefore(item, this.#partial ?? null);
    return item;
  }

  // Keeps the newest words in sight, unless the reader has scrolled back.
  #follow(always = false) {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    if (always || scrollHeight - scrollTop - clientHeight < 120) this.#list.scrollTop = scrollHeight;
  }
}

class Saying {
  #words = document.createElement("span");
  #bubble;
  #speaker;
  #changed;
  #follow;
  #announce;
  #full = "";
  #shown = 0;
  #complete = false;
  #cut = false;
  #timer = 0;
  #began = performance.now();

  constructor(bubble, speaker, changed, follow, announce) {
    this.#bubble = bubble;
    this.#speaker = speaker;
    this.#changed = changed;
    this.#follow = follow;
    this.#announce = announce;
    bubble.append(this.#words);
    speaker?.begin();
  }

  add(token, last) {
    if (this.#cut) return;
    this.#full += token;
    this.#complete ||= last;
    this.#speaker?.add(token, last);
    if (this.#speaker || calm.matches) this.#show(this.#full.length);
    else this.#step();
    if (last && !this.#speaker) this.#announce(this.#full);
    this.#changed();
  }

  // Everything has been said and shown, or it was cut off.
  get over() {
    return this.#cut || (this.#complete && this.#shown === this.#full.length && !this.#speaker?.speaking);
  }

  // No more words will come for it.
  get closed() {
    return this.#cut || this.#complete;
  }

  get milliseconds() {
    return performance.now() - this.#began;
  }

  // The caller talks over it. Answers with what was heard; the rest is struck out.
  cutOff() {
    const heard = this.#speaker ? this.#speaker.heard : this.#full.slice(0, this.#shown);
    this.#cut = true;
    clearTimeout(this.#timer);
    this.#speaker?.stop();
    const rest = document.createElement("span");
    rest.className = "unheard";
    rest.textContent = this.#full.slice(heard.length);
    this.#words.textContent = heard;
    if (rest.textContent) this.#bubble.append(rest);
    this.#bubble.classList.add("cut");
    return heard.trimEnd();
  }

  // Shows the whole of it now.
  finish() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#cut) this.#show(this.#full.length);
    this.#changed();
  }

  #step() {
    if (this.#timer) return;
    const tick = () => {
      this.#timer = 0;
      if (this.#shown === this.#full.length) return;
      const next = /^\s*\S+\s*/.exec(this.#full.slice(this.#shown));
      this.#show(this.#shown + (next ? next[0].length : this.#full.length - this.#shown));
      this.#timer = setTimeout(tick, WORD_MS);
      if (this.#shown === this.#full.length) this.#changed();
    };
    tick();
  }

  #show(length) {
    this.#shown = length;
    this.#words.textContent = this.#full.slice(0, length);
    this.#follow();
  }
}
