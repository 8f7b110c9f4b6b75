// Elements, and words in them. What comes from a peer becomes text, never markup: nothing here
// takes markup at all.
import { WORDS } from "./words.js";

export const $ = (selector, root = document) => root.querySelector(selector);

/**
 * What is remembered in this browser, for a year: in cookies, which all ports of a computer share,
 * and the laboratory has another port each time. The server reads none.
 */
export const memory = {
  get(key) {
    const found = document.cookie.split("; ").find((one) => one.startsWith(`lab-${key}=`));
    return found ? decodeURIComponent(found.slice(key.length + 5)) : null;
  },
  set(key, value) { document.cookie = `lab-${key}=${encodeURIComponent(value)}; path=/; max-age=31536000; SameSite=Strict`; },
};

let language = "en";
export const lang = () => language;

/** Words in the language of the page: a key, a key with what stands in it, or `{en, zh}`. */
export function words(what) {
  if (what == null) return "";
  if (Array.isArray(what)) {
    const [key, ...parts] = what;
    return words(key).replace(/\{(\d)\}/g, (_, n) => words(parts[n]));
  }
  if (typeof what === "object") return what[language] ?? what.en ?? "";
  const known = Object.hasOwn(WORDS, what) ? WORDS[what] : null;
  return known ? known[language] : String(what);
}

/** A text or a number that is no key, whatever it looks like. */
export const plain = (text) => ({ en: String(text), zh: String(text) });

const said = new WeakMap();

/** Gives an element words that change with the language; `attribute` in place of its text. */
export function say(element, what, attribute = "text") {
  const all = said.get(element) ?? {};
  all[attribute] = what;
  said.set(element, all);
  element.setAttribute("data-says", "");
  speak(element, attribute, what);
  return element;
}

function speak(element, attribute, what) {
  const text = words(what);
  const parts = attribute === "prose" ? text.split("`") : [];
  if (parts.length % 2) {
    // What stands between backticks is code. Not in what a peer sent: that stays as it came.
    element.replaceChildren(...parts.map((part, nth) => (nth % 2 ? h("code", {}, part) : part)));
  } else if (attribute === "text" || attribute === "prose") {
    if (element.textContent !== text) element.textContent = text;
  } else {
    element.setAttribute(attribute, text);
  }
}

/** Changes the language of all that has been said. */
export function setLanguage(code) {
  language = code === "zh" ? "zh" : "en";
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-says]")) {
    for (const [attribute, what] of Object.entries(said.get(element) ?? {})) {
      speak(element, attribute, what);
    }
  }
  document.dispatchEvent(new Event("language"));
}

/**
 * An element. Of `props`, `say` is its words and `label` its name for who hears the page; `on` are
 * listeners; a function is none of an attribute's values, and `false` leaves one out.
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  // One that sends a form says so.
  if (tag === "button") element.type = "button";
  for (const [name, value] of Object.entries(props)) {
    if (value == null || value === false) continue;
    if (name === "say") say(element, value);
    else if (name === "prose") say(element, value, "prose");
    else if (name === "label") say(element, value, "aria-label");
    else if (name === "hint") say(element, value, "title");
    else if (name === "on") for (const [event, f] of Object.entries(value)) element.addEventListener(event, f);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/** Something to fill in or to choose, and what it is. */
export const PLAIN_TEXT = { type: "text", autocomplete: "off", spellcheck: "false" };
export const field = (what, element, kind = "") => h("label", { class: `field ${kind}` }, h("span", { say: what }), element);
export const tick = (what, box) => h("label", { class: "field check" }, box, h("span", { say: what }));
export const lessonList = (lessons, change) => h("select", { on: { change } }, ...lessons.map(({ name, title }) => h("option", { value: name, say: ["lessonOption", plain(name), title] })));

/**
 * Shows something for a while, and tells it to who hears the page: in an element that is always
 * there, for one that appears is not heard.
 */
export function announce(what, kind = "") {
  const box = $("#notice");
  say(box, what);
  say($("#heard"), what);
  box.className = kind;
  box.hidden = false;
  clearTimeout(announce.timer);
  if (kind !== "lost") announce.timer = setTimeout(unannounce, 6000);
}

export function unannounce() {
  $("#notice").hidden = true;
  say($("#heard"), plain(""));
}

export function download(name, file) {
  const url = URL.createObjectURL(file);
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** `213 µs`, `40.1 ms`, `1.96 s`. */
export function interval(micros) {
  if (micros < 1000) return `${Math.round(micros)} µs`;
  const [value, unit] = micros < 999_500 ? [micros / 1000, "ms"] : [micros / 1e6, "s"];
  return `${value.toPrecision(value >= 1000 ? 4 : 3)} ${unit}`;
}

