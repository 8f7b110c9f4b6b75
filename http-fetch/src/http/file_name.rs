//! Names for files that somebody else has chosen.

use percent_encoding::percent_decode_str;

/// Bytes for a name, leaving room for `.part.from` after it.
pub(super) const MAX: usize = 240;

/// A name that can do nothing but be the name of a visible file in the current directory: without
/// separators, a leading dot or dash, control or direction-changing characters, and not too long.
/// Nothing where nothing is left of it.
pub(super) fn harmless(name: &str) -> Option<String> {
    let name: String = name.chars().map(|c| if is_unsafe_in_a_name(c) { '_' } else { c }).collect();
    let name = if name.starts_with(['.', '-']) { format!("_{name}") } else { name };
    let name = shortened(&name, MAX);
    (!name.trim().is_empty()).then_some(name)
}

fn is_unsafe_in_a_name(c: char) -> bool {
    // Format characters that reorder the text around them show a name as another one (`exe.txt` for
    // `txt.exe`).
    let reorders = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}');
    c.is_control() || reorders || "/\\".contains(c) || (cfg!(windows) && "<>:\"|?*".contains(c))
}

/// `name` cut in its middle part, so that it keeps its extension.
fn shortened(name: &str, most: usize) -> String {
    if name.len() <= most {
        return name.to_owned();
    }
    let (stem, extension) =
        name.rsplit_once('.').filter(|(_, end)| end.len() <= 16).unwrap_or((name, ""));
    let most = most.saturating_sub(extension.len() + 1);
    let mut kept = String::new();
    for c in stem.chars() {
        if kept.len() + c.len_utf8() > most {
            break;
        }
        kept.push(c);
    }
    if extension.is_empty() { kept } else { format!("{kept}.{extension}") }
}

/// The name that a server gives a file by `Content-Disposition` (RFC 6266): `filename*`, which says
/// its encoding, before `filename`. Of a path the last part.
pub fn of_disposition(value: &str) -> Option<String> {
    let parameters = parameters(value);
    let find = |wanted: &str| parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    let encoded = find("filename*").and_then(|(_, value)| extended(value));
    let name = encoded.or_else(|| find("filename").map(|(_, value)| value.clone()))?;
    harmless(name.rsplit(['/', '\\']).next().unwrap_or_default())
}

/// `UTF-8''%e4%bd%a0` (RFC 8187); other encodings are hardly ever seen.
fn extended(value: &str) -> Option<String> {
    let mut parts = value.splitn(3, '\'');
    let (charset, _language, text) = (parts.next()?, parts.next()?, parts.next()?);
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    Some(percent_decode_str(text).decode_utf8().ok()?.into_owned())
}

/// The parameters behind the type, `name=value` or `name="quoted \\"value\\""`.
fn parameters(value: &str) -> Vec<(String, String)> {
    let mut letters = value.chars().peekable();
    let mut found = Vec::new();
    while letters.find(|letter| *letter == ';').is_some() {
        let mut name = String::new();
        while let Some(letter) = letters.next_if(|letter| !"=;".contains(*letter)) {
            name.push(letter);
        }
        if letters.next_if_eq(&'=').is_none() {
            continue;
        }
        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        let mut text = String::new();
        if letters.next_if_eq(&'"').is_some() {
            while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
                text.extend(if letter == '\\' { letters.next() } else { Some(letter) });
            }
        } else {
            while let Some(letter) = letters.next_if(|letter| *letter != ';') {
                text.push(letter);
            }
            text.truncate(text.trim_end().len());
        }
        found.push((name.trim().to_owned(), text));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_server_may_give_a_name() {
        for (value, name) in [
            ("attachment; filename=a.txt", "a.txt"),
            ("attachment; filename=\"a b; c.txt\"", "a b; c.txt"),
            ("attachment;filename = \"a \\\"b\\\".txt\" ; x=y", "a \"b\".txt"),
            ("inline; FileName=a.txt; filename*=utf-8''%e4%bd%a0.txt", "你.txt"),
            ("attachment; filename*=UTF-8'en'a%20b; filename=c", "a b"),
            ("attachment; filename*=latin-1''%e9; filename=e", "e"),
            ("attachment; filename*=UTF-8''%ff; filename=e", "e"),
            ("attachment; filename=\"../../etc/passwd\"", "passwd"),
            ("attachment; filename=\"C:\\\\x\\\\a.exe\"", "a.exe"),
            ("attachment; filename=.bashrc", "_.bashrc"),
            ("attachment; filename*=UTF-8''%2e%2e%2f-rf", "_-rf"),
            ("attachment; filename=\"a\u{202e}txt.exe\"", "a_txt.exe"),
        ] {
            assert_eq!(of_disposition(value).as_deref(), Some(name), "{value}");
        }
        for value in [
            "attachment",
            "filename=a",
            "",
            "attachment; filename=",
            "attachment; filename=\"a/\"",
            ";;=;",
        ] {
            assert_eq!(of_disposition(value), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_given_is_one_visible_file_here(value in "\\PC*|attachment; ?filename[*]?=(UTF-8'')?[\"\\\\/.%a-f0-9-]*") {
            if let Some(name) = of_disposition(&value) {
                prop_assert!(!name.is_empty() && !name.starts_with(['.', '-']));
                prop_assert!(!name.contains(['/', '\\', '\0']) && !name.chars().any(char::is_control));
                prop_assert_eq!(std::path::Path::new(&name).components().count(), 1);
            }
        }
    }
}
