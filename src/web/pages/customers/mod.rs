//! Who comes, and what there has been with each of them.
//!
//! No name and no number stands in an address, where a proxy or a browser's history would keep it: a search is posted, and
//! a page of the list begins after an id.

mod detail;
mod edit;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, Method},
    response::Response,
};

use super::{
    access::{Access, Staff},
    doors::{Doors, Need},
    fault::Fault,
    form::Fields,
    frame::{Frame, Here, shown},
    say::{Say, counted},
};
use crate::{
    domain::customer::KnownCustomer,
    store::customers::{CustomerOrder, Visits},
    web::{patience::in_time, state::AppState},
};

/// Customers on one page of the list.
const A_PAGE: usize = 50;
/// Characters of a search that are read.
const MOST_SEARCH: usize = 100;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/b/{business}/customers", Need::Staff, list)
        .at(Method::POST, "/b/{business}/customers", Need::Staff, search)
        .at(Method::GET, "/b/{business}/customers/{customer}", Need::Staff, detail::show)
        .at(Method::POST, "/b/{business}/customers/{customer}", Need::Staff, edit::save)
}

#[derive(Template)]
#[template(path = "pages/customers/list.html")]
struct List {
    frame: Frame,
    search: String,
    order: &'static str,
    /// "1,204 customers", or how many were found on this page.
    count: String,
    rows: Vec<Row>,
    /// Where the next page begins.
    next: Option<String>,
    /// Not the first page.
    later: bool,
    /// Nobody has booked yet, whatever is searched for.
    nobody: bool,
}

struct Row {
    id: String,
    name: String,
    phone: String,
    visits: String,
    /// The next appointment, or the last.
    appointment: String,
    coming: bool,
    last_seen: String,
}

async fn list(
    Staff(access): Staff,
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let asked = Fields::parse(query.unwrap_or_default().as_bytes());
    shown(&found(&access, &state, &headers, &asked, "").await?)
}

/// Changes nothing; it is posted for what stands in it.
async fn search(
    Staff(access): Staff,
    State(state): State<AppState>,
    headers: HeaderMap,
    asked: Fields,
) -> Result<Response, Fault> {
    let search: String = asked.text("q").chars().take(MOST_SEARCH).collect();
    shown(&found(&access, &state, &headers, &asked, &search).await?)
}

async fn found(
    access: &Access,
    state: &AppState,
    headers: &HeaderMap,
    asked: &Fields,
    search: &str,
) -> Result<List, Fault> {
    let (business, now) = (access.business.id, state.clock.now());
    let (name, order) = match asked.text("sort") {
        "name" => ("name", CustomerOrder::Name),
        "new" => ("new", CustomerOrder::New),
        _ => ("last", CustomerOrder::Last),
    };
    let after = asked.text("after").parse().ok();
    let limit = u32::try_from(A_PAGE + 1).unwrap_or(u32::MAX);
    let reading = async {
        Ok((
            state.store.customers(business, search, order, after, limit).await?,
            state.store.count_customers(business).await?,
        ))
    };
    let (mut customers, all) = in_time("listing customers", reading).await?;
    let more = customers.len() > A_PAGE;
    customers.truncate(A_PAGE);
    let phones: Vec<_> = customers.iter().map(|customer| &customer.phone).collect();
    let visits = in_time("counting visits", state.store.visits(business, &phones, now)).await?;
    let say = Say::of(&access.business, now);
    let next = customers.last().filter(|_| more).map(|last| last.id.to_string());
    let rows: Vec<Row> = customers
        .iter()
        .map(|customer| row(&say, customer, visits.get(&customer.phone).copied().unwrap_or_default()))
        .collect();
    let count = match (search, more) {
        ("", _) => counted(all, "customer", "customers"),
        (_, false) if after.is_none() => {
            format!("{} found", counted(u32::try_from(rows.len()).unwrap_or_default(), "customer", "customers"))
        }
        _ => format!("More than {A_PAGE} customers found"),
    };
    Ok(List {
        frame: Frame::of(access, headers, Here::Customers, "Customers"),
        search: search.to_owned(),
        order: name,
        count,
        rows,
        next,
        later: after.is_some(),
        nobody: all == 0,
    })
}

fn row(say: &Say, customer: &KnownCustomer, visits: Visits) -> Row {
    let (appointment, coming) = match (visits.next, visits.last) {
        (Some(next), _) => (say.when(next), true),
        (None, Some(last)) => (say.when(last), false),
        (None, None) => (String::new(), false),
    };
    Row {
        id: customer.id.to_string(),
        name: customer.name.as_str().to_owned(),
        phone: say.phone(&customer.phone),
        visits: (visits.past + visits.coming).to_string(),
        appointment,
        coming,
        last_seen: say.day(customer.last_seen),
    }
}
