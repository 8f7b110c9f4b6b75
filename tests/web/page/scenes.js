// Pairs that show one thing each, ready to start: what is chosen, and what is typed when.
//
// A step waits for its event and then does something: `type` lines, change the `tap`. On a busy
// machine it comes late, so that a client asks often enough to be there still, and the tap collects
// for longer than a client may rest between two sends: it lets go when that ends its sending.
const connects = ({ kind }) => kind === "connection";
const isLost = ({ kind, path }) => kind === "piece" && path === "lost";
const sends = ({ kind, name }) => kind === "call" && (name === "send" || name === "sendto");

export const SCENES = [
  { name: "sticky", lesson: "tcp-echo", options: { burst: true, messages: "one two three" }, tap: { merge: 1000, from: "client" } },
  { name: "vanish", lesson: "udp-echo", options: { messages: "Michael", retries: 10 }, tap: { drop: 100, from: "client" }, steps: [{ after: isLost, tap: { drop: null } }] },
  { name: "nagle", lesson: "tcp-echo", options: { messages: "one two three four five six" }, tap: { nagle: true, split: 28, gap: 0, from: "server" } },
  { name: "cut", lesson: "tcp-echo", options: { "read-size": 8 }, steps: [{ after: connects, type: ["网络编程"] }] },
  { name: "split", lesson: "tcp-echo", options: {}, tap: { split: 1, from: "client" }, steps: [{ after: connects, type: ["hello"] }] },
  { name: "flip", lesson: "udp-temp", options: { messages: "36.6" }, tap: { corrupt: 100, from: "client" } },
  { name: "length", lesson: "remote-cmd", options: { framing: "prefix", messages: "echo 你好" } },
  { name: "chat", lesson: "tcp-chat", options: {}, steps: [{ after: connects, type: ["你好"] }, { after: sends, typeServer: ["你好!"] }] },
  { name: "http", lesson: "http-fetch", options: {} },
];

/** The scenes that this server can play. */
export function playable({ lessons, tap, experiments }) {
  const faults = new Set(tap.map(({ name }) => name));
  return SCENES.flatMap((scene) => {
    const options = lessons.find(({ name }) => name === scene.lesson)?.options.map(({ name }) => name);
    if (!options || !Object.keys(scene.options).every((name) => options.includes(name))) return [];
    // What the tap cannot show is shown by an experiment.
    if (!Object.keys(scene.tap ?? {}).every((name) => faults.has(name) || name === "from" || name === "gap")) {
      return experiments.some(({ name }) => name === scene.name) ? [{ ...scene, part: `experiments/${scene.name}` }] : [];
    }
    return [scene];
  });
}

/** Does the steps of a scene as its events come. */
export class Script {
  constructor(steps = [], { type, tap }) {
    Object.assign(this, { steps: [...steps], type, tap });
  }

  async take(event) {
    if (!this.steps[0]?.after(event)) return;
    const step = this.steps.shift();
    if (step.tap) await this.tap(step.tap);
    for (const text of step.type ?? []) await this.type("client", text);
    for (const text of step.typeServer ?? []) await this.type("server", text);
  }
}
