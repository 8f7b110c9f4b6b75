//! Outcomes as tables. They are Markdown, so that a table in a lesson is what the bench printed.

use std::fmt::Write as _;

use super::figures::Figures;
use super::metric::Metric;
use super::series::Series;
use super::spread::Spread;
use super::standings::{Absence, Standing, Standings};
use super::table::{grouped, median, number, range, table};
use super::text::{self, shown};
use super::verdict::{GoalResult, Verdict};
use common::text::{because, list};

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
        row.extend(yardstick.map(|(_, of)| ratio(figures, of, first)));
        let others = others.iter().map(|metric| match figures.get(metric) {
            Some(spread) if standings.has_spreads => range(spread, metric),
            spread => median(spread, metric),
        });
        row.extend(others);
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
    text.push_str(&conditions(standings));
    text.push_str(&absences(standings));
    text.push_str(&goals(&standings.goals, ""));
    text
}

/// How it was held, where that is not as usual, and who swings all the same.
pub(super) fn conditions(standings: &Standings) -> String {
    let held = standings.conditions;
    let mut said = Vec::new();
    if held.are_anew {
        said.push(text::held_anew(held.rounds));
    }
    if held.is_pinned {
        said.push(text::pinned().to_owned());
    }
    if let Some(first) = standings.metrics.first() {
        let swings = places(standings).filter_map(|(place, figures)| {
            let spread = figures.get(first).filter(Spread::swings)?;
            Some(text::by_so_much(
                shown(&place.name),
                format_args!("{:.0}", spread.width() * 100.0),
            ))
        });
        let swings = swings.collect::<Vec<_>>();
        if !swings.is_empty() {
            said.push(text::swing(list(swings)));
        }
    }
    if said.is_empty() { String::new() } else { format!("\n{}\n", said.join(text::between())) }
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
    let mut text = format!(
        "\n{}\n\n{}",
        text::heads(shown(&format!("{}, {}", series.name, metric.name))),
        table(&head, &rows),
    );
    let notes = series.points.iter().map(|(x, standings)| (x, conditions(standings)));
    for (x, note) in notes.filter(|(_, note)| !note.is_empty()) {
        let point = at(series, *x);
        let _ = write!(text, "\n{}\n", because(point, note.trim()));
    }
    let absences: String = series.points.iter().map(|(_, standings)| absences(standings)).collect();
    text.push_str(&without_repeats(&absences));
    let goals = series.points.iter().map(|(x, standings)| goals(&standings.goals, &at(series, *x)));
    let goals = goals.collect::<String>().replace("\n\n", "\n");
    text.push_str(&goals);
    text
}

/// One of the values on the horizontal axis, in words.
pub(super) fn at(series: &Series, x: u64) -> String {
    shown(&format!("{} {}", grouped(&x.to_string()), series.variable))
}

/// How many goals are met, of all that were tried.
#[must_use]
pub fn summary<'a>(outcomes: impl Iterator<Item = &'a Standings>) -> String {
    let (mut met, mut missed, mut swing, mut open) = (0, 0, 0, 0);
    for result_of in outcomes.flat_map(|standings| &standings.goals) {
        match result_of.reached.as_ref().map(|reached| reached.verdict) {
            Ok(Verdict::Met) => met += 1,
            Ok(Verdict::Missed) => missed += 1,
            Ok(Verdict::Swings) => swing += 1,
            Err(_) => open += 1,
        }
    }
    format!("\n{}\n", text::goals(met, missed, swing, open))
}

/// The first contestant that has a figure, if the others are compared to it.
pub(super) fn yardstick<'a>(
    standings: &'a Standings,
    metric: &Metric,
) -> Option<(&'a str, &'a Figures)> {
    if !standings.is_compared {
        return None;
    }
    places(standings)
        .find_map(|(place, figures)| figures.get(metric).map(|_| (place.name.as_str(), figures)))
}

/// What part of the yardstick's figure this one's is: the median of the ratios of each round.
pub(super) fn ratio(figures: &Figures, of: &Figures, metric: &Metric) -> String {
    let ratios = Spread::of(&figures.ratios(metric, of));
    ratios.map_or_else(|| "–".to_owned(), |spread| number(spread.median, 2))
}

fn places(standings: &Standings) -> impl Iterator<Item = (&Standing, &Figures)> {
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

/// Which goals are reached; `at` says for which point of a series.
fn goals(goals: &[GoalResult], at: &str) -> String {
    let mut text = String::new();
    for GoalResult { wanted, reached, .. } in goals {
        let wanted = if at.is_empty() { wanted.clone() } else { because(at, wanted) };
        let line = match reached {
            Ok(reached) => reached.in_words(&wanted),
            Err(why) => text::not_tried(wanted, why),
        };
        let _ = writeln!(text, "- {line}");
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use anyhow::bail;

    use super::*;
    use crate::{Better, Contest, Goal, Missing, Sample};

    const SPEED: Metric =
        Metric { name: "things/s", better: Better::Higher, digits: 0, steady: false };

    fn contest(speed: f64) -> Contest<'static> {
        let mut contest = Contest::new("work", &[SPEED]);
        contest.enter("yardstick", Ok(()), |(), _| Ok(Sample::of(&SPEED, 2_000.0)));
        contest.enter("ours", Ok(()), move |(), _| {
            let wall = Duration::from_secs(1);
            Ok(Sample::of(&SPEED, speed).busy(Some(wall / 2), wall, wall))
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
        let standings = contest(1_500.0).hold(5, Duration::ZERO);
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
        assert_eq!(
            summary([&standings].into_iter()),
            "\ngoals: 1 met, 0 missed, 0 swing, 1 not tried\n"
        );
        assert_eq!(failures(&standings).count(), 0);
    }

    #[test]
    fn a_series_has_a_row_for_each_value_and_its_goals() {
        let points =
            [(1, 500.0), (10_000, 1_900.0)].map(|(x, y)| (x, contest(y).hold(5, Duration::ZERO)));
        let series =
            Series { name: "growth".to_owned(), variable: "connections", points: points.into() };
        let expected = "
growth, things/s:

| connections | yardstick |  ours | gone |
| ----------- | --------: | ----: | ---: |
| 1           |     2,000 |   500 |    – |
| 10,000      |     2,000 | 1,900 |    – |

gone is not installed.

- MISSED: 1 connections: ours: things/s ≥ 0.5 × yardstick (it is 0.25)
- not tried: 1 connections: ours: things/s ≥ 0.5 × gone: gone is not installed
- met: 10,000 connections: ours: things/s ≥ 0.5 × yardstick (it is 0.95)
- not tried: 10,000 connections: ours: things/s ≥ 0.5 × gone: gone is not installed
";
        assert_eq!(super::series(&series), expected);
    }

    #[test]
    fn one_run_decides_nothing_and_says_so() {
        let standings = contest(1_500.0).hold(1, Duration::ZERO);
        let said = super::standings(&standings);
        let line = "- one run decides nothing: ours: things/s ≥ 0.5 × yardstick (it is 0.75)\n";
        assert!(said.contains(line), "{said}");
        let counted = "\ngoals: 0 met, 0 missed, 1 swing, 1 not tried\n";
        assert_eq!(summary([&standings].into_iter()), counted);
    }

    /// Runs of a time with two more figures; the second contestant swings.
    #[test]
    fn spreads_are_shown_where_they_are_wanted_and_who_swings_is_named() {
        const P99: Metric =
            Metric { name: "p99, ms", better: Better::Lower, digits: 1, steady: false };
        const MAX: Metric =
            Metric { name: "max, ms", better: Better::Lower, digits: 1, steady: false };
        let mut contest = Contest::new("work", &[P99, MAX]).with_spreads().is_pinned();
        let mut turn = 0.0;
        contest.enter("peer", Ok(()), move |(), _| {
            turn += 1.0;
            Ok(Sample::of(&P99, 2.0).and(&MAX, 3.0 + turn))
        });
        let mut times = [1.0, 2.0, 1.5].into_iter().cycle();
        contest.enter("ours", Ok(()), move |(), _| {
            let time = times.next().unwrap_or_default();
            Ok(Sample::of(&P99, time).and(&MAX, 9.0))
        });
        contest.goal("ours", &P99, Goal::ratio(0.75, "peer"));
        let standings = contest.hold(3, Duration::ZERO);
        let expected = "
| work | p99, ms | min | max | of peer |         max, ms |
| ---- | ------: | --: | --: | ------: | --------------: |
| peer |     2.0 | 2.0 | 2.0 |    1.00 | 11.0 (7.0–15.0) |
| ours |     1.5 | 1.0 | 2.0 |    0.75 |             9.0 |

Somebody swung by more than 15 %, so all ran anew, 9 rounds. The load has a processor of its own. \
Still swings: ours by 67 %.

- swings: ours: p99, ms ≤ 0.75 × peer (it is 0.75, 0.50 to 1.00)
";
        assert_eq!(super::standings(&standings), expected.replace("\\\n", ""));
        assert_eq!(
            summary([&standings].into_iter()),
            "\ngoals: 0 met, 0 missed, 1 swing, 0 not tried\n"
        );
    }
}
