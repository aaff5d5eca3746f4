//! The tables for a spreadsheet: CSV as RFC 4180 has it, in the business's own time, and nothing in a cell that a
//! spreadsheet would run.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Broken, PAGE, Tx, Writer, on};
use crate::{
    domain::business::Business,
    store::{
        StoreError,
        businesses::Versioned,
        values::{Moment, moment},
    },
};

/// So that spreadsheets read it as UTF-8.
const MARK: &str = "\u{feff}";

#[derive(sqlx::FromRow)]
struct BookingRow {
    id: Uuid,
    starts_at: Moment,
    ends_at: Moment,
    service_id: Uuid,
    staff_id: Uuid,
    name: String,
    phone: Option<String>,
    status: String,
    created_at: Moment,
}

#[derive(sqlx::FromRow)]
struct CustomerRow {
    id: Uuid,
    name: String,
    phone: String,
    note: String,
    first_seen: Moment,
    last_seen: Moment,
    bookings: i64,
}

impl Writer<'_> {
    pub(super) async fn bookings_table(mut self) -> Result<(), Broken> {
        let business = self.document().await?;
        let head = ["date", "from", "to", "service", "staff", "name", "phone", "status", "made"];
        self.put(format!("{MARK}{}", line(head.map(str::to_owned)))).await?;
        let mut after = (Timestamp::UNIX_EPOCH, Uuid::nil());
        loop {
            let rows = bookings(&mut self.tx, business.id.0, after).await?;
            let last = rows.len() < PAGE;
            if let Some(row) = rows.last() {
                after = (moment(row.starts_at), row.id);
            }
            self.put(rows.into_iter().map(|row| booking(row, &business)).collect()).await?;
            if last {
                return Ok(());
            }
        }
    }

    pub(super) async fn customers_table(mut self) -> Result<(), Broken> {
        let business = self.document().await?;
        let head = ["name", "phone", "note", "appointments", "first seen", "last seen"];
        self.put(format!("{MARK}{}", line(head.map(str::to_owned)))).await?;
        let mut after = Uuid::nil();
        loop {
            let rows = customers(&mut self.tx, business.id.0, after).await?;
            let last = rows.len() < PAGE;
            after = rows.last().map_or(after, |row| row.id);
            self.put(rows.into_iter().map(|row| customer(row, &business)).collect()).await?;
            if last {
                return Ok(());
            }
        }
    }

    async fn document(&mut self) -> Result<Business, Broken> {
        let document = super::rows::business(&mut self.tx, self.business).await?.ok_or(Broken::Missing)?;
        Ok(Versioned::read(0, &document)?.business)
    }
}

async fn bookings(tx: &mut Tx, business: Uuid, (start, id): (Timestamp, Uuid)) -> Result<Vec<BookingRow>, StoreError> {
    let sql = "select id, starts_at, ends_at, service_id, staff_id, name, phone, status, created_at from bookings
        where business_id = $1 and starts_at >= $2 and (starts_at, id) > ($2, $3)
            and status in ('confirmed', 'cancelled', 'moved')
        order by starts_at, id limit $4";
    Ok(on!(tx, tx => sqlx::query_as::<_, BookingRow>(sql)
        .bind(business)
        .bind(crate::store::values::at(start))
        .bind(id)
        .bind(i64::try_from(PAGE).unwrap_or(i64::MAX))
        .fetch_all(&mut **tx).await)?)
}

async fn customers(tx: &mut Tx, business: Uuid, after: Uuid) -> Result<Vec<CustomerRow>, StoreError> {
    let sql = "select id, name, phone, note, first_seen, last_seen,
            (select count(*) from bookings where bookings.business_id = customers.business_id
                and bookings.phone = customers.phone and bookings.confirmed_at is not null
                and bookings.replacing is null) as bookings
        from customers where business_id = $1 and id > $2 order by id limit $3";
    Ok(on!(tx, tx => sqlx::query_as::<_, CustomerRow>(sql)
        .bind(business).bind(after).bind(i64::try_from(PAGE).unwrap_or(i64::MAX)).fetch_all(&mut **tx).await)?)
}

fn booking(row: BookingRow, business: &Business) -> String {
    let local = |at: Moment| moment(at).to_zoned(business.zone.tz().clone());
    let (starts, ends) = (local(row.starts_at), local(row.ends_at));
    let service = business.services.iter().find(|service| service.id.0 == row.service_id);
    let staff = business.staff.iter().find(|member| member.id.0 == row.staff_id);
    line([
        starts.strftime("%Y-%m-%d").to_string(),
        starts.strftime("%H:%M").to_string(),
        ends.strftime("%H:%M").to_string(),
        service.map(|service| service.name.clone()).unwrap_or_default(),
        staff.map(|member| member.name.clone()).unwrap_or_default(),
        row.name,
        row.phone.unwrap_or_default(),
        row.status,
        local(row.created_at).strftime("%Y-%m-%d %H:%M").to_string(),
    ])
}

fn customer(row: CustomerRow, business: &Business) -> String {
    let day = |at: Moment| moment(at).to_zoned(business.zone.tz().clone()).strftime("%Y-%m-%d").to_string();
    line([row.name, row.phone, row.note, row.bookings.to_string(), day(row.first_seen), day(row.last_seen)])
}

fn line<const N: usize>(cells: [String; N]) -> String {
    let mut line = cells.map(|text| cell(&text)).join(",");
    line.push_str("\r\n");
    line
}

/// A cell. One that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection"); a number
/// in E.164 is none, whatever it begins with.
fn cell(text: &str) -> String {
    let number =
        text.strip_prefix('+').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '%']) && !number;
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k10_a_cell_is_never_a_formula_and_a_number_stays_one() {
        assert_eq!(
            cell("=HYPERLINK(\"http://evil.example\",\"x\")"),
            "\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"x\"\")\""
        );
        for formula in ["=1+1", "+1+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "%0A=1"] {
            assert!(cell(formula).trim_start_matches('"').starts_with('\''), "{formula}");
        }
        assert_eq!(cell("+14155552671"), "+14155552671");
        assert_eq!(cell("Kovacs, \"Anna\""), "\"Kovacs, \"\"Anna\"\"\"");
        assert_eq!(cell("Anna"), "Anna");
    }
}
