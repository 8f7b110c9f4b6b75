//! TLS, for `https://`: the one part of this demo that is not done by hand.

use std::io;
use std::sync::Arc;

use common::socket::Stream;
use rustls::pki_types::ServerName;
use rustls::{
    CertificateError, ClientConfig, ClientConnection, Error, InvalidMessage, StreamOwned,
};

use crate::certificates::is_authority;
use crate::text;

/// An encrypted connection.
pub(crate) type TlsStream = StreamOwned<ClientConnection, Stream>;

/// Agrees on keys, and has the server prove that it is `host`.
pub(crate) fn handshake(
    mut stream: Stream,
    host: &str,
    config: Arc<ClientConfig>,
) -> io::Result<TlsStream> {
    // A URL has an IPv6 address in brackets, a certificate has it without.
    let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let server = ServerName::try_from(name).map_err(io::Error::other)?;
    let mut connection = ClientConnection::new(config, server).map_err(io::Error::other)?;
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
        other => text::tls(other),
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
        other => other.to_string(),
    }
}
