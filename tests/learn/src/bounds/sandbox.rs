//! What a program on trial cannot touch, whoever runs it (`man 7 landlock`): processes that are not
//! its own, and files elsewhere. A kernel that has less of this confines it by as much as it can:
//! files since Linux 5.13, signals since 6.12.

use std::path::PathBuf;

use landlock::{
    ABI, AccessFs, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, Scope,
    path_beneath_rules,
};

/// What every program writes to, such as compilers and runtimes; the terminals are nobody's in a
/// session of its own.
const DEVICES: [&str; 8] = [
    "/dev/full",
    "/dev/null",
    "/dev/ptmx",
    "/dev/pts",
    "/dev/random",
    "/dev/shm",
    "/dev/urandom",
    "/dev/zero",
];

/// From now on this process, and all that it becomes and starts, sends signals to nobody else, and
/// writes only in these places, unless there are none.
pub(super) fn enter(places: &[PathBuf]) -> Result<(), RulesetError> {
    let mut rules = Ruleset::default().scope(Scope::Signal)?;
    let writes = AccessFs::from_write(ABI::V5);
    if !places.is_empty() {
        rules = rules.handle_access(writes)?;
    }
    let mut rules = rules.create()?;
    if !places.is_empty() {
        rules = rules
            .add_rules(path_beneath_rules(places, writes))?
            .add_rules(path_beneath_rules(DEVICES, writes))?;
    }
    rules.restrict_self()?;
    Ok(())
}
