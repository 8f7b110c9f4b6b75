//! When two transcripts are the same: what may differ from run to run is replaced by placeholders
//! on both sides.

/// Whether `seen` is what is `shown`, where a line `…` stands for any lines.
pub(super) fn same(shown: &[String], seen: &[String]) -> bool {
    match (shown.split_first(), seen.split_first()) {
        (None, seen) => seen.is_none(),
        (Some((first, rest)), _) if first == "…" => {
            (0..=seen.len()).any(|skipped| same(rest, &seen[skipped..]))
        }
        (Some((shown, shown_rest)), Some((seen, seen_rest))) => {
            shown == seen && same(shown_rest, seen_rest)
        }
        (Some(_), None) => false,
    }
}

/// Times, dates and durations. `#` is a digit, `_` a digit or a blank, `@` a letter, `%` one or
/// more digits with points, and slashes between them.
const VARYING: &[(&str, &str)] = &[
    ("##:##:##.######", "TIME"),
    ("@@@, ## @@@ #### ##:##:## GMT", "DATE"),
    ("@@@ @@@ _# ##:##:## ####", "DATE"),
    ("##/@@@/####:##:##:## +####", "DATE"),
    ("% ms", "N ms"),
    ("% B/s %s", "RATE"),
    ("% KiB/s %s", "RATE"),
    ("% µs", "N µs"),
];

/// The addresses whose ports the system chooses.
const LOCAL: [&str; 2] = ["127.0.0.1:", "[::1]:"];

/// `lines` with placeholders. A port that is none of `known` gets a name by the order in which it
/// appears, so that the same port has to be the same in all of them, and another has to be another.
pub(super) fn normal(lines: &[String], known: &[u16]) -> Vec<String> {
    let mut ports = Vec::new();
    lines.iter().map(|line| normal_line(without_key(line), known, &mut ports)).collect()
}

fn normal_line(line: &str, known: &[u16], ports: &mut Vec<u16>) -> String {
    let mut result = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        // Never in the middle of a number or a word.
        let inside =
            result.ends_with(|c: char| c.is_ascii_alphanumeric()) && first.is_ascii_alphanumeric();
        let varying =
            VARYING.iter().find_map(|&(pattern, name)| Some((length(pattern, rest)?, name)));
        if !inside && let Some((length, name)) = varying {
            result += name;
            rest = &rest[length..];
        } else if let Some((address, port)) =
            LOCAL.iter().find_map(|&local| Some((local, number(rest.strip_prefix(local)?)?)))
        {
            let (port, digits) = port;
            result += address;
            match known.contains(&port) {
                true => result += &port.to_string(),
                false => {
                    let at = ports.iter().position(|&known| known == port);
                    let at = at.unwrap_or_else(|| {
                        ports.push(port);
                        ports.len() - 1
                    });
                    result += &format!("PORT-{}", at + 1);
                }
            }
            rest = &rest[address.len() + digits..];
        } else {
            result.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    result
}

/// A port at the beginning of `text`, and how many digits it has.
pub(super) fn number(text: &str) -> Option<(u16, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    Some((text[..digits].parse().ok()?, digits))
}

/// How many bytes of `text` match, from its beginning.
fn length(pattern: &str, text: &str) -> Option<usize> {
    let mut rest = text.char_indices().peekable();
    for wanted in pattern.chars() {
        let (_, c) = rest.next()?;
        let fits = match wanted {
            '#' => c.is_ascii_digit(),
            '_' => c.is_ascii_digit() || c == ' ',
            '@' => c.is_ascii_alphabetic(),
            '%' => {
                while rest.next_if(|&(_, c)| c.is_ascii_digit() || c == '.' || c == '/').is_some() {
                }
                c.is_ascii_digit()
            }
            _ => c == wanted,
        };
        if !fits {
            return None;
        }
    }
    Some(rest.peek().map_or(text.len(), |&(at, _)| at))
}

/// A server's lines by the way that they take to the terminal: its conversation, its notices, its
/// trace. Each way keeps its own order, and none waits for another. `…` goes with the line before
/// it.
pub(super) fn by_way(lines: &[String]) -> Vec<String> {
    let mut ways: [Vec<String>; 3] = Default::default();
    let mut way = 0;
    for line in lines {
        way = match line.as_str() {
            "…" => way,
            line if is_trace(line) => 2,
            line if line.starts_with("notice: ") || line.starts_with("error: ") => 1,
            _ => 0,
        };
        ways[way].push(line.clone());
    }
    ways.concat()
}

/// Whether it is a line of `--trace`.
pub(super) fn is_trace(line: &str) -> bool {
    length("##:##:##.###### ", line).is_some()
}

/// A line without the key that is shown at its end: `^C` is on some screens, `^D` on none.
pub(super) fn without_key(line: &str) -> &str {
    line.trim_end().trim_end_matches("^C").trim_end_matches("^D").trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> String {
        normal(&[line.to_owned()], &[50000]).remove(0)
    }

    #[test]
    fn times_dates_and_milliseconds_may_differ() {
        assert_eq!(one("08:41:24.133524 socket - -"), "TIME socket - -");
        assert_eq!(one("Date: Sat, 21 Nov 2026 08:58:56 GMT"), "Date: DATE");
        assert_eq!(one("Sat Nov  1 05:47:12 2026 接收到消息"), "DATE 接收到消息");
        assert_eq!(one("seq=5 time=28.4 ms (DUP!)"), "seq=5 time=N ms (DUP!)");
        assert_eq!(one("page 5 B 457 B/s 0s"), "page 5 B RATE");
        assert_eq!(one("mdev = 28.265/58.005/76.441/19.980 ms"), "mdev = N ms");
    }

    #[test]
    fn everything_else_may_not() {
        for line in ["97.88", "within 10 s", "424", "5 of 100 bytes", "8 sent, 7 received", "a7 ms"]
        {
            assert_eq!(one(line), line);
        }
    }

    #[test]
    fn an_ellipsis_stands_for_any_lines() {
        let lines = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        for (shown, seen) in
            [("ab", "ab"), ("a…", "abc"), ("a…", "a"), ("…c", "abc"), ("a…d…f", "abcdef")]
        {
            assert!(same(&lines(shown), &lines(seen)), "{shown} {seen}");
        }
        for (shown, seen) in [("a", "ab"), ("ab", "a"), ("b…", "abc"), ("…b", "abc")] {
            assert!(!same(&lines(shown), &lines(seen)), "{shown} {seen}");
        }
    }

    #[test]
    fn only_the_order_on_each_way_counts() {
        let lines = ["a", "08:41:24.133524 recv", "…", "notice: x", "b"].map(str::to_owned);
        assert_eq!(by_way(&lines), ["a", "b", "notice: x", "08:41:24.133524 recv", "…"]);
    }

    #[test]
    fn a_port_is_known_by_the_order_in_which_it_appears() {
        let lines = ["127.0.0.1:50000 127.0.0.1:4123", "127.0.0.1:4124: a", "127.0.0.1:4123: b"]
            .map(str::to_owned);
        assert_eq!(
            normal(&lines, &[50000]),
            ["127.0.0.1:50000 127.0.0.1:PORT-1", "127.0.0.1:PORT-2: a", "127.0.0.1:PORT-1: b"]
        );
    }
}
