//! Whether to speak Chinese, as `common::text` has it, which is not built yet.

use std::ffi::OsString;

use programs::NotBuilt;

/// `--lang` says so, or else the system.
pub(crate) fn is_chinese(words: &[OsString]) -> bool {
    let mut words = words.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        let chosen = match word {
            "--lang" => words.next(),
            _ => word.strip_prefix("--lang="),
        };
        if let Some(chosen) = chosen {
            return chosen == "zh";
        }
    }
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(std::env::var_os)
        .find(|value| !value.is_empty());
    let locale = set.map(|locale| locale.to_string_lossy().into_owned()).or_else(of_the_user);
    locale.is_some_and(|locale| locale.get(..2).is_some_and(|two| two.eq_ignore_ascii_case("zh")))
}

/// What is built before it opens: packages, parted by commas.
pub(crate) fn building(what: &str) -> String {
    format!("正在编译 {}，第一次要花些时间", what.replace(", ", "、"))
}

/// Why there is nothing to open.
pub(crate) fn not_built(why: &NotBuilt, words: &[OsString]) -> String {
    match why {
        why if !is_chinese(words) => why.to_string(),
        NotBuilt::NoCargo(error) => format!("无法运行 cargo：{error}"),
        NotBuilt::DoesNotBuild => "这些课的程序编译没有通过".to_owned(),
        NotBuilt::NoProgram(name) => format!("没有叫 {name} 的程序"),
        NotBuilt::NotThere(path) => format!("{} 不存在", path.display()),
    }
}

#[cfg(windows)]
fn of_the_user() -> Option<String> {
    sys_locale::get_locale()
}

#[cfg(not(windows))]
fn of_the_user() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_parted_as_chinese_parts_them() {
        assert_eq!(building("tour, tcp-echo"), "正在编译 tour、tcp-echo，第一次要花些时间");
    }

    #[test]
    fn the_option_says_which() {
        let chinese = |words: &[&str]| {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            is_chinese(&words)
        };
        assert!(chinese(&["--lang", "zh", "tour"]) && chinese(&["tour", "--lang=zh"]));
        assert!(!chinese(&["--lang", "en", "tour"]) && !chinese(&["tour", "--lang=en"]));
    }
}
