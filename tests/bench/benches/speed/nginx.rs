//! nginx with one worker, set up for what it is compared in.

use std::fs;
use std::net::SocketAddr;
use std::ops::Deref;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Command;

use bench::leftovers::Folder;
use common::error_text::cause;

use crate::peers::{self, Missing, Peer, Ready};

/// It runs, and what it writes is in a folder of its own, until this is dropped.
#[derive(Debug)]
pub(crate) struct Nginx {
    peer: Peer,
    _folder: Folder,
}

/// How it serves files.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Setting {
    /// As it is without a word in its configuration.
    Plain,
    /// As distributions configure it.
    Sendfile,
    /// As who knows it makes it fast: files stay open, and long ones go by half a mebibyte.
    Tuned,
    /// The same by `sendfile`.
    TunedSendfile,
}

/// It opens no file twice within a minute, nor looks whether it has changed.
const REMEMBERED: &str = "open_file_cache max=20000 inactive=60s;
        open_file_cache_valid 60s;
        open_file_cache_min_uses 1;";

/// Whether it writes a line for each request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Log {
    Off,
    /// Many lines by one call, as ours.
    Buffered,
}

impl Nginx {
    /// Answers every request with `body`.
    pub(crate) fn page(body: &str, log: Log) -> Result<Self, Missing> {
        Self::start(&format!("location / {{ return 200 \"{body}\"; }}"), log)
    }

    /// Serves the files in `root`.
    pub(crate) fn files(root: &Path, setting: Setting, log: Log) -> Result<Self, Missing> {
        let setting = match setting {
            Setting::Plain => "sendfile off;".to_owned(),
            Setting::Sendfile => "sendfile on;\ntcp_nopush on;".to_owned(),
            Setting::Tuned => format!("sendfile off;\noutput_buffers 2 512k;\n{REMEMBERED}"),
            Setting::TunedSendfile => format!("sendfile on;\ntcp_nopush on;\n{REMEMBERED}"),
        };
        Self::start(&format!("{setting}\nroot \"{}\";", root.display()), log)
    }

    fn start(server: &str, log: Log) -> Result<Self, Missing> {
        let program = peers::installed("nginx")?;
        let odd = |error: std::io::Error| Missing(bench::text::no_folder(cause(&error)));
        let folder = Folder::new().map_err(odd)?;
        let addr = peers::free_port()?;
        let config = folder.path().join("nginx.conf");
        let is_root = fs::metadata(folder.path()).map_err(odd)?.uid() == 0;
        fs::write(&config, configuration(addr, server, log, is_root)).map_err(odd)?;
        let mut command = Command::new(program);
        command.arg("-p").arg(folder.path()).arg("-c").arg(config).args(["-e", "stderr"]);
        Ok(Self { peer: Peer::start(command, &Ready::Listens(addr))?, _folder: folder })
    }
}

impl Deref for Nginx {
    type Target = Peer;

    fn deref(&self) -> &Peer {
        &self.peer
    }
}

fn configuration(addr: SocketAddr, server: &str, log: Log, is_root: bool) -> String {
    let log = match log {
        Log::Off => "off",
        Log::Buffered => "access.log combined buffer=64k flush=1s",
    };
    // Its worker would be nobody, and nobody may not look into our folders.
    let user = if is_root { "user root;" } else { "" };
    format!(
        "{user}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    default_type \"text/html; charset=utf-8\";
    keepalive_requests 1000000000;
    server {{
        listen {addr} backlog=4096;
        access_log {log};
        {server}
    }}
}}
"
    )
}
