// One program's terminal: what it prints, as text, and a line to type into.
import { PLAIN_TEXT, h, plain, say } from "./dom.js";
import { escapeLine } from "./bytes.js";
import { ending, upTo } from "./ladder.js";

/** Lines and letters that stay on the page; all of it is in what can be saved. */
const LINES = 1000;
/** The same of a terminal as it was. */
const PAST = 200;
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
    this.input = h("input", { ...PLAIN_TEXT, autocapitalize: "off", label: `${side}Input`, enterkeyhint: "send", on: { keydown: (event) => this.key(event) } });
    this.eof = h("button", { say: "endInput", hint: "endInputHint", on: { click: () => this.end() } });
    this.form = h("form", { class: "typing", on: { submit: (event) => { event.preventDefault(); this.submit(); } } },
      this.input, h("button", { type: "submit", say: "send" }), h("span", { class: "acts" }, this.eof, ...buttons));
    this.element = h("section", { class: `terminal card ${side}`, label: side },
      h("header", {}, h("h2", {}, h("span", { say: side }), this.chip), this.command), this.output, send && this.form);
    this.clear();
  }

  clear() {
    Object.assign(this, { log: [], next: 0, most: LINES });
    this.empty();
  }

  empty() {
    this.output.replaceChildren();
    this.lines = [];
    /** The line that each stream goes on with. */
    this.open = {};
    this.dropped = 0;
    this.notice = null;
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
      if (ends) this.open[stream] = null;
    });
  }

  piece(stream, text) {
    const line = (this.open[stream] ??= this.add({ kind: stream === "err" ? "err" : null, text: "", letters: 0 }));
    line.text += text.slice(0, Math.max(0, LETTERS - line.letters));
    line.letters += text.length;
    line.stale = true;
  }

  note(what, kind) {
    this.open = {};
    this.add({ kind, words: what, stale: true });
    this.follows = true;
  }

  add(line) {
    this.lines.push(line);
    return line;
  }

  /** What was typed, without the key that ended the line. */
  typed({ text, eof }) {
    if (text) this.note(plain(escapeLine(text.replace(/\n$/, ""))), "typed");
    if (eof) this.note("typedEnd", "end");
  }

  /** Something has happened to it, the `n`th of all events: it is shown when it is drawn. */
  take(n, event) { this.log.push({ n, event }); }

  /** Begins again, with as much of what was before as is to be seen at this event. */
  again(goal) {
    const { log, most } = this;
    let start = goal;
    while (start > 0 && !(log[start - 1].whole && log[goal - 1].lines - log[start - 1].lines >= most)) start -= 1;
    this.empty();
    for (const { event } of log.slice(0, start)) this.tells(event);
    this.dropped = log[start - 1]?.lines ?? 0;
    this.next = start;
  }

  trim() {
    const gone = this.lines.splice(0, Math.max(0, this.lines.length - this.most));
    for (const { element } of gone) element?.remove();
    this.dropped += gone.length;
  }

  /**
   * Shows what there was after so many events, at once: of ten thousand lines only those that stay
   * become elements. Says whether the end is to be seen: not where the reader has gone back.
   */
  drawn(count = Infinity, isLive = true) {
    const { log, dropped } = this;
    const goal = upTo(log, count, ({ n }) => n);
    const most = isLive ? LINES : PAST;
    const grows = most > this.most;
    this.most = most;
    if (goal < this.next || grows || (goal - this.next > most && log[goal - 1].lines != null)) this.again(goal);
    for (; this.next < goal; this.next += 1) {
      const one = log[this.next];
      this.event(one.event);
      one.lines = this.dropped + this.lines.length;
      one.whole = !this.open.out && !this.open.err;
      if (this.lines.length > 4 * most) this.trim();
    }
    this.trim();
    const fresh = [];
    let changes = this.dropped !== dropped;
    for (const line of this.lines) {
      if (!line.stale) continue;
      const element = lineElement(line);
      if (line.element) line.element.replaceWith(element);
      else fresh.push(element);
      Object.assign(line, { element, stale: false });
      changes = true;
    }
    this.output.append(...fresh);
    if (this.dropped > 0) {
      if (!this.notice) {
        this.notice = h("p", { class: "end" });
        this.output.prepend(this.notice);
      }
      say(this.notice, ["earlierLines", plain(this.dropped)]);
    }
    return changes && this.follows;
  }

  toEnd() { this.output.scrollTop = this.output.scrollHeight; }

  event(event) {
    if (event.kind === "out") this.print(event.stream, event.text);
    else if (event.kind === "typed") this.typed(event);
    else if (event.kind === "error") this.note(plain(event.words), "error");
    else if (event.kind === "printed") {
      if (this.dropped + this.lines.length) this.note(plain(event.who), "end");
      for (const line of event.lines) this.print("out", `${line}\n`);
      if (event.end) this.note(plain(event.end), "end");
    } else if (event.kind === "exit") {
      this.note(ending(event), "end");
    }
    this.tells(event);
  }

  tells(event) {
    if (event.kind === "started") {
      this.command.replaceChildren(...event.command.split(" ").flatMap((word) => [h("span", {}, escapeLine(word)), " "]));
      this.status("runs");
    } else if (event.kind === "listening") this.status("listens");
    else if (event.kind === "exit") this.status(ending(event), event.status === 0 ? "over" : "bad");
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

function lineElement({ kind, words, text, letters }) {
  if (words) return h("p", { class: kind, say: words });
  const line = h("p", { class: kind && text.startsWith("error: ") ? `${kind} error` : kind }, text);
  if (letters > LETTERS) line.append(h("span", { class: "soft", say: ["moreLetters", plain(letters - LETTERS)] }));
  return line;
}
