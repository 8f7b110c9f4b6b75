// Experiments: predict, run, compare, and read why.
import { Only } from "./api.js";
import { h, lang, memory, plain, say } from "./dom.js";

const LETTER = (nth) => String.fromCharCode(97 + nth);

export class Experiments {
  constructor(catalog, [name]) {
    Object.assign(this, { catalog, only: new Only() });
    this.experiment = catalog.experiments.find((one) => one.name === name) ?? null;
    this.element = h("div", { class: "view" }, h("h1", { say: "nav_experiments" }), h("p", { class: "lead", say: "experimentsLead", hidden: Boolean(this.experiment) }),
      h("div", { class: "split" }, this.menu(), this.experiment ? this.page() : this.start()));
  }

  menu() {
    const done = new Set((memory.get("done") ?? "").split(" "));
    const lessons = [...new Set(this.catalog.experiments.map(({ lesson }) => lesson))];
    return h("nav", { class: "card", label: "nav_experiments" }, ...lessons.flatMap((lesson) => [h("h3", {}, lesson), h("ul", { class: "list" },
      ...this.catalog.experiments.filter((one) => one.lesson === lesson).map(({ name, question }) => h("li", {},
        h("a", { href: `#experiments/${name}`, "aria-current": name === this.experiment?.name && "page" }, done.has(name) ? `${name} ✓` : name, h("small", { prose: question })))))]));
  }

  /** Some that a class may begin with. */
  start() {
    const first = ["sticky", "nagle", "stream-and-datagram", "cut-character", "handshake"].filter((name) => this.catalog.experiments.some((one) => one.name === name));
    return h("article", {}, h("h2", { say: "beginWith" }), h("ul", { class: "scenes" }, ...first.map((name) => {
      const { question } = this.catalog.experiments.find((one) => one.name === name);
      return h("li", {}, h("a", { class: "card choice", href: `#experiments/${name}` }, h("span", {}, h("b", {}, name), h("br"), h("span", { prose: question }))));
    })));
  }

  page() {
    const { experiment } = this;
    this.choices = experiment.choices.map(({ words }, nth) => h("label", { class: "choice" }, h("input", { type: "radio", name: "choice", value: nth, on: { change: () => this.predicted(nth) } }),
      h("b", {}, `${LETTER(nth)})`), h("span", { prose: words })));
    this.run = h("button", { type: "submit", class: "main", say: "run", "data-key": "a", disabled: true });
    this.skip = h("button", { say: "skipQuestion", on: { click: () => { this.prediction = null; this.begin(); } } });
    this.seen = h("ul", { class: "seen", "aria-live": "polite" });
    this.result = h("section", { hidden: true, tabindex: -1 });
    this.seenPart = h("section", { hidden: true }, h("h3", { say: "seen" }), this.seen);
    return h("article", {}, h("h2", {}, experiment.name), h("form", { on: { submit: (event) => { event.preventDefault(); this.begin(); } } },
      h("fieldset", { class: "choices" }, h("legend", { prose: experiment.question }), ...this.choices), h("p", { class: "bar" }, this.run, this.skip)), this.seenPart, this.result);
  }

  predicted(nth) {
    this.prediction = nth;
    this.run.disabled = false;
  }

  async begin() {
    this.times = [];
    this.seen.replaceChildren();
    this.seenPart.hidden = false;
    this.result.hidden = true;
    this.run.disabled = this.skip.disabled = true;
    say(this.run, "running");
    for (const choice of this.choices) {
      choice.classList.remove("right", "other");
      choice.querySelector("em")?.remove();
    }
    const body = { kind: "experiment", name: this.experiment.name, lang: lang() };
    if (!await this.only.start(body, (event) => this[`on_${event.kind}`]?.(event), { gone: () => this.ready() })) this.ready();
  }

  ready() {
    this.run.disabled = this.skip.disabled = false;
    say(this.run, "runAgain");
  }

  on_line({ mark, words }) {
    const kind = { "✓": "yes", "✗": "no" }[mark] ?? "";
    const line = h("li", { class: kind, "data-mark": mark }, h("span", {}, words));
    this.seen.append(line);
    this.measure(line, words);
  }

  /** Times that were measured, as bars beside each other. */
  measure(line, words) {
    const found = /(\d+(?:\.\d+)?) ?(µs|ms|s)(?![a-z])/.exec(words);
    if (!found) return;
    const ms = Number(found[1]) * { "µs": 0.001, ms: 1, s: 1000 }[found[2]];
    this.times.push({ line, ms });
    if (this.times.length < 2) return;
    const most = Math.max(...this.times.map((time) => time.ms));
    if (!(most > 0)) return;
    for (const { line: of, ms: value } of this.times) {
      let bar = of.querySelector(".measure");
      if (!bar) {
        bar = h("span", { class: "measure", "aria-hidden": "true" });
        of.append(bar);
      }
      bar.style.width = `${Math.max(0.4, (100 * value) / most)}%`;
    }
  }

  on_error({ words }) { this.seen.append(h("li", { class: "no", "data-mark": "✗" }, words)); }

  on_verdict({ tally, choice, shown, as_predicted: held }) {
    const { experiment, prediction } = this;
    const right = this.choices[choice];
    const tell = (element, kind, what) => {
      element.classList.add(kind);
      element.append(h("em", { say: what }));
    };
    if (right) tell(right, "right", prediction === choice ? "yoursAndMeasured" : "measured");
    if (prediction != null && prediction !== choice && right) tell(this.choices[prediction], "other", "yours");
    const part = (title, what) => what && [h("h3", { say: title }), h("p", { prose: what })];
    const verdict = prediction == null || choice == null ? (shown ? ["measuredIs", plain(shown)] : null) : prediction === choice ? "wasRight" : "wasNotRight";
    this.result.replaceChildren(...[
      h("h2", { say: verdict ?? "result" }), h("p", {}, h("strong", { prose: experiment.idea })), h("p", { class: held ? "" : "soft" }, tally), part("predict", experiment.predict), part("why", experiment.why), part("mend", experiment.mend),
      this.tutorials(), this.code(), part("sources", { en: experiment.sources.join("; "), zh: experiment.sources.join("；").replace(", appendix", " 附录") }), this.next(),
    ].flat().filter(Boolean));
    this.result.hidden = false;
    memory.set("done", [...new Set([...(memory.get("done") ?? "").split(" "), experiment.name])].filter(Boolean).join(" "));
  }

  tutorials() {
    const { tutorials = [], wrong = [] } = this.experiment;
    if (!tutorials.length) return null;
    return [h("h3", { say: "tutorials" }), h("ul", {}, ...tutorials.map(({ number, title }) => h("li", {}, `${number} 《${title}》`,
      ...wrong.filter(({ document: one }) => one === number).map(({ words }) => h("div", { class: "soft" }, "⚠ ", h("span", { prose: words }))))))];
  }

  code() {
    const { code } = this.experiment;
    if (!code?.lines?.length) return null;
    const lines = code.lines.map(([number, text]) => h("div", {}, h("span", { "aria-hidden": "true" }, number), text || " "));
    return h("details", {}, h("summary", { say: ["code", plain(code.path)] }), h("div", { class: "code", tabindex: 0 }, h("pre", {}, ...lines)));
  }

  next() {
    const { next = [], lesson } = this.experiment;
    return [h("h3", { say: "next" }), h("p", { say: ["readLesson", plain(lesson)] }), next.length > 0 && h("ul", {}, ...next.map(({ command, about }) => {
      const name = /^cargo lab show (\S+)$/.exec(command)?.[1];
      const known = name && this.catalog.experiments.some((one) => one.name === name);
      return h("li", {}, known ? h("a", { href: `#experiments/${name}` }, name) : h("code", {}, command), about ? h("span", { class: "soft" }, " ", h("span", { say: about })) : "");
    }))];
  }

  on_end() { this.ready(); }

  close() { this.only.end(); }
}
