// What has happened, again: from the beginning, step by step, faster or slower than it was.
import { h, plain, say } from "./dom.js";

const SPEEDS = [["1/100", 0.01], ["1/10", 0.1], ["1/4", 0.25], ["1", 1], ["4", 4]];
/** No wait is longer than that, in milliseconds. */
const LONGEST = 4000;

export class Replay {
  constructor(stage, extra) {
    this.stage = stage;
    this.isLive = true;
    const button = (what, click, props = {}) => h("button", { say: what, ...props, on: { click } });
    this.play = button("replay", () => this.toggle(), { "data-key": "r" });
    this.forward = button("stepOn", () => this.step(), { hint: "stepOnHint" });
    this.toLive = button("live", () => this.live(), { hidden: true });
    this.speed = h("select", { label: "speed" }, ...SPEEDS.map(([text, factor]) => h("option", { value: factor, say: ["times", plain(text)] })));
    this.speed.value = "0.1";
    this.place = h("input", { type: "range", min: 0, max: 0, value: 0, label: "place", on: { input: () => this.seek(Number(this.place.value)) } });
    this.count = h("span", { class: "count" });
    this.element = h("div", { class: "transport" }, ...extra, this.play, this.forward, this.speed, this.place, this.count, this.toLive);
    this.drawn();
  }

  /** From the beginning if all has been shown; else on, or a rest. */
  toggle() {
    if (this.timer) return this.rest();
    if (this.isLive || this.stage.shown >= this.stage.log.length) this.begin();
    this.isLive = false;
    this.next();
    this.drawn();
  }

  begin() {
    this.stage.shown = 0;
    this.stage.wire.rewind();
    this.isLive = false;
  }

  rest() {
    clearTimeout(this.timer);
    this.timer = undefined;
    // Who has caught up sees what happens now.
    if (this.isLive || this.stage.shown < this.stage.log.length) return void this.drawn();
    this.isLive = true;
    this.stage.draw(false);
  }

  /** Shows what comes next, and all that came with it, and waits for what follows. */
  next() {
    const { stage } = this;
    const now = stage.log[stage.shown];
    if (!now) return this.rest();
    const at = time(now);
    while (stage.log[stage.shown] && time(stage.log[stage.shown]) <= at) stage.shown += 1;
    stage.draw();
    const then = stage.log[stage.shown];
    if (!then) return this.rest();
    const wait = Math.min(LONGEST, (time(then) - at) / 1000 / Number(this.speed.value));
    this.timer = setTimeout(() => this.next(), wait);
  }

  /** One row further, from the beginning where all has been shown. */
  step() {
    this.rest();
    if (this.isLive || this.stage.shown >= this.stage.log.length) this.begin();
    const { ladder, log, shown } = this.stage;
    this.stage.shown = ladder.rows[ladder.total(shown)]?.past[0][0] ?? log.length;
    this.isLive = this.stage.shown >= this.stage.log.length;
    this.stage.draw();
  }

  seek(count) {
    this.rest();
    if (count < this.stage.shown) this.stage.wire.rewind();
    this.stage.shown = count;
    this.isLive = count >= this.stage.log.length;
    this.stage.draw(false);
  }

  live() {
    this.rest();
    this.isLive = true;
    this.stage.shown = this.stage.log.length;
    this.stage.draw(false);
  }

  stop() { clearTimeout(this.timer); }

  drawn() {
    const { shown = 0, log = [] } = this.stage;
    const [total, runs] = [log.length, this.timer !== undefined];
    this.place.max = total;
    this.place.value = shown;
    for (const control of [this.play, this.forward, this.place]) control.disabled = total === 0;
    say(this.play, runs ? "rest" : this.isLive || shown >= total ? "replay" : "goOn");
    this.toLive.hidden = this.isLive;
    say(this.count, this.isLive ? plain("") : ["shownOf", plain(shown), plain(total)]);
  }
}

const time = (event) => event.at ?? event.t ?? 0;
