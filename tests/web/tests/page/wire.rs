//! A way to the server that a test can cut: what a browser connects to as `localhost`.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Passes connections on, until it is cut.
pub(crate) struct Wire {
    pub(crate) addr: SocketAddr,
    connections: Arc<Mutex<Connections>>,
}

#[derive(Default)]
struct Connections {
    is_cut: bool,
    open: Vec<TcpStream>,
}

impl Wire {
    /// A wire to this server.
    pub(crate) fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let connections = Arc::new(Mutex::new(Connections::default()));
        let shared = Arc::clone(&connections);
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let mut connections = shared.lock().unwrap();
                // Whoever comes to a wire that is cut is turned away.
                if !connections.is_cut
                    && let Ok(far) = TcpStream::connect(server)
                {
                    for (from, to) in [(&near, &far), (&far, &near)] {
                        pass(from.try_clone().unwrap(), to.try_clone().unwrap());
                    }
                    connections.open.extend([near, far]);
                }
            }
        });
        Self { addr, connections }
    }

    /// Ends all connections, and lets none be made until it is mended.
    pub(crate) fn cut(&self) {
        let mut connections = self.connections.lock().unwrap();
        connections.is_cut = true;
        for end in connections.open.drain(..) {
            let _ = end.shutdown(Shutdown::Both);
        }
    }

    pub(crate) fn mend(&self) {
        self.connections.lock().unwrap().is_cut = false;
    }
}

/// Passes on what comes from one end, until either has ended.
fn pass(mut from: TcpStream, mut to: TcpStream) {
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
}
