//! Where the programs of others are on this machine, and how to get one that is not there.

use std::env;
use std::path::PathBuf;

use bench::{Missing, text};

/// Where the program `name` is.
pub(crate) fn installed(name: &str) -> Result<PathBuf, Missing> {
    let path = env::var_os("PATH").unwrap_or_default();
    // Debian has its servers where only the superuser's shell looks.
    let places = env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let mut candidates = places.map(|place| place.join(name));
    candidates
        .find(|candidate| candidate.is_file())
        .ok_or_else(|| Missing(text::not_installed(name, how_to_get(name))))
}

/// What brings the program `name`.
fn how_to_get(name: &str) -> String {
    let (debian, macos) = match name {
        "cc" => ("gcc", "gcc"),
        "ncat" => ("ncat", "nmap"),
        "nginx" => ("nginx-light", "nginx"),
        "python3" => ("python3", "python"),
        "ssh" | "sshd" | "ssh-keygen" => ("openssh-server", "openssh"),
        other => (other, other),
    };
    if cfg!(target_os = "macos") {
        format!("brew install {macos}")
    } else {
        format!("apt-get install {debian}")
    }
}
