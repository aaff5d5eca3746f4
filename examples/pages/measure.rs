//! Asks for every page, and keeps the time.

use std::{fmt, time::Duration};

use anyhow::{Context as _, ensure};
use deskbell::{
    adapters::clock::SystemClock,
    ports::clock::Clock as _,
    web::pages::{Need, doors},
};
use reqwest::{Client, Method, header, redirect::Policy};
use serde::Serialize;

use crate::{Options, fill::Filled, year};

/// Answers that do not count: files are packed, statements prepared.
const WARM_UP: usize = 5;

/// How long one page takes.
#[derive(Serialize)]
pub(crate) struct Page {
    path: String,
    status: u16,
    bytes: usize,
    p50: f64,
    p95: f64,
    p99: f64,
    max: f64,
    /// What the 99th percentile may be, in milliseconds.
    limit: Option<f64>,
}

pub(crate) struct Report {
    pub(crate) pages: Vec<Page>,
    left_out: Vec<&'static str>,
}

impl Page {
    fn too_slow(&self) -> bool {
        self.limit.is_some_and(|limit| self.p99 > limit)
    }

    /// A page that only leads on to another one is well.
    fn wrong(&self) -> bool {
        !matches!(self.status, 200 | 303)
    }
}

impl Report {
    pub(crate) fn failed(&self) -> bool {
        self.pages.iter().any(|page| page.too_slow() || page.wrong())
    }
}

pub(crate) async fn run(options: &Options, origin: &str, secret: &str, filled: &Filled) -> anyhow::Result<Report> {
    let client = Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(20)).build()?;
    let cookie = format!("__Host-deskbell={secret}");
    let mut report = Report { pages: Vec::new(), left_out: Vec::new() };
    let root = format!("/b/{}", filled.business.id);
    let mut paths: Vec<(String, Option<f64>)> = Vec::new();
    for door in doors().into_iter().filter(|door| door.method == Method::GET && door.need != Need::Nothing) {
        // A live view never ends.
        match (door.path.contains("/events") || door.path.contains("/stream"), filled_in(door.path, filled)) {
            (false, Some(path)) => paths.push((path, options.limit)),
            _ => report.left_out.push(door.path),
        }
    }
    let today = SystemClock.now().to_zoned(filled.business.zone.tz().clone()).date();
    for more in ["/insights?range=90", "/insights?range=7", "/customers?sort=name", "/customers?sort=new"] {
        paths.push((format!("{root}{more}"), options.limit));
    }
    let week = format!("{root}/calendar?view=week&on={}", year::full_week(today));
    paths.push((week, Some(options.week_limit)));
    for (path, limit) in paths {
        if options.only.as_ref().is_some_and(|only| !path.contains(only.as_str())) {
            continue;
        }
        report.pages.push(ask(&client, options, origin, &path, limit, &cookie).await?);
    }
    Ok(report)
}

/// A door's path with ids that exist; nothing when it asks for one that we do not have.
fn filled_in(path: &str, filled: &Filled) -> Option<String> {
    let known = path
        .replace("{business}", &filled.business.id.to_string())
        .replace("{booking}", &filled.booking)
        .replace("{call}", &filled.call)
        .replace("{customer}", &filled.customer)
        .replace("{service}", &filled.business.services[0].id.to_string())
        .replace("{member}", &filled.business.staff[0].id.to_string())
        .replace("{staff}", &filled.business.staff[0].id.to_string());
    (!known.contains('{')).then_some(known)
}

async fn ask(
    client: &Client,
    options: &Options,
    origin: &str,
    path: &str,
    limit: Option<f64>,
    cookie: &str,
) -> anyhow::Result<Page> {
    let mut times = Vec::with_capacity(options.repeat);
    let (mut status, mut bytes) = (0, 0);
    for n in 0..options.repeat + WARM_UP {
        let begun = tokio::time::Instant::now();
        let response = client.get(format!("{origin}{path}")).header(header::COOKIE, cookie).send().await;
        let response = response.with_context(|| format!("{path} was not answered"))?;
        status = response.status().as_u16();
        let streams = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        ensure!(!streams, "{path} is a stream: leave it out");
        bytes = response.bytes().await?.len();
        if n >= WARM_UP {
            times.push(begun.elapsed());
        }
    }
    times.sort_unstable();
    let at = |percent: usize| {
        let rank = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(rank).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    };
    Ok(Page { path: path.to_owned(), status, bytes, p50: at(50), p95: at(95), p99: at(99), max: at(100), limit })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>7} {:>7} {:>7} {:>7} {:>9}  page, ms", "p50", "p95", "p99", "max", "bytes")?;
        for page in &self.pages {
            let Page { path, status, bytes, p50, p95, p99, max, .. } = page;
            let business = path.split('/').nth(2).filter(|_| path.starts_with("/b/")).unwrap_or("-");
            let path = path.replace(business, "…");
            let odd = if page.wrong() { format!("  <- {status}") } else { String::new() };
            let slow = if page.too_slow() { "  <- too slow" } else { "" };
            writeln!(f, "{p50:7.2} {p95:7.2} {p99:7.2} {max:7.2} {bytes:9}  {path}{odd}{slow}")?;
        }
        for path in &self.left_out {
            writeln!(f, "{:>42}  {path}", "left out")?;
        }
        Ok(())
    }
}
