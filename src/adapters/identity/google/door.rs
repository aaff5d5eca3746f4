//! How `openidconnect` reaches the provider: our client, which follows no redirect, within a time and a size.

use std::{pin::Pin, time::Duration};

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use thiserror::Error;

use crate::{adapters::http as ours, ports::identity::IdentityError};

/// For one request, its answer included. Somebody looks at an empty page meanwhile.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes. A discovery document has some 2 KiB, the keys as much, a token's answer 3 KiB.
const LIMIT: usize = 1024 * 1024;

pub(super) struct Door {
    client: reqwest::Client,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub(super) enum Trouble {
    #[error("not reached, or not in time")]
    Unreached(#[source] reqwest::Error),
    #[error("the answer cannot be read")]
    Unread(#[source] ours::BodyError),
    #[error("the request or the answer is not HTTP")]
    Odd,
}

impl From<Trouble> for IdentityError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unread(ours::BodyError::TooLong(_)) => Self::Unusable("its answer is longer than 1 MiB"),
            trouble => Self::Unavailable(trouble.into()),
        }
    }
}

impl Door {
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self { client: ours::client(TIMEOUT)? })
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Trouble> {
        let request = reqwest::Request::try_from(request).map_err(|_| Trouble::Odd)?;
        let answer = self.client.execute(request).await.map_err(|error| Trouble::Unreached(error.without_url()))?;
        let mut response = http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            response = response.header(name, value);
        }
        let body = ours::body(answer, LIMIT).await.map_err(Trouble::Unread)?;
        response.body(body).map_err(|_| Trouble::Odd)
    }
}

impl<'c> AsyncHttpClient<'c> for Door {
    type Error = Trouble;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Trouble>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
