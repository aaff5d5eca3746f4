// The line: the ConversationRelay messages that a telephone company would send, over a WebSocket of our own.
// When the connection breaks the call is still there, so it asks for another connection and goes on.

const WAITS = [300, 1000, 2000, 4000, 8000]; // milliseconds before each new attempt

const hex = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((b) => b.toString(16).padStart(2, "0")).join("");

export class LineError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function ask(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(8000),
    });
  } catch {
    throw new LineError("The server cannot be reached. Is it still running?", 0);
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new LineError(content.detail || content.title || "That did not work. Please try again.", answer.status);
  return content;
}

export const profile = (business) => ask("/talk/business" + (business ? "?business=" + encodeURIComponent(business) : ""));

export const talkTo = (business) => "/talk/" + encodeURIComponent(business);

// `on` has connected(resumed), text(token, last), understood(card), ended(handoff), dropped(), lost(message).
export class Line {
  #on;
  #call;
  #socket = null;
  #session = "";
  #attempt = 0;
  #over = false;
  #retry = 0;

  constructor(on) {
    this.#on = on;
  }

  // Rings at a path. Answers with the greeting and the language once there is a call.
  async ring(at, from) {
    this.#call = await ask(at, from ? { from } : {});
    if (!this.#over) this.#open(false);
    return this.#call;
  }

  // `alternatives` is what else it may have been, best first; of somebody who types there are none.
  say(text, alternatives = []) {
    const prompt = { type: "prompt", voicePrompt: text, lang: this.#call.language, last: true };
    this.#send(alternatives.length ? { ...prompt, alternatives } : prompt);
  }

  interrupt(heard, milliseconds) {
    this.#send({ type: "interrupt", utteranceUntilInterrupt: heard, durationUntilInterruptMs: Math.round(milliseconds) });
  }

  key(digit) {
    this.#send({ type: "dtmf", digit });
  }

  hangUp() {
    this.#over = true;
    clearTimeout(this.#retry);
    this.#socket?.close(1000);
  }

  // What came of the call: the booking and the messages that went out.
  after() {
    return ask(this.#call.after);
  }

  // Where its transcript is, for somebody who may read it.
  get record() {
    return this.#call?.record ?? "";
  }

  get live() {
    return this.#socket?.readyState === WebSocket.OPEN && !this.#over;
  }

  #send(message) {
    if (this.live) this.#socket.send(JSON.stringify(message));
  }

  #open(resumed) {
    const socket = new WebSocket(this.#call.socket);
    this.#socket = socket;
    this.#session = "VX" + hex(16);
    socket.onopen = () => {
      this.#attempt = 0;
      this.#send({
        type: "setup", sessionId: this.#session, callSid: this.#call.call, from: this.#call.from, to: "",
        direction: "inbound", callType: "WEB", callStatus: "RINGING", customParameters: {},
      });
      this.#on.connected(resumed);
    };
    socket.onmessage = (event) => this.#read(event.data);
    socket.onclose = () => {
      if (this.#over || socket !== this.#socket) return;
      this.#on.dropped();
      this.#again();
    };
  }

  #read(data) {
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (message.type === "text") this.#on.text(message.token ?? "", message.last === true);
    if (message.type === "understood") this.#on.understood(message.understood ?? message);
    if (message.type === "end") {
      this.#over = true;
      this.#on.ended(parse(message.handoffData));
    }
  }

  #again() {
    if (this.#attempt >= WAITS.length) return this.#lost("The line broke and could not be picked up again.");
    this.#retry = setTimeout(async () => {
      try {
        this.#call = await ask(this.#call.again, { token: this.#call.token, session: this.#session });
        if (!this.#over) this.#open(true);
      } catch (error) {
        if (this.#over) return;
        // 404 and 410: the call is over for good. Anything else may pass.
        if (error.status === 404 || error.status === 410) return this.#lost("The call is over.");
        this.#again();
      }
    }, WAITS[this.#attempt++]);
  }

  #lost(message) {
    this.#over = true;
    this.#on.lost(message);
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
