//! How the switches of the tap stand, and the settings that they make.

mod switches;

use std::num::{NonZeroU64, NonZeroUsize};
use std::time::Duration;

use lab::tap::{CutWith, Settings, Whose};
use serde_json::{Map, Value};

use crate::text;
use crate::wrong::Wrong;
use switches::{SWITCHES, Switch, pairs};
pub(crate) use switches::{catalog, names};

/// How all switches of a session stand.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Switches(Map<String, Value>);

impl Switches {
    /// None is on.
    pub(crate) fn new(udp: bool) -> Self {
        let own = SWITCHES.iter().filter(|switch| switch.is_for(udp));
        Self(own.map(|switch| (switch.name.to_owned(), switch.default())).collect())
    }

    /// Takes over those that are told; `null` puts one back.
    ///
    /// # Errors
    /// One is none of these, or cannot stand so.
    pub(crate) fn change(&mut self, told: &Value, udp: bool) -> Result<(), Wrong> {
        let empty = Map::new();
        let told = match told {
            Value::Null => &empty,
            Value::Object(told) => told,
            _ => return Err(Wrong::request(|| text::unknown("tap", told))),
        };
        for (name, value) in told {
            let switch = SWITCHES.iter().find(|switch| switch.name == name);
            let switch = switch.ok_or_else(|| Wrong::request(|| text::unknown("tap", name)))?;
            if !switch.is_for(udp) {
                return Err(Wrong::request(|| match udp {
                    true => text::not_over_udp(name),
                    false => text::not_over_tcp(name),
                }));
            }
            if !value.is_null() {
                switch.check(value)?;
            }
        }
        for (name, value) in told {
            let switch = SWITCHES.iter().find(|switch| switch.name == name);
            let value = if value.is_null() { switch.map(Switch::default) } else { None }
                .unwrap_or_else(|| value.clone());
            self.0.insert(name.clone(), value);
        }
        Ok(())
    }

    pub(crate) fn json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    pub(crate) fn holds(&self) -> bool {
        self.is_on("hold")
    }

    fn is_on(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    fn float(&self, name: &str) -> f64 {
        self.0.get(name).and_then(Value::as_f64).unwrap_or_default()
    }

    fn whole(&self, name: &str) -> Option<u64> {
        self.0.get(name).and_then(Value::as_u64)
    }

    fn time(&self, name: &str) -> Duration {
        Duration::from_millis(self.whole(name).unwrap_or_default())
    }

    /// What the tap is to do.
    pub(crate) fn settings(&self) -> Settings {
        let word = |name: &str| self.0.get(name).and_then(Value::as_str).unwrap_or_default();
        Settings {
            from: match word("from") {
                "client" => Whose::Client,
                "server" => Whose::Server,
                _ => Whose::Both,
            },
            delay: self.time("delay"),
            jitter: self.time("jitter"),
            corrupt: self.float("corrupt"),
            replace: self.0.get("replace").and_then(pairs).unwrap_or_default(),
            split: self
                .whole("split")
                .and_then(|bytes| NonZeroUsize::new(usize::try_from(bytes).ok()?)),
            gap: self.time("gap"),
            merge: self.time("merge"),
            rate: self.whole("rate").and_then(NonZeroU64::new),
            cut_after: self.whole("cut_after"),
            cut_with: cut_with(word("cut_with")),
            nagle: self.is_on("nagle"),
            drop: self.float("drop"),
            duplicate: self.float("duplicate"),
            reorder: self.float("reorder"),
        }
    }
}

/// How a connection is cut that is cut so.
pub(crate) fn cut_with(word: &str) -> CutWith {
    if word == "rst" { CutWith::Rst } else { CutWith::Fin }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn changed(told: &Value, udp: bool) -> Option<Switches> {
        let mut switches = Switches::new(udp);
        switches.change(told, udp).is_ok().then_some(switches)
    }

    #[test]
    fn switches_make_settings_and_null_puts_them_back() {
        let told = json!({ "split": 3, "delay": 40, "corrupt": 1.5, "from": "server", "replace": [["a", "b"]] });
        let mut switches = changed(&told, false).unwrap();
        let settings = switches.settings();
        assert_eq!(settings.split.map(NonZeroUsize::get), Some(3));
        assert_eq!((settings.delay, settings.from), (Duration::from_millis(40), Whose::Server));
        assert_eq!((settings.corrupt, settings.replace.len()), (1.5, 1));
        let back =
            json!({ "split": null, "delay": null, "corrupt": null, "from": null, "replace": null });
        switches.change(&back, false).unwrap();
        assert_eq!(switches, Switches::new(false));
    }

    #[test]
    fn what_cannot_be_is_refused_and_changes_nothing() {
        for (told, udp) in [
            (json!({ "split": 0 }), false),
            (json!({ "split": 1.5 }), false),
            (json!({ "split": 1 }), true),
            (json!({ "drop": 30 }), false),
            (json!({ "drop": 101 }), true),
            (json!({ "delay": -1 }), true),
            (json!({ "delay": "1" }), true),
            (json!({ "from": "nobody" }), true),
            (json!({ "hold": 1 }), true),
            (json!({ "replace": [["", "b"]] }), true),
            (json!({ "replace": vec![["a", "b"]; 9] }), true),
            (json!({ "script": "x" }), true),
            (json!([]), true),
        ] {
            assert_eq!(changed(&told, udp), None, "{told}");
        }
        let mut switches = Switches::new(true);
        assert!(switches.change(&json!({ "delay": 5, "drop": 1000 }), true).is_err());
        assert_eq!(switches, Switches::new(true));
    }
}
