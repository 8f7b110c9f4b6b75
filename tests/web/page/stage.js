// The two terminals and the wire between them. What has happened can be shown again, at any speed.
import { h } from "./dom.js";
import { Ladder } from "./ladder.js";
import { Replay } from "./replay.js";
import { Terminal } from "./terminal.js";
import { Wire } from "./wire.js";

export class Stage {
  /** `type(side, {text}|{eof})` where something can be typed; `head` stands above the ladder. */
  constructor({ type, head, buttons = {}, extra = [] } = {}) {
    const terminal = (side) => new Terminal(side, type ? { send: (what) => type(side, what), buttons: buttons[side] } : {});
    this.sides = { client: terminal("client"), server: terminal("server") };
    this.replay = new Replay(this, extra);
    this.wire = new Wire({ head, foot: this.replay.element });
    this.element = h("div", { class: "stage" }, this.sides.client.element, this.wire.element, this.sides.server.element);
    this.clear();
  }

  /** Forgets what has happened. */
  clear() {
    this.log = [];
    this.shown = 0;
    this.ladder = new Ladder();
    for (const side of Object.values(this.sides)) side.clear();
    this.wire.show(this.ladder);
  }

  reset() {
    this.replay.live();
    this.clear();
    this.draw(false);
  }

  /** Something has happened: it is shown unless what was before is being shown again. */
  take(event) {
    const n = this.log.push(event);
    this.ladder.event(event);
    // Whoever could not be started has no side.
    this.sides[event.kind === "error" ? "server" : event.side]?.take(n, event);
    if (this.replay.isLive) this.shown = n;
  }

  /** Shows what there was after so many events. */
  draw(fresh = true) {
    const { shown, replay, wire } = this;
    const follow = Object.values(this.sides).filter((side) => side.drawn(shown, replay.isLive));
    wire.draw(shown, fresh);
    for (const side of follow) side.toEnd();
    replay.drawn();
  }

  close() {
    this.replay.stop();
    this.wire.close();
  }
}
