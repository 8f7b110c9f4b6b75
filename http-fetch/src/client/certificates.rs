//! Whom to believe: the authorities that browsers believe, or only what `--cacert` names.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use common::notice;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use crate::text;

/// How to speak TLS as a client that believes the browsers' authorities, or those in a PEM file.
pub(crate) fn config(cacert: Option<&Path>) -> Result<Arc<ClientConfig>> {
    let provider = Arc::new(provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let builder = match cacert {
        None => {
            let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
            builder.with_root_certificates(roots)
        }
        Some(path) => {
            let verifier =
                Named::read(path, provider).with_context(|| path.display().to_string())?;
            builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
        }
    };
    let mut config = builder.with_no_client_auth();
    // A server that would rather speak HTTP/2 is told not to (RFC 7301).
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// The ciphers of `ring`, of AES the one with the shorter key first, as browsers ask for it: nobody
/// breaks either, and the other one costs a fifth more time at both ends.
fn provider() -> CryptoProvider {
    let mut provider = rustls::crypto::ring::default_provider();
    provider.cipher_suites.sort_by_key(|suite| {
        let is_short = format!("{:?}", suite.suite()).contains("AES_128");
        (suite.tls13().is_none(), !is_short)
    });
    provider
}

/// What the user has named: authorities, and servers' own certificates.
///
/// `openssl req -x509` makes a certificate that signs itself and calls itself an authority. The
/// library takes such a one for an authority only, never for a server, as RFC 5280 has it. Yet
/// people who try things out serve with it, and name it with curl's `--cacert`; so a server that
/// shows exactly a certificate that was named, and holds its key, is believed. All else is the
/// library's judgement.
#[derive(Debug)]
struct Named {
    certificates: Vec<CertificateDer<'static>>,
    library: Arc<WebPkiServerVerifier>,
}

impl Named {
    fn read(path: &Path, provider: Arc<CryptoProvider>) -> Result<Self> {
        let pem = std::fs::read(path)?;
        let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        let found = found.map_err(|error| anyhow!(text::not_pem(error)))?;
        if found.is_empty() {
            bail!(text::no_certificate());
        }
        let mut roots = RootCertStore::empty();
        // A system's file has a hundred, and one that the library cannot read spoils none of them.
        let all = found.len();
        let is_taken = |it: &CertificateDer<'static>| roots.add(it.clone()).is_ok();
        let certificates: Vec<_> = found.into_iter().filter(is_taken).collect();
        match all - certificates.len() {
            0 => {}
            left_out if left_out == all => bail!(text::bad_certificate()),
            left_out => notice!("{}", text::left_out(path.display(), left_out, all)),
        }
        let library =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build()?;
        Ok(Self { certificates, library })
    }
}

impl ServerCertVerifier for Named {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.library.verify_server_cert(shown, intermediates, name, ocsp_response, now) {
            // The library looks at the dates before it looks at this.
            Err(Error::InvalidCertificate(fault))
                if is_authority(&fault) && self.certificates.contains(shown) =>
            {
                verify_server_name(&ParsedCertificate::try_from(shown)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            judgement => judgement,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.library.verify_tls12_signature(message, shown, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.library.verify_tls13_signature(message, shown, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.library.supported_verify_schemes()
    }
}

/// Whether the one fault of a certificate is that it is an authority's. The library has no variant
/// for it.
pub(crate) fn is_authority(fault: &CertificateError) -> bool {
    matches!(fault, CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity"))
}
