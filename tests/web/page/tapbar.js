// The switches of the tap: what it does to the bytes that pass, while they pass.
import { h } from "./dom.js";

/** What a switch begins with. */
const FIRST = { split: 1, merge: 200, delay: 300, jitter: 200, corrupt: 20, drop: 50, duplicate: 50, reorder: 50, rate: 20, cut_after: 10 };
/** Settings that have no switch of their own here. */
const PLAIN = new Set(["from", "gap", "replace", "cut_with", "hold"]);

export class TapBar {
  /** `change` gets settings as the server takes them, `cut` how to cut. */
  constructor({ change, cut }) {
    Object.assign(this, { change, cut, switches: new Map() });
    this.element = h("fieldset", { class: "faults" });
  }

  /** The switches for a lesson; `catalog` is the server's list of them. */
  fill(catalog, lesson) {
    this.switches.clear();
    const known = catalog.filter(({ name }) => lesson.tap.includes(name) && !PLAIN.has(name));
    this.element.replaceChildren(h("legend", { class: "unseen", say: "faults" }), ...known.map((setting) => this.oneSwitch(setting)));
    this.from = h("select", { label: "whose", on: { change: () => this.change({ from: this.from.value }) } },
      ...["both", "client", "server"].map((value) => h("option", { value, say: `from_${value}` })));
    this.element.append(this.from);
    this.cuts = [];
    if (lesson.udp) return;
    this.cuts = ["fin", "rst"].map((how) => h("button", { type: "button", say: `cut_${how}`, hint: `cutHint_${how}`, disabled: true, on: { click: () => this.cut(how) } }));
    this.element.append(...this.cuts.map((button) => h("span", { class: "fault act" }, button)));
  }

  oneSwitch({ name, kind, label, unit, min, max }) {
    if (kind && kind !== "number" && kind !== "flag") return null;
    const isFlag = kind === "flag";
    const value = h("input", { type: "number", min: min ?? 0, max, step: "any", value: FIRST[name] ?? 1, label: ["valueOf", label] });
    const button = h("button", { type: "button", role: "switch", "aria-checked": "false", "data-name": name, say: `tap_${name}`, hint: label });
    const element = h("span", { class: "fault" }, button, !isFlag && value, !isFlag && h("span", { class: "unit", say: `unit_${name === "rate" ? "bytes/s" : unit}` }));
    const read = () => (isFlag ? true : Number(value.value));
    const set = (on) => {
      button.setAttribute("aria-checked", String(on));
      element.classList.toggle("on", on);
    };
    const send = (on) => {
      set(on);
      this.change({ [name]: on && (isFlag || (value.checkValidity() && value.value !== "")) ? read() : null });
    };
    button.addEventListener("click", () => send(button.getAttribute("aria-checked") !== "true"));
    value.addEventListener("change", () => { if (button.getAttribute("aria-checked") === "true") send(true); });
    this.switches.set(name, { set, value, read, isOn: () => button.getAttribute("aria-checked") === "true" });
    return element;
  }

  /** As the server says that it is. */
  shows(settings) {
    for (const [name, { set, value }] of this.switches) {
      const now = settings[name];
      const on = now != null && Number(now) > 0;
      set(on);
      if (on && document.activeElement !== value) value.value = String(now);
    }
    if (settings.from && this.from) this.from.value = settings.from;
  }

  /** What is set before there is a session. */
  settings() {
    const all = { from: this.from?.value ?? "both" };
    for (const [name, { read, isOn }] of this.switches) if (isOn()) all[name] = read();
    return all;
  }

  runs(running) { for (const button of this.cuts ?? []) button.disabled = !running; }
}

