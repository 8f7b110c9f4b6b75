// An arrow, opened: its bytes, which of them are the length and which the payload, which call sent
// them and which received them.
import { h, interval, plain } from "./dom.js";
import { dump } from "./bytes.js";

/** A byte of a frame, by its mark. */
const PART = { L: "length", ".": "payload" };
const SIDE = { client: "c", server: "s" };
/** How many calls are told of one arrow. */
const CALLS = 12;

export class Details {
  constructor(back) {
    this.back = back;
    this.element = h("section", { class: "bytes", hidden: true, label: "bytesTitle", on: {
      keydown: (event) => { if (event.key === "Escape") this.leave(); },
    } });
  }

  leave() {
    this.close();
    this.back();
  }

  close() { this.element.hidden = true; }

  show(row) {
    const close = h("button", { label: "close", on: { click: () => this.leave() } }, "✕");
    this.element.replaceChildren(
      h("h3", {}, h("span", { say: title(row) }), close),
      ...(row.bytes != null ? bytesOf(row) : []),
      h("ul", { class: "calls" }, ...calls(row)),
    );
    this.element.hidden = false;
  }
}

function title(row) {
  const name = { l: "client", m: "tap", r: "server" };
  if (row.bytes == null) return row.names ? plain(row.names.join(", ")) : row.words;
  const count = row.bytes === 1 ? "oneByte" : ["bytesOf", plain(row.bytes)];
  if (row.kind === "arrow") return ["titleArrow", name[row.from], name[row.to], count];
  return ["titleCall", name[row.place], plain(row.name), count];
}

function bytesOf(row) {
  const { data = new Uint8Array(), marks = "" } = row;
  const wrong = new Set(row.wrong ?? []);
  const kinds = [...(data ?? [])].map((_, at) => (wrong.has(at) ? "wrong" : PART[marks?.[at]] ?? (marks?.includes("L") ? "payload" : "")));
  const count = (kind) => kinds.filter((one) => one === kind).length;
  const legend = ["length", "payload", "wrong"].filter(count).map((kind) =>
    h("li", {}, h("i", { class: kind }, count(kind)), h("span", { say: `${kind}Bytes` })));
  if (count("length") > 0 && count("length") <= 8) {
    const number = data.slice(0, count("length"));
    legend.push(h("li", { say: ["readsAs", plain(value(number)), plain(value(number.toReversed()))] }));
  }
  const rows = dump(data ?? new Uint8Array());
  const cell = ({ at, hex, text }) => h("td", { class: `cell ${kinds[at]}`, ...(wrong.has(at) ? { hint: ["wasByte", plain(row.was[at].toString(16).padStart(2, "0"))] } : {}) }, hex, h("small", {}, text));
  const table = h("table", {}, ...rows.map(({ from, cells }) => h("tr", {}, h("th", { scope: "row" }, from), ...cells.map(cell))));
  const shown = rows.length ? h("div", { class: "dump", tabindex: 0, role: "region", label: "dump" }, table) : null;
  const rest = row.bytes - (data?.length ?? 0);
  return [legend.length > 0 && h("ul", { class: "legend" }, ...legend), shown,
    rest > 0 && h("p", { class: "soft small", say: ["moreBytes", plain(rest)] })].filter(Boolean);
}

const value = (bytes) => bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);

function calls(row) {
  const told = (key, list) => (list ?? []).map((call) => {
    const at = call.range ? ["atBytes", plain(call.range[0]), plain(Math.max(call.range[0], call.range[1] - 1))] : null;
    const line = h("li", {}, h("span", { say: key }), " ", h("b", { class: SIDE[call.side], say: call.side }), " ",
      h("code", {}, `${call.name}${call.bytes == null ? "" : ` ${call.bytes}`}`));
    line.append(" ", h("span", { say: ["atTime", plain(interval(call.t))] }), " ");
    if (call.range && call.bytes > 0) line.append(h("span", { class: "soft", say: at }));
    if (call.local) line.append(h("span", { class: "soft" }, ` ${call.local} ${call.peer ? `↔ ${call.peer}` : ""}`));
    if (call.state) line.append(" ", h("span", { class: "chip" }, call.state));
    return line;
  });
  const all = [...told("sentBy", row.sent), ...told("receivedBy", row.taken), ...told("called", row.calls)];
  const lines = all.slice(0, CALLS);
  if (all.length > CALLS) lines.push(h("li", { class: "soft" }, "…"));
  if (row.kind === "arrow" && row.bytes != null && !row.taken && !row.lost && row.to !== "m") lines.push(h("li", { class: "soft", say: "notTaken" }));
  if (row.lost && row.bytes != null) lines.push(h("li", { class: "t", say: "neverArrives" }));
  if (row.remark) lines.push(h("li", { class: "t" }, row.remark));
  if (row.brought > 1) lines.push(h("li", { class: "t", say: ["broughtBy", plain(row.brought)] }));
  return lines;
}

