//! One pair in one tab: what is clicked and typed for a fault, and what is to be seen then.

use super::Fault::{self, *};
use super::{OF_DATAGRAMS, OF_STREAMS, Pair};
use crate::chromium::Tab;

/// What the page shows that it did not show when `mark` was called: rows, and what was printed.
const EYES: &str = "
    window.rowCount = () => Number(document.querySelector('.wire small').textContent.split(' ')[0]) || 0;
    window.said = (side) => [...document.querySelectorAll(`.${side} .output p:not(.typed)`)].map((p) => p.textContent).join('\\n');
    window.mark = () => { window.since = { n: rowCount(), client: said('client').length, server: said('server').length }; };
    window.fresh = (kind, text = '') => [...document.querySelectorAll(`.row${kind}`)].filter((row) => Number(row.dataset.n) >= since.n && row.querySelector('.lane').textContent.includes(text));
    window.news = (side) => said(side).slice(since[side]);
    window.sizes = (kind) => fresh(`${kind}:not(.sign)`).map((row) => parseInt(row.querySelector('.label b').textContent));
    window.sum = (list) => list.reduce((all, one) => all + one, 0);
    window.ms = (row) => { const [, value, unit] = /([\\d.]+) (µs|ms|s)/.exec(row.querySelector('.time').textContent) ?? [0, 0, 's']; return value * { µs: 0.001, ms: 1, s: 1000 }[unit]; };
    window.between = (one, other) => sum(fresh(':not(.wait)').filter((row) => Number(row.dataset.n) > Number(one.dataset.n) && Number(row.dataset.n) <= Number(other.dataset.n)).map(ms));
    window.passed = () => { const [came] = fresh('.from-l.to-m:not(.sign)'); const [went] = fresh('.from-m.to-r:not(.sign)'); return came && went ? between(came, went) : -1; };
    window.hasEnded = () => /over|bad/.test(document.querySelector('.client .chip').className); 0";

pub(super) struct Showing<'a> {
    tab: &'a mut Tab,
    pair: &'a Pair,
    /// How often something has been sent.
    n: u32,
}

impl<'a> Showing<'a> {
    /// Opens the eyes of a tab. It is so high that nothing of what is sent at a time is out of
    /// sight.
    pub(super) fn prepare(tab: &mut Tab) {
        tab.window(1280, 4000);
        tab.eval(EYES);
    }

    pub(super) fn new(tab: &'a mut Tab, pair: &'a Pair) -> Self {
        Self { tab, pair, n: 0 }
    }

    pub(super) fn all(mut self) {
        let Pair { lesson, way, faults, .. } = self.pair;
        self.tab.doing = format!("{lesson} {way:?}");
        self.tab.choose(".setup .first select", lesson);
        if let Some((option, value)) = way {
            self.tab.choose(&format!(".setup [name={option}]"), value);
        }
        if self.is_udp() {
            // A page on a busy machine needs its time to switch a fault off again.
            self.tab.fill(".setup [name=retries]", "10");
        }
        self.tab.start(lesson);
        self.offers();
        self.tab.choose(".faults > select", "client");
        self.send();
        self.sees("fresh('.from-l.to-r:not(.sign)').length > 0");
        self.is_through(&(self.pair.sent)(self.n));
        for fault in *faults {
            self.tab.doing = format!("{lesson} {way:?}, {fault:?}");
            self.shows(*fault);
        }
        self.tab.click(".bar .stop");
        self.tab.wait("document.querySelector('.bar .stop').disabled");
        self.tab.click(".bar .stop + button");
        self.tab.wait("document.querySelector('.setup').checkVisibility()");
    }

    fn is_udp(&self) -> bool {
        self.pair.lesson.starts_with("udp")
    }

    /// The switches of this lesson, and no others.
    fn offers(&mut self) {
        let offered = self.tab.eval(
            "[...document.querySelectorAll('.fault button')].map((one) => one.dataset.name ?? one.textContent.split(/[:：]/)[1].trim()).join(' ')",
        );
        assert_eq!(offered, if self.is_udp() { OF_DATAGRAMS } else { OF_STREAMS });
        self.tab.wait("document.querySelector('[data-key=h]').disabled === false");
    }

    #[track_caller]
    fn sees(&mut self, what: &str) {
        self.tab.wait(what);
    }

    /// Sends the next message.
    fn send(&mut self) {
        self.send_with("");
    }

    fn send_with(&mut self, more: &str) {
        self.n += 1;
        let first = self.n == 1;
        match self.pair.line {
            Some(line) => {
                self.sees("document.querySelector('.client .typing input')?.disabled === false");
                self.tab.eval("mark()");
                self.tab.type_line("client", &format!("{}{more}", line(self.n)));
            }
            // It has begun with that by itself.
            None if first => _ = self.tab.eval("window.since = { n: 0, client: 0, server: 0 }"),
            None => {
                self.sees("hasEnded()");
                self.again();
            }
        }
    }

    /// It has been sent, has gone through the tap, and was answered.
    #[track_caller]
    fn is_through(&mut self, sent: &str) {
        self.sees(&format!("fresh('.to-r', '{sent}').length > 0"));
        if let Some(answer) = self.pair.answer {
            let answer = answer(sent);
            self.sees(&format!("fresh('.to-l', '{answer}').length > 0"));
            self.sees(&format!("news('client').includes('{answer}')"));
        }
        if self.pair.heard {
            self.sees(&format!("news('server').includes('{sent}')"));
        }
        if self.pair.by_hand {
            self.tab.type_line("server", &format!("answer {sent}"));
            self.sees(&format!("news('client').includes('answer {sent}')"));
        }
    }

    fn send_through(&mut self) {
        self.send();
        let sent = (self.pair.sent)(self.n);
        self.sees(&format!("fresh('.from-l.to-m', '{sent}').length > 0"));
        self.is_through(&sent);
    }

    /// Starts the client anew, where need be after it has been killed.
    fn again(&mut self) {
        if self.tab.eval("hasEnded()") != true {
            self.tab.click(".client .acts button:nth-child(2)");
            self.sees("hasEnded()");
        }
        self.tab.eval("mark()");
        self.tab.click(".client .acts [data-always]");
        self.sees(match self.pair.way {
            // It connects when there is something to say.
            Some((_, "oneway")) => {
                "document.querySelector('.client .typing input').disabled === false"
            }
            _ => "fresh('.sign', 'connect').length > 0",
        });
    }

    /// A connection on which nothing has been sent.
    fn renew(&mut self) {
        if self.pair.line.is_some() {
            self.again();
        } else {
            self.sees("hasEnded()");
        }
    }

    fn set(&mut self, fault: &str, value: &str) {
        self.tab.fill(&format!(".fault:has([data-name={fault}]) input"), value);
    }

    fn shows(&mut self, fault: Fault) {
        let name = match fault {
            CutAfter => "cut_after".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        match fault {
            Hold => return self.holds(),
            Fin | Rst => return self.is_cut(if fault == Fin { 1 } else { 2 }),
            CutAfter => self.renew(),
            _ => {}
        }
        self.tab.switch(&name);
        match fault {
            Split => self.splits(),
            Rate => self.slows(),
            Merge | Delay | Jitter => {
                self.send_through();
                let least = [(Merge, 198), (Delay, 298), (Jitter, 0)];
                let least = least.iter().find(|(one, _)| *one == fault).unwrap().1;
                self.sees(&format!("passed() >= {least}"));
                self.sees("String(sizes('.from-l.to-m')) === String(sizes('.from-m.to-r')) || sizes('.from-m.to-r').length < sizes('.from-l.to-m').length");
            }
            Nagle => {
                self.send();
                self.sees("fresh('.from-l.to-r:not(.sign)').length > 0");
                self.is_through(&(self.pair.sent)(self.n));
            }
            Replace => self.replaces(),
            Corrupt => self.corrupts(),
            CutAfter => self.is_cut_after_some_bytes(),
            Drop => self.drops(),
            Duplicate => {
                self.set("duplicate", "100");
                self.send_through();
                self.sees(
                    "fresh('.copy', 'a copy').length > 0 && fresh('.from-m.to-r').length >= 2",
                );
            }
            Reorder => {
                self.set("reorder", "100");
                self.send_through();
                self.sees("fresh('.from-l.to-m', 'overtaken').length === 1 && passed() >= 198");
            }
            Hold | Fin | Rst => {}
        }
        self.tab.switch(&name);
        if [Split, Corrupt, CutAfter].contains(&fault) && !self.is_udp() {
            // What was parted or changed may have shifted the answers, and ended the client.
            self.renew();
        }
    }

    fn splits(&mut self) {
        // A request of HTTP has a hundred bytes.
        let most = if self.pair.line.is_some() { 1 } else { 16 };
        if most > 1 {
            self.set("split", &most.to_string());
        }
        self.send();
        // Where nothing marks its end, the first byte is a whole command: the server may hang up
        // before the others have passed.
        let passes = if matches!(self.pair.way, Some(("framing", "ack" | "none"))) {
            "true"
        } else {
            "sum(sizes('.from-m.to-r')) === sum(sizes('.from-l.to-m'))"
        };
        self.sees(&format!(
            "sizes('.from-m.to-r').length > 1 && sizes('.from-m.to-r').every((size) => size <= {most}) \
             && {passes}"
        ));
    }

    fn slows(&mut self) {
        let rate = if self.pair.line.is_some() { 20 } else { 500 };
        if rate > 20 {
            self.set("rate", &rate.to_string());
        }
        self.send();
        self.sees("sizes('.from-m.to-r').length > 1 && sum(sizes('.from-m.to-r')) === sum(sizes('.from-l.to-m'))");
        let took = self.tab.eval(&format!(
            "(() => {{ const went = fresh('.from-m.to-r:not(.sign)'); const due = sizes('.from-m.to-r').slice(0, -1); \
             return between(went[0], went.at(-1)) - 1000 * sum(due) / {rate}; }})()"
        ));
        // What the page rounds is less than a thousandth.
        assert!(took.as_f64() > Some(-5.0), "{took} ms");
    }

    fn replaces(&mut self) {
        let (from, to) = (self.pair.other)(self.n + 1);
        self.tab.fill(".fault:has([data-name=replace]) input", &from);
        self.tab.fill(".fault:has([data-name=replace]) input:last-of-type", &to);
        self.send();
        let sent = (self.pair.sent)(self.n);
        self.sees(&format!("fresh('.from-l.to-m', '{sent}').length > 0"));
        self.is_through(&sent.replace(&from, &to));
        self.sees(&format!("fresh('.from-m.to-r', '{sent}').length === 0"));
    }

    fn corrupts(&mut self) {
        self.set("corrupt", "100");
        self.send();
        self.sees("fresh('.from-m.to-r.altered', 'changed').length > 0");
        let n = self.tab.eval("fresh('.from-m.to-r.altered')[0].dataset.n");
        self.tab.click(&format!("#row-{}", n.as_str().unwrap()));
        self.sees("document.querySelectorAll('.bytes .cell.wrong').length > 0");
        // Where bytes stand in a stream; a datagram is a whole of its own.
        let place = self
            .tab
            .eval("/bytes \\d+ to \\d+/.test(document.querySelector('.bytes').textContent)");
        assert!(place == false || !self.is_udp());
        self.tab.click(".bytes h3 button");
        let sent = (self.pair.sent)(self.n);
        assert_eq!(self.tab.eval(&format!("fresh('.to-r', '{sent}').length")), 0);
    }

    fn drops(&mut self) {
        self.set("drop", "100");
        self.send();
        let sent = (self.pair.sent)(self.n);
        self.sees(&format!(
            "fresh('.lost', '{sent}').some((row) => row.textContent.includes('vanishes'))"
        ));
        assert_eq!(self.tab.eval("fresh('.to-r').length"), 0);
        // It is asked again until it is let through.
        self.tab.switch("drop");
        self.is_through(&sent);
        self.tab.switch("drop");
    }

    fn holds(&mut self) {
        let hold = |tab: &mut Tab, on: bool| {
            tab.click("[data-key=h]");
            tab.wait(&format!(
                "document.querySelector('[data-key=h]').getAttribute('aria-pressed') === '{on}'"
            ));
        };
        hold(self.tab, true);
        self.send();
        let sent = (self.pair.sent)(self.n);
        self.sees("/[1-9]/.test(document.querySelector('[data-key=n]').textContent)");
        assert_eq!(self.tab.eval("fresh('.to-r:not(.sign)').length"), 0);
        self.tab.click("[data-key=n]");
        self.sees("fresh('.from-m.to-r').length > 0");
        hold(self.tab, false);
        self.is_through(&sent);
    }

    fn is_cut_after_some_bytes(&mut self) {
        self.send_with(", and more");
        self.sees("fresh('.from-m.to-r.sign', 'FIN').length > 0 && fresh('.from-m.to-l.sign', 'FIN').length > 0");
        self.sees("sum(sizes('.from-m.to-r')) < sum(sizes('.from-l.to-m'))");
    }

    fn is_cut(&mut self, nth: u32) {
        if self.pair.line.is_none() {
            // It is quicker than a hand.
            self.tab.click("[data-key=h]");
            self.sees(
                "document.querySelector('[data-key=h]').getAttribute('aria-pressed') === 'true'",
            );
            self.send();
            self.sees("/[1-9]/.test(document.querySelector('[data-key=n]').textContent)");
        } else {
            self.tab.eval("mark()");
        }
        self.tab.click(&format!(".faults > .act:nth-last-child({})", 3 - nth));
        let words = if nth == 1 { "FIN" } else { "RST" };
        self.sees(&format!("fresh('.from-m.to-r.sign', '{words}').length > 0 && fresh('.from-m.to-l.sign', '{words}').length > 0"));
        if self.pair.line.is_none() {
            self.tab.click("[data-key=h]");
            self.sees(
                "document.querySelector('[data-key=h]').getAttribute('aria-pressed') === 'false'",
            );
        }
        self.renew();
    }
}
