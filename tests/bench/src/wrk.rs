//! What wrk reports with `--latency`.

/// How many requests it made, and how long they took.
#[derive(Debug, PartialEq)]
pub struct Report {
    /// Requests a second.
    pub rate: f64,
    /// Half of the answers came within so many milliseconds.
    pub p50: f64,
    /// All but one in a hundred came within so many milliseconds.
    pub p99: f64,
}

/// What it said, if it came that far.
pub fn report(said: &str) -> Option<Report> {
    let after =
        |start: &str| said.lines().find_map(|line| line.trim().strip_prefix(start)).map(str::trim);
    Some(Report {
        rate: after("Requests/sec:")?.parse().ok()?,
        p50: milliseconds(after("50%")?)?,
        p99: milliseconds(after("99%")?)?,
    })
}

/// Of what wrk calls a time: `870.00us`, `6.00ms`, `1.02s`.
fn milliseconds(told: &str) -> Option<f64> {
    let number = told.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let factor = match told.get(number.len()..)? {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1000.0,
        _ => return None,
    };
    number.parse::<f64>().ok().map(|number| number * factor)
}
