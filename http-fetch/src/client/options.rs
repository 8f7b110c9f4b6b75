//! The command line.

use std::convert::Infallible;
use std::path::PathBuf;

use clap::Parser;
use common::cli::{self, ClientOptions};
use http_fetch::http::request::line::{Line, LineError};
use http_fetch::http::request::write::Method;
use http_fetch::http::url::{HttpUrl, UrlError, without_password};

use crate::checksum::Sum;
use crate::text;

/// Fetch URLs into files.
///
/// The head of the answer goes to standard output, the body to a file. The file gets its name when
/// it is complete, and not before: an answer that is cut off, or is an error such as 404, leaves
/// what was there as it was.
#[derive(Debug, Parser)]
#[command(name = "http-fetch-client", version, after_help = EXAMPLES)]
pub(crate) struct Options {
    /// What to fetch; without a scheme it is http://. Of several, each goes into a file of its own,
    /// and one that fails does not keep the others from being fetched
    #[arg(required = true, value_parser = typed)]
    pub(crate) url: Vec<Typed>,
    /// Save the body there; - is standard output, and the head goes to standard error. Without
    /// this, the name is the last part of the URL; with several URLs, give it once for each, in
    /// their order, or - for all
    #[arg(short, long, value_name = "FILE", help_heading = "Saving")]
    pub(crate) output: Vec<PathBuf>,
    /// Save only what has this SHA-256 sum; with several URLs, once for each
    #[arg(long, value_name = "HEX", conflicts_with = "head", help_heading = "Saving")]
    pub(crate) sha256: Vec<Sum>,
    /// Go on with what an earlier run has left in FILE.part
    #[arg(short = 'c', long = "continue", help_heading = "Saving")]
    pub(crate) resume: bool,
    /// Save under the name that the server gives (Content-Disposition), if no file has it yet
    #[arg(short = 'J', long, conflicts_with_all = ["output", "resume"], help_heading = "Saving")]
    pub(crate) remote_header_name: bool,
    /// Ask for the head alone, and save nothing
    #[arg(short = 'I', long, conflicts_with_all = ["output", "resume", "remote_header_name"], help_heading = "Request")]
    pub(crate) head: bool,
    /// Add this line to the request, in place of one of the same name: "Accept: text/html"; with
    /// nothing behind the colon, the line is left out
    #[arg(short = 'H', long = "header", value_name = "LINE", value_parser = line, help_heading = "Request")]
    pub(crate) headers: Vec<TypedLine>,
    /// Send this text by POST, as a form does: name=value; several are joined by &
    #[arg(short, long, value_name = "TEXT", value_parser = data, conflicts_with_all = ["head", "resume"], help_heading = "Request")]
    pub(crate) data: Vec<String>,
    /// Try so many times more where the network fails or the server says later (408, 429, 500, 502,
    /// 503, 504), after 1, 2, 4 … seconds or when the server says; a part is gone on with
    #[arg(long, value_name = "N", default_value = "0", value_parser = cli::whole(0..=u32::MAX), help_heading = cli::NETWORK)]
    pub(crate) retry: u32,
    /// Follow at most so many redirects
    #[arg(long, value_name = "N", default_value = "10", value_parser = cli::whole(0..=usize::MAX), help_heading = cli::NETWORK)]
    pub(crate) max_redirects: usize,
    /// Refuse a file of more bytes than that
    #[arg(long, value_name = "BYTES", value_parser = cli::whole(0..=u64::MAX), help_heading = "Saving")]
    pub(crate) max_size: Option<u64>,
    /// Trust the certificate authorities in this PEM file, and no others; without this, those of
    /// SSL_CERT_FILE, if that is set
    #[arg(long, value_name = "FILE", help_heading = cli::NETWORK)]
    pub(crate) cacert: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

const EXAMPLES: &str = "\
Examples:
  http-fetch-client localhost:8080                  the page of the server in the other terminal, into index.html
  http-fetch-client http://localhost:8080/a.txt -o - | wc -c
                                                    the body through a pipe, the head on the terminal
  http-fetch-client https://example.com -o page.html
  http-fetch-client --continue http://localhost:8080/big.iso
                                                    go on where an interrupted run has stopped
  http-fetch-client --retry 5 http://localhost:8080/big.iso
                                                    the same by itself, up to five times
  http-fetch-client --sha256 9f86d081… https://example.com/a.iso
                                                    only if it is what somebody has vouched for
  http-fetch-client localhost:8080/a localhost:8080/b
                                                    several, each into its file
  http-fetch-client -I localhost:8080               the head alone
  http-fetch-client -d name=value http://localhost:8080/form -o -
  http-fetch-client --trace localhost:8080          see each socket call

Environment: http_proxy, https_proxy, all_proxy, no_proxy, SSL_CERT_FILE, as curl reads them.
Exit status: 0 saved, 1 failed, 2 wrong usage, 130 interrupted.";

/// A URL, or why it is none.
#[derive(Debug, Clone)]
pub(crate) enum Typed {
    Url(HttpUrl),
    /// One that must not be shown, as the words of a wrong argument would: it may hold a password.
    Secret(UrlError),
}

fn typed(text: &str) -> Result<Typed, UrlError> {
    match text.parse() {
        Ok(url) => Ok(Typed::Url(url)),
        Err(why) if without_password(text) != text => Ok(Typed::Secret(why)),
        Err(why) => Err(why),
    }
}

/// A line, or why it is none. What is wrong with one is told without it, for it may hold a
/// password.
pub(crate) type TypedLine = Result<Line, LineError>;

#[expect(clippy::unnecessary_wraps, reason = "what the parser of arguments calls has this form")]
fn line(text: &str) -> Result<TypedLine, Infallible> {
    Ok(text.parse())
}

/// curl reads a file for `@FILE`; who is used to that must not send its name instead.
fn data(text: &str) -> Result<String, &'static str> {
    if text.starts_with('@') { Err(text::data_of_a_file()) } else { Ok(text.to_owned()) }
}

impl Options {
    /// What is asked first.
    pub(crate) fn method(&self) -> Method {
        match self {
            Self { head: true, .. } => Method::Head,
            Self { data, .. } if !data.is_empty() => Method::Post,
            _ => Method::Get,
        }
    }

    /// What is sent by POST.
    pub(crate) fn data(&self) -> Vec<u8> {
        let mut all = String::new();
        for text in &self.data {
            // Nothing stands before a first one that is empty, as with curl.
            if !all.is_empty() {
                all.push('&');
            }
            all.push_str(text);
        }
        all.into_bytes()
    }

    /// Whose certificates to believe, where the user says so.
    pub(crate) fn authorities(&self) -> Option<PathBuf> {
        let of_environment = || std::env::var_os("SSL_CERT_FILE").filter(|file| !file.is_empty());
        self.cacert.clone().or_else(|| of_environment().map(PathBuf::from))
    }

    /// The user's lines for the request.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.headers.iter().flatten()
    }

    /// Whether the user asks for the file only if it is another one than the user's.
    pub(crate) fn has_condition(&self) -> bool {
        let conditions = ["If-None-Match", "If-Modified-Since"];
        self.lines().any(|line| conditions.iter().any(|name| line.is(name)))
    }
}
