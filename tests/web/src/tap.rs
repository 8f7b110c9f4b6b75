//! The switches of the tap: their names, ranges and words, and the settings that they make.

use std::num::{NonZeroU64, NonZeroUsize};
use std::time::Duration;

use common::text::Text;
use lab::tap::{CutWith, Replacement, Settings, Whose};
use serde_json::{Map, Value, json};

use crate::lessons::{both, check_number, number};
use crate::text;
use crate::wrong::Wrong;

/// One switch.
struct Switch {
    name: &'static str,
    /// `tcp`, `udp` or `both`.
    over: &'static str,
    label: Text,
    kind: Kind,
}

enum Kind {
    /// A number; without a default it may be none.
    Number {
        least: f64,
        most: f64,
        step: f64,
        default: Option<f64>,
        unit: &'static str,
    },
    /// One of these, the first by itself.
    One(&'static [&'static str]),
    Flag,
    /// Pairs of texts.
    Pairs,
}

const fn t(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

const fn number_of(least: f64, most: f64, default: Option<f64>, unit: &'static str) -> Kind {
    Kind::Number { least, most, step: 1.0, default, unit }
}

const MS: Kind = number_of(0.0, 10_000.0, Some(0.0), "ms");
const PERCENT: Kind =
    Kind::Number { least: 0.0, most: 100.0, step: 0.1, default: Some(0.0), unit: "%" };

const SWITCHES: &[Switch] = &[
    Switch {
        name: "from",
        over: "both",
        label: t("whose bytes", "谁的字节"),
        kind: Kind::One(&["both", "client", "server"]),
    },
    Switch {
        name: "hold",
        over: "both",
        label: t("hold each piece until “step”", "每一段都扣住，按“步进”才放行"),
        kind: Kind::Flag,
    },
    Switch { name: "delay", over: "both", label: t("hold back", "扣住"), kind: MS },
    Switch {
        name: "jitter",
        over: "both",
        label: t("hold back a random time longer, up to", "再随机多扣一会儿，最多"),
        kind: MS,
    },
    Switch {
        name: "corrupt",
        over: "both",
        label: t("flip a bit in so many bytes (datagrams)", "这么多字节（数据报）翻转一位"),
        kind: PERCENT,
    },
    Switch {
        name: "replace",
        over: "both",
        label: t("put a text in the place of another", "把一段文字换成另一段"),
        kind: Kind::Pairs,
    },
    Switch {
        name: "split",
        over: "tcp",
        label: t("send in pieces of", "拆成小段，每段"),
        kind: number_of(1.0, 65_536.0, None, "bytes"),
    },
    Switch {
        name: "gap",
        over: "tcp",
        label: t("wait between these pieces", "小段之间等"),
        kind: number_of(0.0, 1000.0, Some(2.0), "ms"),
    },
    Switch {
        name: "merge",
        over: "tcp",
        label: t("collect what comes within", "攒在一起，攒"),
        kind: MS,
    },
    Switch {
        name: "rate",
        over: "tcp",
        label: t("let through in a second", "每秒放行"),
        kind: number_of(1.0, 1e9, None, "bytes"),
    },
    Switch {
        name: "cut_after",
        over: "tcp",
        label: t("cut the connection after", "过了这么多就切断连接"),
        kind: number_of(0.0, 1e9, None, "bytes"),
    },
    Switch {
        name: "cut_with",
        over: "tcp",
        label: t("cut in order, or by a reset", "好好结束，还是复位"),
        kind: Kind::One(&["fin", "rst"]),
    },
    Switch {
        name: "nagle",
        over: "tcp",
        label: t("leave Nagle's algorithm on", "不关 Nagle 算法"),
        kind: Kind::Flag,
    },
    Switch { name: "drop", over: "udp", label: t("lose", "丢掉"), kind: PERCENT },
    Switch { name: "duplicate", over: "udp", label: t("send twice", "发两次"), kind: PERCENT },
    Switch {
        name: "reorder",
        over: "udp",
        label: t("let the next overtake", "让下一个超过"),
        kind: PERCENT,
    },
];

/// The most replacements at a time, and the most bytes of a text in one.
const REPLACEMENTS: usize = 8;
const LONGEST: usize = 256;

impl Switch {
    fn default(&self) -> Value {
        match self.kind {
            Kind::Number { default, .. } => default.map_or(Value::Null, number),
            Kind::One(values) => json!(values.first()),
            Kind::Flag => json!(false),
            Kind::Pairs => json!([]),
        }
    }

    fn is_for(&self, udp: bool) -> bool {
        self.over == "both" || (self.over == "udp") == udp
    }

    fn check(&self, value: &Value) -> Result<(), Wrong> {
        match self.kind {
            _ if *value == self.default() => Ok(()),
            Kind::Number { least, most, step, .. } => {
                check_number(self.name, value, least, most, step)
            }
            Kind::One(values) if values.iter().any(|known| value == known) => Ok(()),
            Kind::One(_) => Err(Wrong::request(|| text::unknown(self.name, value))),
            Kind::Flag if value.is_boolean() => Ok(()),
            Kind::Flag => Err(Wrong::request(|| text::not_a_flag(self.name))),
            Kind::Pairs => {
                let pairs = pairs(value).filter(|pairs| pairs.len() <= REPLACEMENTS);
                pairs
                    .map(|_| ())
                    .ok_or_else(|| Wrong::request(|| text::bad_replacement().to_owned()))
            }
        }
    }
}

fn pairs(value: &Value) -> Option<Vec<Replacement>> {
    let pair = |pair: &Value| {
        let [from, to] = pair.as_array()?.as_slice() else { return None };
        let (from, to) = (from.as_str()?, to.as_str()?);
        let fits = from.len().max(to.len()) <= LONGEST;
        fits.then(|| Replacement::new(from.as_bytes(), to.as_bytes())).flatten()
    };
    value.as_array()?.iter().map(pair).collect()
}

/// What the catalog says of them.
pub(crate) fn catalog() -> Value {
    let one = |switch: &Switch| {
        let mut object = json!({
            "name": switch.name, "for": switch.over, "label": both(switch.label), "default": switch.default(),
        });
        let more = match switch.kind {
            Kind::Number { least, most, step, unit, .. } => json!({
                "kind": "number", "min": number(least), "max": number(most), "step": number(step), "unit": unit,
            }),
            Kind::One(values) => json!({ "kind": "choice", "values": values }),
            Kind::Flag => json!({ "kind": "flag" }),
            Kind::Pairs => json!({ "kind": "pairs", "max": REPLACEMENTS }),
        };
        if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
            object.extend(more);
        }
        object
    };
    SWITCHES.iter().map(one).collect()
}

/// The names of those that do something over this transport.
pub(crate) fn names(udp: bool) -> Vec<&'static str> {
    SWITCHES.iter().filter(|switch| switch.is_for(udp)).map(|switch| switch.name).collect()
}

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

    #[test]
    fn the_catalog_has_every_switch_of_the_settings() {
        let names: Vec<_> = SWITCHES.iter().map(|switch| switch.name).collect();
        for udp in [false, true] {
            assert!(self::names(udp).iter().all(|name| names.contains(name)));
        }
        assert_eq!(catalog().as_array().unwrap().len(), names.len());
    }
}
