// @ABOUT@
use std::env;
use std::io;
use std::net::UdpSocket;

fn main() -> io::Result<()> {
    let port = env::args().nth(1).unwrap_or("@PORT@".to_owned());
    let server = UdpSocket::bind(format!("127.0.0.1:{port}"))?;
    let mut buffer = [0; 65_535];
    let (_length, _client) = server.recv_from(&mut buffer)?;
    // @TODO@
    Ok(())
}
