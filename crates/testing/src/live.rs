//! A site at a real address, for browsers and raw sockets.

use std::io;
use std::net::SocketAddr;

use nuages_app::{ServerSettings, serve};
use nuages_web::SharedService;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long a stopping server waits for open requests, in seconds.
const GRACE: f64 = 2.0;

/// A site served at a free port of 127.0.0.1, until it is dropped or stopped.
///
/// # Django
/// `LiveServerTestCase`.
#[derive(Debug)]
pub struct LiveServer {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<io::Result<bool>>,
}

impl LiveServer {
    /// Starts serving.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(service: SharedService) -> io::Result<Self> {
        let settings = ServerSettings {
            shutdown_timeout: GRACE,
            ..ServerSettings::default()
        };
        Self::with(service, settings).await
    }

    /// Starts serving within these limits.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn with(service: SharedService, settings: ServerSettings) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let wait = async {
            let _ = stopped.await;
        };
        let task = tokio::spawn(async move { serve(listener, service, &settings, wait).await });
        Ok(Self {
            address,
            stop: Some(stop),
            task,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Stops, and tells whether every open request was finished.
    ///
    /// # Errors
    /// When the server had broken off before.
    pub async fn stop(mut self) -> io::Result<bool> {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        self.task.await.map_err(io::Error::other)?
    }
}
