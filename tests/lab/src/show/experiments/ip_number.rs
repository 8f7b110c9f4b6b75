//! An address is a number.

use std::net::{Ipv4Addr, Ipv6Addr, ToSocketAddrs as _};

use crate::show::ends::hex;
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "ip-number",
    idea: "an IP address is a number, written so that people can read it",
    rows: &["A5", "A7", "A8"],
    tutorials: &["002:24-26", "002:28-30", "002:18 ⚠ 123.123.123 lacks a group"],
    predict: "192.168.0.1 is 3232235521 and in binary 11000000.10101000.00000000.00000001. The tutorial's \
              IPv6 address has 128 bits. Its IPv4 address, 123.123.123, is none: Rust refuses it. C's \
              inet_aton, which getaddrinfo of glibc uses, takes it for 123.123.0.123.",
    run,
    why: "Routers compare the leading bits of the number; the text is for us. In the old C functions the \
          last number fills all bytes that are left, so that 127.1 is 127.0.0.1. Such forms have been used \
          to get past filters.",
    mend: "Read addresses with a parser that takes the four groups and nothing else, and compare numbers, \
           never texts: ::1 and 0:0:0:0:0:0:0:1 are one address.",
    lesson: "tcp-echo",
    try_next: &["cargo lab show families", "cargo lab show names"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let address = Ipv4Addr::new(192, 168, 0, 1);
    let bits = address.octets().map(|byte| format!("{byte:08b}")).join(".");
    report.check("192.168.0.1 as one number", 3_232_235_521, u32::from(address));
    report.check("in binary", "11000000.10101000.00000000.00000001", bits);
    report.check("as it travels, the highest byte first", "c0 a8 00 01", hex(&address.octets()));
    report.check("and back", "192.168.0.1", Ipv4Addr::from(3_232_235_521).to_string());

    let text = "2001:0db8:85a3:0042:1000:8a2e:0370:7334";
    let address: Ipv6Addr = text.parse()?;
    report.check(&format!("{text}: bits"), 128, address.octets().len() * 8);
    report.check(
        "as it travels",
        "20 01 0d b8 85 a3 00 42 10 00 8a 2e 03 70 73 34",
        hex(&address.octets()),
    );
    report.check(
        "as people write it (RFC 5952)",
        "2001:db8:85a3:42:1000:8a2e:370:7334",
        address.to_string(),
    );

    let strict = "123.123.123".parse::<Ipv4Addr>();
    report.check(
        "123.123.123, read strictly",
        "no address",
        if strict.is_ok() { "an address" } else { "no address" },
    );
    let lax = ("123.123.123", 0).to_socket_addrs();
    let lax = lax
        .ok()
        .and_then(|mut found| found.next())
        .map_or("no address".to_owned(), |addr| addr.ip().to_string());
    if cfg!(all(target_os = "linux", target_env = "gnu")) {
        report.check("123.123.123, read by getaddrinfo", "123.123.0.123", lax);
    } else {
        report.see(format_args!("123.123.123, read by getaddrinfo of this system: {lax}"));
    }
    Ok(())
}
