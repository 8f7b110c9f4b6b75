// The switches of the tap: what it does to the bytes that pass, while they pass.
import { PLAIN_TEXT, h } from "./dom.js";

/** What a switch begins with. */
const FIRST = { split: 1, merge: 200, delay: 300, jitter: 200, corrupt: 20, drop: 50, duplicate: 50, reorder: 50, rate: 20, cut_after: 10 };
/** Settings that have no switch of their own here, or stand within that of another. */
const PLAIN = new Set(["from", "gap", "cut_with", "hold"]);
const WITHIN = { split: "gap", cut_after: "cut_with" };

export class TapBar {
  /** `change` gets settings as the server takes them, `cut` how to cut. */
  constructor({ change, cut }) {
    Object.assign(this, { change, cut, switches: new Map(), now: {}, asking: 0 });
    this.element = h("fieldset", { class: "faults", disabled: true });
  }

  /** The switches for a lesson; `catalog` is the server's list of them. */
  fill(catalog, lesson) {
    this.switches.clear();
    this.now = {};
    const known = catalog.filter(({ name }) => lesson.tap.includes(name) && !PLAIN.has(name));
    const within = ({ name }) => catalog.find((other) => other.name === WITHIN[name]);
    this.element.replaceChildren(h("legend", { class: "unseen", say: "faults" }),
      ...known.map((setting) => (setting.kind === "pairs" ? this.replacement(setting) : this.oneSwitch(setting, within(setting)))));
    this.from = h("select", { label: "whose", on: { change: () => this.ask({ from: this.from.value }) } },
      ...["both", "client", "server"].map((value) => h("option", { value, say: `from_${value}` })));
    this.element.append(this.from);
    if (lesson.udp) return;
    const cut = (how) => h("button", { say: `cut_${how}`, hint: `cutHint_${how}`, on: { click: () => this.cut(how) } });
    this.element.append(...["fin", "rst"].map((how) => h("span", { class: "fault act" }, cut(how))));
  }

  /** Asks for other settings. What is refused is shown as it was. */
  async ask(settings) {
    this.asking += 1;
    const done = await this.change(settings);
    this.asking -= 1;
    if (done === undefined) this.shows(this.now);
  }

  /** A switch shows what the server says; `wants` is what was clicked last, however quickly. */
  toggle(name, label, send) {
    const button = h("button", { role: "switch", "aria-checked": "false", "data-name": name, say: `tap_${name}`, hint: label });
    const element = h("span", { class: "fault" }, button);
    const one = { element, wants: false, isOn: () => button.getAttribute("aria-checked") === "true" };
    one.set = (on) => {
      if (!this.asking) one.wants = on;
      button.setAttribute("aria-checked", on);
      element.classList.toggle("on", on);
    };
    button.addEventListener("click", () => {
      one.wants = !one.wants;
      send(one.wants);
    });
    this.switches.set(name, one);
    return one;
  }

  oneSwitch({ name, kind, label, unit, min, max, step, default: first }, within) {
    const isFlag = kind === "flag";
    const value = h("input", { type: "number", min: min ?? 0, max, step: step ?? "any", value: FIRST[name], label: ["valueOf", label] });
    const read = () => (isFlag ? true : Number(value.value));
    const one = this.toggle(name, label, (on) => {
      if (!isFlag && (value.value === "" || !value.checkValidity())) value.value = FIRST[name];
      const also = on && within ? { [within.name]: this.switches.get(within.name).read() } : {};
      this.ask({ [name]: on ? read() : null, ...also });
    });
    if (!isFlag) {
      one.element.append(value, h("span", { class: "unit", say: `unit_${name === "rate" ? "bytes/s" : unit}` }));
      value.addEventListener("change", () => { if (one.isOn() && fits(value)) this.ask({ [name]: read() }); });
    }
    if (within) one.element.append(...this.within(within, one));
    one.read = read;
    one.shows = (now) => {
      const on = now != null && (first == null || Number(now) > 0);
      one.set(on);
      if (on && !isFlag && document.activeElement !== value) value.value = now;
    };
    return one.element;
  }

  /** What belongs to a switch and is no switch: how long between the pieces, how to cut. */
  within({ name, kind, label, unit, min, max, step, values, default: first }, { isOn }) {
    const input = kind === "number" ? h("input", { type: "number", min, max, step: step ?? "any", value: first, label })
      : h("select", { label, hint: label }, ...values.map((value) => h("option", { value }, value.toUpperCase())));
    const read = () => (kind === "number" ? Number(input.value) : input.value);
    input.addEventListener("change", () => { if (isOn() && fits(input)) this.ask({ [name]: read() }); });
    const shows = (now) => { if (document.activeElement !== input) input.value = now ?? first; };
    // Where its switch stands, so does it: with nothing to split, a gap is none.
    this.switches.set(name, { shows, read, isOn: () => isOn() && input.value !== "" });
    return [kind === "number" && h("span", { class: "unit", say: "everyWord" }), input, unit && h("span", { class: "unit", say: `unit_${unit}` })].filter(Boolean);
  }

  /** One text in the place of another. */
  replacement({ name, label }) {
    const text = (what) => h("input", { ...PLAIN_TEXT, label: what, maxlength: 80 });
    const [from, to] = [text("replaceFrom"), text("replaceTo")];
    const read = () => (from.value === "" ? [] : [[from.value, to.value]]);
    // On without a text to look for it waits for one.
    const one = this.toggle(name, label, (on) => {
      if (from.value !== "") this.ask({ [name]: on ? read() : null });
      else {
        one.set(on);
        if (on) from.focus();
      }
    });
    one.element.append(from, h("span", { class: "unit", "aria-hidden": "true" }, "→"), to);
    for (const input of [from, to]) input.addEventListener("change", () => { if (one.isOn()) this.ask({ [name]: read() }); });
    one.read = read;
    one.shows = (now) => {
      const [pair] = now ?? [];
      const waits = !pair && one.isOn() && from.value === "";
      if (!waits) one.set(Boolean(pair));
      if (!pair || one.element.contains(document.activeElement)) return;
      [from.value, to.value] = pair;
    };
    return one.element;
  }

  /** As the server says that it is. */
  shows(settings) {
    this.now = settings;
    for (const [name, { shows }] of this.switches) shows(settings[name]);
    if (settings.from) this.from.value = settings.from;
  }

  /** What is set before there is a session. */
  settings() {
    const all = { from: this.from.value };
    for (const [name, { read, isOn }] of this.switches) if (isOn()) all[name] = read();
    return all;
  }

  runs(running) { this.element.disabled = !running; }
}

/** Whether it can be sent; else the browser says what is wrong with it. */
function fits(input) { return input.value !== "" ? input.reportValidity() : false; }
