// A conversation as rows: events in, rows out; nothing here knows how a row looks.
//
// A row has `t` (microseconds), `gap` (since the row before), `kind`: "arrow" (`from`, `to`: l m
// r), "at" (`place`), "wait", "note"; `lost`, `took` (a recv has what it brought), and what can be
// told when it is opened. What it was after each event stays: a replay looks it up.
import { plain } from "./dom.js";
import { fromBase64 } from "./bytes.js";

/** From here on, nothing happening is something to see. */
export const WAIT = 10_000;
/** A send and the arrow of it, or an arrow and the recv of it, are one row within that time. */
const TOGETHER = 8_000;
/** So long after a connect an accept belongs to the same row, and an end to its call. */
const ACCEPTED = 100_000;
const ENDED = 50_000;

const SIDE = { client: "l", tap: "m", server: "r", left: "l", middle: "m", right: "r" };
const named = (call, words) => ["lessonOption", plain(call), words];
const other = (side) => (side === "l" ? "r" : "l");
const SENDS = new Set(["send", "sendto"]);
const ENDS = new Set(["shutdown", "close"]);
const RECEIVES = new Set(["recv", "recvfrom"]);
/** Of so many calls that one arrow is received by it is told, and of so many pieces where they went. */
const TAKEN = 13;
const INSIDE = 64;

export class Ladder {
  constructor() {
    this.rows = [];
    this.states = { l: "", r: "" };
    this.calls = new Map();
    this.arrows = new Map();
    this.sends = new Map();
    this.opened = new Set();
    /** What has come to the tap, by connection and sender, and has not left it. */
    this.entered = new Map();
    /** Which sends have brought which bytes to it. */
    this.brought = new Map();
    this.opening = null;
    this.accepted = null;
    this.ends = {};
    this.uncalled = {};
    this.udp = false;
    this.last = null;
    /** How many events have come, and what the last one has changed. */
    this.count = 0;
    this.touched = new Set();
    this.past = [[0, this.states]];
  }

  touch(row) { this.touched.add(row); return row; }

  /** How many rows there were after so many events. */
  total(count) { return upTo(this.rows, count, (row) => row.past[0][0]); }

  /** A row as it was then. */
  row(n, count) { return then(this.rows[n].past, count); }

  statesAt(count) { return then(this.past, count); }

  state(place, name) { this.states = { ...this.states, [place]: name }; }

  add(row) {
    const gap = this.last == null ? 0 : Math.max(0, row.t - this.last);
    if (gap >= WAIT) this.push({ kind: "wait", t: row.t, gap, states: {} });
    this.last = Math.max(row.t, this.last ?? 0);
    return this.push({ states: {}, gap, ...row });
  }

  push(row) {
    row.n = this.rows.length;
    this.rows.push(row);
    return this.touch(row);
  }

  /** Takes an event of a pair or a step of a tour's scene. */
  event(event) {
    this.count += 1;
    this[`on_${event.kind}`]?.(event);
    for (const row of this.touched) (row.past ??= []).push([this.count, { ...row, past: null }]);
    this.touched.clear();
    if (this.past.at(-1)[1] !== this.states) this.past.push([this.count, this.states]);
  }

  on_begin({ udp }) { this.udp = Boolean(udp); }

  on_call(event) {
    const place = SIDE[event.side];
    // Where in a stream its bytes are; of datagrams the server counts whole ones.
    const call = { ...event, range: this.udp ? null : event.range, data: event.data == null ? null : fromBase64(event.data) };
    this.calls.set(call.id, call);
    const row = this.rowOf(call, place);
    if (!row) return;
    if (call.state) {
      row.states = { ...row.states, [place]: call.state };
      this.state(place, call.state);
    }
    this.touch(row);
  }

  rowOf(call, place) {
    const about = { t: call.t, kind: "at", place, conn: call.conn };
    if (call.error) return this.add({ ...about, failed: true, words: named(call.name, plain(call.error)), calls: [call] });
    if (SENDS.has(call.name) && call.bytes != null) {
      const row = this.add({ ...about, sending: true, bytes: call.bytes, data: call.data, more: call.more, marks: call.marks, name: call.name, sent: [call] });
      this.sends.set(call.id, row);
      return row;
    }
    if (RECEIVES.has(call.name) && call.bytes != null) return this.received(call, about);
    if (call.name === "connect" && !this.udp) {
      const { accepted } = this;
      this.accepted = null;
      // The server's call may have returned before the client's.
      if (accepted && call.t - accepted.t < ACCEPTED) {
        const { calls } = accepted;
        return Object.assign(accepted, { kind: "arrow", place: null, names: null, from: "l", to: "r", dir: "right", sign: true, words: "connectAccept", calls: [call, ...calls] });
      }
      this.opening = this.add({ t: call.t, kind: "arrow", from: "l", to: "r", dir: "right", sign: true, words: "connect", calls: [call] });
      return this.opening;
    }
    if (call.name === "accept" && this.opening) {
      const row = this.opening;
      this.opening = null;
      if (call.t - row.t < ACCEPTED) {
        row.words = "connectAccept";
        row.calls = [...row.calls, call];
        return row;
      }
    } else if (call.name === "accept") {
      this.accepted = this.add({ ...about, names: [call.name], calls: [call] });
      return this.accepted;
    }
    const end = this.uncalled[place];
    if (end && ENDS.has(call.name) && call.t - end.t < ENDED) {
      delete this.uncalled[place];
      end.calls = [call];
      end.words = named(call.name, end.words);
      return end;
    }
    const last = this.rows.at(-1);
    if (last?.kind === "at" && last.names && last.place === place && call.t - last.t < WAIT) {
      return Object.assign(last, { names: [...last.names, call.name], calls: [...last.calls, call] });
    }
    return this.add({ ...about, names: [call.name], calls: [call] });
  }

  /** A recv that has just what one arrow brought is told by that arrow. */
  received(call, about) {
    if (call.bytes === 0 && !this.udp) {
      const end = this.ends[about.place];
      if (end && !end.took) {
        end.took = true;
        end.taken = [call];
        return end;
      }
      return this.add({ ...about, words: ["callEnd", plain(call.name)], calls: [call] });
    }
    const arrows = (call.pieces ?? []).map((id) => this.arrows.get(id)).filter(Boolean);
    for (const arrow of arrows) {
      if (arrow.taken?.length >= TAKEN) continue;
      arrow.took = true;
      arrow.taken = [...(arrow.taken ?? []), call];
      this.touch(arrow);
    }
    const [one] = arrows;
    if (arrows.length === 1 && one.bytes === call.bytes && call.t - one.t < TOGETHER + (one.travel ?? 0)) return one;
    const sends = new Set(arrows.flatMap((arrow) => (arrow.sent ?? []).map(({ id }) => id))).size;
    const of = Math.max(arrows.length, sends);
    const tag = of > 1 ? ["inOneRecv", plain(of)] : one && call.bytes < one.bytes ? ["ofBytes", plain(one.bytes)] : null;
    return this.add({ ...about, taking: true, name: call.name, bytes: call.bytes, data: call.data, more: call.more, marks: call.marks, taken: [call], brought: arrows.length, tag });
  }

  on_piece(piece) {
    const from = SIDE[piece.from];
    const whole = piece.path === "whole";
    const lost = piece.path === "lost";
    const sent = (piece.sent_by ?? []).map((id) => this.calls.get(id)).filter(Boolean);
    const about = {
      kind: "arrow", conn: piece.conn, bytes: piece.bytes, data: fromBase64(piece.data), more: piece.more, marks: piece.marks, sent, lost,
      from: piece.path === "out" ? "m" : from, to: whole || piece.path === "out" ? other(from) : "m", dir: from === "l" ? "right" : "left",
      copy: piece.fate === "doubled", altered: false, fate: piece.fate, remark: piece.remark, range: piece.in ?? piece.out, words: null,
    };
    this.compare(piece, about);
    if (piece.path === "out" && !this.udp) about.sent = this.senders(piece);
    about.tag = tagOf(about);
    const row = this.fromSend(piece, sent, about) ?? this.add({ t: piece.t, ...about });
    if (!lost && about.to !== "m") this.arrows.set(piece.id, row);
    this.touch(row);
  }

  /** The sends whose bytes leave the tap with this piece: those of all that had brought them. */
  senders(piece) {
    const [begin, end] = piece.out ?? [0, 0];
    const brought = (this.brought.get(`${piece.conn} ${piece.from}`) ?? []).filter(({ range: [from, to] }) => from < end && begin < to);
    return [...new Set(brought.flatMap(({ sent }) => sent))];
  }

  /** Finds the bytes that are not as the sender gave them. */
  compare(piece, row) {
    const key = `${piece.conn} ${piece.from}`;
    if (piece.path === "in") {
      keep(this.entered, key, row);
      if (piece.in) keep(this.brought, key, { range: piece.in, sent: row.sent });
    }
    if (piece.path !== "out" || piece.fate === "doubled") return;
    const waiting = this.entered.get(key) ?? [];
    const at = waiting.findIndex(({ bytes }) => bytes === piece.bytes);
    if (at < 0) {
      row.altered = piece.fate === "changed";
      return;
    }
    const [{ data }] = waiting.splice(at, 1);
    const wrong = [...row.data.keys()].filter((nth) => row.data[nth] !== data[nth]);
    if (wrong.length) Object.assign(row, { altered: true, wrong, was: data });
  }

  /** The arrow of one send, and of all of it, takes the row in which that stands. */
  fromSend(piece, sent, about) {
    const row = sent.length === 1 ? this.sends.get(sent[0].id) : null;
    if (!row?.sending || piece.path === "out" || row.bytes !== piece.bytes || piece.t - row.t > TOGETHER) return null;
    const { t, gap, n, states } = row;
    Object.assign(row, about, { t, gap, n, states, place: null, sending: false, travel: piece.t - t });
    return row;
  }

  on_sign(sign) {
    const opens = !this.opened.has(sign.conn);
    this.opened.add(sign.conn);
    const lost = Boolean(sign.lost) || sign.path === "lost";
    // The client's call has told it already.
    if (opens && !lost && this.rows.some((row) => row.kind === "arrow" && row.words === "connect" || row.words === "connectAccept")) return;
    const from = SIDE[sign.from] ?? "m";
    const goal = from === "m" ? SIDE[sign.to] ?? "r" : other(from);
    const start = sign.path === "out" ? "m" : from;
    const to = sign.path === "in" || lost ? "m" : goal;
    const about = { t: sign.t, kind: "arrow", from: start, to: start === to ? goal : to, dir: goal === "r" ? "right" : "left", lost, sign: true };
    let row = start === from ? this.fromCall(sign, from, about) : null;
    if (!row) {
      row = this.add({ ...about, words: plain(sign.words) });
      // Its call may be told a moment later.
      if (start === from && !opens) this.uncalled[from] = row;
    }
    // An end is waited for by a recv of no bytes.
    if (!opens && to === goal) this.ends[goal] = row;
  }

  /** The arrow of a call that sends no bytes, shutdown or close, takes the row in which that stands. */
  fromCall(sign, place, about) {
    for (let n = this.rows.length - 1; n >= 0 && sign.t - this.rows[n].t < ENDED; n -= 1) {
      const row = this.rows[n];
      const name = row.names?.at(-1);
      if (row.place !== place || !ENDS.has(name) || (row.calls.at(-1).conn ?? sign.conn) !== sign.conn) continue;
      const words = named(name, plain(sign.words));
      if (row.names.length === 1) {
        Object.assign(row, about, { t: row.t, place: null, names: null, words });
        return this.touch(row);
      }
      const call = row.calls.at(-1);
      this.touch(Object.assign(row, { names: row.names.slice(0, -1), calls: row.calls.slice(0, -1) }));
      return this.add({ ...about, words, calls: [call] });
    }
    return null;
  }

  on_at(at) { this.add({ t: at.t, kind: "at", place: SIDE[at.place], words: plain(at.words) }); }

  on_note(note) { this.add({ t: note.t, kind: "note", words: plain(note.words) }); }

  on_exit(exit) {
    const place = SIDE[exit.side];
    this.state(place, "");
    this.add({ t: exit.t, kind: "at", place, words: ending(exit), ended: true, failed: exit.status !== 0 });
  }

  /** An end that is none of the programs' stays to be read. */
  on_end({ t, reason }) {
    if (reason !== "over" && reason !== "stopped") this.add({ t, kind: "note", words: `end_${reason}`, failed: true });
  }

  on_step(step) {
    const about = { t: step.at, states: {} };
    const words = step.words == null ? null : plain(step.words);
    if (step.what === "arrow") {
      const [from, to] = [SIDE[step.from], SIDE[step.to]];
      const right = "lmr".indexOf(from) < "lmr".indexOf(to);
      Object.assign(about, { kind: "arrow", from, to, dir: right ? "right" : "left", lost: step.fate === "lost", words, took: true });
    } else if (step.what === "at") {
      Object.assign(about, { kind: "at", place: SIDE[step.place], words });
    } else {
      Object.assign(about, { kind: "note", words });
    }
    for (const [side, state] of [["l", step.left], ["r", step.right]]) {
      if (!state) continue;
      about.states[side] = state;
      this.state(side, state);
    }
    this.add(about);
  }
}

/** How a program has ended. */
export const ending = ({ signal, status }) => (signal == null ? ["exitsWith", plain(status)] : ["isKilledBy", plain(signal)]);

/** How many of these, which are in order, come until then. */
export function upTo(list, count, of) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(list[middle]) <= count) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last of what was there until then. */
const then = (past, count) => past[upTo(past, count, ([at]) => at) - 1][1];

function keep(map, key, one) {
  const list = map.get(key) ?? [];
  list.push(one);
  if (list.length > INSIDE) list.shift();
  map.set(key, list);
}

function tagOf(row) {
  if (row.lost) return "vanishes";
  if (row.copy) return "copyTag";
  if (row.altered) return "changedTag";
  if (row.fate === "overtaken") return "overtakenTag";
  // Who sees it arrive is to see that: what the tap still holds may be parted again.
  if (row.sent.length > 1 && row.to !== "m") return ["sendsInOne", plain(row.sent.length)];
  return null;
}
