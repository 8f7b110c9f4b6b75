// The switches of the tap: what it does to the bytes that pass, while they pass.
import { h } from "./dom.js";

/** What a switch begins with. */
const FIRST = { split: 1, merge: 200, delay: 300, jitter: 200, corrupt: 20, drop: 50, duplicate: 50, reorder: 50, rate: 20, cut_after: 10 };
/** Settings that have no switch of their own here, or stand within that of another. */
const PLAIN = new Set(["from", "gap", "cut_with", "hold"]);
const WITHIN = { split: "gap", cut_after: "cut_with" };

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
    const within = ({ name }) => catalog.find((other) => other.name === WITHIN[name]);
    this.element.replaceChildren(h("legend", { class: "unseen", say: "faults" }),
      ...known.map((setting) => (setting.kind === "pairs" ? this.replacement(setting) : this.oneSwitch(setting, within(setting)))));
    this.from = h("select", { label: "whose", on: { change: () => this.change({ from: this.from.value }) } },
      ...["both", "client", "server"].map((value) => h("option", { value, say: `from_${value}` })));
    this.element.append(this.from);
    this.cuts = [];
    if (lesson.udp) return;
    this.cuts = ["fin", "rst"].map((how) => h("button", { type: "button", say: `cut_${how}`, hint: `cutHint_${how}`, disabled: true, on: { click: () => this.cut(how) } }));
    this.element.append(...this.cuts.map((button) => h("span", { class: "fault act" }, button)));
  }

  oneSwitch({ name, kind, label, unit, min, max }, within) {
    const isFlag = kind === "flag";
    const value = h("input", { type: "number", min: min ?? 0, max, step: "any", value: FIRST[name] ?? 1, label: ["valueOf", label] });
    const button = h("button", { type: "button", role: "switch", "aria-checked": "false", "data-name": name, say: `tap_${name}`, hint: label });
    const more = within ? this.within(within, () => button.getAttribute("aria-checked") === "true") : [];
    const element = h("span", { class: "fault" }, button, !isFlag && value, !isFlag && h("span", { class: "unit", say: `unit_${name === "rate" ? "bytes/s" : unit}` }), more);
    const read = () => (isFlag ? true : Number(value.value));
    const set = (on) => {
      button.setAttribute("aria-checked", String(on));
      element.classList.toggle("on", on);
    };
    const send = (on) => {
      set(on);
      const fits = isFlag || (value.checkValidity() && value.value !== "");
      const also = on && fits && within ? { [within.name]: this.switches.get(within.name).read() } : {};
      this.change({ [name]: on && fits ? read() : null, ...also });
    };
    button.addEventListener("click", () => send(button.getAttribute("aria-checked") !== "true"));
    value.addEventListener("change", () => { if (button.getAttribute("aria-checked") === "true") send(true); });
    this.switches.set(name, { set, value, read, isOn: () => button.getAttribute("aria-checked") === "true" });
    return element;
  }

  /** What belongs to a switch and is no switch: how long between the pieces, how to cut. */
  within({ name, kind, label, unit, min, max, values, default: first }, isOn) {
    const input = kind === "number" ? h("input", { type: "number", min, max, step: "any", value: first, label })
      : h("select", { label, hint: label }, ...values.map((value) => h("option", { value }, value.toUpperCase())));
    const read = () => (kind === "number" ? Number(input.value) : input.value);
    const send = () => { if (input.checkValidity() && input.value !== "") this.change({ [name]: read() }); };
    input.addEventListener("change", () => { if (isOn()) send(); });
    const set = (now) => { if (document.activeElement !== input) input.value = String(now ?? first); };
    // Where its switch stands, so does it: with nothing to split, a gap is none.
    this.switches.set(name, { set: () => {}, shows: set, read, isOn: () => isOn() && input.value !== "" });
    return [kind === "number" && h("span", { class: "unit", say: "everyWord" }), input, unit && h("span", { class: "unit", say: `unit_${unit}` })];
  }

  /** One text in the place of another. */
  replacement({ name, label }) {
    const text = (what) => h("input", { type: "text", autocomplete: "off", spellcheck: "false", label: what, maxlength: 80 });
    const [from, to] = [text("replaceFrom"), text("replaceTo")];
    const button = h("button", { type: "button", role: "switch", "aria-checked": "false", "data-name": name, say: `tap_${name}`, hint: label });
    const element = h("span", { class: "fault" }, button, from, h("span", { class: "unit", "aria-hidden": "true" }, "→"), to);
    const isOn = () => button.getAttribute("aria-checked") === "true";
    const read = () => (from.value === "" ? [] : [[from.value, to.value]]);
    const set = (on) => {
      button.setAttribute("aria-checked", String(on));
      element.classList.toggle("on", on);
    };
    // On without a text to look for it waits for one.
    button.addEventListener("click", () => {
      set(!isOn());
      if (from.value !== "") this.change({ [name]: isOn() ? read() : null });
      else if (isOn()) from.focus();
    });
    for (const input of [from, to]) input.addEventListener("change", () => { if (isOn()) this.change({ [name]: read() }); });
    const shows = (now) => {
      const [pair] = now ?? [];
      const waits = !pair && isOn() && from.value === "";
      if (!waits) set(Boolean(pair));
      if (!pair || element.contains(document.activeElement)) return;
      [from.value, to.value] = pair;
    };
    this.switches.set(name, { set, shows, read, isOn: () => isOn() && from.value !== "" });
    return element;
  }

  /** As the server says that it is. */
  shows(settings) {
    for (const [name, { set, value, shows }] of this.switches) {
      const now = settings[name];
      if (shows) shows(now);
      else {
        const on = now != null && Number(now) > 0;
        set(on);
        if (on && document.activeElement !== value) value.value = String(now);
      }
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

