// One program's terminal: what it prints, as text, and a line to type into.
import { h, plain, say } from "./dom.js";
import { escapeLine } from "./bytes.js";

/** Lines and letters that stay on the page; all of it is in what can be saved. */
const LINES = 1000;
const LETTERS = 2000;

export class Terminal {
  /** `send` takes what is typed, `{text}` or `{eof}`; `buttons` are what else can be done. */
  constructor(side, { send, buttons = [] } = {}) {
    this.side = side;
    this.send = send;
    this.past = [];
    this.chip = h("span", { class: "chip" });
    this.command = h("span", { class: "command" });
    this.output = h("div", { class: "output", role: "log", "aria-live": "polite", tabindex: 0, label: `${side}Output`, on: {
      scroll: () => { this.follows = this.output.scrollTop + this.output.clientHeight >= this.output.scrollHeight - 8; },
    } });
    this.input = h("input", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", label: `${side}Input`, enterkeyhint: "send", on: { keydown: (event) => this.key(event) } });
    this.eof = h("button", { type: "button", say: "endInput", hint: "endInputHint", on: { click: () => this.end() } });
    this.form = h("form", { class: "typing", on: { submit: (event) => { event.preventDefault(); this.submit(); } } },
      this.input, h("button", { type: "submit", say: "send" }), h("span", { class: "acts" }, this.eof, ...buttons));
    this.element = h("section", { class: `terminal card ${side}`, label: side },
      h("header", {}, h("h2", {}, h("span", { say: side }), this.chip), this.command), this.output, send && this.form);
    this.clear();
  }

  clear() {
    this.output.replaceChildren();
    this.lines = { out: null, err: null };
    this.dropped = 0;
    this.follows = true;
    this.status(null);
  }

  status(what, kind = "") {
    this.chip.className = `chip ${kind}`;
    say(this.chip, what ?? plain(""));
  }

  /** Whether a program reads what is typed now; `ever`: whether one may. */
  reads(can, ever = true) {
    for (const element of [this.input, this.input.nextElementSibling, this.eof]) element.hidden = !ever;
    for (const element of this.form.elements) if (!element.hasAttribute("data-always")) element.disabled = !can;
    say(this.input, can ? "typeHere" : "readsNothing", "placeholder");
  }

  print(stream, text) {
    const pieces = text.split("\n");
    pieces.forEach((piece, nth) => {
      const ends = nth < pieces.length - 1;
      if (piece !== "" || ends) this.piece(stream, piece.split("\t").map(escapeLine).join("\t"));
      if (ends) this.lines[stream] = null;
    });
    this.trim();
  }

  /** Shows the end, unless the reader has gone back. Once for many lines: it costs a layout. */
  drawn() {
    if (this.follows) this.output.scrollTop = this.output.scrollHeight;
  }

  piece(stream, text) {
    let line = this.lines[stream];
    if (!line) {
      line = h("p", stream === "err" ? { class: "err" } : {});
      line.letters = 0;
      this.output.append(line);
      this.lines[stream] = line;
    }
    const room = LETTERS - line.letters;
    line.letters += text.length;
    if (room > 0) line.append(text.slice(0, room));
    else if (!line.rest) {
      line.rest = h("span", { class: "soft" });
      line.append(line.rest);
    }
    if (line.rest) say(line.rest, ["moreLetters", plain(String(line.letters - LETTERS))]);
    if (stream === "err" && line.textContent.startsWith("error: ")) line.classList.add("error");
  }

  note(what, kind) {
    this.lines = { out: null, err: null };
    this.output.append(h("p", { class: kind, say: what }));
    this.trim();
    this.follows = true;
  }

  trim() {
    const extra = this.output.childElementCount - LINES;
    if (extra < 1) return;
    for (let n = 0; n < extra; n += 1) (this.notice ? this.notice.nextElementSibling : this.output.firstElementChild).remove();
    this.dropped += extra;
    if (!this.notice?.isConnected) {
      this.notice = h("p", { class: "end" });
      this.output.prepend(this.notice);
    }
    say(this.notice, ["earlierLines", plain(String(this.dropped))]);
  }

  event(event) {
    if (event.kind === "out") this.print(event.stream, event.text);
    else if (event.kind === "typed") this.note(event.eof ? "typedEnd" : plain(escapeLine(event.text)), event.eof ? "end" : "typed");
    else if (event.kind === "started") {
      this.command.replaceChildren(...event.command.split(" ").flatMap((word) => [h("span", {}, escapeLine(word)), " "]));
      this.status("runs");
    } else if (event.kind === "exit") {
      const words = event.signal == null ? ["exitsWith", plain(String(event.status))] : ["isKilledBy", plain(String(event.signal))];
      this.note(words, "end");
      this.status(words, event.status === 0 ? "over" : "bad");
    }
  }

  key(event) {
    if (event.key === "d" && event.ctrlKey && this.input.value === "") {
      event.preventDefault();
      this.end();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const to = (this.at ?? this.past.length) + (event.key === "ArrowUp" ? -1 : 1);
      if (to < 0 || to > this.past.length) return;
      event.preventDefault();
      this.at = to;
      this.input.value = this.past[to] ?? "";
    }
  }

  submit() {
    const text = this.input.value;
    if (text && this.past.at(-1) !== text) this.past.push(text);
    this.at = undefined;
    this.input.value = "";
    this.send({ text });
  }

  end() { this.send({ eof: true }); }
}
