//! What programs answer to `--version`, each in its own way.

/// The first word with digits around a point, from its first digit on: `9.2p1` of `OpenSSH_9.2p1,`.
pub fn first_version(said: &str) -> Option<String> {
    let versions = said.split_whitespace().filter_map(|word| {
        let word = word.get(word.find(|letter: char| letter.is_ascii_digit())?..)?;
        let end = word.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.');
        let word = word.get(..end.unwrap_or(word.len()))?;
        let (major, minor) = word.split_once('.')?;
        let is_number = !major.is_empty() && major.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && minor.starts_with(|digit: char| digit.is_ascii_digit())).then_some(word)
    });
    versions.map(str::to_owned).next()
}
