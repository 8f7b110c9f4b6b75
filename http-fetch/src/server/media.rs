//! What kind of thing a file is, for its `Content-Type`.

use std::borrow::Cow;

/// The type of a file, by the end of its name and by what all of its bytes are, if that is known.
///
/// A text is said to be in UTF-8 only if all of it is. Where it is not (a page of last century in
/// GBK), or where nobody has read it to its end, nothing is said, and the browser believes the page
/// itself. A file whose name tells nothing is a text if it is one in UTF-8.
pub(crate) fn of(name: &[u8], bytes: Option<Bytes>) -> Cow<'static, str> {
    match (by_extension(name), bytes) {
        (Some(text), Some(Bytes::Text | Bytes::Utf8)) if text.starts_with("text/") => in_utf8(text),
        (Some(kind), _) => kind.into(),
        (None, Some(Bytes::Text)) => in_utf8("text/plain"),
        (None, Some(Bytes::Escapes)) => "text/plain".into(),
        (None, _) => "application/octet-stream".into(),
    }
}

/// What all the bytes of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bytes {
    /// UTF-8, and without control characters but those of a text that was meant to be printed.
    Text,
    /// UTF-8, with control characters.
    Utf8,
    /// Seven bits a byte, with what switches to Chinese or Japanese in ISO-2022 or in HZ: UTF-8 as
    /// well, but most likely not meant so.
    Escapes,
    /// No UTF-8.
    Other,
}

/// Whether it is a control character that no text holds, not even one that was meant to be printed.
fn is_unprintable(byte: u8) -> bool {
    /// Bit 9 is the tab, and so on: line feed, form feed, carriage return, escape.
    const KEPT: u32 = 1 << b'\t' | 1 << b'\n' | 1 << 0x0c | 1 << b'\r' | 1 << 0x1b;
    byte == 0x7f || (byte < 0x20 && (KEPT >> byte) & 1 == 0)
}

/// Looks at the bytes of a file, piece by piece.
#[derive(Debug)]
pub(crate) struct Look {
    /// The beginning of a character that the last piece has cut.
    cut: Vec<u8>,
    is_utf8: bool,
    is_printable: bool,
    is_ascii: bool,
    escapes: bool,
    last: u8,
    /// Whether the name tells that it is a text, and only the encoding is to be found out.
    is_text: bool,
}

impl Look {
    /// At a file of that name; `None` where its bytes tell nothing more.
    pub(crate) fn of(name: &[u8]) -> Option<Self> {
        let kind = by_extension(name);
        if kind.is_some_and(|kind| !kind.starts_with("text/")) {
            return None;
        }
        Some(Self {
            cut: Vec::new(),
            is_utf8: true,
            is_printable: true,
            is_ascii: true,
            escapes: false,
            last: 0,
            is_text: kind.is_some(),
        })
    }

    /// Takes the next piece; whether it is of any use to go on.
    pub(crate) fn at(&mut self, piece: &[u8]) -> bool {
        self.is_printable &= !piece.iter().any(|byte| is_unprintable(*byte));
        if !self.is_printable && !self.is_text {
            return false;
        }
        self.is_ascii &= piece.is_ascii();
        // The question matters for ASCII only.
        if self.is_ascii && !self.escapes {
            let across = self.last == b'~' && piece.first() == Some(&b'{');
            self.escapes =
                across || piece.contains(&0x1b) || piece.windows(2).any(|two| two == b"~{");
        }
        self.last = piece.last().copied().unwrap_or(self.last);
        self.cut.extend_from_slice(piece);
        match std::str::from_utf8(&self.cut) {
            Ok(_) => self.cut.clear(),
            Err(error) if error.error_len().is_none() => {
                self.cut.drain(..error.valid_up_to());
            }
            Err(_) => self.is_utf8 = false,
        }
        self.is_utf8
    }

    /// At all of them at once.
    pub(crate) fn at_all(mut self, bytes: &[u8]) -> Bytes {
        self.at(bytes);
        self.end()
    }

    /// The pieces were all.
    pub(crate) fn end(self) -> Bytes {
        match self {
            Self { is_utf8: false, .. } => Bytes::Other,
            Self { cut, .. } if !cut.is_empty() => Bytes::Other,
            Self { is_printable: false, .. } => Bytes::Utf8,
            Self { is_ascii: true, escapes: true, .. } => Bytes::Escapes,
            _ => Bytes::Text,
        }
    }
}

fn in_utf8(text: &str) -> Cow<'static, str> {
    match text {
        "text/plain" => "text/plain; charset=utf-8".into(),
        "text/html" => "text/html; charset=utf-8".into(),
        other => format!("{other}; charset=utf-8").into(),
    }
}

/// The types that browsers do something with, and those that people offer for download.
fn by_extension(name: &[u8]) -> Option<&'static str> {
    let dot = name.iter().rposition(|&byte| byte == b'.')?;
    let extension = name.get(dot + 1..)?;
    // None of those below is longer.
    let mut lowercase = [0; 11];
    let lowercase = lowercase.get_mut(..extension.len())?;
    lowercase.copy_from_slice(extension);
    lowercase.make_ascii_lowercase();
    Some(match std::str::from_utf8(lowercase).ok()? {
        "html" | "htm" => "text/html",
        "css" => "text/css",
        "js" | "mjs" => "text/javascript",
        "txt" | "log" | "rs" | "py" | "c" | "h" | "go" | "java" | "sh" | "toml" | "ini"
        | "conf" => "text/plain",
        "md" => "text/markdown",
        "csv" => "text/csv",
        "tsv" => "text/tab-separated-values",
        "ics" => "text/calendar",
        "vtt" => "text/vtt",
        "xml" => "text/xml",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "xhtml" | "xht" => "application/xhtml+xml",
        "wasm" => "application/wasm",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "tar" => "application/x-tar",
        "gz" | "tgz" => "application/gzip",
        "bz2" => "application/x-bzip2",
        "xz" => "application/x-xz",
        "zst" => "application/zstd",
        "7z" => "application/x-7z-compressed",
        "rar" => "application/vnd.rar",
        "epub" => "application/epub+zip",
        "rtf" => "application/rtf",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "jxl" => "image/jxl",
        "heic" => "image/heic",
        "bmp" => "image/bmp",
        "ico" => "image/vnd.microsoft.icon",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "aac" => "audio/aac",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "mov" => "video/quicktime",
        "mkv" => "video/x-matroska",
        "avi" => "video/x-msvideo",
        "mpg" | "mpeg" => "video/mpeg",
        "m3u8" => "application/vnd.apple.mpegurl",
        "mpd" => "application/dash+xml",
        "ogv" => "video/ogg",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &[u8], bytes: &[u8]) -> Cow<'static, str> {
        super::of(name, Look::of(name).map(|look| look.at_all(bytes)))
    }

    #[test]
    fn the_name_tells_in_any_case_of_its_letters() {
        assert_eq!(of(b"a.PNG", b"\x89PNG"), "image/png");
        assert_eq!(of("中文.tar.gz".as_bytes(), b""), "application/gzip");
        assert_eq!(of(b"a.html", b"<p>"), "text/html; charset=utf-8");
        assert_eq!(of(b"a.WebManifest", b"{}"), "application/manifest+json");
        assert_eq!(of(b"a.vtt", b"WEBVTT"), "text/vtt; charset=utf-8");
        assert_eq!(of(b"a.mkv", b""), "video/x-matroska");
        assert_eq!(of(b"a.webmanifests", b"\xff"), "application/octet-stream");
    }

    #[test]
    fn a_text_is_said_to_be_utf_8_only_if_all_of_it_is() {
        let chinese = "中文".as_bytes();
        assert_eq!(of(b"a.txt", chinese), "text/plain; charset=utf-8");
        assert_eq!(of(b"a.txt", &chinese[..4]), "text/plain");
        assert_eq!(of(b"a.html", b"\xd6\xd0\xce\xc4"), "text/html");
        // Nobody knows how it goes on.
        assert_eq!(super::of(b"a.txt", None), "text/plain");
        assert_eq!(super::of(b"README", None), "application/octet-stream");
        // Seven bits a byte are not always what they look like.
        assert_eq!(of(b"a.html", b"\x1b$BF|K\\\x1b(B"), "text/html");
        assert_eq!(of(b"a.txt", b"~{VPND~}"), "text/plain");
        assert_eq!(of(b"a.txt", "\x1b[1m中文".as_bytes()), "text/plain; charset=utf-8");
    }

    #[test]
    fn a_character_may_be_cut_by_the_pieces() {
        for text in ["a中文é𝄞", "~{中"] {
            for size in 1..5 {
                let mut look = Look::of(b"README").unwrap();
                assert!(text.as_bytes().chunks(size).all(|piece| look.at(piece)));
                assert_eq!(look.end(), Bytes::Text);
            }
        }
        let mut look = Look::of(b"README").unwrap();
        assert!(look.at(b"~") && look.at(b"{VPND~}"));
        assert_eq!(look.end(), Bytes::Escapes);
    }

    #[test]
    fn a_name_that_tells_nothing_is_a_text_if_it_is_one() {
        assert_eq!(of(b"README", "说明\n".as_bytes()), "text/plain; charset=utf-8");
        assert_eq!(of(b"README", b""), "text/plain; charset=utf-8");
        for bytes in [&b"\x7fELF\0"[..], b"a\0b", b"\xff"] {
            assert_eq!(of(b"program", bytes), "application/octet-stream");
        }
    }
}
