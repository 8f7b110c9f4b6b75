//! Lines of a help broken at the width of the terminal, with Chinese in them: a letter takes two
//! columns, a line may end behind any of them, and no line begins with a mark that closes. Words go
//! on below the words behind the gap, as in `--once   Serve one client`; where few columns are left
//! there, all of them stand below what is before the gap.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Fewer columns than these hold no help; the terminal breaks its lines as it likes.
const LEAST: usize = 40;

/// The text with each line in at most `columns` columns.
pub(super) fn wrapped(text: &str, columns: usize) -> String {
    if columns < LEAST {
        return text.to_owned();
    }
    text.lines().map(|line| wrapped_line(line, columns) + "\n").collect()
}

fn wrapped_line(line: &str, columns: usize) -> String {
    if line.width() <= columns {
        return line.to_owned();
    }
    let words = line.trim_start();
    let begin = line.len() - words.len();
    let is_too_far = |column: usize| column > columns * 2 / 3;
    if is_too_far(begin) {
        // The words of an example whose command took the line above.
        return wrapped_line(&indented(BELOW_A_COMMAND, words), columns);
    }
    let mut indent = begin;
    if let Some((head, rest)) = words.split_once("  ") {
        let said = rest.trim_start();
        let column = begin + head.width() + 2 + (rest.len() - said.len());
        if is_too_far(column) {
            let head = wrapped_line(&indented(begin, head), columns);
            return format!("{head}\n{}", wrapped_line(&indented(begin + 4, said), columns));
        }
        indent = column;
    }
    broken(line, indent, columns)
}

/// Where the words of an example go on that have no room behind its command.
const BELOW_A_COMMAND: usize = 6;

fn indented(columns: usize, words: &str) -> String {
    " ".repeat(columns) + words
}

/// The line in several, of which the later ones begin below its words.
fn broken(line: &str, indent: usize, columns: usize) -> String {
    let mut lines = String::new();
    let mut current = String::new();
    for piece in pieces(line) {
        if current.width() + piece.trim_end().width() > columns && !current.trim().is_empty() {
            lines.push_str(current.trim_end());
            lines.push('\n');
            current = indented(indent, "");
        }
        current.push_str(&piece);
    }
    lines + current.trim_end()
}

/// What a line may be broken between. Blanks belong to what is before them.
fn pieces(line: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before = None;
    let mut in_brackets = false;
    for letter in line.chars() {
        match pieces.last_mut() {
            Some(piece) if before.is_some_and(|before| !may_part(before, letter, in_brackets)) => {
                piece.push(letter);
            }
            _ => pieces.push(letter.to_string()),
        }
        in_brackets = letter == '[' || in_brackets && letter != ']';
        before = Some(letter);
    }
    pieces
}

/// In brackets, as in `[默认：9999]`, only a blank parts words.
fn may_part(before: char, after: char, in_brackets: bool) -> bool {
    const OPENING: &str = "（“‘《「【[";
    const CLOSING: &str = "，。、；：？！）”’》」】…]";
    let is_wide = |letter: char| letter.width() == Some(2);
    if OPENING.contains(before) || CLOSING.contains(after) {
        return false;
    }
    match (before, after) {
        (_, ' ') => false,
        (' ', _) => true,
        _ if in_brackets => false,
        ('：', after) => is_wide(after),
        _ => is_wide(before) || is_wide(after) || CLOSING.contains(before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELP: &str = "用法：prog [选项]\n\n选项：\n  \
        -a, --addr <ADDR>  在哪里监听：HOST:PORT、HOST、:PORT（所有网卡）或 PORT；端口 0 是随便哪个空闲端口 [默认：127.0.0.1:9999]\n      \
            --once         只服务一个客户端（UDP：一个数据报），然后退出\n\n\
        退出状态：每条消息都得到回答是 0，有一条没有是 1；每个温度都换算了是 0，有一个没换算成是 1，别的什么都不是。\n";

    #[test]
    fn no_line_is_wider_than_the_terminal_and_nothing_is_lost() {
        for columns in [60, 80, 120] {
            let help = wrapped(HELP, columns);
            for line in help.lines() {
                assert!(line.width() <= columns, "{columns}: {line}");
                let first = line.trim_start().chars().next().unwrap_or('x');
                assert!(!"，。、；：）".contains(first), "{columns}: {line}");
            }
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(bare(&help), bare(HELP));
        }
    }

    #[test]
    fn words_go_on_below_words() {
        let help = wrapped(HELP, 60);
        let lines: Vec<&str> = help.lines().collect();
        let at = lines.iter().position(|line| line.contains("--addr")).unwrap();
        let column = |line: &str| line.len() - line.trim_start().len();
        assert_eq!(lines[at], "  -a, --addr <ADDR>  在哪里监听：HOST:PORT、HOST、:PORT（所");
        assert_eq!((column(lines[at + 1]), column(lines[at + 2])), (21, 21), "{help}");
        assert!(lines[at + 3].contains("--once"), "{help}");
    }

    #[test]
    fn words_without_room_behind_a_command_stand_below_it() {
        let far = " ".repeat(33);
        let help = format!(
            "例子：\n  prog -a 1       说出来\n  prog --mode turns -a :9000       跟教程的客户端轮流说\n  \
             prog --mode room --name x --times\n{far}同上，待上一整天\n"
        );
        assert_eq!(wrapped(&help, 60), help);
        assert_eq!(
            wrapped(&help, 40),
            "例子：\n  prog -a 1       说出来\n  prog --mode turns -a :9000\n      跟教程的客户端轮流说\n  \
             prog --mode room --name x --times\n      同上，待上一整天\n"
        );
    }

    #[test]
    fn latin_words_and_numbers_stay_whole() {
        assert_eq!(
            pieces("用 --addr :PORT 换（0 行）。"),
            ["用 ", "--addr ", ":PORT ", "换", "（0 ", "行）。"]
        );
        assert_eq!(
            pieces("的 [默认：1] [可选值：en, zh]"),
            ["的 ", "[默认：1] ", "[可选值：en, ", "zh]"]
        );
        assert_eq!(wrapped("short", 10), "short");
        assert_eq!(wrapped("", 60), "");
    }
}
