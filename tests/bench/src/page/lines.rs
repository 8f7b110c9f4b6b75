//! A series as a picture: a line for each contestant, over what grows.

use std::fmt::Write as _;

use super::escape;
use crate::series::Series;
use crate::table::number;
use crate::text::shown;

/// Colours that are told apart by most eyes, on light and on dark.
const COLOURS: [&str; 8] =
    ["#3b6fb6", "#c2571a", "#2c8a57", "#a23b8f", "#8a7a1a", "#d0455a", "#3f90a1", "#7d7d7d"];
/// And by those that tell no colours: dashes.
const DASHES: [&str; 4] = ["none", "8 4", "2 4", "10 3 2 3"];

/// As wide in all as a telephone's window, where the picture is then as large as it is drawn.
const WIDTH: f64 = 270.0;
const HEIGHT: f64 = 180.0;
const LEFT: f64 = 68.0;
const TOP: f64 = 12.0;

/// Both axes are logarithmic: what doubles is a straight line.
pub(super) fn lines(page: &mut String, series: &Series) {
    let Some((_, first)) = series.points.first() else { return };
    let Some(metric) = first.metrics.first() else { return };
    let of = |name: &str| -> Vec<(f64, f64)> {
        let points = series.points.iter().filter_map(|(x, standings)| {
            let place = standings.places.iter().find(|place| place.name == name)?;
            #[expect(clippy::cast_precision_loss, reason = "sizes and counts far below 2^52")]
            let x = *x as f64;
            let figure = place.result.as_ref().ok()?.get(metric)?.median;
            Some((x.max(1.0), figure.max(f64::MIN_POSITIVE)))
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

    page.push_str(
        "<svg class=\"plot\" viewBox=\"0 0 360 240\" aria-hidden=\"true\" fill=\"none\" font-size=\"12\">\n",
    );
    for (x, _) in curves.first().map(|(_, points)| points.as_slice()).unwrap_or_default() {
        let (left, _) = at((*x, ys.0));
        let _ = writeln!(
            page,
            "<text x=\"{left:.0}\" y=\"{:.0}\" text-anchor=\"middle\" fill=\"currentColor\">{}</text>",
            TOP + HEIGHT + 17.0,
            short(*x)
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
    let styles = COLOURS.iter().cycle().zip(DASHES.iter().cycle());
    let mut legend = String::new();
    for ((name, points), (colour, dashes)) in curves.iter().zip(styles) {
        let path = points.iter().map(|&point| at(point)).map(|(x, y)| format!("{x:.1},{y:.1}"));
        let path = path.collect::<Vec<_>>().join(" ");
        let _ = writeln!(
            page,
            "<polyline points=\"{path}\" stroke=\"{colour}\" stroke-width=\"2\" \
             stroke-dasharray=\"{dashes}\"/>"
        );
        let _ = write!(
            legend,
            "<span><svg viewBox=\"0 0 40 10\"><path d=\"M0 5h40\" stroke=\"{colour}\" stroke-width=\"4\" \
             stroke-dasharray=\"{dashes}\"/></svg>{}</span>",
            escape(&shown(name))
        );
    }
    let _ = writeln!(
        page,
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\" fill=\"currentColor\">{}</text>\n</svg>\n\
         <p class=\"legend\" aria-hidden=\"true\">{legend}</p>",
        LEFT + WIDTH / 2.0,
        TOP + HEIGHT + 36.0,
        escape(&shown(series.variable))
    );
}

/// A figure for which there is little room: `64K` is 64 × 1,024, and `10k` is 10,000.
fn short(value: f64) -> String {
    for (unit, sign) in [(1_048_576.0, "M"), (1024.0, "K"), (1000.0, "k")] {
        if value >= unit && value % unit == 0.0 {
            return format!("{:.0}{sign}", value / unit);
        }
    }
    if value < 1000.0 { format!("{value:.0}") } else { format!("{:.1}k", value / 1000.0) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_short_at_the_axis() {
        let short = [1.0, 512.0, 1024.0, 1472.0, 10_000.0, 65_507.0, 65_536.0, 1_048_576.0]
            .map(super::short);
        assert_eq!(short, ["1", "512", "1K", "1.5k", "10k", "65.5k", "64K", "1M"]);
    }
}
