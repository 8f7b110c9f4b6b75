// The way to the server: requests with the token of the address, and events that go on where they
// were after a lost connection.
import { announce, download, h, lang, plain, unannounce } from "./dom.js";

const token = new URLSearchParams(location.search).get("token") ?? "";

/** The address of something of the server's that a link or an event source asks for. */
export const address = (path, query = {}) => `${path}?${new URLSearchParams({ token, ...query })}`;

/** What the server answered in place of what was asked for. */
export class Refused extends Error {
  constructor(status, code, words) {
    super(code);
    Object.assign(this, { status, code, words });
  }
}

async function ask(method, path, body) {
  const headers = { Authorization: `Bearer ${token}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refused(0, "lost", "serverGone");
  }
  if (!answer.ok) {
    const { error = {} } = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, error.code ?? "", error.words ?? "refused");
  }
  return answer;
}

export async function request(method, path, body) {
  const answer = await ask(method, path, body);
  return answer.status === 204 ? null : answer.json();
}

export const post = (path, body) => request("POST", path, body);

/** Does something and says what went wrong with it; `undefined` then. */
export async function attempt(promise) {
  try {
    return await promise;
  } catch (error) {
    announce(error.words ?? ["incomplete", plain(error)], "error");
    return undefined;
  }
}

const FILES = [["savePage", "page.html"], ["savePicture", "picture.svg"], ["pcapng", "capture.pcapng"]];

/** Links to so many files of a session's. Each is fetched first, so that it is told why there is none. */
export function saveLinks(count) {
  const links = FILES.slice(0, count).map(([what]) => {
    const link = h("a", { class: "button", say: what, label: ["saveLabel", what], href: "#", download: true, on: { click: async (event) => {
      event.preventDefault();
      const file = await attempt(ask("GET", link.href).then((answer) => answer.blob()));
      if (!file) return;
      // What becomes of it then no page is told.
      download(link.download, file);
      announce(["saves", plain(link.download)]);
    } } });
    return link;
  });
  /** Of which session, and how they are called. */
  links.lead = (session, name) => links.forEach((link, nth) => {
    const [, file] = FILES[nth];
    link.href = address(session.path(`/${file}`), { lang: lang() });
    link.download = `${name}.${file.split(".").pop()}`;
  });
  return links;
}

/** How long until a connection that was lost is tried again, in milliseconds. */
const AGAIN = 700;
/** A server that does not answer for so long has ended what nobody listened to, or itself. */
const GONE = 7000;
/** What comes within that time is drawn together. */
const SOON = 25;
/** A browser has six connections to one server for all its tabs: one is for all but streams. */
const STREAMS = 5;

/**
 * A place among the streams of all tabs, kept until it is given back or the page goes; where all
 * are taken that is told. A browser that knows no locks counts none.
 */
async function place() {
  const { locks } = navigator;
  if (!locks) return () => {};
  for (let nth = 0; nth < STREAMS; nth += 1) {
    const back = await new Promise((tell) => {
      locks.request(`lab-stream-${nth}`, { ifAvailable: true }, (lock) => (lock ? new Promise((end) => { tell(end); }) : tell(null)));
    });
    if (back) return back;
  }
  announce(["tooManyTabs", plain(STREAMS)], "error");
  return null;
}

/**
 * One session of the server's. Its events come to `take`, each once and in their order, whatever
 * becomes of the connection in between; several that came together are followed by one `drawn`.
 */
export class Session {
  constructor(id, take, { drawn = () => {}, gone = () => {} } = {}, back = () => {}) {
    Object.assign(this, { id, take, drawn, gone, back, last: 0, over: false, closed: false, asked: Promise.resolve() });
    this.open();
  }

  path(rest = "") { return `/api/sessions/${encodeURIComponent(this.id)}${rest}`; }

  open() {
    const source = new EventSource(address(this.path("/events"), this.last ? { after: this.last } : {}));
    this.source = source;
    source.onopen = () => this.found();
    source.onmessage = ({ data, lastEventId }) => this.event(Number(lastEventId), data);
    source.onerror = () => this.lost();
  }

  event(id, data) {
    if (this.closed || id <= this.last) return;
    this.last = id;
    const event = { id, ...JSON.parse(data) };
    if (event.kind === "end") {
      this.over = true;
      this.source.close();
      this.back();
      this.found();
    }
    this.take(event);
    // A timer and no frame: a page in the background draws none, and must not fall behind.
    this.pending ??= setTimeout(() => this.draw(), SOON);
    if (this.over) this.draw();
  }

  draw() {
    clearTimeout(this.pending);
    this.pending = undefined;
    this.drawn();
  }

  found() {
    if (this.missing === undefined) return;
    this.missing = undefined;
    unannounce();
  }

  async lost() {
    if (this.over || this.closed) return;
    this.source.close();
    this.missing ??= performance.now();
    announce(performance.now() - this.missing < GONE ? "lostConnection" : "serverGone", "lost");
    await new Promise((later) => { setTimeout(later, AGAIN); });
    if (this.over || this.closed) return;
    try {
      const { sessions } = await request("GET", "/api/sessions");
      if (!sessions.some(({ session }) => session === this.id)) throw new Refused(404, "gone", "sessionGone");
      this.open();
    } catch (error) {
      if (error.status === 0) return void this.lost();
      this.close();
      announce(error.words ?? "sessionGone", "error");
      this.gone();
    }
  }

  /** One behind the other: on connections of their own they could overtake each other. */
  post(rest, body = {}) {
    this.asked = this.asked.then(() => (this.over || this.closed ? undefined : attempt(post(this.path(rest), body))));
    return this.asked;
  }

  /** Listens no more; the server ends what nobody listens to. */
  close() {
    this.closed = true;
    this.source.close();
    this.back();
    clearTimeout(this.pending);
    this.found();
  }

  async forget() {
    this.close();
    await request("DELETE", this.path()).catch(() => {});
  }
}

/** The one session of a part of the page: whoever starts another ends it, however quickly. */
export class Only {
  turn = 0;
  session = null;

  /** Starts one in place of the other; none where that is refused, or another is wanted by now. */
  async start(body, take, more) {
    const turn = await this.end();
    return this.hold(turn, take, more, async () => (await attempt(post("/api/sessions", body)))?.session);
  }

  /** One that goes on, or that is over and still told: after the page was loaded again. */
  async join(id, take, more) {
    return this.hold(await this.end(), take, more, () => id);
  }

  async hold(turn, take, more, find) {
    if (turn !== this.turn) return null;
    const back = await place();
    const id = back && turn === this.turn ? await find() : null;
    if (!id) {
      back?.();
      return null;
    }
    const session = new Session(id, take, more, back);
    if (turn === this.turn) return (this.session = session);
    session.forget();
    return null;
  }

  /** Ends it; who waits for that has another turn. */
  async end() {
    const turn = ++this.turn;
    const { session } = this;
    this.session = null;
    await session?.forget();
    return turn;
  }

  /** Watches it no more; who comes back soon finds it running. */
  leave() {
    this.turn += 1;
    this.session?.close();
    this.session = null;
  }
}
