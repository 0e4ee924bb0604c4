//! Connections: taken in up to a number, read with limits, and let finish at the end.
//!
//! **Invariant:** a request that was begun when the end is asked for is answered; nothing that a
//! client sends makes a connection hold more than its buffer.

use crate::guesses::Peer;
use axum::Router;
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

/// Connections at once; more wait in the system's queue.
const CONNECTIONS: usize = 1024;
/// How long a client may take for its headers, and do nothing between two requests.
const HEADERS_WITHIN: Duration = Duration::from_secs(30);
/// Bytes of headers, and of a body that are read at once.
const BUFFER: usize = 64 * 1024;
const MOST_HEADERS: usize = 64;
/// After a failure that lies in this machine, such as too many open files.
const PAUSE: Duration = Duration::from_millis(200);

/// Takes each of these addresses; whoever connects waits until [`serve`] answers.
pub async fn listen(addresses: &[SocketAddr]) -> io::Result<Vec<TcpListener>> {
    let mut listeners = Vec::new();
    for address in addresses {
        let listener = TcpListener::bind(address).await.map_err(|error| {
            io::Error::new(error.kind(), format!("cannot listen at {address}: {error}"))
        })?;
        listeners.push(listener);
    }
    Ok(listeners)
}

/// Answers until `stop` says so, then finishes what was begun.
pub async fn serve(listeners: Vec<TcpListener>, router: Router, stop: watch::Receiver<bool>) {
    let (graceful, places) = (
        Arc::new(GracefulShutdown::new()),
        Arc::new(Semaphore::new(CONNECTIONS)),
    );
    for address in listeners.iter().filter_map(|it| it.local_addr().ok()) {
        tracing::info!(%address, "listening");
    }
    let accepting: Vec<_> = listeners
        .into_iter()
        .map(|listener| {
            tokio::spawn(accept(
                listener,
                router.clone(),
                Arc::clone(&graceful),
                Arc::clone(&places),
                stop.clone(),
            ))
        })
        .collect();
    for task in accepting {
        if let Err(error) = task.await {
            tracing::error!(%error, "a listener ended");
        }
    }
    let graceful = Arc::into_inner(graceful).expect("those who accepted have ended");
    graceful.shutdown().await;
}

async fn accept(
    listener: TcpListener,
    router: Router,
    graceful: Arc<GracefulShutdown>,
    places: Arc<Semaphore>,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow_and_update() {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let connection = tokio::select! {
            _ = stop.changed() => continue,
            connection = listener.accept() => connection,
        };
        match connection {
            Ok((stream, address)) => {
                let peer = Peer::of(address.ip());
                let watched = connection_of(stream, peer, router.clone(), &graceful);
                tokio::spawn(async move {
                    if let Err(error) = watched.await {
                        tracing::debug!(%error, "a connection ended");
                    }
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not taken");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn connection_of(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    graceful: &GracefulShutdown,
) -> impl Future<Output = hyper::Result<()>> + use<> {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "answers may be a little late");
    }
    let service = tower::service_fn(move |mut request: Request<Incoming>| {
        let router = router.clone();
        request.extensions_mut().insert(peer);
        async move { tower::ServiceExt::oneshot(router, request).await }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        // Who has said all there is to say may still wait for the answer.
        .half_close(true)
        .max_buf_size(BUFFER)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    graceful.watch(connection)
}
