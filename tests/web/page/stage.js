// The two terminals and the wire between them. What has happened can be shown again, at any speed.
import { h } from "./dom.js";
import { Ladder } from "./ladder.js";
import { Replay } from "./replay.js";
import { Terminal } from "./terminal.js";
import { Wire } from "./wire.js";

export class Stage {
  /** `type(side, {text}|{eof})` where something can be typed; `head` stands above the ladder. */
  constructor({ type, head, buttons = {}, extra = [] } = {}) {
    this.log = [];
    const terminal = (side) => new Terminal(side, type ? { send: (what) => type(side, what), buttons: buttons[side] } : {});
    this.sides = { client: terminal("client"), server: terminal("server") };
    this.replay = new Replay(this, extra);
    this.wire = new Wire({ head, foot: this.replay.element });
    this.element = h("div", { class: "stage" }, this.sides.client.element, this.wire.element, this.sides.server.element);
    this.clear();
  }

  clear() {
    this.ladder = new Ladder();
    for (const side of Object.values(this.sides)) side.clear();
    this.shown = 0;
    this.wire.show(this.ladder);
  }

  /** Forgets what has happened. */
  reset() {
    this.replay.live();
    this.log = [];
    this.clear();
    this.draw(false);
  }

  /** Something has happened: it is shown unless what was before is being shown again. */
  take(event) {
    this.log.push(event);
    if (this.replay.isLive) this.showNext();
  }

  /** Shows the next event; says whether the ladder is another one now. */
  showNext() {
    const event = this.log[this.shown];
    if (!event) return false;
    this.shown += 1;
    this.ladder.event(event);
    if (event.kind === "listening" && event.side === "server") this.sides.server.status("listens");
    this.sides[event.side]?.event(event);
    return this.ladder.changed < Infinity;
  }

  draw(fresh = true) {
    // All that is written first, so that it is laid out once.
    const follow = Object.values(this.sides).filter((side) => side.drawn());
    this.wire.draw(fresh);
    for (const side of follow) side.toEnd();
    this.replay.drawn();
  }

  close() {
    this.replay.stop();
    this.wire.close();
  }
}
