//! An address is a number.

use std::net::{Ipv4Addr, Ipv6Addr, ToSocketAddrs as _};

use super::text::ip_number as said;
use crate::show::ends::hex;
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "ip-number",
    rows: &["A5", "A7", "A8"],
    tutorials: &["002:18", "002:24-26", "002:28-30"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("ip_number.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let address = Ipv4Addr::new(192, 168, 0, 1);
    let bits = address.octets().map(|byte| format!("{byte:08b}")).join(".");
    report.check(said::one_number(), 3_232_235_521, u32::from(address));
    report.check(said::binary(), "11000000.10101000.00000000.00000001", bits);
    report.check(said::highest_first(), "c0 a8 00 01", hex(&address.octets()));
    report.check(said::back(), "192.168.0.1", Ipv4Addr::from(3_232_235_521).to_string());

    let text = "2001:0db8:85a3:0042:1000:8a2e:0370:7334";
    let address: Ipv6Addr = text.parse()?;
    report.check(said::bits(text), 128, address.octets().len() * 8);
    report.check(
        said::travels(),
        "20 01 0d b8 85 a3 00 42 10 00 8a 2e 03 70 73 34",
        hex(&address.octets()),
    );
    report.check(said::short_form(), "2001:db8:85a3:42:1000:8a2e:370:7334", address.to_string());

    let strict = "123.123.123".parse::<Ipv4Addr>();
    report.check(
        said::strictly(),
        "no address",
        if strict.is_ok() { "an address" } else { "no address" },
    );
    let lax = resolved("123.123.123");
    report.answer(&lax);
    let short = resolved("127.1");
    if cfg!(all(target_os = "linux", target_env = "gnu")) {
        report.check(said::by_getaddrinfo(), "123.123.0.123", lax);
        report.check(said::short_by_getaddrinfo(), "127.0.0.1", short);
    } else {
        report.see(said::here(lax));
    }

    let forms: [Ipv6Addr; 2] = ["::1".parse()?, "0:0:0:0:0:0:0:1".parse()?];
    let [one, other] = forms.map(u128::from);
    report.check(said::one_address(), one, other);
    Ok(())
}

/// The first address that `getaddrinfo` makes of a text.
fn resolved(text: &str) -> String {
    let found = (text, 0).to_socket_addrs().ok().and_then(|mut found| found.next());
    found.map_or("no address".to_owned(), |addr| addr.ip().to_string())
}
