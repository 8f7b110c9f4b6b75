//! `https://`, against servers whose certificates the test signs itself.
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use crate::play::{Play, error};
use harness::{Exit, Process, Program, peer};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

const CA: IsCa = IsCa::Ca(BasicConstraints::Unconstrained);

const HELLO: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// A stage with an authority of its own, whose certificate lies in `ca.pem` beside the stage.
struct TlsPlay {
    play: Play,
    ca: tempfile::TempDir,
    issuer: Issuer<'static, KeyPair>,
}

impl TlsPlay {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = CA;
        let play = Play::new();
        params
            .distinguished_name
            .push(DnType::CommonName, format!("authority of {}", play.server.addr()));
        let key = KeyPair::generate().unwrap();
        let ca = tempfile::tempdir().unwrap();
        std::fs::write(ca.path().join("ca.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        TlsPlay { play, ca, issuer: Issuer::new(params, key) }
    }

    /// A server's certificate for a name, changed by `change` before it is signed.
    fn config(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Arc<ServerConfig> {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        server(&certificate, &key)
    }

    /// The client for `https://HOST:PORT/page`, which trusts the authority.
    fn client(&self, host: &str, args: &[&str]) -> Process {
        self.program(host).arg("--cacert").arg(self.ca.path().join("ca.pem")).args(args).start()
    }

    fn program(&self, host: &str) -> Program {
        let url = format!("https://{host}:{}/page", self.play.server.addr().port());
        Program::new(env!("CARGO_BIN_EXE_http-fetch-client")).dir(self.play.dir.path()).arg(url)
    }

    /// Takes the next connection up to the end of its request, or to the client's refusal.
    fn accept(
        &self,
        config: &Arc<ServerConfig>,
    ) -> std::io::Result<StreamOwned<ServerConnection, TcpStream>> {
        let connection = ServerConnection::new(Arc::clone(config)).unwrap();
        let mut stream = StreamOwned::new(connection, self.play.server.accept());
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            request.push(byte[0]);
        }
        assert!(request.starts_with(b"GET /page HTTP/1.1\r\nHost: "));
        Ok(stream)
    }

    /// Answers the next request, says goodbye if that is wanted, and closes.
    fn answer(&self, config: &Arc<ServerConfig>, answer: &str, goodbye: bool) {
        let mut stream = self.accept(config).unwrap();
        stream.write_all(answer.as_bytes()).unwrap();
        if goodbye {
            stream.conn.send_close_notify();
        }
        stream.flush().unwrap();
    }

    /// The client refuses the server's certificate with this in its message.
    #[track_caller]
    fn assert_refused(&self, client: Process, config: &Arc<ServerConfig>, why: &str) {
        assert!(self.accept(config).is_err());
        assert_failed(&client.wait(), &self.play, why);
    }
}

/// A server that shows this certificate, whether or not the key belongs to it.
fn server(certificate: &Certificate, key: &KeyPair) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let key = provider.key_provider.load_private_key(key).unwrap();
    let shown = SingleCertAndKey::from(CertifiedKey::new(vec![certificate.der().clone()], key));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    Arc::new(config.with_no_client_auth().with_cert_resolver(Arc::new(shown)))
}

#[track_caller]
fn assert_failed(exit: &Exit, play: &Play, why: &str) {
    exit.assert_code(1);
    let error = error(exit);
    assert!(error.contains(why), "{error}");
    assert_eq!(play.files(), [""; 0]);
}

#[test]
fn a_page_is_fetched_by_name_and_by_address() {
    for host in ["localhost", "127.0.0.1"] {
        let tls = TlsPlay::new();
        let client = tls.client(host, &[]);
        tls.answer(&tls.config(host, |_| {}), HELLO, true);
        let exit = client.wait();
        exit.assert_code(0);
        assert_eq!(exit.out(), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        assert_eq!(exit.err(), "");
        assert_eq!(tls.play.text("page"), "hello");
    }
}

#[test]
fn a_certificate_that_nobody_known_has_signed_is_refused() {
    let tls = TlsPlay::new();
    let config = tls.config("localhost", |_| {});
    tls.assert_refused(tls.program("localhost").start(), &config, "nobody known has signed it");
    let other = TlsPlay::new();
    tls.assert_refused(
        tls.client("localhost", &[]),
        &other.config("localhost", |_| {}),
        "--cacert FILE",
    );
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let tls = TlsPlay::new();
    tls.assert_refused(
        tls.client("localhost", &[]),
        &tls.config("example.com", |_| {}),
        "for another name",
    );
    tls.assert_refused(
        tls.client("127.0.0.1", &[]),
        &tls.config("localhost", |_| {}),
        "for another name",
    );
}

#[test]
fn a_certificate_out_of_its_time_is_refused() {
    let tls = TlsPlay::new();
    let expired = tls.config("localhost", |params| params.not_after = date_time_ymd(2020, 1, 1));
    tls.assert_refused(tls.client("localhost", &[]), &expired, "it has expired");
    let early = tls.config("localhost", |params| params.not_before = date_time_ymd(4000, 1, 1));
    tls.assert_refused(tls.client("localhost", &[]), &early, "not valid yet");
}

/// As `openssl req -x509` makes them; curl takes such a certificate by `--cacert`, too.
#[test]
fn a_certificate_that_signs_itself_can_be_named() {
    for is_ca in [IsCa::ExplicitNoCa, IsCa::NoCa, CA] {
        let tls = TlsPlay::new();
        let own = |change: &dyn Fn(&mut CertificateParams)| {
            let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
            params.is_ca = is_ca;
            change(&mut params);
            let key = KeyPair::generate().unwrap();
            let certificate = params.self_signed(&key).unwrap();
            std::fs::write(tls.ca.path().join("ca.pem"), certificate.pem()).unwrap();
            server(&certificate, &key)
        };
        let config = own(&|_| {});
        tls.assert_refused(tls.program("localhost").start(), &config, "--cacert FILE");
        tls.assert_refused(tls.client("127.0.0.1", &[]), &config, "for another name");
        let expired = own(&|params| params.not_after = date_time_ymd(2020, 1, 1));
        tls.assert_refused(tls.client("localhost", &[]), &expired, "it has expired");
        let another = config;
        own(&|_| {});
        tls.assert_refused(tls.client("localhost", &[]), &another, "not to be trusted");
        let config = own(&|_| {});
        let client = tls.client("localhost", &[]);
        tls.answer(&config, HELLO, true);
        client.wait().assert_code(0);
    }
}

/// The certificate is not a secret; the key that belongs to it is.
#[test]
fn a_certificate_without_its_key_is_refused() {
    for is_ca in [IsCa::ExplicitNoCa, CA] {
        let tls = TlsPlay::new();
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.is_ca = is_ca;
        let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        std::fs::write(tls.ca.path().join("ca.pem"), certificate.pem()).unwrap();
        let stolen = server(&certificate, &KeyPair::generate().unwrap());
        tls.assert_refused(tls.client("localhost", &[]), &stolen, "its signature is wrong");
    }
}

#[test]
fn a_body_that_ends_with_the_connection_needs_a_goodbye() {
    let answer = "HTTP/1.1 200 OK\r\n\r\nhello";
    let tls = TlsPlay::new();
    let config = tls.config("localhost", |_| {});
    let client = tls.client("localhost", &[]);
    tls.answer(&config, answer, true);
    client.wait().assert_code(0);
    assert_eq!(tls.play.text("page"), "hello");
    // Anybody on the way could have cut this one (RFC 8446, section 6.1).
    let tls = TlsPlay::new();
    let client = tls.client("localhost", &[]);
    tls.answer(&tls.config("localhost", |_| {}), answer, false);
    assert_failed(&client.wait(), &tls.play, "the connection was cut");
}

#[test]
fn a_body_that_says_its_length_needs_none() {
    let tls = TlsPlay::new();
    let client = tls.client("localhost", &[]);
    tls.answer(&tls.config("localhost", |_| {}), HELLO, false);
    client.wait().assert_code(0);
    assert_eq!(tls.play.text("page"), "hello");
    let tls = TlsPlay::new();
    let client = tls.client("localhost", &[]);
    tls.answer(
        &tls.config("localhost", |_| {}),
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
        true,
    );
    assert_failed(&client.wait(), &tls.play, "closed after 5 of 6 bytes");
}

#[test]
fn a_large_body_arrives_whole() {
    let tls = TlsPlay::new();
    let client = tls.client("localhost", &[]);
    let body = "你好".repeat(500_000);
    tls.answer(
        &tls.config("localhost", |_| {}),
        &format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()),
        true,
    );
    client.wait().assert_code(0);
    assert!(tls.play.text("page") == body);
}

#[test]
fn a_server_that_speaks_no_tls_is_told() {
    let tls = TlsPlay::new();
    let client = tls.client("localhost", &["--timeout", "3600"]);
    let mut stream = tls.play.server.accept();
    peer::send(&mut stream, "HTTP/1.1 400 Bad Request\r\n\r\n");
    assert_failed(&client.wait(), &tls.play, "the answer is not TLS: the address may need http://");
}

#[test]
fn a_handshake_that_does_not_go_on_is_given_up() {
    let tls = TlsPlay::new();
    let client = tls.client("localhost", &["--timeout", "1"]);
    let _stream = tls.play.server.accept();
    assert_failed(&client.wait(), &tls.play, "waited 1 s for the TLS handshake (--timeout)");
    let client = tls.client("localhost", &[]);
    drop(tls.play.server.accept());
    let exit = client.wait();
    exit.assert_code(1);
}

#[test]
fn a_stalled_body_is_given_up() {
    let tls = TlsPlay::new();
    let client = tls.client("localhost", &["--timeout", "1"]);
    let mut stream = tls.accept(&tls.config("localhost", |_| {})).unwrap();
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello").unwrap();
    stream.flush().unwrap();
    assert_failed(&client.wait(), &tls.play, "waited 1 s for the rest of the body (--timeout)");
}

#[test]
fn a_redirect_never_leads_from_https_to_http() {
    let tls = TlsPlay::new();
    let client = tls.client("localhost", &[]);
    let answer = format!("HTTP/1.1 301 Moved\r\nLocation: {}\r\n\r\n", tls.play.url("/x"));
    tls.answer(&tls.config("localhost", |_| {}), &answer, true);
    assert_failed(
        &client.wait(),
        &tls.play,
        "which is not encrypted; fetch that URL if you trust it",
    );
}

#[test]
fn a_redirect_from_http_to_https_is_followed() {
    let (open, tls) = (Play::new(), TlsPlay::new());
    let client = open.program("/page", &["--cacert"]).arg(tls.ca.path().join("ca.pem")).start();
    let port = tls.play.server.addr().port();
    open.answer(format!("HTTP/1.1 301 Moved\r\nLocation: https://localhost:{port}/page\r\n\r\n"));
    tls.answer(&tls.config("localhost", |_| {}), HELLO, true);
    client.wait().assert_code(0);
    assert_eq!(open.text("page"), "hello");
}

#[test]
fn one_certificate_that_cannot_be_read_spoils_not_the_others() {
    const BAD: &str = "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n";
    let tls = TlsPlay::new();
    let file = tls.ca.path().join("ca.pem");
    let good = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{BAD}{good}{BAD}")).unwrap();
    let client = tls.client("localhost", &[]);
    tls.answer(&tls.config("localhost", |_| {}), HELLO, true);
    let exit = client.wait();
    exit.assert_code(0);
    assert!(exit.err().contains("ca.pem: 2 of 3 certificates cannot be read"), "{}", exit.err());
    std::fs::remove_file(tls.play.path("page")).unwrap();
    std::fs::write(&file, BAD).unwrap();
    let client = tls.client("localhost", &[]);
    let _stream = tls.play.server.accept();
    assert_failed(&client.wait(), &tls.play, "ca.pem: holds what is no certificate");
}

#[test]
fn a_file_that_holds_no_authority_is_told() {
    let tls = TlsPlay::new();
    std::fs::write(tls.ca.path().join("ca.pem"), "no certificate").unwrap();
    let client = tls.client("localhost", &[]);
    let _stream = tls.play.server.accept();
    assert_failed(&client.wait(), &tls.play, "ca.pem: holds no certificate in PEM form");
    std::fs::remove_file(tls.ca.path().join("ca.pem")).unwrap();
    let client = tls.client("localhost", &[]);
    let _stream = tls.play.server.accept();
    assert_failed(&client.wait(), &tls.play, "ca.pem: no such file");
}

#[test]
fn a_proxy_lets_the_conversation_through_and_sees_none_of_it() {
    let tls = TlsPlay::new();
    let (config, proxy) = (tls.config("localhost", |_| {}), peer::listen());
    let through = |variable: &str| {
        tls.program("localhost")
            .env(variable, format!("http://u:p@{}", proxy.addr()))
            .env("SSL_CERT_FILE", tls.ca.path().join("ca.pem"))
    };
    for variable in ["https_proxy", "HTTPS_PROXY", "all_proxy"] {
        let client = through(variable).args(["-o", "-"]).start();
        let mut stream = proxy.accept();
        let asked = String::from_utf8(peer::recv_until(&mut stream, "\r\n\r\n")).unwrap();
        let server = format!("localhost:{}", tls.play.server.addr().port());
        assert_eq!(
            asked,
            format!(
                "CONNECT {server} HTTP/1.1\r\nHost: {server}\r\nProxy-Authorization: Basic dTpw\r\n\r\n"
            )
        );
        peer::send(&mut stream, "HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n");
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        let mut request = vec![0; 4096];
        let length = stream.read(&mut request).unwrap();
        let request = String::from_utf8_lossy(&request[..length]).into_owned();
        assert!(
            request.starts_with("GET /page HTTP/1.1\r\n") && !request.contains("Proxy"),
            "{request}"
        );
        stream.write_all(HELLO.as_bytes()).unwrap();
        stream.conn.send_close_notify();
        stream.flush().unwrap();
        let exit = client.wait();
        exit.assert_code(0);
        assert_eq!(exit.out(), "hello");
    }
    let client = through("https_proxy").start();
    let mut stream = proxy.accept();
    peer::recv_until(&mut stream, "\r\n\r\n");
    peer::send(&mut stream, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    assert_failed(
        &client.wait(),
        &tls.play,
        "(https_proxy) answers 407 Proxy Authentication Required",
    );
}

#[test]
fn authorities_of_the_environment_are_believed_unless_others_are_named() {
    let tls = TlsPlay::new();
    let config = tls.config("localhost", |_| {});
    let client =
        tls.program("localhost").env("SSL_CERT_FILE", tls.ca.path().join("ca.pem")).start();
    tls.answer(&config, HELLO, true);
    client.wait().assert_code(0);
    std::fs::remove_file(tls.play.path("page")).unwrap();
    let client = tls.client("localhost", &[]);
    tls.answer(&config, HELLO, true);
    client.wait().assert_code(0);
    std::fs::remove_file(tls.play.path("page")).unwrap();
    let client = tls.program("localhost").env("SSL_CERT_FILE", "/nowhere.pem").start();
    drop(tls.play.server.accept());
    assert_failed(&client.wait(), &tls.play, "/nowhere.pem: no such file or directory");
}
