// @ABOUT@
use std::env;
use std::io;
use std::net::TcpStream;

fn main() -> io::Result<()> {
    let port = env::args().nth(1).unwrap_or("@PORT@".to_owned());
    let _server = TcpStream::connect(format!("127.0.0.1:{port}"))?;
    // @TODO@
    Ok(())
}
