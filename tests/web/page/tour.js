// The tour: every pair, played for real on this machine, scene by scene.
import { Only, saveLinks } from "./api.js";
import { h, lang, plain, say } from "./dom.js";
import { Stage } from "./stage.js";

export class Tour {
  constructor(catalog, [name, number]) {
    Object.assign(this, { catalog, only: new Only() });
    this.lesson = catalog.lessons.find((lesson) => lesson.name === name && lesson.scenes?.length) ?? catalog.lessons.find(({ scenes }) => scenes?.length);
    this.scene = this.lesson.scenes[Number(number)] ?? this.lesson.scenes[0];
    const all = catalog.lessons.flatMap((lesson) => (lesson.scenes ?? []).map((scene) => ({ lesson, scene })));
    const at = all.findIndex(({ scene }) => scene === this.scene);
    const beside = (to, what) => all[to] && h("a", { class: "button", href: `#${path(all[to])}`, say: what });
    this.stage = new Stage();
    this.stage.element.hidden = true;
    this.playButton = h("button", { class: "main", say: "playScene", "data-key": "a", on: { click: () => this.play() } });
    this.files = h("span", { class: "bar", hidden: true });
    this.commands = h("pre", { class: "commands", hidden: true });
    this.notice = h("p", { class: "notice", hidden: true, prose: this.scene.notice });
    this.terms = h("dl", { class: "terms" });
    this.element = h("div", { class: "view tour" }, h("h1", { say: "tourTitle" }), h("div", { class: "split" }, this.menu(), h("article", {},
      h("h2", { say: ["lessonOption", plain(this.lesson.name), this.lesson.title] }), h("p", { class: "says", prose: this.scene.says }), this.commands,
      h("p", { class: "bar" }, this.playButton, beside(at - 1, "before"), beside(at + 1, "after"), this.files), this.stage.element, this.notice, this.terms, this.next())));
  }

  menu() {
    return h("nav", { class: "card", label: "scenes" }, ...this.catalog.lessons.filter(({ scenes }) => scenes?.length).flatMap((lesson) => [h("h3", {}, lesson.name),
      h("ol", { class: "list" }, ...lesson.scenes.map((scene) => h("li", {}, h("a", { href: `#${path({ lesson, scene })}`, "aria-current": scene === this.scene && "page" }, h("span", { class: "two", say: scene.says })))))]));
  }

  next() {
    const commands = this.lesson.next ?? [];
    if (!commands.length) return null;
    const lines = commands.map(({ command, remark }) => h("div", {}, command, "  ", h("span", { class: "soft", say: remark ?? plain("") })));
    return h("section", {}, h("h3", { say: "nextInTerminals" }), h("pre", { class: "commands" }, ...lines));
  }

  async play() {
    this.stage.reset();
    this.printed = [];
    this.steps = [];
    this.playButton.disabled = true;
    say(this.playButton, "playing");
    const body = { kind: "tour", lesson: this.lesson.name, scene: this.scene.number ?? this.lesson.scenes.indexOf(this.scene), lang: lang() };
    if (!await this.only.start(body, (event) => this.take(event), { gone: () => this.ready() })) this.ready();
  }

  ready() {
    this.playButton.disabled = false;
    say(this.playButton, "playAgain");
  }

  take(event) {
    this[`on_${event.kind}`]?.(event);
  }

  on_commands({ commands }) {
    this.commands.textContent = commands.map((command) => `$ ${command}`).join("\n");
    this.commands.hidden = false;
  }

  on_ladder({ names }) {
    const { wire } = this.stage;
    say(wire.names.l, plain(names.left));
    say(wire.names.r, plain(names.right));
    say(wire.middle, plain(names.middle ?? ""));
    wire.element.classList.toggle("untapped", !names.middle);
  }

  on_step(step) { this.steps.push(step); }

  /** What each program has printed stands in its terminal; of several clients one below the other. */
  on_printed({ who, lines, end }) {
    // What the tap prints is this ladder.
    const side = /server|服务/.test(who) ? "server" : /client|客户/.test(who) ? "client" : null;
    if (side) this.printed.push({ kind: "printed", t: 0, side, who, lines, end });
  }

  on_terms({ terms }) {
    this.terms.replaceChildren(...terms.flatMap(({ word, means }) => [h("dt", { say: word }), h("dd", { prose: means })]));
  }

  on_error(error) { this.printed.push({ ...error, t: 0 }); }

  on_end() {
    this.ready();
    this.stage.element.hidden = false;
    this.notice.hidden = false;
    const { session } = this.only;
    const links = saveLinks(2);
    links.lead(session, `${this.lesson.name}-${this.lesson.scenes.indexOf(this.scene)}`);
    this.files.replaceChildren(...links);
    this.files.hidden = false;
    for (const event of [...this.printed, ...this.steps]) this.stage.take(event);
    this.stage.replay.speed.value = "0.1";
    this.stage.replay.toggle();
  }

  close() {
    this.stage.close();
    this.only.end();
  }
}

const path = ({ lesson, scene }) => `tour/${lesson.name}/${scene.number ?? lesson.scenes.indexOf(scene)}`;
