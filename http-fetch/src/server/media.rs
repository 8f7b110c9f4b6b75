//! What kind of thing a file is, for its `Content-Type`.

use std::borrow::Cow;

/// The type of a file, by the end of its name and by the bytes it begins with. `is_whole` tells
/// that these are all.
///
/// A text is said to be in UTF-8 only if it is. Where it is not (a page of last century in GBK),
/// nothing is said, and the browser believes the page itself. A file whose name tells nothing is a
/// text if it looks like one.
pub(crate) fn of(name: &[u8], beginning: &[u8], is_whole: bool) -> Cow<'static, str> {
    match by_extension(name) {
        Some(text) if text.starts_with("text/") && is_utf8(beginning, is_whole) => in_utf8(text),
        Some(kind) => kind.into(),
        None if is_utf8(beginning, is_whole) && is_text(beginning) => in_utf8("text/plain"),
        None => "application/octet-stream".into(),
    }
}

/// Whether bytes of a file of that name are needed to tell what it is.
pub(crate) fn is_told_by_name(name: &[u8]) -> bool {
    by_extension(name).is_some_and(|kind| !kind.starts_with("text/"))
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
    let mut lowercase = [0; 5];
    let lowercase = lowercase.get_mut(..extension.len())?;
    lowercase.copy_from_slice(extension);
    lowercase.make_ascii_lowercase();
    Some(match std::str::from_utf8(lowercase).ok()? {
        "html" | "htm" => "text/html",
        "css" => "text/css",
        "js" | "mjs" => "text/javascript",
        "txt" | "log" | "rs" | "py" | "c" | "h" | "go" | "java" | "sh" | "toml" | "ini" | "conf" => {
            "text/plain"
        }
        "md" => "text/markdown",
        "csv" => "text/csv",
        "xml" => "text/xml",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "gz" | "tgz" => "application/gzip",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "bmp" => "image/bmp",
        "ico" => "image/vnd.microsoft.icon",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "ogv" => "video/ogg",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        _ => return None,
    })
}

fn is_utf8(beginning: &[u8], is_whole: bool) -> bool {
    // A character that the beginning cuts is no error of the file's.
    std::str::from_utf8(beginning).map_or_else(|error| !is_whole && error.error_len().is_none(), |_| true)
}

/// No control characters but those of a text that was meant to be printed.
fn is_text(beginning: &[u8]) -> bool {
    beginning.iter().all(|byte| !byte.is_ascii_control() || b"\t\n\x0c\r\x1b".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_in_any_case_of_its_letters() {
        assert_eq!(of(b"a.PNG", b"\x89PNG", true), "image/png");
        assert_eq!(of("中文.tar.gz".as_bytes(), b"", true), "application/gzip");
        assert_eq!(of(b"a.html", b"<p>", true), "text/html; charset=utf-8");
    }

    #[test]
    fn a_text_is_said_to_be_utf_8_only_if_it_is() {
        let chinese = "中文".as_bytes();
        assert_eq!(of(b"a.txt", chinese, true), "text/plain; charset=utf-8");
        assert_eq!(of(b"a.txt", &chinese[..4], false), "text/plain; charset=utf-8");
        assert_eq!(of(b"a.txt", &chinese[..4], true), "text/plain");
        assert_eq!(of(b"a.html", b"\xd6\xd0\xce\xc4", true), "text/html");
    }

    #[test]
    fn a_name_that_tells_nothing_is_a_text_if_it_looks_like_one() {
        assert_eq!(of(b"README", "说明\n".as_bytes(), true), "text/plain; charset=utf-8");
        assert_eq!(of(b"README", b"", true), "text/plain; charset=utf-8");
        for beginning in [&b"\x7fELF\0"[..], b"a\0b", b"\xff"] {
            assert_eq!(of(b"program", beginning, true), "application/octet-stream");
        }
    }
}
