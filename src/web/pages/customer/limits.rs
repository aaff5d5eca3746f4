//! How often strangers may knock: per address, and per telephone number.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};

use axum::{
    Extension,
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};

use crate::{
    domain::{ids::BusinessId, phone::PhoneNumber},
    web::limit::Limit,
};

/// Addresses of appointments that do not exist, tried within a minute. Whoever opens their own is not counted.
const MISSES: u32 = 20;
/// Pages of free times within a minute: they cost more than others.
const LOOKS: u32 = 120;
/// Forms sent within a minute.
const CHANGES: u32 = 30;
/// Times kept for one number within an hour: a choice, and a few second thoughts.
const HOLDS: u32 = 8;

pub(super) struct Limits {
    pub misses: Limit<IpAddr>,
    pub looks: Limit<IpAddr>,
    pub changes: Limit<IpAddr>,
    pub holds: Limit<(BusinessId, PhoneNumber)>,
}

/// What a router shares among its requests.
pub(super) type Shared = Extension<Arc<Limits>>;

pub(super) fn shared() -> Shared {
    let minute = Duration::from_mins(1);
    Extension(Arc::new(Limits {
        misses: Limit::new(MISSES, minute),
        looks: Limit::new(LOOKS, minute),
        changes: Limit::new(CHANGES, minute),
        holds: Limit::new(HOLDS, Duration::from_hours(1)),
    }))
}

/// Who knocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Address(pub IpAddr);

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

impl Address {
    pub(super) fn of(parts: &Parts) -> Self {
        let known = parts.extensions.get::<ConnectInfo<IpAddr>>();
        Self(known.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| *address))
    }
}
