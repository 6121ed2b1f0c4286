//! A TLS server on this machine that does as a test tells it: answers well, badly, slowly, or never to an end.
//!
//! In: the names that its certificate is for, an [`Authority`] that vouches for them, and a function that answers. Out: an
//! address to connect to, and what was asked. Both are made on the spot and live as long as the test.

#![allow(clippy::missing_panics_doc)] // a test server panics where it cannot do as it is told

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Vouches for the names of servers.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// An authority of this name, with a key of its own.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Its certificate, in DER: what a client is to trust.
    pub fn certificate(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    /// What a server needs to speak for these names until the end of a year.
    fn vouch(&self, names: &[&str], until: i32) -> Arc<ServerConfig> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_after = rcgen::date_time_ymd(until, 12, 31);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Arc::new(config)
    }
}

/// The head of a request.
#[derive(Clone, Debug)]
pub struct Asked {
    head: String,
    /// The number of the connection it came over, from 0.
    pub connection: usize,
}

impl Asked {
    /// The path and the query.
    pub fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// A header, by its name in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// Where an answer is written to.
pub type Connection<'a> = &'a mut dyn Write;

/// A server that answers on threads of its own.
pub struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// A server for these names. The function writes the whole answer; an error from it closes the connection.
    pub fn start<F>(authority: &Authority, names: &[&str], answer: F) -> Self
    where
        F: Fn(&Asked, Connection<'_>) -> io::Result<()> + Send + Sync + 'static,
    {
        Self::start_until(2099, authority, names, answer)
    }

    /// As [`Server::start`], with a certificate that ends with a year.
    pub fn start_until<F>(until: i32, authority: &Authority, names: &[&str], answer: F) -> Self
    where
        F: Fn(&Asked, Connection<'_>) -> io::Result<()> + Send + Sync + 'static,
    {
        let config = authority.vouch(names, until);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (record, answer) = (asked.clone(), Arc::new(answer));
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let (config, record, answer) = (config.clone(), record.clone(), answer.clone());
                thread::spawn(move || {
                    // A client that goes away is what many tests are about.
                    let _ = serve(stream?, config, number, &record, &*answer);
                    io::Result::Ok(())
                });
            }
        });
        Self { address, asked }
    }

    /// The address to connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    connection: usize,
    record: &Mutex<Vec<Asked>>,
    answer: &dyn Fn(&Asked, Connection<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let session = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(session, stream);
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            head.extend(byte);
        }
        let asked = Asked { head: String::from_utf8_lossy(&head).into_owned(), connection };
        record.lock().unwrap().push(asked.clone());
        if let Err(error) = answer(&asked, &mut stream) {
            if error.kind() != CUT {
                stream.conn.send_close_notify();
            }
            stream.flush()?;
            return Err(error);
        }
        stream.flush()?;
    }
}

/// Answers with a status, headers (each a line without its end) and a body of announced length.
pub fn reply(connection: Connection<'_>, status: u16, headers: &[&str], body: &[u8]) -> io::Result<()> {
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    write!(connection, "HTTP/1.1 {status} -\r\n{headers}Content-Length: {}\r\n\r\n", body.len())?;
    connection.write_all(body)
}

/// Closes the connection: for answers that end with it.
pub fn hang_up() -> io::Result<()> {
    Err(io::ErrorKind::ConnectionAborted.into())
}

/// Cuts the connection, without the word that TLS has for its end.
pub fn cut() -> io::Result<()> {
    Err(CUT.into())
}

const CUT: io::ErrorKind = io::ErrorKind::ConnectionReset;
