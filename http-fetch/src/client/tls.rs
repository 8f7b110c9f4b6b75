//! TLS, for `https://`: the one part of this demo that is not done by hand.

use std::io::{self, BufReader, IoSlice, Read, Write};
use std::sync::Arc;

use common::socket::Stream;
use rustls::pki_types::ServerName;
use rustls::{
    CertificateError, ClientConfig, ClientConnection, Error, InvalidMessage, StreamOwned,
};

use crate::certificates::is_authority;
use crate::text;

/// An encrypted connection.
pub(crate) type TlsStream = StreamOwned<ClientConnection, Ciphertext>;

/// What one `recv` of encrypted bytes takes at most: eight records, which stay in the processor's
/// cache until they are decrypted.
const READ_SIZE: usize = 128 * 1024;

/// The socket, read through a buffer. The library takes 4 KiB at a time, and would call `recv` a
/// quarter of a million times for a gigabyte.
pub(crate) struct Ciphertext(BufReader<Stream>);

impl Ciphertext {
    /// Whether nothing waits to be decrypted.
    pub(crate) fn is_quiet(&self) -> bool {
        self.0.buffer().is_empty()
    }

    pub(crate) fn get_mut(&mut self) -> &mut Stream {
        self.0.get_mut()
    }

    pub(crate) fn into_inner(self) -> Stream {
        self.0.into_inner()
    }
}

impl Read for Ciphertext {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Ciphertext {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.get_mut().write(bytes)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.get_mut().write_vectored(slices)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.get_mut().flush()
    }
}

/// Agrees on keys, and has the server prove that it is `host`.
pub(crate) fn handshake(
    stream: Stream,
    host: &str,
    config: Arc<ClientConfig>,
) -> io::Result<TlsStream> {
    // A URL has an IPv6 address in brackets, a certificate has it without.
    let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let server = ServerName::try_from(name).map_err(io::Error::other)?;
    let mut connection = ClientConnection::new(config, server).map_err(io::Error::other)?;
    let mut stream = Ciphertext(BufReader::with_capacity(READ_SIZE, stream));
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    Ok(StreamOwned::new(connection, stream))
}

/// A TLS error in the words of a person who reads a certificate, instead of the names of a
/// library's variants; nothing for any other error.
pub(crate) fn explained(error: &io::Error) -> Option<String> {
    Some(match error.get_ref()?.downcast_ref::<Error>()? {
        Error::InvalidCertificate(why) => text::not_trusted(fault(why)),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => text::not_tls().to_owned(),
        Error::AlertReceived(alert) => text::tls_refused(format_args!("{alert:?}")),
        error @ Error::PeerIncompatible(_) => text::tls_differs(error),
        error @ (Error::InvalidMessage(_)
        | Error::PeerMisbehaved(_)
        | Error::InappropriateMessage { .. }
        | Error::InappropriateHandshakeMessage { .. }) => text::tls_broken(error),
        error @ Error::DecryptError => text::tls_changed(error),
        error => text::tls(error),
    })
}

fn fault(why: &CertificateError) -> String {
    use CertificateError as C;
    match why {
        C::Expired | C::ExpiredContext { .. } => text::expired().to_owned(),
        C::NotValidYet | C::NotValidYetContext { .. } => text::not_valid_yet().to_owned(),
        C::NotValidForName | C::NotValidForNameContext { .. } => {
            text::for_another_name().to_owned()
        }
        C::UnknownIssuer => text::unknown_issuer().to_owned(),
        C::Revoked => text::revoked().to_owned(),
        C::BadSignature => text::bad_signature().to_owned(),
        fault if is_authority(fault) => text::signs_itself().to_owned(),
        other => text::other_fault(other),
    }
}
