// The ladder on the page. However long it is, only the rows that can be seen are elements.
import { h, interval, plain, say } from "./dom.js";
import { asLine, escapeLine, hex } from "./bytes.js";
import { Details } from "./details.js";

const PLACE = { l: "client", m: "tap", r: "server" };
/** Rows beyond the edges, so that a quick hand finds them drawn. Each costs a jump time. */
const BEYOND = 4;
/** How much of a message stands on its arrow. */
const LABEL = 72;

export class Wire {
  /** `head` stands above the ladder, `foot` below. */
  constructor({ head, foot }) {
    this.rows = new Map();
    this.here = -1;
    this.follows = true;
    this.all = h("div", { class: "all" });
    this.hint = h("p", { class: "empty", say: "nothingYet" });
    this.scroller = h("div", { class: "scroller", tabindex: 0, role: "listbox", label: "ladder", on: {
      scroll: () => this.scrolled(), keydown: (event) => this.key(event), click: (event) => this.clicked(event),
    } }, this.hint, this.all);
    this.chips = { l: h("span", { class: "chip" }), r: h("span", { class: "chip" }) };
    this.middle = h("span", { class: "m", say: "tap" });
    this.ends = h("div", { class: "ends" },
      h("span", { class: "l" }, this.name("l"), this.chips.l), this.middle, h("span", { class: "r" }, this.chips.r, this.name("r")));
    this.details = new Details(() => this.scroller.focus());
    this.number = h("small", { "aria-live": "off" });
    this.element = h("section", { class: "wire card", label: "wire" },
      h("header", {}, h("h2", {}, h("span", { say: "wire" }), this.number), head), this.ends, this.scroller, this.details.element, foot);
    this.watch = new ResizeObserver(() => this.resized());
    this.watch.observe(this.scroller);
  }

  name(side) {
    const element = h("span", { say: PLACE[side] });
    (this.names ??= {})[side] = element;
    return element;
  }

  /** Another ladder, which is drawn when it has its rows. */
  show(ladder) {
    Object.assign(this, { ladder, count: Infinity, total: 0 });
    this.rewind();
    this.all.replaceChildren();
    this.rows.clear();
  }

  /** Something else is shown than before: its end. */
  rewind() {
    this.here = -1;
    this.follows = true;
    this.details.close();
  }

  resized() {
    this.view = this.scroller.clientHeight;
    const style = getComputedStyle(this.scroller);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const height = Math.round(parseFloat(style.getPropertyValue("--row")) * rem);
    if (!(height > 0)) return undefined;
    if (height === this.height) return this.render();
    this.height = height;
    this.details.element.style.setProperty("--row", `${height}px`);
    this.all.replaceChildren();
    this.rows.clear();
    this.draw(this.count);
  }

  /** Shows what there was after so many events. All is written first, so that it is laid out once. */
  draw(count, live = false) {
    const { ladder, scroller } = this;
    this.count = count;
    // A page behind another one is told of no size.
    if (!this.height && scroller.isConnected) return void this.resized();
    if (!ladder || !this.height) return;
    const total = this.total = ladder.total(count);
    this.hint.hidden = total > 0;
    this.all.style.height = `${total * this.height}px`;
    const states = ladder.statesAt(count);
    for (const side of ["l", "r"]) say(this.chips[side], plain(states[side]));
    say(this.number, total ? ["rowsOf", plain(total)] : plain(""));
    this.render(this.follows ? Math.max(0, total * this.height - this.view) : scroller.scrollTop, live);
    if (this.follows) scroller.scrollTop = total * this.height;
  }

  /** Only rows that are not as they were become other elements. */
  render(top = this.scroller.scrollTop, live = false) {
    const { ladder, height, total } = this;
    if (!ladder || !height) return;
    const first = Math.max(0, Math.floor(top / height) - BEYOND);
    const last = Math.min(total, Math.ceil((top + this.view) / height) + BEYOND);
    for (const [n, { element }] of this.rows) {
      if (n >= first && n < last) continue;
      element.remove();
      this.rows.delete(n);
    }
    let before = null;
    for (let n = last - 1; n >= first; n -= 1) {
      const row = ladder.row(n, this.count);
      let drawn = this.rows.get(n);
      if (drawn?.row !== row) {
        const element = this.rowElement(row, live && !drawn);
        if (drawn) drawn.element.replaceWith(element);
        else this.all.insertBefore(element, before);
        this.rows.set(n, drawn = { row, element });
      }
      before = drawn.element;
    }
    this.mark();
  }

  rowElement(row, fresh) {
    const opens = row.bytes != null || row.calls?.length > 0;
    const kinds = [row.kind, row.from && `from-${row.from} to-${row.to} dir-${row.dir}`, row.place && `at-${row.place}`, isHalf(row) && `half-${[row.from, row.to].includes("l") ? "l" : "r"}`];
    const flags = { opens, sign: row.sign, lost: row.lost, copy: row.copy, altered: row.altered && !row.lost, failed: row.failed, took: row.taking, new: fresh,
      waits: row.kind === "arrow" && row.bytes != null && !row.took && row.to !== "m", long: row.kind === "wait" && row.gap < 1e6 };
    const names = Object.keys(flags).filter((name) => flags[name]);
    const time = row.kind === "wait" ? "" : row.n === 0 ? "0" : `+${interval(row.gap)}`;
    const element = h("div", { class: ["row", ...kinds, ...names].filter(Boolean).join(" "), role: "option", id: `row-${row.n}`, "data-n": row.n, "aria-selected": "false", label: spoken(row) },
      h("span", { class: "time" }, time), h("span", { class: "state l" }, row.states.l ?? ""),
      h("span", { class: "lane" }, h("span", { class: "label" }, h("span", {}, ...label(row))), isHalf(row) && row.tag && h("span", { class: "aside" }, tagOf(row)), row.kind === "arrow" && h("span", { class: "shaft" })),
      h("span", { class: "state r" }, row.states.r ?? ""));
    element.style.top = `${row.n * this.height}px`;
    return element;
  }

  scrolled() {
    const { scroller } = this;
    this.follows = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - this.height / 2;
    this.frame ??= requestAnimationFrame(() => { this.frame = undefined; this.render(); });
  }

  clicked({ target }) {
    const n = Number(target.closest(".row")?.dataset.n ?? -1);
    if (n < 0) return;
    this.here = n;
    this.mark();
    this.open();
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.height) - 1);
    const last = this.total - 1;
    const from = this.here < 0 ? last + 1 : this.here;
    const moves = { ArrowDown: this.here < 0 ? last : from + 1, ArrowUp: from - 1, PageDown: from + page, PageUp: from - page, Home: 0, End: last };
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in moves) {
      this.go(Math.min(last, Math.max(0, moves[event.key])));
      if (!this.details.element.hidden) this.open();
    } else if (event.key === "Enter" || event.key === " ") this.open();
    else if (event.key === "Escape") this.details.close();
    else return;
    event.preventDefault();
  }

  go(n) {
    if (n < 0 || !this.total) return;
    this.here = n;
    const { scroller, height } = this;
    const top = n * height;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + height > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + height - scroller.clientHeight;
    this.render();
  }

  mark() {
    for (const [n, { element }] of this.rows) {
      element.classList.toggle("here", n === this.here);
      element.setAttribute("aria-selected", n === this.here);
    }
    const here = this.rows.get(this.here)?.element;
    if (!here) return this.scroller.removeAttribute("aria-activedescendant");
    here.setAttribute("aria-posinset", this.here + 1);
    here.setAttribute("aria-setsize", this.total);
    this.scroller.setAttribute("aria-activedescendant", here.id);
  }

  open() {
    const row = this.here >= 0 && this.here < this.total ? this.ladder.row(this.here, this.count) : null;
    if (row && (row.bytes != null || row.calls?.length)) this.details.show(row);
    else this.details.close();
  }

  close() { this.watch.disconnect(); }
}

/** What stands on an arrow or beside a line. */
function label(row) {
  if (row.kind === "wait") return [h("span", { say: ["waitsFor", plain(interval(row.gap))] })];
  const parts = [];
  if (row.names) parts.push(h("b", {}, row.names.join(", ")));
  else if (row.words) parts.push(h("b", { say: escaped(row.words) }));
  if (row.bytes != null) {
    const name = row.sending || row.taking ? `${row.name} ` : "";
    parts.push(h("b", { say: [row.bytes === 1 ? "oneByteOn" : "bytesOn", plain(name), plain(row.bytes)] }), quoted(row));
  }
  if (row.tag && !isHalf(row)) parts.push(tagOf(row));
  return parts;
}

const tagOf = (row) => h("i", { class: "tag", say: row.tag });

/** An arrow to or from the tap leaves the other half of its row free. */
const isHalf = (row) => row.kind === "arrow" && (row.from === "m" || row.to === "m");

/** Words of the server's may carry what a peer sent. */
function escaped(what) {
  if (Array.isArray(what)) return what.map(escaped);
  if (typeof what !== "object") return what;
  return { en: escapeLine(what.en), zh: escapeLine(what.zh) };
}

/** The beginning of a message; a length that stands in front of it as the number it is. */
function quoted(row) {
  const data = row.data ?? new Uint8Array();
  if (!data.length) return "";
  const length = /^L*/.exec(row.marks ?? "")[0].length;
  const payload = asLine(data.subarray(length, length + LABEL), LABEL);
  const more = data.length - length > LABEL || row.more ? "…" : "";
  const number = length > 0 && h("span", { class: "length" }, Array.from(data.subarray(0, length), hex).join(" "));
  if (data.length === length && number) return h("q", {}, number);
  return h("q", {}, number || "", number ? " " : "", h("span", number ? { class: "payload" } : {}, `"${payload}${payload.endsWith("…") ? "" : more}"`));
}

function spoken(row) {
  if (row.kind === "wait") return ["waitsFor", plain(interval(row.gap))];
  const what = row.bytes != null ? ["saidBytes", plain(row.bytes), plain(asLine((row.data ?? new Uint8Array()).subarray(0, 40), 40))]
    : row.names ? plain(row.names.join(", ")) : row.words ?? plain("");
  const states = ["l", "r"].filter((side) => row.states[side]).map((side) => `${row.states[side]}`).join(", ");
  const end = plain(`${states ? `; ${states}` : ""}${row.n ? `; +${interval(row.gap)}` : ""}`);
  if (row.kind === "arrow") return ["spokenArrow", PLACE[row.from], PLACE[row.to], what, row.tag ?? plain(""), end];
  if (row.kind === "at") return ["spokenAt", PLACE[row.place], plain(row.bytes != null ? `${row.name} ` : ""), what, row.tag ?? plain(""), end];
  return what;
}

