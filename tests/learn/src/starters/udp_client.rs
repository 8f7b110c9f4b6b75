// @ABOUT@
use std::env;
use std::io;
use std::net::UdpSocket;

fn main() -> io::Result<()> {
    let port = env::args().nth(1).unwrap_or("@PORT@".to_owned());
    let client = UdpSocket::bind("127.0.0.1:0")?;
    client.send_to(b"?", format!("127.0.0.1:{port}"))?;
    // @TODO@
    Ok(())
}
