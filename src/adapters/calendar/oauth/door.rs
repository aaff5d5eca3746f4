//! How `oauth2` reaches a vendor: our client, which follows no redirect, within a time and a size.

use std::{pin::Pin, time::Duration};

use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use thiserror::Error;

use super::Registration;
use crate::{adapters::http as ours, domain::secret::Secret};

/// Bytes. An answer with tokens has some 4 KiB.
const LIMIT: usize = 1024 * 1024;

pub(super) struct Door {
    client: reqwest::Client,
}

/// Why there is no answer to read.
#[derive(Debug, Error)]
pub(super) enum Trouble {
    #[error("not reached")]
    Unreached(#[source] reqwest::Error),
    /// It was sent.
    #[error("no answer, or not in time")]
    Unanswered(#[source] reqwest::Error),
    #[error("the answer cannot be read")]
    Unread(#[source] ours::BodyError),
    /// 5xx, 408 and 429: it says itself that nothing came of it.
    #[error("HTTP {0}")]
    Busy(u16),
    #[error("a redirect")]
    Redirect,
    #[error("the request or the answer is not HTTP")]
    Odd,
}

impl Door {
    /// `total`: for one request, its answer included.
    pub(super) fn new(total: Duration) -> anyhow::Result<Self> {
        Ok(Self { client: ours::client(total)? })
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Trouble> {
        self.execute(reqwest::Request::try_from(request).map_err(|_| Trouble::Odd)?).await
    }

    async fn execute(&self, request: reqwest::Request) -> Result<HttpResponse, Trouble> {
        let answer = self.client.execute(request).await.map_err(|error| {
            let error = error.without_url();
            if error.is_connect() { Trouble::Unreached(error) } else { Trouble::Unanswered(error) }
        })?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(Trouble::Redirect);
        }
        if status.is_server_error() || matches!(status.as_u16(), 408 | 429) {
            return Err(Trouble::Busy(status.as_u16()));
        }
        let mut response = http::Response::builder().status(status);
        for (name, value) in answer.headers() {
            response = response.header(name, value);
        }
        let body = ours::body(answer, LIMIT).await.map_err(Trouble::Unread)?;
        response.body(body).map_err(|_| Trouble::Odd)
    }

    /// RFC 7009 §2.1. The status of the answer, and its body. Who gives back is said in the form, also where tokens are got by
    /// HTTP Basic: Calendly wants it so, and Google does not look at it.
    pub(super) async fn give_back(
        &self,
        address: &str,
        registration: &Registration,
        token: &Secret,
    ) -> Result<(u16, Vec<u8>), Trouble> {
        let form = [
            ("token", token.expose()),
            ("token_type_hint", "refresh_token"),
            ("client_id", registration.client_id.as_str()),
            ("client_secret", registration.client_secret.expose()),
        ];
        let request = self.client.post(address).form(&form).build().map_err(|_| Trouble::Odd)?;
        let answer = self.execute(request).await?;
        Ok((answer.status().as_u16(), answer.into_body()))
    }
}

impl<'c> AsyncHttpClient<'c> for Door {
    type Error = Trouble;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Trouble>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
