//! Lists the files of the page, so that a new one need not be named anywhere else, and leaves out
//! what only their readers here need.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    writeln!(io::stdout(), "cargo::rerun-if-changed=page")?;
    let folder = |name: &str| env::var_os(name).map(PathBuf::from).ok_or(io::ErrorKind::NotFound);
    let (page, out) = (folder("CARGO_MANIFEST_DIR")?.join("page"), folder("OUT_DIR")?);
    let mut files: Vec<PathBuf> =
        fs::read_dir(&page)?.map(|file| Ok(file?.path())).collect::<io::Result<_>>()?;
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let Some(kind) = kind(file) else { continue };
        let path = if name == "index.html" { "/".to_owned() } else { format!("/{name}") };
        let served = out.join(&*name);
        fs::write(&served, without_comments(&fs::read_to_string(file)?))?;
        let served = served.to_string_lossy();
        let _ = writeln!(list, "({path:?}, {kind:?}, include_str!({served:?})),");
    }
    list.push(']');
    fs::write(out.join("assets.rs"), list)
}

/// What a file is; whatever else lies there is not served.
fn kind(file: &Path) -> Option<&'static str> {
    Some(match file.extension()?.to_str()? {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}

/// Comments that have their lines for themselves are a tenth of it, and no browser reads them. The
/// lines stay, so that a browser's complaint names the line that it has here.
fn without_comments(text: &str) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut within = false;
    for line in text.lines() {
        let words = line.trim();
        let begins = words.starts_with("/*") && (words.ends_with("*/") || !words.contains("*/"));
        if !(within || begins || words.starts_with("//")) {
            rest.push_str(line);
        }
        rest.push('\n');
        within = (within || begins) && !words.contains("*/");
    }
    rest
}
