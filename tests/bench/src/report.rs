//! Outcomes as tables. They are Markdown, so that a table in a lesson is what the bench printed.

use std::fmt::Write as _;

use super::contest::{Absence, GoalResult, Metric, Spread, Standing, Standings};
use super::series::Series;
use super::text::{self, shown};
use common::terminal::columns;

/// One contest: who did how much, beside whom, and which goals are met.
#[must_use]
pub fn standings(standings: &Standings) -> String {
    let Some((first, others)) = standings.metrics.split_first() else { return String::new() };
    let yardstick = yardstick(standings, first);
    let is_busy_known = places(standings).any(|(_, figures)| figures.busy.is_some());

    let mut head =
        vec![shown(&standings.name), shown(first.name), text::min().into(), text::max().into()];
    head.extend(yardstick.map(|(name, _)| text::of(shown(name))));
    head.extend(others.iter().map(|metric| shown(metric.name)));
    if is_busy_known {
        head.push(text::busy().to_owned());
    }

    let mut rows = Vec::new();
    let mut is_limited = false;
    for (place, figures) in places(standings) {
        let Some(spread) = figures.get(first) else { continue };
        let mut row = vec![shown(&place.name)];
        row.extend(
            [spread.median, spread.min, spread.max].map(|value| number(value, first.digits)),
        );
        row.extend(yardstick.map(|(_, of)| number(spread.median / of, 2)));
        row.extend(others.iter().map(|metric| median(figures.get(metric), metric)));
        if is_busy_known {
            row.push(figures.busy.map_or_else(String::new, |busy| {
                let mark = if busy.is_the_generators() { "¹" } else { "" };
                is_limited |= busy.is_the_generators();
                format!("{:.0} %, {:.0} %{mark}", busy.subject * 100.0, busy.generator * 100.0)
            }));
        }
        rows.push(row);
    }

    let mut text = format!("\n{}", table(&head, &rows));
    if is_limited {
        let _ = writeln!(text, "\n¹ {}", text::generator_at_limit());
    }
    text.push_str(&absences(standings));
    text.push_str(&goals(&standings.goals));
    text
}

/// Growth: a row for each value of the variable, a column for each contestant of the first: who
/// takes part to begin with may be too weak for the last.
#[must_use]
pub fn series(series: &Series) -> String {
    let Some((_, first)) = series.points.first() else { return String::new() };
    let Some(metric) = first.metrics.first() else { return String::new() };
    let names: Vec<&str> = first.places.iter().map(|place| place.name.as_str()).collect();
    let mut head = vec![shown(series.variable)];
    head.extend(names.iter().map(|&name| shown(name)));
    let rows = series.points.iter().map(|(x, standings)| {
        let figure = |name: &&str| {
            let place = standings.places.iter().find(|place| place.name == **name);
            let figures = place.and_then(|place| place.result.as_ref().ok());
            median(figures.and_then(|figures| figures.get(metric)), metric)
        };
        let mut row = vec![grouped(&x.to_string())];
        row.extend(names.iter().map(figure));
        row
    });
    let rows: Vec<_> = rows.collect();
    let absences: String = series.points.iter().map(|(_, standings)| absences(standings)).collect();
    format!(
        "\n{}:\n\n{}{}",
        shown(&format!("{}, {}", series.name, metric.name)),
        table(&head, &rows),
        without_repeats(&absences)
    )
}

/// How many goals are met, of all that were tried.
#[must_use]
pub fn summary<'a>(outcomes: impl Iterator<Item = &'a Standings>) -> String {
    let (mut met, mut missed, mut open) = (0, 0, 0);
    for result_of in outcomes.flat_map(|standings| &standings.goals) {
        match result_of.reached {
            Ok((true, _)) => met += 1,
            Ok((false, _)) => missed += 1,
            Err(_) => open += 1,
        }
    }
    format!("\n{}\n", text::goals(met, missed, open))
}

/// The first contestant that has a figure, if the others are compared to it.
pub(super) fn yardstick<'a>(standings: &'a Standings, metric: &Metric) -> Option<(&'a str, f64)> {
    if !standings.is_compared {
        return None;
    }
    places(standings)
        .find_map(|(place, figures)| Some((place.name.as_str(), figures.get(metric)?.median)))
}

fn places(standings: &Standings) -> impl Iterator<Item = (&Standing, &super::contest::Figures)> {
    standings.places.iter().filter_map(|place| Some((place, place.result.as_ref().ok()?)))
}

fn absences(standings: &Standings) -> String {
    let mut text = String::new();
    for place in &standings.places {
        if let Err(absence) = &place.result {
            let _ = writeln!(text, "{}", text::absent(shown(&place.name), absence));
        }
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

fn without_repeats(lines: &str) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for line in lines.lines().filter(|line| !line.is_empty()) {
        if !seen.contains(&line) {
            seen.push(line);
        }
    }
    seen.iter().fold(String::new(), |text, line| text + "\n" + line + "\n")
}

fn goals(goals: &[GoalResult]) -> String {
    let mut text = String::new();
    for GoalResult { wanted, reached } in goals {
        let _ = match reached {
            Ok((true, figure)) => writeln!(text, "- {}", text::met(wanted, figure)),
            Ok((false, figure)) => writeln!(text, "- {}", text::missed(wanted, figure)),
            Err(why) => writeln!(text, "- {}", text::not_tried(wanted, why)),
        };
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

/// Who was there and could not do the work.
pub fn failures(standings: &Standings) -> impl Iterator<Item = &str> {
    standings.places.iter().filter_map(|place| match &place.result {
        Err(Absence::Failed(_)) => Some(place.name.as_str()),
        _ => None,
    })
}

fn median(spread: Option<Spread>, metric: &Metric) -> String {
    spread.map_or_else(|| "–".to_owned(), |spread| number(spread.median, metric.digits))
}

/// With a comma between thousands.
pub(super) fn number(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let whole = grouped(whole);
    rest.map_or_else(|| whole.clone(), |rest| format!("{whole}.{rest}"))
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = std::iter::once(head).chain(rows.iter().map(Vec::as_slice));
        cells.filter_map(|row| row.get(column)).map(|cell| columns(cell)).max().unwrap_or(0).max(3)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: &[String]| {
        let mut line = String::from("|");
        for (index, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let blanks = " ".repeat(width.saturating_sub(columns(cell)));
            // Names to the left, figures to the right.
            let _ = if index == 0 {
                write!(line, " {cell}{blanks} |")
            } else {
                write!(line, " {blanks}{cell} |")
            };
        }
        line + "\n"
    };
    let rule: Vec<String> =
        widths.iter().enumerate().map(|(index, &width)| rule(index, width)).collect();
    let mut text = line(head) + &line(&rule);
    text.extend(rows.iter().map(|row| line(row)));
    text
}

fn rule(column: usize, width: usize) -> String {
    if column == 0 { "-".repeat(width) } else { "-".repeat(width - 1) + ":" }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use anyhow::bail;

    use super::*;
    use crate::{Better, Contest, Goal, Missing, Sample};

    const SPEED: Metric = Metric { name: "things/s", better: Better::Higher, digits: 0 };

    fn contest(speed: f64) -> Contest<'static> {
        let mut contest = Contest::new("work", &[SPEED]);
        contest.enter("yardstick", Ok(()), |(), _| Ok(Sample::of(&SPEED, 2_000.0)));
        contest.enter("ours", Ok(()), move |(), _| {
            let wall = Duration::from_secs(1);
            Ok(Sample::of(&SPEED, speed).busy(wall / 2, wall, wall))
        });
        contest.enter("gone", Err::<(), _>(Missing("is not installed".to_owned())), |(), _| {
            bail!("it is gone")
        });
        contest.goal("ours", &SPEED, Goal::ratio(0.5, "yardstick"));
        contest.goal("ours", &SPEED, Goal::ratio(0.5, "gone"));
        contest
    }

    #[test]
    fn a_table_says_who_did_how_much_who_is_missing_and_which_goals_are_met() {
        let standings = contest(1_500.0).hold(1, Duration::ZERO);
        let expected = "
| work      | things/s |   min |   max | of yardstick | busy: server, load |
| --------- | -------: | ----: | ----: | -----------: | -----------------: |
| yardstick |    2,000 | 2,000 | 2,000 |         1.00 |                    |
| ours      |    1,500 | 1,500 | 1,500 |         0.75 |       50 %, 100 %¹ |

¹ The load generator was at its limit, the server was not: the server can do more.

gone is not installed.

- met: ours: things/s ≥ 0.5 × yardstick (it is 0.75)
- not tried: ours: things/s ≥ 0.5 × gone: gone is not installed
";
        assert_eq!(super::standings(&standings), expected);
        assert_eq!(summary([&standings].into_iter()), "\ngoals: 1 met, 0 missed, 1 not tried\n");
        assert_eq!(failures(&standings).count(), 0);
    }

    #[test]
    fn a_series_has_a_row_for_each_value() {
        let points =
            [(1, 10.0), (10_000, 20.0)].map(|(x, y)| (x, contest(y).hold(1, Duration::ZERO)));
        let series =
            Series { name: "growth".to_owned(), variable: "connections", points: points.into() };
        let expected = "
growth, things/s:

| connections | yardstick | ours | gone |
| ----------- | --------: | ---: | ---: |
| 1           |     2,000 |   10 |    – |
| 10,000      |     2,000 |   20 |    – |

gone is not installed.
";
        assert_eq!(super::series(&series), expected);
    }

    #[test]
    fn thousands_are_set_apart() {
        let numbers = [0.0, 999.0, 1_000.0, 1_234_567.0, -1_000.0].map(|value| number(value, 0));
        assert_eq!(numbers, ["0", "999", "1,000", "1,234,567", "-1,000"]);
        assert_eq!(number(-100.5, 1), "-100.5");
        assert_eq!(number(1234.56, 1), "1,234.6");
    }
}
