// The page: which part of it is shown, in which language, in light or in dark.
import { request } from "./api.js";
import { $, announce, h, lang, memory, plain, say, setLanguage, tick } from "./dom.js";
import { Check } from "./check.js";
import { Experiments } from "./experiments.js";
import { Pair } from "./pair.js";
import { Tour } from "./tour.js";

const PARTS = { pair: Pair, tour: Tour, experiments: Experiments, check: Check };
let catalog = null;
let view = null;
/** The address of what is shown, so that the page's own change of it changes nothing else. */
let shown = null;

/** What stands behind the `#` of the address; whoever types it may get it wrong. */
function place() {
  try { return decodeURIComponent(location.hash.slice(1)) || "pair"; } catch { return "pair"; }
}

function route() {
  const path = place();
  if (path === "main" || path === shown || !catalog) return;
  const [name, ...rest] = path.split("/");
  const part = Object.hasOwn(PARTS, name) ? name : "pair";
  const moved = shown !== null;
  shown = path;
  view?.close();
  view = new PARTS[part](catalog, rest, go);
  $("#main").replaceChildren(view.element);
  document.title = "";
  title(part);
  for (const link of $("#nav").children) {
    if (link.hash === `#${part}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (moved) {
    $("#main").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
}

function title(part) {
  const element = $("title");
  say(element, ["pageTitle", `nav_${part}`]);
}

/** Another address for what is shown already. */
function go(path) {
  if (shown === path) return;
  shown = path;
  history.replaceState(null, "", `#${path}`);
}

function scheme(name) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.scheme = name ?? (dark ? "dark" : "light");
}

function tools() {
  const other = h("button", { class: "plain", id: "language", "data-key": "l", on: { click: () => {
    language(lang() === "en" ? "zh" : "en");
    memory.set("lang", lang());
  } } });
  const light = h("button", { class: "plain", id: "scheme", say: "schemeName", label: "scheme", "data-key": "d", on: { click: () => {
    const next = document.documentElement.dataset.scheme === "dark" ? "light" : "dark";
    memory.set("scheme", next);
    scheme(next);
  } } });
  const keys = h("button", { class: "plain", say: "keys", "data-key": "?", on: { click: () => $("#keys").showModal() } });
  $("#tools").append(other, light, keys);
}

function language(code) {
  setLanguage(code);
  const button = $("#language");
  button.textContent = code === "zh" ? "English" : "中文";
  button.lang = code === "zh" ? "en" : "zh-CN";
}

const KEYS = [["1 2 3 4", "keys_parts"], ["a", "keys_start"], ["s", "keys_stop"], ["c v", "keys_typing"], ["w", "keys_wire"], ["↑ ↓ Home End Enter Esc", "keys_rows"],
  ["h n", "keys_hold"], ["r", "keys_replay"], ["l d", "keys_look"], ["?", "keys_this"]];

function dialog() {
  const work = h("input", { type: "checkbox", checked: memory.get("keys") !== "off", on: { change: () => memory.set("keys", work.checked ? "on" : "off") } });
  $("#keys").append(h("h2", { say: "keys" }), h("dl", {}, ...KEYS.flatMap(([keys, what]) => [h("dt", {}, ...keys.split(" ").map((key) => h("kbd", {}, key)).flatMap((key) => [key, " "])), h("dd", { say: what })])),
    tick("keysWork", work), h("form", { method: "dialog" }, h("button", { type: "submit", class: "main", say: "close" })));
}

/** One key each, where nothing is being typed. */
function shortcut(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || $("dialog[open]")) return;
  if (event.target.closest?.("input:not([type=checkbox], [type=radio], [type=range]), select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (memory.get("keys") === "off") return;
  const part = Object.keys(PARTS)[Number(event.key) - 1];
  const focus = { c: ".client .typing input", v: ".server .typing input", w: ".scroller" }[event.key];
  if (part) location.hash = part;
  else if (focus) $(focus)?.focus();
  else {
    const known = /^[a-z?]$/.test(event.key) ? [...document.querySelectorAll(`[data-key="${event.key}"]`)] : [];
    const button = known.find((one) => !one.disabled && one.checkVisibility());
    if (!button) return;
    button.click();
  }
  event.preventDefault();
}

async function start() {
  scheme(memory.get("scheme"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (!memory.get("scheme")) scheme(null); });
  tools();
  language(memory.get("lang") ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en"));
  say($("#skip"), "skip");
  say($("#brand"), "brand");
  say($("#nav"), "parts", "aria-label");
  $("#nav").append(...Object.keys(PARTS).map((part) => h("a", { href: `#${part}`, say: `nav_${part}` })));
  dialog();
  $("#skip").addEventListener("click", (event) => {
    event.preventDefault();
    $("#main").focus();
  });
  document.addEventListener("keydown", shortcut);
  addEventListener("hashchange", route);
  const measure = new ResizeObserver(([{ borderBoxSize: [box] }]) => document.documentElement.style.setProperty("--top", `${Math.ceil(box.blockSize)}px`));
  measure.observe($("#top"));
  try {
    catalog = await request("GET", "/api/catalog");
  } catch (error) {
    announce(error.words ?? ["incomplete", plain(error)], "lost");
    return;
  }
  if (!memory.get("lang") && catalog.lang === "zh") language("zh");
  route();
}

start();
