//! How much a program on trial has written to disk.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::DISK;

/// How many files it may make. A disk has a limit of those, too.
const FILES: u64 = 20_000;
/// Looking takes a part of the time, however many files there are: one in so many.
const PART: u32 = 10;
/// How long is waited at least.
const LOOK: Duration = Duration::from_millis(500);

/// What is on disk in some places.
pub(super) struct Disk {
    places: Vec<PathBuf>,
    before: Used,
    next: Instant,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Used {
    bytes: u64,
    files: u64,
}

impl Used {
    fn add(&mut self, about: &Metadata) {
        self.bytes += about.blocks() * 512;
        self.files += 1;
    }
}

impl Disk {
    /// What is there now is not the program's.
    pub(super) fn new(places: Vec<PathBuf>) -> Disk {
        let before = used(&places);
        Disk { places, before, next: Instant::now() }
    }

    /// Whether these processes have written too much. Looks only now and then.
    pub(super) fn is_too_full(&mut self, processes: impl Iterator<Item = i32>) -> bool {
        let begun = Instant::now();
        if begun < self.next {
            return false;
        }
        let mut now = used(&self.places);
        without_names(processes, &mut now);
        self.next = Instant::now() + LOOK.max(begun.elapsed() * PART);
        now.bytes.saturating_sub(self.before.bytes) > DISK << 20
            || now.files.saturating_sub(self.before.files) > FILES
    }
}

/// Of all that is below these folders; links are not followed.
fn used(places: &[PathBuf]) -> Used {
    let mut used = Used::default();
    let mut folders = places.to_vec();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(about) = entry.metadata() else { continue };
            used.add(&about);
            if about.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    used
}

/// Files that somebody has open still and that stand in no folder any more.
fn without_names(processes: impl Iterator<Item = i32>, used: &mut Used) {
    let mut known = BTreeSet::new();
    for id in processes {
        let open = fs::read_dir(Path::new("/proc").join(id.to_string()).join("fd"));
        for file in open.into_iter().flatten().flatten() {
            let Ok(about) = fs::metadata(file.path()) else { continue };
            let is_lost = about.is_file() && about.nlink() == 0;
            if is_lost && known.insert((about.dev(), about.ino())) {
                used.add(&about);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn what_was_there_before_does_not_count_and_a_file_without_a_name_does() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("deep")).unwrap();
        fs::write(dir.path().join("deep/file"), [1; 10_000]).unwrap();
        std::os::unix::fs::symlink("..", dir.path().join("deep/up")).unwrap();
        let places = vec![dir.path().to_owned()];
        let before = used(&places);
        assert_eq!(before.files, 3);
        assert!(before.bytes >= 10_000, "{before:?}");
        let own = i32::try_from(std::process::id()).unwrap();
        let mut others = Used::default();
        without_names(std::iter::once(own), &mut others);
        let mut lost = tempfile::tempfile_in(dir.path()).unwrap();
        lost.write_all(&[1; 10_000]).unwrap();
        assert_eq!(used(&places), before);
        let mut now = Used::default();
        without_names([own, own].into_iter(), &mut now);
        assert!(now.files > others.files && now.bytes >= others.bytes + 10_000, "{now:?}");
        let mut disk = Disk { places, before, next: Instant::now() };
        assert!(!disk.is_too_full(std::iter::empty()));
        disk.before.files = 0;
        disk.next = Instant::now();
        assert!(!disk.is_too_full(std::iter::empty()));
    }
}
