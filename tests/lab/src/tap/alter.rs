//! What happens to the bytes themselves: bits that flip, texts that are replaced. Pure.
//!
//! What happens to a byte depends on the seed and on how many came before it, never on the pieces
//! in which they come: so a run can be repeated exactly.

use std::collections::BTreeMap;
use std::time::Duration;

use common::random::Random;

use super::escapes::unescaped;
use super::text;
use super::timetable::{Edit, Fault, Timetable};

/// How long what may be the beginning of a text to be replaced waits for its rest.
const REST: Duration = Duration::from_millis(50);

/// The streams of chance from which changes are drawn begin there: what is lost or late does not
/// depend on what is changed.
pub(super) const CHANGES: u64 = 1 << 40;

/// `--replace FROM=TO`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    from: Vec<u8>,
    to: Vec<u8>,
}

impl Replacement {
    /// These bytes in the place of those, which are not empty.
    pub fn new(from: &[u8], to: &[u8]) -> Option<Self> {
        (!from.is_empty()).then(|| Self { from: from.to_vec(), to: to.to_vec() })
    }

    /// Reads `FROM=TO`.
    ///
    /// # Errors
    /// Words for the user where it is something else.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut escaped = false;
        let sign = text.char_indices().find(|(_, letter)| {
            let is_it = *letter == '=' && !escaped;
            escaped = *letter == '\\' && !escaped;
            is_it
        });
        let (at, _) = sign.ok_or_else(|| text::no_equals_sign().to_owned())?;
        let (from, to) = text.split_at_checked(at).unwrap_or((text, ""));
        let (from, to) = (unescaped(from)?, unescaped(to.strip_prefix('=').unwrap_or(to))?);
        if from.is_empty() {
            return Err(text::nothing_to_replace().to_owned());
        }
        Ok(Self { from, to })
    }
}

/// What is to happen to bytes; the default is nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Changes {
    /// How many of 100 are corrupted: of the bytes of a stream, of the datagrams.
    pub(super) corrupt: f64,
    /// The first that fits is taken.
    pub(super) replace: Vec<Replacement>,
}

impl Changes {
    pub(super) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// How many times as many bytes may come out as went in.
    fn growth(&self) -> usize {
        let growth = |one: &Replacement| one.to.len().div_ceil(one.from.len().max(1));
        self.replace.iter().map(growth).max().unwrap_or_default().max(1)
    }
}

/// How often it was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) corrupted: u64,
    pub(super) replaced: u64,
}

/// One direction of a stream.
#[derive(Debug)]
pub(super) struct Alter {
    changes: Changes,
    edits: BTreeMap<u64, Vec<Edit>>,
    random: Random,
    /// How many bytes have come.
    came: u64,
    /// What is left of a replacement by the script.
    overwrite: Vec<u8>,
    /// May be the beginning of something to be replaced.
    held: Vec<u8>,
    held_since: Duration,
    done: Done,
}

impl Alter {
    /// A direction with these changes, and those of this script; equal chances make equal bits.
    pub(super) fn new(changes: Changes, script: &Timetable, random: Random) -> Self {
        Self {
            changes,
            edits: script.edits.clone(),
            random,
            came: 0,
            overwrite: Vec::new(),
            held: Vec::new(),
            held_since: Duration::ZERO,
            done: Done::default(),
        }
    }

    /// From now on these are the changes.
    pub(super) fn set(&mut self, changes: Changes) {
        self.changes = changes;
    }

    /// Whether nothing waits for its rest.
    pub(super) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// How many bytes may come, where what comes out is to be no more than that; at least one.
    pub(super) fn room(&self, room: usize) -> usize {
        if room == 0 { 0 } else { (room / self.changes.growth()).max(1) }
    }

    /// What these have become, and what was held of those before.
    pub(super) fn take(&mut self, now: Duration, bytes: &[u8]) -> Vec<u8> {
        let edited = self.edit(bytes);
        if !edited.is_empty() {
            self.held_since = now;
        }
        self.held.extend(edited);
        let replaced = self.replace(false);
        self.corrupt(replaced)
    }

    /// When what is held goes on without its rest.
    pub(super) fn due(&self) -> Option<Duration> {
        (!self.held.is_empty()).then_some(self.held_since + REST)
    }

    /// What has waited long enough for its rest; all, if `at_once`.
    pub(super) fn flush(&mut self, now: Duration, at_once: bool) -> Vec<u8> {
        if !(at_once || self.due().is_some_and(|due| due <= now)) {
            return Vec::new();
        }
        let replaced = self.replace(true);
        self.corrupt(replaced)
    }

    /// How often something was done since this was last asked.
    pub(super) fn done(&mut self) -> Done {
        std::mem::take(&mut self.done)
    }

    /// What the script says of these bytes.
    fn edit(&mut self, bytes: &[u8]) -> Vec<u8> {
        if self.edits.is_empty() && self.overwrite.is_empty() {
            self.came += bytes.len() as u64;
            return bytes.to_vec();
        }
        let mut out = Vec::with_capacity(bytes.len());
        for byte in bytes {
            let mut byte = *byte;
            for edit in self.edits.remove(&self.came).unwrap_or_default() {
                match edit {
                    Edit::Corrupt => {
                        byte = flipped(byte, &mut self.random);
                        self.done.corrupted += 1;
                    }
                    Edit::Insert(text) => out.extend(text),
                    Edit::Replace(text) => {
                        self.overwrite = text.into_iter().rev().collect();
                        self.done.replaced += 1;
                    }
                }
            }
            out.push(self.overwrite.pop().unwrap_or(byte));
            self.came += 1;
        }
        out
    }

    /// As much of what is held as can be told already, with replacements. `all`: nothing more
    /// comes.
    fn replace(&mut self, all: bool) -> Vec<u8> {
        if self.changes.replace.is_empty() {
            return std::mem::take(&mut self.held);
        }
        let mut out = Vec::new();
        let mut at = 0;
        while let Some(rest) = self.held.get(at..).filter(|rest| !rest.is_empty()) {
            let fits = |one: &&Replacement| {
                rest.starts_with(&one.from) || !all && one.from.starts_with(rest)
            };
            match self.changes.replace.iter().find(fits) {
                Some(one) if rest.starts_with(&one.from) => {
                    out.extend(&one.to);
                    at += one.from.len();
                    self.done.replaced += 1;
                }
                // Its rest may still come.
                Some(_) => break,
                None => {
                    out.extend(rest.first());
                    at += 1;
                }
            }
        }
        self.held.drain(..at);
        out
    }

    fn corrupt(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        if self.changes.corrupt > 0.0 {
            for byte in &mut bytes {
                if self.random.part() * 100.0 < self.changes.corrupt {
                    *byte = flipped(*byte, &mut self.random);
                    self.done.corrupted += 1;
                }
            }
        }
        bytes
    }
}

/// One of its bits is another.
fn flipped(byte: u8, random: &mut Random) -> u8 {
    byte ^ (1 << (random.next() % 8))
}

/// One direction of datagrams.
#[derive(Debug)]
pub(super) struct AlterDatagrams {
    changes: Changes,
    random: Random,
}

impl AlterDatagrams {
    pub(super) fn new(changes: Changes, random: Random) -> Self {
        Self { changes, random }
    }

    /// From now on these are the changes.
    pub(super) fn set(&mut self, changes: Changes) {
        self.changes = changes;
    }

    /// What this datagram has become, of which the script says so much.
    pub(super) fn take(&mut self, datagram: &[u8], script: &[Fault]) -> (Vec<u8>, Done) {
        let mut done = Done::default();
        let mut bytes = datagram.to_vec();
        let corrupted = self.random.part() * 100.0 < self.changes.corrupt;
        for fault in script {
            if let Fault::Replace(text) = fault {
                bytes.clone_from(text);
                done.replaced += 1;
            }
        }
        let whole = Alter::new(
            Changes { corrupt: 0.0, replace: self.changes.replace.clone() },
            &Timetable::default(),
            Random::new(0),
        );
        let (replaced, count) = whole.all(bytes);
        bytes = replaced;
        done.replaced += count;
        let scripted = script.iter().filter(|fault| **fault == Fault::Corrupt).count();
        for _ in 0..scripted + usize::from(corrupted) {
            // Drawn also for an empty one, which has no bit to flip.
            let (place, bit) = (self.random.part(), self.random.next() % 8);
            let at = (place * bytes.len() as f64) as usize;
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << bit;
                done.corrupted += 1;
            }
        }
        (bytes, done)
    }
}

impl Alter {
    /// All of a text that comes at once and has an end, and how much was replaced in it.
    fn all(mut self, bytes: Vec<u8>) -> (Vec<u8>, u64) {
        self.held = bytes;
        let out = self.replace(true);
        (out, self.done.replaced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ZERO: Duration = Duration::ZERO;

    fn changes(corrupt: f64, replace: &[&str]) -> Changes {
        let replace = replace.iter().map(|text| Replacement::parse(text).unwrap()).collect();
        Changes { corrupt, replace }
    }

    /// What comes out of these pieces, with the end behind them.
    fn altered(changes: Changes, script: &Timetable, seed: u64, pieces: &[&[u8]]) -> Vec<u8> {
        let mut alter = Alter::new(changes, script, Random::new(seed));
        let mut out: Vec<u8> = pieces.iter().flat_map(|piece| alter.take(ZERO, piece)).collect();
        out.extend(alter.flush(ZERO, true));
        out
    }

    #[test]
    fn a_text_is_replaced_wherever_the_stream_is_cut() {
        let rules = || changes(0.0, &["GET=PUT", "ab=", "\\x00=\\\\0"]);
        let plain = Timetable::default();
        for cut in 0..=12 {
            let (one, two) = b"GETGE ab\0GaT".split_at(cut);
            assert_eq!(altered(rules(), &plain, 1, &[one, two]), b"PUTGE \\0GaT", "{cut}");
        }
    }

    #[test]
    fn what_may_be_a_beginning_waits_for_its_rest_and_not_for_ever() {
        let mut alter =
            Alter::new(changes(0.0, &["hello=bye"]), &Timetable::default(), Random::new(1));
        assert_eq!(alter.take(ZERO, b"oh hel"), b"oh ");
        assert_eq!((alter.due(), alter.flush(ZERO, false)), (Some(REST), vec![]));
        assert_eq!(alter.flush(REST, false), b"hel");
        assert_eq!(alter.due(), None);
        assert_eq!(alter.take(REST, b"lo"), b"lo");
        assert_eq!(alter.done(), Done::default());
    }

    #[test]
    fn the_script_changes_the_bytes_that_it_names() {
        let script = Timetable {
            edits: [
                (0, vec![Edit::Insert(b"<".to_vec())]),
                (2, vec![Edit::Replace(b"XY".to_vec())]),
                (5, vec![Edit::Corrupt]),
            ]
            .into(),
            ..Timetable::default()
        };
        for cut in 0..=6 {
            let (one, two) = b"abcdef".split_at(cut);
            let out = altered(Changes::default(), &script, 1, &[one, two]);
            assert_eq!(&out[..6], b"<abXYe", "{cut}");
            assert_eq!((out[6] ^ b'f').count_ones(), 1, "{cut}");
        }
    }

    #[test]
    fn as_many_are_corrupted_as_was_asked_and_each_in_one_bit() {
        let zeros = vec![0; 10_000];
        let out = altered(changes(5.0, &[]), &Timetable::default(), 7, &[&zeros]);
        let hit: Vec<u8> = out.into_iter().filter(|byte| *byte != 0).collect();
        assert!((400..600).contains(&hit.len()), "{}", hit.len());
        assert!(hit.iter().all(|byte| byte.count_ones() == 1));
        let all = altered(changes(100.0, &[]), &Timetable::default(), 7, &[b"abc"]);
        assert!(all.iter().zip(b"abc").all(|(one, other)| (one ^ other).count_ones() == 1));
    }

    #[test]
    fn a_datagram_is_corrupted_in_one_bit_and_its_texts_are_replaced() {
        let mut alter = AlterDatagrams::new(changes(100.0, &["a=bb"]), Random::new(3));
        let (bytes, done) = alter.take(b"aca", &[]);
        let flips = bytes.iter().zip(b"bbcbb").map(|(one, other)| (one ^ other).count_ones());
        assert_eq!((bytes.len(), flips.sum::<u32>()), (5, 1));
        assert_eq!(done, Done { corrupted: 1, replaced: 2 });
        assert_eq!(alter.take(b"", &[]), (vec![], Done::default()));
        let mut calm = AlterDatagrams::new(Changes::default(), Random::new(3));
        assert_eq!(calm.take(b"x", &[Fault::Replace(b"yz".to_vec())]).0, b"yz");
        assert_eq!(calm.take(b"x", &[Fault::Corrupt]).1.corrupted, 1);
    }

    #[test]
    fn a_replacement_that_makes_no_sense_is_refused() {
        for wrong in ["", "x", "=y", "\\q=y", "x=\\x1"] {
            assert!(Replacement::parse(wrong).is_err(), "{wrong}");
        }
        let sign = Replacement::parse("a\\==b=c").unwrap();
        assert_eq!((sign.from, sign.to), (b"a=".to_vec(), b"b=c".to_vec()));
    }

    proptest! {
        #[test]
        fn the_same_seed_changes_the_same_bytes_however_they_come(
            bytes in prop::collection::vec(any::<u8>(), 0..200), cuts in prop::collection::vec(0_usize..200, 0..5),
            seed in any::<u64>(),
        ) {
            let rules = || changes(20.0, &["\\x00=ab", "\\x01\\x02="]);
            let plain = Timetable::default();
            let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
            places.extend([0, bytes.len()]);
            places.sort_unstable();
            let pieces: Vec<&[u8]> = places.windows(2).map(|ends| &bytes[ends[0]..ends[1]]).collect();
            prop_assert_eq!(
                altered(rules(), &plain, seed, &pieces),
                altered(rules(), &plain, seed, &[&bytes])
            );
        }
    }
}
