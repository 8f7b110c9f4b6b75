// The way to the server: requests with the token of the address, and events that go on where they
// were after a lost connection.
import { announce, unannounce } from "./dom.js";

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

export async function request(method, path, body) {
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
  return answer.status === 204 ? null : answer.json();
}

export const post = (path, body) => request("POST", path, body);

/** Does something and says what went wrong with it; `undefined` then. */
export async function attempt(promise) {
  try {
    return await promise;
  } catch (error) {
    announce(error instanceof Refused ? error.words : String(error), "error");
    return undefined;
  }
}

/** How long until a connection that was lost is tried again. */
const AGAIN = 700;
/** What comes within that time is drawn together, in milliseconds. */
const SOON = 25;

/**
 * One session of the server's. Its events come to `take`, each once and in their order, whatever
 * becomes of the connection in between; several that came together are followed by one `drawn`.
 */
export class Session {
  constructor(id, take, { drawn = () => {}, gone = () => {} } = {}) {
    Object.assign(this, { id, take, drawn, gone, last: 0, over: false, closed: false });
    this.open();
  }

  static async start(body, take, more) {
    const { session } = await post("/api/sessions", body);
    return new Session(session, take, more);
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
      this.found();
    }
    this.take(event);
    // A timer and no frame: a page in the background draws none, and must not fall behind.
    this.pending ??= setTimeout(() => { this.pending = undefined; this.drawn(); }, SOON);
  }

  found() {
    if (!this.missing) return;
    this.missing = false;
    unannounce();
  }

  async lost() {
    if (this.over || this.closed) return;
    this.source.close();
    this.missing = true;
    announce("lostConnection", "lost");
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

  post(rest, body = {}) { return attempt(post(this.path(rest), body)); }

  /** Listens no more; the server ends what nobody listens to. */
  close() {
    this.closed = true;
    this.source.close();
    clearTimeout(this.pending);
    this.found();
  }

  /** Ends its programs, too. */
  async forget() {
    this.close();
    await request("DELETE", this.path()).catch(() => {});
  }
}
