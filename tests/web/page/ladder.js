// A conversation as rows: events in, rows out; nothing here knows how a row looks.
//
// A row has `t` (microseconds), `gap` (since the row before), `kind`: "arrow" (`from`, `to`: l m
// r), "at" (`place`), "wait", "note"; `lost`, `took` (a recv has what it brought), and what can be
// told when it is opened.
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
    /** The first row that is not drawn as it is now. */
    this.changed = 0;
  }

  touch(row) { this.changed = Math.min(this.changed, row.n); return row; }

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

  /** Takes an event of a pair or a step of a tour's scene; says whether that made a difference. */
  event(event) {
    const take = this[`on_${event.kind}`];
    if (!take) return false;
    take.call(this, event);
    return true;
  }

  on_begin({ udp }) { this.udp = Boolean(udp); }

  on_call(event) {
    const place = SIDE[event.side];
    const call = { ...event, data: event.data == null ? null : fromBase64(event.data) };
    this.calls.set(call.id, call);
    const row = this.rowOf(call, place);
    if (!row) return;
    if (call.state) {
      row.states = { ...row.states, [place]: call.state };
      this.states[place] = call.state;
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
        row.calls.push(call);
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
      last.names.push(call.name);
      last.calls.push(call);
      return last;
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
      arrow.took = true;
      (arrow.taken ??= []).push(call);
      this.touch(arrow);
    }
    const [one] = arrows;
    if (arrows.length === 1 && one.bytes === call.bytes && call.t - one.t < TOGETHER + (one.travel ?? 0)) return one;
    const sends = new Set(arrows.flatMap((arrow) => (arrow.sent ?? []).map(({ id }) => id))).size;
    const of = Math.max(arrows.length, sends);
    const tag = of > 1 ? ["inOneRecv", plain(String(of))] : one && call.bytes < one.bytes ? ["ofBytes", plain(String(one.bytes))] : null;
    return this.add({ ...about, taking: true, name: call.name, bytes: call.bytes, data: call.data, more: call.more, marks: call.marks, taken: [call], brought: arrows, tag });
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
      this.entered.set(key, [...(this.entered.get(key) ?? []), row].slice(-64));
      if (piece.in) this.brought.set(key, [...(this.brought.get(key) ?? []), { range: piece.in, sent: row.sent }].slice(-64));
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
      const call = row.calls.pop();
      row.names.pop();
      this.touch(row);
      return this.add({ ...about, words, calls: [call] });
    }
    return null;
  }

  on_at(at) { this.add({ t: at.t, kind: "at", place: SIDE[at.place], words: plain(at.words) }); }

  on_note(note) { this.add({ t: note.t, kind: "note", words: plain(note.words) }); }

  on_exit(exit) {
    const place = SIDE[exit.side];
    this.states[place] = "";
    const words = exit.signal == null ? ["exitsWith", plain(String(exit.status))] : ["isKilledBy", plain(String(exit.signal))];
    this.add({ t: exit.t, kind: "at", place, words, ended: true, failed: exit.status !== 0 });
  }

  /** An end that is none of the programs' stays to be read. */
  on_end({ t, reason }) {
    if (reason !== "over" && reason !== "stopped") this.add({ t, kind: "note", words: `end_${reason}`, failed: true });
  }

  /** A step of a scene of the tour. */
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
      if (state) this.states[side] = about.states[side] = state;
    }
    this.add(about);
  }
}

function tagOf(row) {
  if (row.lost) return "vanishes";
  if (row.copy) return "copyTag";
  if (row.altered) return "changedTag";
  if (row.fate === "overtaken") return "overtakenTag";
  // Who sees it arrive is to see that: what the tap still holds may be parted again.
  if (row.sent.length > 1 && row.to !== "m") return ["sendsInOne", plain(String(row.sent.length))];
  return null;
}
