//! A control group for what one judge starts (`man 7 cgroups`): the system itself refuses further
//! processes, which no watcher can do in time. Where none can be made the watcher is all there is.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::PROCESSES;

/// Where the groups are mounted: of the first version by controller, of the second all in one.
const ROOT: &str = "/sys/fs/cgroup";
/// A few more than are told as too many, so that the watcher sees that there were too many.
const MOST: usize = PROCESSES + 100;

/// Makes a group for what this process is going to start, if it may.
fn make() -> Option<PathBuf> {
    folders().into_iter().find_map(|folder| {
        let own = folder.join(name(std::process::id()));
        fs::create_dir(&own).ok()?;
        let is_bound = fs::write(own.join("pids.max"), MOST.to_string()).is_ok();
        if !is_bound {
            let _ = fs::remove_dir(&own);
        }
        is_bound.then_some(own)
    })
}

/// The group of this process, made when it is asked for first.
pub(super) fn of_this_judge() -> Option<&'static Path> {
    static GROUP: OnceLock<Option<PathBuf>> = OnceLock::new();
    GROUP.get_or_init(make).as_deref()
}

/// How often a process was refused in the group of this judge.
pub(super) fn refused() -> u64 {
    let events = of_this_judge().map(|group| fs::read_to_string(group.join("pids.events")));
    let events = events.and_then(Result::ok).unwrap_or_default();
    let max = events.lines().find_map(|line| line.strip_prefix("max "));
    max.and_then(|count| count.trim().parse().ok()).unwrap_or_default()
}

/// Puts this process into a group.
pub(super) fn enter(group: &Path) {
    let _ = fs::write(group.join("cgroup.procs"), std::process::id().to_string());
}

/// Takes away the group of a judge that has ended.
pub(super) fn remove(judge: u32) {
    for folder in folders() {
        let _ = fs::remove_dir(folder.join(name(judge)));
    }
}

fn name(judge: u32) -> String {
    format!("lab-judge-{judge}")
}

/// Where a group can be: below that of this process, or beside it.
fn folders() -> Vec<PathBuf> {
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    own.lines().flat_map(folders_of).collect()
}

/// Of one line, `ID:CONTROLLERS:PATH`; the second version names no controllers.
fn folders_of(line: &str) -> Vec<PathBuf> {
    let mut fields = line.splitn(3, ':').skip(1);
    let (Some(controllers), Some(path)) = (fields.next(), fields.next()) else { return Vec::new() };
    let root = match controllers {
        "" => Path::new(ROOT).to_owned(),
        "pids" => Path::new(ROOT).join("pids"),
        _ => return Vec::new(),
    };
    let own = root.join(path.trim_start_matches('/'));
    let beside = own.parent().filter(|beside| beside.starts_with(&root)).map(Path::to_owned);
    std::iter::once(own).chain(beside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_both_versions_are_looked_for_and_no_others() {
        let found = |line: &str| -> Vec<String> {
            folders_of(line).iter().map(|path| path.display().to_string()).collect()
        };
        assert_eq!(
            found("0::/user.slice/a.scope"),
            ["/sys/fs/cgroup/user.slice/a.scope", "/sys/fs/cgroup/user.slice",]
        );
        assert_eq!(found("7:pids:/"), ["/sys/fs/cgroup/pids/"]);
        assert!(found("3:cpu,cpuacct:/").is_empty() && found("").is_empty());
    }
}
