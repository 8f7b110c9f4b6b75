// A pair: choose it, start it, and watch it.
import { Only, saveLinks } from "./api.js";
import { PLAIN_TEXT, announce, field, h, lang, lessonList, plain, say, tick } from "./dom.js";
import { Stage } from "./stage.js";
import { TapBar } from "./tapbar.js";
import { Script, playable } from "./scenes.js";

export class Pair {
  constructor(catalog, [id], go) {
    Object.assign(this, { catalog, go, only: new Only() });
    this.tap = new TapBar({ change: (settings) => this.post("/tap", settings), cut: (how) => this.post("/cut", { with: how }) });
    this.hold = h("button", { "aria-pressed": "false", say: "hold", hint: "holdHint", "data-key": "h", disabled: true, on: { click: () => this.toggleHold() } });
    this.letOn = h("button", { say: "letOn", hint: "letOnHint", "data-key": "n", disabled: true, on: { click: () => this.post("/step", { from: null }) } });
    this.kill = (side) => h("button", { say: "kill", hint: "killHint", on: { click: () => this.post("/kill", { side }) } });
    this.again = h("button", { say: "startClient", hidden: true, "data-always": true, on: { click: () => this.restart() } });
    this.stage = new Stage({ head: this.tap.element, type: (side, what) => this.type(side, what),
      buttons: { client: [this.kill("client"), this.again], server: [this.kill("server")] }, extra: [this.hold, this.letOn] });
    this.bar = this.makeBar();
    this.setup = this.makeSetup();
    this.element = h("div", {}, this.intro, h("div", { class: "pair" }, this.setup, this.bar, this.stage.element));
    this.choose(catalog.own?.lesson ?? "tcp-echo");
    this.stands(false);
    if (id) this.join(id);
  }

  /** Either the choice is on the page or what was chosen. */
  stands(running) {
    this.element.className = `view ${running ? "wide" : ""}`;
    this.intro.hidden = running;
    this.setup.hidden = running;
    this.bar.hidden = !running;
    this.stage.element.hidden = !running;
  }

  makeSetup() {
    const lessons = this.catalog.lessons;
    this.scenes = h("ul", { class: "scenes" }, ...playable(this.catalog).map((scene) => h("li", {},
      h("button", { "data-scene": scene.name, on: { click: () => this.play(scene) } }, h("strong", { say: `scene_${scene.name}` }), h("span", { class: "soft", say: `sceneSays_${scene.name}` })))));
    this.intro = h("div", {}, h("h1", { say: "pairTitle" }), h("p", { class: "lead", say: "pairLead" }), h("h2", { say: "readyMade" }), this.scenes, h("h2", { say: "ownChoice" }));
    this.lesson = lessonList(lessons, () => this.choose(this.lesson.value));
    this.options = h("div", { class: "options" });
    this.startButton = h("button", { type: "submit", class: "main", say: "start" });
    return h("form", { class: "setup card", on: { submit: (event) => { event.preventDefault(); this.start(); } } },
      field("lesson", this.lesson, "first"), this.options, this.startButton);
  }

  choose(name) {
    this.chosen = this.catalog.lessons.find((lesson) => lesson.name === name) ?? this.catalog.lessons[0];
    this.lesson.value = this.chosen.name;
    this.fields = new Map();
    const fields = this.chosen.options.map((option) => this.field(option));
    this.own = null;
    if (this.catalog.own?.lesson === this.chosen.name) {
      this.own = h("input", { type: "checkbox", checked: true });
      fields.unshift(tick(["ownProgram", this.catalog.own.side, plain(this.catalog.own.command)], this.own));
    }
    this.options.replaceChildren(...fields);
    this.onlyWhere();
    this.tap.fill(this.catalog.tap, this.chosen);
  }

  field({ name, kind, label, values = [], min, max, step, unit, default: first }) {
    if (kind === "flag") {
      const box = h("input", { type: "checkbox", checked: Boolean(first) });
      const element = tick(label, box);
      this.fields.set(name, { get: () => box.checked, set: (on) => { box.checked = on; }, first: Boolean(first), element });
      return element;
    }
    const input = kind === "choice" ? h("select", {}, ...values.map(({ value, label: words }) => h("option", { value, say: words })))
      : h("input", kind === "number" ? { type: "number", min, max, step: step ?? "any" } : PLAIN_TEXT);
    input.name = name;
    if (first != null) input.value = first;
    const element = field(unit ? ["withUnit", label, `unit_${unit}`] : label, input, `kind-${kind}`);
    input.addEventListener("change", () => this.onlyWhere());
    this.fields.set(name, { get: () => (kind === "number" ? (input.value === "" ? first : Number(input.value)) : input.value), set: (value) => { input.value = value; }, first, element });
    return element;
  }

  /** Some options are there only where another has a certain value. */
  onlyWhere() {
    this.chosen.options.forEach(({ name, only }) => {
      if (only) this.fields.get(name).element.hidden = this.fields.get(only.option)?.get() !== only.value;
    });
  }

  chosenOptions() {
    const all = [...this.fields].filter(([, { element }]) => !element.hidden).map(([name, { get }]) => [name, get()]);
    return Object.fromEntries(all.filter(([name, value]) => value != null && value !== "" && value !== this.fields.get(name).first));
  }

  play(scene) {
    if (scene.part) {
      location.hash = scene.part;
      return;
    }
    this.choose(scene.lesson);
    if (this.own) this.own.checked = false;
    for (const [name, value] of Object.entries(scene.options)) this.fields.get(name)?.set(value);
    this.start({ tap: scene.tap ?? {}, scene });
  }

  get session() { return this.only.session; }

  async start({ tap = this.tap.settings(), scene = null } = {}) {
    this.last = { tap, scene };
    const body = { kind: "pair", lesson: this.chosen.name, options: this.chosenOptions(), own: Boolean(this.own?.checked), tap, hold: false, lang: lang() };
    const script = scene && new Script(scene.steps, { type: (side, text) => this.type(side, { text }), tap: (settings) => this.post("/tap", settings) });
    this.fresh();
    this.runs(false);
    const { turn } = this.only;
    const session = await this.only.start(body, (event) => this.take(event), this.wishes());
    if (!session) {
      // Refused, and not because another has been started meanwhile.
      if (this.only.turn === turn + 1) this.nothing();
      return;
    }
    this.script = script;
    this.stands(true);
    this.stage.draw();
    this.tap.shows(tap);
    this.runs(true);
    this.go(`pair/${session.id}`);
    this.stopButton.focus();
  }

  /** A session that goes on, or that is over and still told: after the page was loaded again. */
  async join(id) {
    this.fresh();
    this.stands(true);
    const session = await this.only.join(id, (event) => this.take(event), this.wishes());
    if (session) this.runs(true);
    else this.nothing();
  }

  wishes() {
    return { drawn: () => this.stage.draw(), gone: () => this.nothing() };
  }

  /** There is no session; what one has told stays. */
  nothing() {
    this.runs(false);
    if (this.stage.log.length === 0) this.stands(false);
    this.go("pair");
  }

  fresh() {
    this.stage.reset();
    this.running = {};
    say(this.what, plain(""));
    say(this.stage.wire.hint, "starting");
  }

  take(event) {
    this.stage.take(event);
    this[`on_${event.kind}`]?.(event);
    this.script?.take(event);
  }

  on_begin({ lesson, options = {} }) {
    if (this.chosen.name !== lesson) this.choose(lesson);
    const told = Object.entries(options).filter(([name, value]) => value !== this.fields.get(name)?.first && value != null && value !== "" && value !== false)
      .map(([name, value]) => (value === true ? name : `${name} ${value}`));
    const { scene } = this.last ?? {};
    say(this.what, scene ? `scene_${scene.name}` : plain([lesson, ...told].join(" · ")));
    say(this.caption, scene ? `sceneSays_${scene.name}` : plain(""));
    for (const [name, value] of Object.entries(options)) if (value != null) this.fields.get(name)?.set(value);
    for (const side of ["client", "server"]) this.reads(side);
  }

  on_started({ side }) {
    say(this.stage.wire.hint, "nothingYet");
    this.running[side] = true;
    this.reads(side);
  }

  on_exit({ side }) {
    this.running[side] = false;
    this.reads(side);
  }

  on_tap(event) {
    this.tap.shows(event);
    this.hold.setAttribute("aria-pressed", Boolean(event.hold));
    this.letOn.disabled = !event.hold;
  }

  on_held({ client = 0, server = 0 }) { say(this.letOn, client + server > 0 ? ["letOnOf", plain(client + server)] : "letOn"); }

  on_end({ reason }) {
    this.running = {};
    this.runs(false);
    if (reason !== "over" && reason !== "stopped") announce(`end_${reason}`);
  }

  reads(side) {
    this.stage.sides[side].reads(Boolean(this.running[side]), this.chosen.typing?.[side] !== "none");
    this.again.hidden = !(this.running.server && this.running.client === false && this.session && !this.session.over);
  }

  runs(running) {
    this.tap.runs(running);
    this.stopButton.disabled = !running;
    this.hold.disabled = !running;
    if (!running) this.letOn.disabled = true;
    for (const side of ["client", "server"]) this.reads(side);
    if (this.session) this.files.lead(this.session, this.chosen.name);
  }

  async post(rest, body) { return this.session?.post(rest, body); }

  type(side, what) { return this.post("/input", { side, ...what }); }

  restart() {
    // What both speak the server goes on speaking.
    const own = new Set(this.chosen.options.filter((option) => option.for !== "server").map(({ name }) => name));
    const options = Object.fromEntries(Object.entries(this.chosenOptions()).filter(([name]) => own.has(name)));
    return this.post("/client", { options });
  }

  toggleHold() { return this.post("/tap", { hold: this.hold.getAttribute("aria-pressed") !== "true" }); }

  async change() {
    this.script = null;
    this.tap.fill(this.catalog.tap, this.chosen);
    this.stands(false);
    await this.only.end();
    this.go("pair");
    this.lesson.focus();
  }

  makeBar() {
    this.what = h("h1", { class: "what" });
    this.caption = h("p", { class: "caption soft" });
    this.stopButton = h("button", { class: "stop", say: "stop", "data-key": "s", on: { click: () => this.post("/stop") } });
    this.files = saveLinks(3);
    return h("div", { class: "bar" }, this.what, h("button", { say: "startAgain", "data-key": "a", on: { click: () => this.start(this.last?.scene ? this.last : {}) } }), this.stopButton,
      h("button", { say: "change", on: { click: () => this.change() } }), h("span", { class: "spring" }), h("span", { class: "soft small", say: "saveAs" }),
      ...this.files, this.caption);
  }

  /** Another part of the page is looked at: nobody watches any more. */
  close() {
    this.stage.close();
    this.only.leave();
  }
}
