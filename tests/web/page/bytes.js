// Bytes as people read them: escaped text, hexadecimal, what is length and what is payload.

const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** A character that would move, hide or turn round what stands beside it, as an escape. */
function shown(letter) {
  if (!CONTROL.test(letter)) return letter;
  const code = letter.codePointAt(0);
  if (letter === "\n") return "\\n";
  if (letter === "\r") return "\\r";
  if (letter === "\t") return "\\t";
  return code < 0x80 ? `\\x${hex(code)}` : `\\u{${code.toString(16)}}`;
}

export const hex = (byte) => byte.toString(16).padStart(2, "0");

/** One line of text, each control character as an escape. */
export function escapeLine(text) {
  if (!CONTROL.test(text)) return text;
  let line = "";
  for (const letter of text) line += shown(letter);
  return line;
}

/** The length of the character that begins at `at`, or 0 where there is no whole one (RFC 3629). */
function character(bytes, at) {
  const first = bytes[at];
  if (first < 0x80) return 1;
  const length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || first >= 0xf5 || at + length > bytes.length) return 0;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes as one line of at most `most` characters: UTF-8 escaped, what is none of it as `\xNN`. */
export function asLine(bytes, most = Infinity) {
  let line = "";
  let count = 0;
  for (let at = 0; at < bytes.length;) {
    if (count >= most) return `${line}…`;
    const length = character(bytes, at);
    const piece = length === 0
      ? `\\x${hex(bytes[at])}`
      : shown(strict.decode(bytes.subarray(at, at + length)));
    line += piece;
    count += piece.length;
    at += Math.max(1, length);
  }
  return line;
}

export function fromBase64(text) {
  if (!text) return new Uint8Array();
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
  return bytes;
}

/** Rows of a dump: offset, the cells of 16 bytes with hexadecimal and text. A character of several
 * bytes stands at its first; the cells of the others are empty. */
export function dump(bytes, most = 4096) {
  const end = Math.min(bytes.length, most);
  const texts = new Array(end).fill("");
  for (let at = 0; at < end;) {
    const length = character(bytes, at);
    if (length === 0) texts[at] = "·";
    else {
      const letter = strict.decode(bytes.subarray(at, at + length));
      texts[at] = letter === " " ? "␣" : CONTROL.test(letter) ? "·" : letter;
    }
    at += Math.max(1, length);
  }
  const rows = [];
  for (let from = 0; from < end; from += 16) {
    const cells = [];
    for (let at = from; at < Math.min(from + 16, end); at += 1) {
      cells.push({ at, hex: hex(bytes[at]), text: texts[at] });
    }
    rows.push({ from, cells });
  }
  return rows;
}
