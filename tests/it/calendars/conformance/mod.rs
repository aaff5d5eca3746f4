//! Every provider against everything that its vendor may answer: the design's table holds, nothing stands twice, and nothing
//! is lost. One case is one business with one connected account, and real HTTP in between.
//!
//! | what | where |
//! |---|---|
//! | free, busy, conflict at commit; 500, HTML with 200, cut JSON; 429; slow | `availability` |
//! | all-day, transparent, another zone, a series with exceptions, gap and fold | `times` |
//! | duplicate create, timeout after send, 409, 429, 500 and the like, when it is made | `making` |
//! | the same when it is moved or cancelled; 404, 412, what its owner does there | `changing` |
//! | what providers say of themselves | `claims` |
//! | 401, revoked, 403, a calendar that is deleted, a cursor that is too old (410) | `access` |
//!
//! Which vendor has which of these, and why one has not, is the `matrix`.

mod access;
mod availability;
mod case;
mod changing;
mod claims;
mod making;
mod matrix;
mod times;
mod world;
