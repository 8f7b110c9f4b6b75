//! What a soak is asked. `cargo lab soak` reads it, too, so that a wrong word is refused before
//! anything is built.

use std::time::Duration;

use common::cli::{self, Chinese};

use crate::text;

/// Let honest and hostile clients at all servers for minutes, and see that nothing is left of them
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo lab soak
  cargo lab soak --minutes 10 --seed 2")]
pub struct Soak {
    /// How long the load lasts
    #[arg(long, value_name = "MINUTES", default_value = "1", value_parser = minutes)]
    pub minutes: Duration,
    /// The hostile clients' chances: the same number gives the same clients
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = cli::whole(0..=u64::MAX))]
    pub seed: u64,
}

/// The Chinese of the help of [`Soak`].
pub const SOAK_CHINESE: Chinese = Chinese {
    about: "让老实的和捣乱的客户端在几分钟里一起压上所有服务端，看最后什么也没有留下",
    examples: "\
例子：
  cargo lab soak
  cargo lab soak --minutes 10 --seed 2",
    arguments: &[
        ("minutes", "压多久，以分钟计"),
        ("seed", "捣乱的客户端的随机数：同一个数就是同样的客户端"),
    ],
    ..Chinese::NONE
};

fn minutes(text: &str) -> Result<Duration, String> {
    let words = |_| text::not_minutes().to_owned();
    cli::seconds(text).map(|minutes| minutes * 60).map_err(words)
}
