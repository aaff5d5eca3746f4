//! How the program talks to vendors over HTTP: one client builder, so that no request is without a time limit.

use std::time::Duration;

use thiserror::Error;

/// Time to reach the vendor, name look-up and TLS included.
const CONNECT: Duration = Duration::from_secs(1);

/// A client that gives up on a request after `total`, its answer's body included.
///
/// It follows no redirects: an API of a vendor has one address, and a redirect would carry credentials to another.
/// Servers are verified against the operating system's certificates.
///
/// # Errors
/// When the machine has no certificates to verify a server with.
pub fn client(total: Duration) -> Result<reqwest::Client, reqwest::Error> {
    builder().timeout(total).build()
}

/// As [`client`], for whoever sets a time limit for each request.
pub fn builder() -> reqwest::ClientBuilder {
    // Fails when another part of the program was first, with the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("deskbell/", env!("CARGO_PKG_VERSION")))
}

/// Why a body could not be read whole.
#[derive(Debug, Error)]
pub enum BodyError {
    #[error("the body is longer than {0} bytes")]
    TooLong(usize),
    #[error("the body was cut off")]
    Cut(#[source] reqwest::Error),
}

/// Whether this is about a body that was longer than is read: asked for in smaller parts, it may not be.
pub fn was_too_long(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(BodyError::TooLong(_)))
}

/// Reads a body of at most `limit` bytes, whatever its headers say.
pub async fn body(mut response: reqwest::Response, limit: usize) -> Result<Vec<u8>, BodyError> {
    let mut read = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(BodyError::Cut)? {
        if read.len() + chunk.len() > limit {
            return Err(BodyError::TooLong(limit));
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read)
}
