//! What the benches found, as a page for a browser: a bar for each contestant, and a line for each
//! in a series.
//!
//! Every figure stands on the page as text, in tables: bars and lines only draw them, and whoever
//! has the page read aloud hears the tables.

mod lines;

use std::fmt::Write as _;

use common::text::lang;

use super::chapter::{Chapter, Finding};
use super::metric::Metric;
use super::report::{at, conditions, ratio, yardstick};
use super::series::Series;
use super::standings::{Standing, Standings};
use super::table::{median, number, range};
use super::text::{self, shown};
use super::verdict::Verdict;
use lines::lines;

/// Colours differ by more than 4.5 : 1 from the background, in light and in dark (WCAG 2.2, 1.4.3).
const STYLE: &str = "
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; overflow-wrap: break-word;
  --bar: #3b6fb6; --ours: #b04a12; --good: #256b25; --bad: #a81c1c; --open: #7a5a00;
  --faint: #595959; --rule: #d8d8d8; background: #fff; color: #1a1a1a; }
@media (prefers-color-scheme: dark) {
  :root { --bar: #6c9be0; --ours: #f08a4b; --good: #7fce7f; --bad: #ff8f8f; --open: #e0b84a;
    --faint: #b0b0b0; --rule: #444; background: #16181c; color: #e8e8e8; }
}
body { max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; } h2 { margin-top: 3rem; } h3 { margin: 2rem 0 .25rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .5rem .2rem 0; text-align: right; vertical-align: top; }
td { white-space: nowrap; }
th { font-weight: normal; } th:first-child { text-align: left; }
thead th { color: var(--faint); font-size: .85rem; vertical-align: bottom; }
tbody tr { border-top: 1px solid var(--rule); } .ours > th { font-weight: 600; }
.bars td[aria-hidden] { width: 35%; padding-right: 0; vertical-align: middle; }
i { display: block; height: .9rem; min-width: 2px; background: var(--bar); border-radius: 2px; }
.ours i { background: var(--ours); }
.absent { color: var(--faint); text-align: left; white-space: normal; }
.note, .more { color: var(--faint); font-size: .9rem; } .more { display: block; font-weight: normal; }
ul { list-style: none; padding: 0; } li { margin: .2rem 0; }
.met b { color: var(--good); } .missed b { color: var(--bad); } .swings b { color: var(--open); }
.scroll { overflow-x: auto; } .plot { display: block; width: 100%; max-width: 34rem; height: auto; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .5rem 0; }
.legend svg { width: 2.5rem; height: .6rem; margin-right: .4rem; }
@media (max-width: 40rem) {
  .bars thead { display: none; } .bars tbody tr { display: grid; grid-template-columns: 1fr auto; padding: .3rem 0; }
  .bars th { grid-column: 1 / -1; } .bars td { padding: 0; text-align: left; }
  .bars td[aria-hidden], .bars .absent { grid-column: 1 / -1; width: auto; }
  .bars td[data-of]::before { content: attr(data-of) ' '; color: var(--faint); }
}
";

/// The whole page; `taken` says on what machine the figures were taken, and how.
#[must_use]
pub fn page(taken: &str, chapters: &[Chapter]) -> String {
    let title = text::page_title();
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n<h1>{title}</h1>\n",
        lang().tag(),
    );
    for line in taken.lines() {
        let _ = writeln!(page, "<p>{}</p>", escape(line));
    }
    for chapter in chapters {
        let Chapter { name, about, findings } = chapter;
        let _ = writeln!(page, "<h2>{}</h2>\n<p>{}</p>", escape(name), escape(about));
        let ours = with_goals(chapter);
        for finding in findings {
            match finding {
                Finding::Standings(standings) => bars(&mut page, standings, &ours),
                Finding::Series(series) => curves(&mut page, series),
            }
        }
    }
    page
}

/// A row for each: who, the figure, beside whom, and the bar.
fn bars(page: &mut String, standings: &Standings, ours: &[&str]) {
    let Some((metric, others)) = standings.metrics.split_first() else { return };
    let figures = standings.places.iter().filter_map(|place| place.result.as_ref().ok());
    let medians = figures.filter_map(|figures| Some(figures.get(metric)?.median));
    let most = medians.fold(f64::EPSILON, f64::max);
    let yardstick = yardstick(standings, metric);
    let head = escape(&shown(&standings.name));
    let unit = escape(&shown(metric.name));
    let _ = write!(
        page,
        "<h3>{head}</h3>\n<table class=\"bars\"><thead><tr><th scope=\"col\">{}</th>\
         <th scope=\"col\">{unit}</th>",
        text::who()
    );
    let of = yardstick.map(|(name, _)| escape(&text::of(shown(name))));
    if let Some(of) = &of {
        let _ = write!(page, "<th scope=\"col\">{of}</th>");
    }
    page.push_str("<th aria-hidden=\"true\"></th></tr></thead>\n<tbody>\n");
    for place in &standings.places {
        let class = if ours.contains(&place.name.as_str()) { " class=\"ours\"" } else { "" };
        let _ = write!(page, "<tr{class}><th scope=\"row\">{}", escape(&shown(&place.name)));
        match &place.result {
            Ok(figures) => {
                let more = others.iter().filter_map(|metric| {
                    let spread = figures.get(metric)?;
                    let figure = if standings.has_spreads {
                        range(spread, metric)
                    } else {
                        number_of(spread.median, metric)
                    };
                    Some(format!("{} {figure}", shown(metric.name)))
                });
                let more = more.collect::<Vec<_>>().join(" · ");
                if !more.is_empty() {
                    let _ = write!(page, " <span class=\"more\">{}</span>", escape(&more));
                }
                let spread = figures.get(metric);
                let figure = spread.map_or_else(|| "–".to_owned(), |spread| range(spread, metric));
                let _ = write!(
                    page,
                    "</th><td>{} <span class=\"note\">{unit}</span></td>",
                    escape(&figure)
                );
                if let (Some((_, yardstick)), Some(of)) = (yardstick, &of) {
                    let _ = write!(
                        page,
                        "<td data-of=\"{of}\">{}</td>",
                        ratio(figures, yardstick, metric)
                    );
                }
                let width = spread.map_or(0.0, |spread| spread.median / most * 100.0);
                let _ = write!(
                    page,
                    "<td aria-hidden=\"true\"><i style=\"width:{width:.1}%\"></i></td>"
                );
            }
            Err(absence) => {
                let columns = 2 + usize::from(of.is_some());
                let why = escape(&absence.to_string());
                let _ = write!(page, "</th><td class=\"absent\" colspan=\"{columns}\">{why}</td>");
            }
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table>\n");
    note(page, &conditions(standings));
    goals(page, std::iter::once((String::new(), standings)));
}

fn number_of(value: f64, metric: &Metric) -> String {
    number(value, metric.digits)
}

fn note(page: &mut String, said: &str) {
    if !said.trim().is_empty() {
        let _ = writeln!(page, "<p class=\"note\">{}</p>", escape(said.trim()));
    }
}

/// Who has something to reach: those that a bench is about.
fn with_goals(chapter: &Chapter) -> Vec<&str> {
    let goals = chapter.outcomes().flat_map(|standings| &standings.goals);
    goals.map(|result_of| result_of.contestant.as_str()).collect()
}

/// The word says whether a goal is reached; the sign and its colour only repeat it.
fn goals<'a>(page: &mut String, all: impl Iterator<Item = (String, &'a Standings)>) {
    let mut items = String::new();
    for (at, standings) in all {
        for result_of in &standings.goals {
            let wanted = if at.is_empty() {
                result_of.wanted.clone()
            } else {
                common::text::because(&at, &result_of.wanted)
            };
            let (class, sign, said) = match &result_of.reached {
                Ok(reached) => {
                    let (class, sign) = match reached.verdict {
                        Verdict::Met => ("met", "✓"),
                        Verdict::Missed => ("missed", "✗"),
                        Verdict::Swings => ("swings", "~"),
                    };
                    (class, sign, reached.in_words(&wanted))
                }
                Err(why) => ("absent", "–", text::not_tried(wanted, why)),
            };
            let said = escape(&said);
            let _ = writeln!(
                items,
                "<li class=\"{class}\"><b aria-hidden=\"true\">{sign}</b> {said}</li>"
            );
        }
    }
    if !items.is_empty() {
        let _ = write!(page, "<ul>\n{items}</ul>\n");
    }
}

/// The picture, and what it shows as a table.
fn curves(page: &mut String, series: &Series) {
    let Some((_, first)) = series.points.first() else { return };
    let Some(metric) = first.metrics.first() else { return };
    let (name, unit) = (escape(&shown(&series.name)), escape(&shown(metric.name)));
    let _ = writeln!(page, "<h3>{}</h3>", common::text::because(&name, &unit));
    lines(page, series);
    let _ = write!(
        page,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\"><table><thead><tr>\
         <th scope=\"col\">{}</th>",
        escape(&shown(series.variable))
    );
    for place in &first.places {
        let _ = write!(page, "<th scope=\"col\">{}</th>", escape(&shown(&place.name)));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for (x, standings) in &series.points {
        #[expect(clippy::cast_precision_loss, reason = "sizes and counts far below 2^52")]
        let _ = write!(page, "<tr><th scope=\"row\">{}</th>", number(*x as f64, 0));
        for Standing { name, .. } in &first.places {
            let place = standings.places.iter().find(|place| place.name == *name);
            let figures = place.and_then(|place| place.result.as_ref().ok());
            let figure = median(figures.and_then(|figures| figures.get(metric)), metric);
            let _ = write!(page, "<td>{figure}</td>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></div>\n");
    for (x, standings) in &series.points {
        let said = conditions(standings);
        if !said.is_empty() {
            note(page, &common::text::because(at(series, *x), said.trim()));
        }
    }
    goals(page, series.points.iter().map(|(x, standings)| (at(series, *x), standings)));
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use anyhow::bail;

    use crate::{Bench, Better, Contest, Goal, Metric, Missing, Name, Sample};

    const SPEED: Metric =
        Metric { name: "things/s", better: Better::Higher, digits: 0, steady: false };

    fn contest(speed: f64) -> Contest<'static> {
        let mut contest = Contest::new("work", &[SPEED]);
        contest.enter("<peer>", Ok(()), |(), _| Ok(Sample::of(&SPEED, 50.0)));
        contest.enter("ours", Ok(()), move |(), _| Ok(Sample::of(&SPEED, speed)));
        contest.enter("gone", Err::<(), _>(Missing("is not installed".to_owned())), |(), _| {
            bail!("it is gone")
        });
        contest.goal("ours", &SPEED, Goal::ratio(1.5, "<peer>"));
        contest
    }

    fn page() -> String {
        let mut bench = Bench::new(std::io::sink(), 5, Duration::ZERO);
        bench.begin(Name::TcpEcho).unwrap();
        bench.hold(contest(100.0)).unwrap();
        bench.series("growth", "size", [(1, contest(10.0)), (100, contest(1_000.0))]).unwrap();
        super::page("A machine & its cores\nmade by `this`", bench.chapters())
    }

    #[test]
    fn every_bar_has_a_name_a_figure_and_whom_it_is_compared_with() {
        let page = page();
        for part in [
            "<p>A machine &amp; its cores</p>\n<p>made by `this`</p>",
            "<tr><th scope=\"row\">&lt;peer&gt;</th><td>50 <span class=\"note\">things/s</span></td>\
             <td data-of=\"of &lt;peer&gt;\">1.00</td>\
             <td aria-hidden=\"true\"><i style=\"width:50.0%\"></i></td></tr>",
            "<tr class=\"ours\"><th scope=\"row\">ours</th>\
             <td>100 <span class=\"note\">things/s</span></td><td data-of=\"of &lt;peer&gt;\">2.00</td>\
             <td aria-hidden=\"true\"><i style=\"width:100.0%\"></i></td></tr>",
            "gone</th><td class=\"absent\" colspan=\"3\">is not installed</td>",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
    }

    #[test]
    fn a_verdict_is_said_in_words_and_not_by_a_colour_alone() {
        let page = page();
        for part in [
            "<li class=\"met\"><b aria-hidden=\"true\">✓</b> \
             met: ours: things/s ≥ 1.5 × &lt;peer&gt; (it is 2.00)</li>",
            "✗</b> MISSED: 1 size: ours: things/s ≥ 1.5 × &lt;peer&gt; (it is 0.20)</li>",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
    }

    #[test]
    fn what_a_picture_shows_stands_below_it_as_a_table() {
        let page = page();
        // From the lower left corner to the upper right one.
        assert!(page.contains("<polyline points=\"68.0,192.0 338.0,12.0\""), "{page}");
        assert!(
            page.contains("<svg class=\"plot\" viewBox=\"0 0 360 240\" aria-hidden=\"true\""),
            "{page}"
        );
        assert!(
            page.contains("<tr><th scope=\"row\">100</th><td>50</td><td>1,000</td><td>–</td></tr>")
        );
    }

    /// What a narrow window would have to be scrolled sideways for.
    #[test]
    fn nothing_has_a_width_of_its_own() {
        let page = page();
        assert!(page.contains("width=device-width"));
        for line in page.lines() {
            assert!(!line.contains("min-width: ") || line.contains("2px"), "{line}");
        }
    }
}
