//! What is to be fetched: one URL after the other, each with its file and its checksum.

use std::path::{Path, absolute};

use anyhow::Result;
use http_fetch::http::url::HttpUrl;

use crate::checksum::Sum;
use crate::destination::{Destination, shown};
use crate::options::{Options, Typed};
use crate::text;

/// One URL, and what becomes of it.
pub(crate) struct Job {
    pub(crate) url: HttpUrl,
    /// Where it goes, or why that cannot be.
    pub(crate) destination: Result<Destination>,
    /// The only one that its bytes may have.
    pub(crate) sum: Option<Sum>,
}

/// What the user wants, in this order.
///
/// # Errors
/// Words for the user about options that do not go together.
pub(crate) fn of(options: &Options) -> Result<Vec<Job>, String> {
    if let Some(why) = options.headers.iter().find_map(|line| line.as_ref().err()) {
        return Err(text::invalid_line(why));
    }
    let (urls, outputs, sums) = (&options.url, &options.output, &options.sha256);
    // What is meant for standard output may stand there one behind the other. Of files, nobody
    // could say which is whose.
    let all_to_stdout = matches!(&outputs[..], [one] if one == Path::new("-"));
    if !outputs.is_empty() && outputs.len() != urls.len() && !all_to_stdout {
        return Err(text::outputs_and_urls(outputs.len(), urls.len()));
    }
    if !sums.is_empty() && sums.len() != urls.len() {
        return Err(text::sums_and_urls(sums.len(), urls.len()));
    }
    let mut jobs = Vec::new();
    for (at, typed) in urls.iter().enumerate() {
        let url = match typed {
            Typed::Url(url) => url.clone(),
            Typed::Secret(why) => return Err(text::invalid_url(why)),
        };
        let output = if all_to_stdout { outputs.first() } else { outputs.get(at) };
        let destination = Destination::of(options, output.map(|path| &**path), &url);
        if options.resume && matches!(destination, Ok(Destination::Stdout)) {
            return Err(text::continue_needs_file().to_owned());
        }
        jobs.push(Job { url, destination, sum: sums.get(at).copied() });
    }
    match twice(&jobs) {
        Some(path) => Err(text::same_file(shown(path))),
        None => Ok(jobs),
    }
}

/// The file that two of them would be saved as.
fn twice(jobs: &[Job]) -> Option<&Path> {
    let files: Vec<&Path> = jobs.iter().filter_map(|job| job.file()).collect();
    // `a` and `./a` are one.
    let names: Vec<_> = files.iter().map(|path| absolute(path).unwrap_or_default()).collect();
    let again =
        names.iter().enumerate().position(|(at, name)| names.iter().take(at).any(|it| it == name));
    again.and_then(|at| files.get(at).copied())
}

impl Job {
    fn file(&self) -> Option<&Path> {
        match &self.destination {
            Ok(Destination::File(path)) => Some(path),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use common::text::{Lang, speaking};

    fn of(args: &[&str]) -> Result<Vec<String>, String> {
        let options = Options::parse_from(std::iter::once(&"http-fetch-client").chain(args));
        let jobs = speaking(Lang::En, || super::of(&options))?;
        Ok(jobs
            .iter()
            .map(|job| match &job.destination {
                Ok(Destination::File(path)) => format!("{} {}", job.url, shown(path)),
                Ok(other) => format!("{} {other:?}", job.url),
                Err(error) => format!("{} {error}", job.url),
            })
            .collect())
    }

    #[test]
    fn each_url_has_a_file_of_its_own() {
        assert_eq!(of(&["a/x", "b/y"]).unwrap(), ["http://a/x x", "http://b/y y"]);
        assert_eq!(
            of(&["-o", "1", "a/x", "b/x", "-o", "2"]).unwrap(),
            ["http://a/x 1", "http://b/x 2"]
        );
        assert_eq!(of(&["-o-", "a", "b"]).unwrap(), ["http://a/ Stdout", "http://b/ Stdout"]);
        for (args, words) in [
            (&["a/x", "b/x"][..], "both be saved as x"),
            (&["a/x", "a/x"], "both be saved as x"),
            (&["-o", "x", "-o", "./x", "a", "b"], "both be saved as ./x"),
            (&["-o", "x", "a", "b"], "--output names 1 of 2 files"),
            (&["-o", "x", "-o", "y", "a"], "--output names 2 of 1 files"),
            (&["-c", "-o-", "a", "b"], "--continue needs a file"),
        ] {
            let why = of(args).unwrap_err();
            assert!(why.contains(words), "{args:?}: {why}");
        }
    }

    #[test]
    fn a_sum_belongs_to_one_url() {
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        of(&["--sha256", sum, "a/x"]).unwrap();
        of(&["--sha256", sum, "--sha256", sum, "a/x", "a/y"]).unwrap();
        let why = of(&["--sha256", sum, "a/x", "a/y"]).unwrap_err();
        assert!(why.contains("--sha256 is given for 1 of 2 files"), "{why}");
    }
}
