//! How many threads and processes the cgroup of this program may still start (`pids.max`).
//!
//! Containers and services of systemd are limited so, where `ulimit -u` says nothing: a limit holds
//! for a cgroup and all that is beneath it (`man 7 cgroups`; Linux's
//! `Documentation/admin-guide/cgroup-v2.rst`).

use std::collections::BTreeSet;

/// Where the second version of cgroups is seen: alone, and beside the first one.
const SECOND: [&str; 2] = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];

/// Where the first version has what limits processes.
const FIRST: &str = "/sys/fs/cgroup/pids";

/// How many are left, by what `/proc/self/cgroup` says and the files that `read` knows; `None`
/// where there is no limit.
pub(super) fn processes_left(
    cgroups: &str,
    read: impl Fn(&str) -> Option<String>,
) -> Option<usize> {
    let number = |path: String| read(&path)?.trim().parse::<usize>().ok();
    let left = folders(cgroups).into_iter().filter_map(|folder| {
        // `max` is no number.
        let most = number(format!("{folder}/pids.max"))?;
        Some(most.saturating_sub(number(format!("{folder}/pids.current"))?))
    });
    left.min()
}

/// The folders of the cgroups that this program is in, and of those above them. A container sees
/// its own as the first of all, whatever it is called outside.
fn folders(cgroups: &str) -> BTreeSet<String> {
    let mut folders = BTreeSet::new();
    // A line is `number:controllers:path`, and the second version has no controllers there.
    for line in cgroups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
        let places: &[&str] = match controllers {
            "" => &SECOND,
            several if several.split(',').any(|one| one == "pids") => &[FIRST],
            _ => continue,
        };
        let mut path = path.trim_end_matches('/');
        loop {
            folders.extend(places.iter().map(|place| format!("{place}{path}")));
            match path.rsplit_once('/') {
                Some((above, _)) => path = above,
                None => break,
            }
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left where these files are.
    fn left(cgroups: &str, files: &[(&str, &str)]) -> Option<usize> {
        processes_left(cgroups, |path| {
            let file = files.iter().find(|(name, _)| *name == path);
            file.map(|(_, text)| (*text).to_owned())
        })
    }

    const SERVICE: &str = "0::/system.slice/chat.service\n";
    const ITS_MOST: (&str, &str) = ("/sys/fs/cgroup/system.slice/chat.service/pids.max", "100\n");
    const ITS_ALL: (&str, &str) = ("/sys/fs/cgroup/system.slice/chat.service/pids.current", "7\n");

    #[test]
    fn what_is_left_is_the_limit_without_what_there_is() {
        assert_eq!(left(SERVICE, &[ITS_MOST, ITS_ALL]), Some(93));
        let all = ("/sys/fs/cgroup/system.slice/chat.service/pids.current", "100\n");
        assert_eq!(left(SERVICE, &[ITS_MOST, all]), Some(0));
        // A limit may be set below what there is.
        let all = ("/sys/fs/cgroup/system.slice/chat.service/pids.current", "130\n");
        assert_eq!(left(SERVICE, &[ITS_MOST, all]), Some(0));
    }

    #[test]
    fn the_narrowest_of_all_above_counts() {
        let slice = [
            ("/sys/fs/cgroup/system.slice/pids.max", "50\n"),
            ("/sys/fs/cgroup/system.slice/pids.current", "40\n"),
        ];
        assert_eq!(left(SERVICE, &[slice[0], slice[1], ITS_MOST, ITS_ALL]), Some(10));
        let service = ("/sys/fs/cgroup/system.slice/chat.service/pids.max", "max\n");
        assert_eq!(left(SERVICE, &[slice[0], slice[1], service, ITS_ALL]), Some(10));
    }

    #[test]
    fn a_container_finds_its_own_at_the_root() {
        let own = [("/sys/fs/cgroup/pids.max", "64"), ("/sys/fs/cgroup/pids.current", "3")];
        assert_eq!(left("0::/\n", &own), Some(61));
        // It may be told a path that only the machine outside knows.
        assert_eq!(left("0::/docker/0123\n", &own), Some(61));
        assert_eq!(left("0::/../../other\n", &own), Some(61));
    }

    #[test]
    fn the_first_version_has_a_folder_for_what_limits_processes() {
        let files = [
            ("/sys/fs/cgroup/pids/a/b:c/pids.max", "20\n"),
            ("/sys/fs/cgroup/pids/a/b:c/pids.current", "5\n"),
        ];
        for cgroups in ["9:memory:/x\n8:pids:/a/b:c\n0::/\n", "3:cpu,pids:/a/b:c\n"] {
            assert_eq!(left(cgroups, &files), Some(15), "{cgroups}");
        }
        assert_eq!(left("9:memory:/a/b:c\n8:cpuset:/a/b:c\n", &files), None);
    }

    #[test]
    fn where_nothing_is_said_nothing_is_limited() {
        assert_eq!(left(SERVICE, &[]), None);
        assert_eq!(left(SERVICE, &[ITS_MOST]), None);
        let most = ("/sys/fs/cgroup/system.slice/chat.service/pids.max", "max\n");
        assert_eq!(left(SERVICE, &[most, ITS_ALL]), None);
        for odd in ["", "\n", "0", "0:", "::", "pids", "0::nowhere", "\u{0}:\u{0}:\u{0}"] {
            assert_eq!(left(odd, &[ITS_MOST, ITS_ALL]), None, "{odd:?}");
        }
    }
}
