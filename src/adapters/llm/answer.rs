//! An answer as it arrives: the bytes of a response become pieces.

use std::time::Duration;

use futures_util::stream;
use reqwest::Response;
use tokio::time::timeout;

use super::decoder::{Decoder, Events};
use crate::ports::language_model::{Answer, ModelError, Piece};

/// After its last event an answer's body ends, mostly in the same packet. Only then can the connection serve the next
/// turn, so this long is waited for it, with no words held back meanwhile.
const LAST_BYTES: Duration = Duration::from_millis(20);

/// After the reason why it ended, an endpoint sends the usage and says that it is done; or it does not, and leaves the
/// stream open.
const FORMALITIES: Duration = Duration::from_secs(1);

struct Coming<E> {
    response: Response,
    decoder: Decoder<E>,
    failed: Option<ModelError>,
    /// No more is read.
    done: bool,
}

pub(super) fn stream<E: Events>(response: Response) -> Answer {
    let coming = Coming::<E> { response, decoder: Decoder::new(), failed: None, done: false };
    Box::pin(stream::unfold(coming, next))
}

async fn next<E: Events>(mut coming: Coming<E>) -> Option<(Result<Piece, ModelError>, Coming<E>)> {
    loop {
        if (coming.done || coming.decoder.has_words())
            && let Some(piece) = coming.decoder.next()
        {
            return Some((Ok(piece), coming));
        }
        if let Some(error) = coming.failed.take() {
            return Some((Err(error), coming));
        }
        if coming.done {
            return None;
        }
        coming.read().await;
    }
}

impl<E: Events> Coming<E> {
    async fn read(&mut self) {
        if self.decoder.has_ended() {
            let _ = timeout(LAST_BYTES, self.response.chunk()).await;
            self.done = true;
            return;
        }
        let read = if self.decoder.is_whole() {
            timeout(FORMALITIES, self.response.chunk()).await.unwrap_or(Ok(None))
        } else {
            self.response.chunk().await
        };
        let taken = match read {
            Ok(Some(bytes)) => self.decoder.feed(&bytes),
            Ok(None) => {
                self.done = true;
                self.decoder.close()
            }
            // A whole answer has been said, and is not taken back because the line broke behind it.
            Err(_) if self.decoder.is_whole() => {
                self.done = true;
                self.decoder.close()
            }
            Err(error) if error.is_timeout() => Err(ModelError::Broken("longer than any answer")),
            Err(_) => Err(ModelError::Broken("cut off")),
        };
        if let Err(error) = taken {
            self.failed = Some(error);
            self.done = true;
        }
    }
}
