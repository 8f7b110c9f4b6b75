//! The same as a page for a browser: a bar for each contestant, a line for each in a series.

use std::fmt::Write as _;

use common::text::lang;

use super::bench::{Chapter, Finding};
use super::contest::Standings;
use super::report::{number, yardstick};
use super::series::Series;
use super::text::{self, shown};

const STYLE: &str = "
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 3rem; } h3 { margin-top: 2rem; }
.bar { display: grid; grid-template-columns: 14rem 1fr; gap: 0 1rem; align-items: center; margin: .2rem 0; }
.bar span { overflow-wrap: anywhere; }
.bar div { display: flex; align-items: center; gap: .5rem; }
.bar i { display: block; height: 1.1rem; min-width: 1px; background: #3b6fb6; border-radius: 2px; }
.bar.ours i { background: #c2571a; }
.met::before { content: '✓ '; color: #2c7a2c; } .missed::before { content: '✗ '; color: #b02020; }
ul { list-style: none; padding: 0; } svg { width: 100%; height: auto; } .absent { opacity: .7; }
";

/// Colours that are told apart by most eyes, on light and on dark.
const COLOURS: [&str; 8] =
    ["#3b6fb6", "#c2571a", "#2c8a57", "#a23b8f", "#8a7a1a", "#d0455a", "#4a9fb0", "#7d7d7d"];

/// The whole page; `taken` says on what machine the figures were taken, and how.
#[must_use]
pub fn page(taken: &str, chapters: &[Chapter]) -> String {
    let title = text::page_title();
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n<h1>{title}</h1>\n<p>{}</p>\n",
        lang().tag(),
        escape(taken)
    );
    for Chapter { name, about, findings } in chapters {
        let _ = writeln!(page, "<h2>{}</h2>\n<p>{}</p>", escape(name), escape(about));
        for finding in findings {
            match finding {
                Finding::Standings(standings) => bars(&mut page, standings),
                Finding::Series(series) => lines(&mut page, series),
            }
        }
    }
    page
}

fn bars(page: &mut String, standings: &Standings) {
    let Some(metric) = standings.metrics.first() else { return };
    let most = standings
        .places
        .iter()
        .filter_map(|place| Some(place.result.as_ref().ok()?.get(metric)?.median));
    let most = most.fold(f64::EPSILON, f64::max);
    let _ = writeln!(
        page,
        "<h3>{}: {}</h3>",
        escape(&shown(&standings.name)),
        escape(&shown(metric.name))
    );
    let yardstick = yardstick(standings, metric);
    for place in &standings.places {
        let is_ours = standings
            .goals
            .iter()
            .any(|result_of| result_of.wanted.starts_with(&shown(&place.name)));
        let class = if is_ours { "bar ours" } else { "bar" };
        let _ = write!(
            page,
            "<div class=\"{class}\"><span>{}</span><div>",
            escape(&shown(&place.name))
        );
        let _ = match &place.result {
            Ok(figures) => match figures.get(metric) {
                Some(spread) => {
                    let ratio = yardstick
                        .map(|(_, of)| format!(", {}", number(spread.median / of, 2)))
                        .unwrap_or_default();
                    let width = spread.median / most * 70.0;
                    let figure = number(spread.median, metric.digits);
                    let range = [spread.min, spread.max]
                        .map(|value| number(value, metric.digits))
                        .join(text::to());
                    write!(
                        page,
                        "<i style=\"width:{width:.1}%\"></i><span title=\"{range}\">{figure}{ratio}</span>"
                    )
                }
                None => write!(page, "–"),
            },
            Err(absence) => {
                write!(page, "<span class=\"absent\">{}</span>", escape(&absence.to_string()))
            }
        };
        page.push_str("</div></div>\n");
    }
    page.push_str("<ul>\n");
    for result_of in &standings.goals {
        let (class, figure) = match &result_of.reached {
            Ok((true, figure)) => ("met", text::it_is(figure)),
            Ok((false, figure)) => ("missed", text::it_is(figure)),
            Err(why) => ("absent", why.clone()),
        };
        let _ = writeln!(
            page,
            "<li class=\"{class}\">{}: {}",
            escape(&result_of.wanted),
            escape(&figure)
        );
    }
    page.push_str("</ul>\n");
}

/// Both axes are logarithmic: what doubles is a straight line.
fn lines(page: &mut String, series: &Series) {
    const WIDTH: f64 = 640.0;
    const HEIGHT: f64 = 280.0;
    const LEFT: f64 = 80.0;
    const TOP: f64 = 16.0;
    let Some((_, first)) = series.points.first() else { return };
    let Some(metric) = first.metrics.first() else { return };
    let of = |name: &str| -> Vec<(f64, f64)> {
        let points = series.points.iter().filter_map(|(x, standings)| {
            let place = standings.places.iter().find(|place| place.name == name)?;
            #[expect(clippy::cast_precision_loss, reason = "sizes and counts far below 2^52")]
            let x = *x as f64;
            Some((
                x.max(1.0),
                place.result.as_ref().ok()?.get(metric)?.median.max(f64::MIN_POSITIVE),
            ))
        });
        points.collect()
    };
    let curves: Vec<(&str, Vec<(f64, f64)>)> =
        first.places.iter().map(|place| (place.name.as_str(), of(&place.name))).collect();
    let all = || curves.iter().flat_map(|(_, points)| points.iter().copied());
    let Some((x, y)) = all().next() else { return };
    let range = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
    let xs = all().fold((x, x), |xs, (x, _)| range(xs, x));
    let ys = all().fold((y, y), |ys, (_, y)| range(ys, y));
    let share =
        |value: f64, (low, high): (f64, f64)| (value / low).ln() / (high / low).ln().max(1e-9);
    let at =
        |(x, y): (f64, f64)| (LEFT + share(x, xs) * WIDTH, TOP + (1.0 - share(y, ys)) * HEIGHT);

    let _ = writeln!(
        page,
        "<h3>{}: {}</h3>\n<svg viewBox=\"0 0 900 340\" fill=\"none\" font-size=\"13\">",
        escape(&shown(&series.name)),
        escape(&shown(metric.name))
    );
    for (x, _) in curves.first().map(|(_, points)| points.as_slice()).unwrap_or_default() {
        let (left, _) = at((*x, ys.0));
        let _ = writeln!(
            page,
            "<text x=\"{left:.0}\" y=\"{:.0}\" text-anchor=\"middle\" fill=\"currentColor\">{}</text>",
            TOP + HEIGHT + 20.0,
            number(*x, 0)
        );
    }
    for y in [ys.0, (ys.0 * ys.1).sqrt(), ys.1] {
        let (_, top) = at((xs.0, y));
        let _ = writeln!(
            page,
            "<path d=\"M{LEFT} {top:.0}h{WIDTH}\" stroke=\"currentColor\" opacity=\".2\"/>\
             <text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\" fill=\"currentColor\">{}</text>",
            LEFT - 8.0,
            top + 4.0,
            number(y, metric.digits)
        );
    }
    for ((index, (name, points)), colour) in curves.iter().enumerate().zip(COLOURS.iter().cycle()) {
        let path = points.iter().map(|&point| at(point)).map(|(x, y)| format!("{x:.1},{y:.1}"));
        let path = path.collect::<Vec<_>>().join(" ");
        let row = 24 + index * 20;
        let _ = writeln!(
            page,
            "<polyline points=\"{path}\" stroke=\"{colour}\" stroke-width=\"2\"/>\
             <text x=\"735\" y=\"{row}\" fill=\"{colour}\">{}</text>",
            escape(&shown(name))
        );
    }
    let _ = writeln!(
        page,
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\" fill=\"currentColor\">{}</text>\n</svg>",
        LEFT + WIDTH / 2.0,
        TOP + HEIGHT + 40.0,
        escape(&shown(series.variable))
    );
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::{Bench, Better, Contest, Goal, Metric, Name, Sample};

    #[test]
    fn the_page_has_a_bar_for_each_and_shows_names_as_text() {
        const SPEED: Metric = Metric { name: "things/s", better: Better::Higher, digits: 0 };
        let mut bench = Bench::new(std::io::sink(), 1, Duration::ZERO);
        let contest = |speed: f64| {
            let mut contest = Contest::new("work", &[SPEED]);
            contest.enter("<peer>", Ok(()), |(), _| Ok(Sample::of(&SPEED, 50.0)));
            contest.enter("ours", Ok(()), move |(), _| Ok(Sample::of(&SPEED, speed)));
            contest.goal("ours", &SPEED, Goal::ratio(2.0, "<peer>"));
            contest
        };
        bench.begin(Name::TcpEcho).unwrap();
        bench.hold(contest(100.0)).unwrap();
        bench.series("growth", "size", [(1, contest(10.0)), (100, contest(1_000.0))]).unwrap();
        let page = super::page("A machine & its cores", bench.chapters());
        assert!(page.contains("A machine &amp; its cores"), "{page}");
        assert!(page.contains("<span>&lt;peer&gt;</span><div><i style=\"width:35.0%\">"), "{page}");
        assert!(
            page.contains(
                "<div class=\"bar ours\"><span>ours</span><div><i style=\"width:70.0%\">"
            ),
            "{page}"
        );
        assert!(
            page.contains("<li class=\"met\">ours: things/s ≥ 2 × &lt;peer&gt;: it is 2.00"),
            "{page}"
        );
        // From the lower left corner to the upper right one.
        assert!(page.contains("<polyline points=\"80.0,296.0 720.0,16.0\""), "{page}");
    }
}
