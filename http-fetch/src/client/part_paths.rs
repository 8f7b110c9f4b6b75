//! The names of what stands beside a file that is not complete: `FILE.part`, which has the bytes,
//! and `FILE.part.from`, which says where they come from.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use http_fetch::http::resume::Origin;

use crate::destination::shown;
use crate::text;

/// What stands behind the name of the note.
const NOTE: &str = ".part.from";

/// The longest name that common file systems take, in bytes.
const MOST_OF_A_NAME: usize = 255;

/// The names of a file, of its part, and of the note beside that.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    pub(crate) target: PathBuf,
    pub(crate) part: PathBuf,
    pub(crate) from: PathBuf,
    /// The part is in a directory that others use as well, and no later run will find it there.
    pub(crate) is_elsewhere: bool,
}

impl Paths {
    /// Beside the target.
    pub(crate) fn of(target: &Path) -> Self {
        let name = target.file_name().unwrap_or_default();
        let helper = match name.len() + NOTE.len() > MOST_OF_A_NAME {
            true => OsString::from(shortened(name)),
            false => name.to_owned(),
        };
        let with = |suffix: &str| {
            let mut name = helper.clone();
            name.push(suffix);
            target.with_file_name(name)
        };
        Self {
            target: target.to_owned(),
            part: with(".part"),
            from: with(NOTE),
            is_elsewhere: false,
        }
    }

    /// Where no file can be made beside the target: the system's directory for such things, under a
    /// name that nobody can foresee.
    pub(crate) fn elsewhere(target: &Path) -> Self {
        let chance = RandomState::new().build_hasher().finish();
        let part = std::env::temp_dir().join(format!("http-fetch-{chance:016x}.part"));
        let from = part.with_extension("part.from");
        Self { target: target.to_owned(), part, from, is_elsewhere: true }
    }

    /// What the note beside the part says; nothing if there is none.
    pub(crate) fn origin(&self) -> Result<Option<Origin>> {
        match fs::read_to_string(&self.from) {
            // A run was killed just when it had created the note.
            Ok(text) if text.is_empty() => Ok(None),
            Ok(text) => Origin::parse(&text).map(Some).ok_or_else(|| self.not_ours(&self.from)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| shown(&self.from)),
        }
    }

    /// The error for a file in the way that no run of ours has made.
    pub(crate) fn not_ours(&self, path: &Path) -> anyhow::Error {
        anyhow!(text::in_the_way(shown(path)))
    }
}

/// The beginning of a name, and a number that tells it from others with the same beginning
/// (FNV-1a): the same in every run, so that `--continue` finds it.
fn shortened(name: &OsStr) -> String {
    let number = name.as_encoded_bytes().iter().fold(0xcbf2_9ce4_8422_2325_u64, |number, byte| {
        (number ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut beginning = String::new();
    for char in name.to_string_lossy().chars() {
        if beginning.len() + char.len_utf8() > 200 {
            break;
        }
        beginning.push(char);
    }
    format!("{beginning}~{number:016x}")
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result,
    }
}
