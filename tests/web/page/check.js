// Is a program right? A report that grows while it is made.
import { Only } from "./api.js";
import { field, h, lang, lessonList, plain, say } from "./dom.js";

const MARK = { ok: "✓", failed: "✗", skipped: "–", running: "…" };

export class Check {
  constructor(catalog, [name, side, value], go) {
    Object.assign(this, { catalog, go, only: new Only(), wanted: { side, value } });
    const own = catalog.own;
    this.lessons = catalog.lessons.filter(({ suites }) => suites?.length);
    this.lesson = lessonList(this.lessons, () => this.chosen());
    this.lesson.value = this.lessons.some((one) => one.name === name) ? name : own?.lesson ?? this.lessons[0]?.name;
    this.suite = h("select", { on: { change: () => this.list() } });
    this.which = h("select", { on: { change: () => this.chosen() } }, own && h("option", { value: "own", say: ["ownCommand", plain(own.command)] }), h("option", { value: "ours", say: "ourProgram" }));
    this.start = h("button", { type: "submit", class: "main", say: "checkIt", "data-key": "a" });
    this.stop = h("button", { class: "stop", say: "stop", "data-key": "s", disabled: true, on: { click: () => this.only.session?.post("/stop") } });
    this.score = h("p", { class: "score", role: "status", "aria-live": "polite" });
    this.report = h("ol", { class: "checks", label: "report" });
    this.summary = h("pre", { class: "commands", hidden: true });
    this.element = h("div", { class: "view" }, h("h1", { say: "checkTitle" }), h("p", { class: "lead", say: "checkLead" }), own ? null : h("p", { class: "notice" }, h("span", { say: "noOwn" }), " ", h("code", {}, "cargo lab web --lesson udp-temp --command 'python3 my_server.py {port}'")),
      h("form", { class: "setup short card", on: { submit: (event) => { event.preventDefault(); this.run(); } } }, field("lesson", this.lesson), field("suite", this.suite), field("program", this.which), h("p", { class: "bar" }, this.start, this.stop)),
      h("br"), this.score, this.report, this.summary);
    this.chosen();
  }

  chosen() {
    const { own } = this.catalog;
    const fits = own?.lesson === this.lesson.value;
    const option = this.which.querySelector("[value=own]");
    if (option) option.disabled = !fits;
    if (!fits) this.which.value = "ours";
    const suites = this.lessons.find(({ name }) => name === this.lesson.value)?.suites ?? [];
    const possible = suites.filter(({ side }) => this.which.value !== "own" || side === own.side);
    const kept = this.suites?.[this.suite.value] ?? this.wanted;
    this.suite.replaceChildren(...possible.map((suite) => h("option", { value: suites.indexOf(suite), say: ["suiteOption", suite.side, plain([suite.option, suite.value].filter(Boolean).join(" "))] })));
    // The same side, and there the same dialect, as far as there is one.
    const near = ({ side, value }) => (side === kept.side ? 1 + (value === kept.value) : 0);
    const best = possible.toSorted((one, other) => near(other) - near(one))[0];
    if (best) this.suite.value = suites.indexOf(best);
    this.suites = suites;
    this.list();
  }

  list() {
    const suite = this.suites[Number(this.suite.value)];
    if (suite) this.go(["check", this.lesson.value, suite.side, suite.value].filter(Boolean).join("/"));
    if (this.only.session && !this.only.session.over) return;
    this.clear(suite);
    for (const { name } of suite?.checks ?? []) this.item(name);
  }

  clear(suite) {
    this.counts = { ok: 0, failed: 0, skipped: 0 };
    this.items = new Map();
    this.checks = new Map((suite?.checks ?? []).map((check) => [check.name, check]));
    this.report.replaceChildren();
    this.score.replaceChildren();
    this.summary.hidden = true;
  }

  async run() {
    const suite = this.suites[Number(this.suite.value)];
    if (!suite) return;
    this.clear(suite);
    this.start.disabled = true;
    this.stop.disabled = false;
    const body = { kind: "check", lesson: this.lesson.value, side: suite.side, own: this.which.value === "own", lang: lang() };
    if (suite.option) Object.assign(body, { option: suite.option, value: suite.value });
    if (!await this.only.start(body, (event) => this[`on_${event.kind}`]?.(event), { gone: () => this.on_end() })) this.on_end();
  }

  on_begin({ checks = [] }) {
    this.total = checks.length;
    for (const name of checks) this.item(name);
    this.tell();
  }

  item(name) {
    let item = this.items.get(name);
    if (!item) {
      item = h("li", { class: "card waiting", "data-mark": "·" }, h("span", { class: "name" }, name), h("span", { prose: this.checks.get(name)?.says ?? plain("") }));
      this.items.set(name, item);
      this.report.append(item);
    }
    return item;
  }

  on_checking({ check }) {
    const item = this.item(check);
    item.className = "card running";
    item.dataset.mark = MARK.running;
  }

  on_checked(event) {
    const item = this.item(event.check);
    this.counts[event.result] = (this.counts[event.result] ?? 0) + 1;
    item.className = `card ${event.result}`;
    item.dataset.mark = MARK[event.result] ?? "·";
    item.append(h("span", { class: "unseen", say: `result_${event.result}` }));
    if (event.result === "failed") item.append(...failure(event, this.checks.get(event.check)));
    else if (event.result === "skipped" && event.what) item.append(h("p", { class: "soft" }, event.what));
    this.tell();
  }

  tell() {
    const { ok, failed, skipped } = this.counts;
    const part = (count, kind, what) => count > 0 && h("span", { class: kind, say: [what, plain(count)] });
    this.score.replaceChildren(...[h("span", { say: ["doneOf", plain(ok + failed + skipped), plain(this.total ?? 0)] }), part(ok, "good", "holdCount"), part(failed, "bad", "failCount"), part(skipped, "", "skipCount")].filter(Boolean));
    this.score.removeAttribute("data-says");
  }

  on_summary({ text }) {
    this.summary.textContent = text ?? "";
    this.summary.hidden = !text;
  }

  on_error({ words }) { this.report.append(h("li", { class: "card failed", "data-mark": "✗" }, words)); }

  on_end() {
    this.start.disabled = false;
    this.stop.disabled = true;
    for (const item of this.items?.values() ?? []) if (item.classList.contains("running")) item.className = "card waiting";
  }

  close() { this.only.end(); }
}

/** What was done, what came instead, and why it matters. */
function failure({ what, ...told }, check) {
  const [steps, rows, program] = [told.steps ?? [], told.rows ?? [], told.program ?? []];
  return [
    what && h("p", {}, h("strong", {}, what)),
    rows.length > 0 && h("pre", { tabindex: 0 }, ...rows.map((row) => h("div", {}, ...marked(row)))),
    check?.why && h("p", {}, h("b", { say: "why" }), " ", h("span", { prose: check.why })),
    steps.length > 0 && h("details", {}, h("summary", { say: ["stepsDone", plain(steps.length)] }), h("ol", { class: "steps" }, ...steps.map((step) => h("li", {}, step)))),
    program.length > 0 && h("details", {}, h("summary", { say: "programSaid" }), h("pre", { tabindex: 0 }, program.join("\n"))),
  ].filter(Boolean);
}

/** The caret under the first wrong byte, so that it is seen from the last row of a class. */
function marked(row) {
  const at = row.indexOf("^");
  if (at < 0 || row.slice(0, at).trim() !== "") return [row || " "];
  return [row.slice(0, at), h("span", { class: "wrong" }, "▲"), row.slice(at + 1)];
}
