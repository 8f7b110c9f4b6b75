//! The capture file format pcapng (draft-ietf-opsawg-pcapng), as far as it is written here.
//!
//! A file is a row of blocks, each with its kind in front and its length on both sides. Numbers are
//! in the order that the first block shows by its magic, here the least significant byte first, and
//! everything is filled up to 4 bytes.

use std::io::{self, Write};
use std::time::Duration;

const SECTION: u32 = 0x0A0D_0D0A;
const INTERFACE: u32 = 1;
const PACKET: u32 = 6;

/// By which a reader tells the order of the bytes.
const MAGIC: u32 = 0x1A2B_3C4D;

/// LINKTYPE_ETHERNET (<https://www.tcpdump.org/linktypes.html>).
const ETHERNET: u16 = 1;

/// Options: of any block, of a section, of an interface.
const END: u16 = 0;
const COMMENT: u16 = 1;
const APPLICATION: u16 = 4;
const NAME: u16 = 2;
const DESCRIPTION: u16 = 3;
const RESOLUTION: u16 = 9;

/// Times count 10⁻⁹ s.
const NANOSECONDS: u8 = 9;

/// The beginning of a file: what it says of itself, and which program has written it.
pub(super) fn section(comment: &str, application: &str) -> Vec<u8> {
    // Version 1.0, and a length that nobody knows yet.
    let head = [&MAGIC.to_le_bytes()[..], &[1, 0, 0, 0], &u64::MAX.to_le_bytes()].concat();
    let options = [(COMMENT, comment.as_bytes()), (APPLICATION, application.as_bytes())];
    block(SECTION, &head, &options)
}

/// Where packets were seen; they name it by its number in the file, from 0. No limit of length.
pub(super) fn interface(name: &str, description: &str) -> Vec<u8> {
    let head = [&ETHERNET.to_le_bytes()[..], &[0; 2], &[0; 4]].concat();
    let options = [
        (NAME, name.as_bytes()),
        (DESCRIPTION, description.as_bytes()),
        (RESOLUTION, &[NANOSECONDS]),
    ];
    block(INTERFACE, &head, &options)
}

/// A packet, seen at this time since 1970, and what there is to say about it.
pub(super) fn packet(interface: u32, at: Duration, bytes: &[u8], remark: &str) -> Vec<u8> {
    // In 64 bits they last until the year 2554.
    let time = u64::try_from(at.as_nanos()).unwrap_or(u64::MAX);
    let length = length(bytes.len());
    let mut head = Vec::with_capacity(20 + bytes.len());
    for number in [interface, (time >> 32) as u32, time as u32, length, length] {
        head.extend_from_slice(&number.to_le_bytes());
    }
    head.extend_from_slice(bytes);
    fill(&mut head);
    let remark = (COMMENT, remark.as_bytes());
    block(PACKET, &head, if remark.1.is_empty() { &[] } else { std::slice::from_ref(&remark) })
}

fn block(kind: u32, head: &[u8], options: &[(u16, &[u8])]) -> Vec<u8> {
    let mut body = head.to_vec();
    for (name, value) in options {
        option(&mut body, *name, value);
    }
    if !options.is_empty() {
        option(&mut body, END, &[]);
    }
    let whole = length(12 + body.len()).to_le_bytes();
    [&kind.to_le_bytes()[..], &whole, &body, &whole].concat()
}

fn option(to: &mut Vec<u8>, name: u16, value: &[u8]) {
    // None of ours is longer than its length may say.
    let value = value.get(..usize::from(u16::MAX)).unwrap_or(value);
    to.extend_from_slice(&name.to_le_bytes());
    to.extend_from_slice(&u16::try_from(value.len()).unwrap_or_default().to_le_bytes());
    to.extend_from_slice(value);
    fill(to);
}

fn fill(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Writes whole blocks.
///
/// # Errors
/// Those of writing.
pub(super) fn write(to: &mut impl Write, blocks: &[Vec<u8>]) -> io::Result<()> {
    blocks.iter().try_for_each(|block| to.write_all(block))
}
