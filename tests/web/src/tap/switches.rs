//! The switches of the tap: their names, ranges and words.

use common::text::Text;
use lab::tap::Replacement;
use serde_json::{Value, json};

use crate::lessons::{both, check_number, number};
use crate::text;
use crate::wrong::Wrong;

/// One switch.
pub(super) struct Switch {
    pub(super) name: &'static str,
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

pub(super) const SWITCHES: &[Switch] = &[
    Switch {
        name: "from",
        over: "both",
        label: t("whose bytes", "谁的字节"),
        kind: Kind::One(&["both", "client", "server"]),
    },
    Switch {
        name: "hold",
        over: "both",
        label: t("hold each piece until “step”", "每一段都扣住，按“放行一个”才走"),
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
        label: t("flip a bit in so many bytes (datagrams)", "在这么多字节（数据报）里各翻转一位"),
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
        label: t("collect what comes within", "把这段时间里来的攒在一起"),
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
        label: t("cut in order, or by a reset", "正常结束，还是复位"),
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
    pub(super) fn default(&self) -> Value {
        match self.kind {
            Kind::Number { default, .. } => default.map_or(Value::Null, number),
            Kind::One(values) => json!(values.first()),
            Kind::Flag => json!(false),
            Kind::Pairs => json!([]),
        }
    }

    pub(super) fn is_for(&self, udp: bool) -> bool {
        self.over == "both" || (self.over == "udp") == udp
    }

    pub(super) fn check(&self, value: &Value) -> Result<(), Wrong> {
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

pub(super) fn pairs(value: &Value) -> Option<Vec<Replacement>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalog_has_every_switch_of_the_settings() {
        let names: Vec<_> = SWITCHES.iter().map(|switch| switch.name).collect();
        for udp in [false, true] {
            assert!(self::names(udp).iter().all(|name| names.contains(name)));
        }
        assert_eq!(catalog().as_array().unwrap().len(), names.len());
    }
}
