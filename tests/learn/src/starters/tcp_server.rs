// @ABOUT@
use std::env;
use std::io;
use std::net::TcpListener;

fn main() -> io::Result<()> {
    let port = env::args().nth(1).unwrap_or("@PORT@".to_owned());
    let server = TcpListener::bind(format!("127.0.0.1:{port}"))?;
    let (_client, _address) = server.accept()?;
    // @TODO@
    Ok(())
}
