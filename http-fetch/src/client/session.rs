//! What one run of the program keeps from one URL to the next.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use anyhow::Result;
use common::signals;
use http_fetch::http::proxy::Proxy;
use http_fetch::http::url::HttpUrl;
use rustls::ClientConfig;

use crate::certificates;
use crate::connection::Connection;
use crate::options::Options;
use crate::progress::Progress;
use crate::unfinished::Unfinished;

/// One run of the program.
pub(crate) struct Session<'a> {
    pub(crate) options: &'a Options,
    pub(crate) progress: Progress,
    pub(crate) unfinished: Unfinished,
    /// Read once, and with it the file of certificates.
    tls: OnceCell<Arc<ClientConfig>>,
    /// A connection that the next URL may use.
    kept: RefCell<Option<(Route, Connection)>>,
}

/// Where a connection leads, and by which way. Over one and the same, several requests may go.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) url: HttpUrl,
    pub(crate) proxy: Option<Proxy>,
}

impl Route {
    fn is_same(&self, other: &Self) -> bool {
        self.proxy == other.proxy && self.url.is_same_server(&other.url)
    }
}

impl<'a> Session<'a> {
    /// # Errors
    /// The system refuses to tell of Ctrl+C.
    pub(crate) fn new(options: &'a Options) -> Result<Self> {
        // Trace lines do not go well with a line that is drawn again and again.
        let crowded = options.client.trace().is_on();
        let (progress, unfinished) = (Progress::new(!crowded), Unfinished::default());
        let (bar, left) = (progress.clone(), unfinished.clone());
        signals::exit_on_interrupt(move || {
            bar.stop();
            left.tidy();
        })?;
        let (tls, kept) = (OnceCell::new(), RefCell::new(None));
        Ok(Self { options, progress, unfinished, tls, kept })
    }

    /// How to speak TLS, and whose certificates to believe.
    ///
    /// # Errors
    /// The file of certificates cannot be used.
    pub(crate) fn tls(&self) -> Result<Arc<ClientConfig>> {
        if let Some(config) = self.tls.get() {
            return Ok(Arc::clone(config));
        }
        let config = certificates::config(self.options.authorities().as_deref())?;
        Ok(Arc::clone(self.tls.get_or_init(|| config)))
    }

    /// A connection from before that leads there.
    pub(crate) fn take_kept(&self, route: &Route) -> Option<Connection> {
        let (to, connection) = self.kept.take()?;
        if to.is_same(route) {
            return Some(connection);
        }
        connection.close();
        None
    }

    /// Keeps a connection for the next URL.
    pub(crate) fn keep(&self, route: Route, connection: Connection) {
        if let Some((_, unused)) = self.kept.replace(Some((route, connection))) {
            unused.close();
        }
    }
}
