//! Connections that let in no more than an answer may need, and on which a cut is an error.
//!
//! In: connections as `ureq` makes them. Out: the same, watched. What a body may have is counted where it is read; here
//! is counted what comes beside it, to which HTTP sets no end: interim answers, the sizes of chunks, and trailers.

use std::cell::Cell;
use std::io;

use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};

thread_local! {
    /// What may still come in for the request that this thread waits for. A connection outlives a request and is told
    /// nothing of it, but is read on the thread that made it.
    static LEFT: Cell<Left> = const { Cell::new(Left { bytes: 0, limit: 0 }) };
}

#[derive(Clone, Copy)]
struct Left {
    bytes: u64,
    limit: u64,
}

/// What comes beside a body: a head of 16 KiB, a coding, trailers.
const BESIDE: u64 = 128 * 1024;

/// Begins to count what comes in on this thread: twice as much as the body may have, for chunks may be small, and a
/// fixed amount beside.
pub(super) fn begin(max_bytes: u64) {
    LEFT.set(Left { bytes: max_bytes.saturating_mul(2).saturating_add(BESIDE), limit: max_bytes });
}

/// Makes connections that are watched.
#[derive(Debug)]
pub(super) struct Watchful {
    connector: DefaultConnector,
    has_proxy: bool,
}

impl Watchful {
    pub(super) fn new(has_proxy: bool) -> Self {
        Self { connector: DefaultConnector::default(), has_proxy }
    }
}

impl Connector for Watchful {
    type Out = Watched;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Watched>, Error> {
        // The connection to a proxy is made first, in the same way. What goes through it is counted outside of it.
        let is_to_proxy = self.has_proxy && details.config.proxy().is_none();
        let transport = self.connector.connect(details, chained)?;
        Ok(transport.map(|transport| Watched { transport, is_to_proxy }))
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct Watched {
    transport: Box<dyn Transport>,
    is_to_proxy: bool,
}

impl Transport for Watched {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.transport.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        if self.is_to_proxy {
            return self.transport.await_input(timeout);
        }
        let before = self.transport.buffers().input().len();
        let has_more = self.transport.await_input(timeout).map_err(as_cut)?;
        let came = self.transport.buffers().input().len().saturating_sub(before);
        let left = LEFT.get();
        let bytes = u64::try_from(came).ok().and_then(|came| left.bytes.checked_sub(came));
        let bytes = bytes.ok_or(Error::BodyExceedsLimit(left.limit))?;
        LEFT.set(Left { bytes, ..left });
        Ok(has_more)
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}

/// RFC 9112 section 8: where the end of the connection is the end of the body, one that TLS did not close leaves the
/// answer incomplete. `ureq` takes errors of these kinds for the end, so it is told another one.
fn as_cut(error: Error) -> Error {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, UnexpectedEof};
    match error {
        Error::Io(error) if matches!(error.kind(), ConnectionAborted | ConnectionReset | UnexpectedEof) => {
            Error::Other("the connection was cut".into())
        }
        other => other,
    }
}
