//! One direction of a connection can end before the other.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;

use super::text::half_close as said;
use crate::show::ends::{error_name, outcome, pair, quoted, recv, until};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, state_of};
use crate::show::report::Report;
use crate::show::text;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "half-close",
    rows: &["B5", "D10"],
    tutorials: &["002:150", "004:13"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("half_close.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, mut server) = pair()?;
    client.write_all(b"how many bytes is this?")?;
    client.shutdown(Shutdown::Write)?;
    report.check(said::send_after(), "EPIPE", outcome(&client.write(b"?")));

    let mut question = Vec::new();
    server.read_to_end(&mut question)?;
    report.check(said::read_all(), text::bytes(23), text::bytes(question.len()));
    if kernel::TELLS {
        until(text::the_fin_acknowledged(), || {
            Ok(state_of(&client).is_ok_and(|state| state == "FIN-WAIT-2"))
        })?;
        let states = said::both(state_of(&client)?, state_of(&server)?);
        report.check(said::states(), said::both("FIN-WAIT-2", "CLOSE-WAIT"), states);
    } else {
        report.cannot(kernel::silent());
    }

    server.write_all(question.len().to_string().as_bytes())?;
    drop(server);
    let answer = recv(&client, 1024);
    report.answer(match &answer {
        Ok(bytes) if bytes.is_empty() => "nothing".to_owned(),
        Ok(_) => "the answer".to_owned(),
        Err(error) => error_name(error),
    });
    report.check(said::answer(), "\"23\"", quoted(&answer?));
    report.check(said::once_more(), "\"\"", quoted(&recv(&client, 1024)?));
    Ok(())
}
