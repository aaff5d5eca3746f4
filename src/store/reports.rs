//! Reports on calls: one for each connection, read as one.

use super::{
    Store, StoreError,
    engine::{Tx, on},
    spending::{column, micros},
    values::text,
};
use crate::{
    domain::{
        ids::CallId,
        report::{Micros, Report},
    },
    ports::journal::Lease,
};

impl Store {
    /// Stores the reports of connections of calls, all of them or none; again replaces them.
    pub async fn file_reports(&self, reports: &[(Lease, Report)]) -> Result<(), StoreError> {
        // In order of their calls, so that two batches cannot wait for each other in a circle.
        let mut reports: Vec<&(Lease, Report)> = reports.iter().collect();
        reports.sort_by_key(|(lease, _)| (lease.call, lease.epoch));
        let mut tx = self.write.begin().await?;
        for (lease, report) in reports {
            write(&mut tx, *lease, report).await?;
        }
        tx.commit().await
    }

    /// What all connections of a call have reported, as one report; nothing when none has.
    pub async fn report(&self, call: CallId) -> Result<Option<Report>, StoreError> {
        let sql = "select document from call_reports where call_id = $1 order by epoch";
        let documents = on!(&self.read, db => sqlx::query_scalar::<_, String>(sql).bind(call.0).fetch_all(db).await)?;
        let mut whole: Option<Report> = None;
        for document in documents {
            let report: Report = serde_json::from_str(&document)
                .map_err(|_| StoreError::Inconsistent { what: "call_reports.document" })?;
            whole = Some(whole.map_or(report.clone(), |earlier| earlier.and(report)));
        }
        Ok(whole)
    }

    /// What the models of a call have cost, as far as it is reported.
    pub async fn cost_of_call(&self, call: CallId) -> Result<Micros, StoreError> {
        let sql = "select cast(coalesce(sum(cost_micros), 0) as bigint) from call_reports where call_id = $1";
        let sum = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql).bind(call.0).fetch_one(db).await)?;
        Ok(micros(sum))
    }
}

async fn write(tx: &mut Tx, lease: Lease, report: &Report) -> Result<(), StoreError> {
    // Of two connections of one call that report at once, the second must see the first's when it adds them up.
    if let Tx::Postgres(tx) = &mut *tx {
        let sql = "select 1 from calls where id = $1 for no key update";
        sqlx::query(sql).bind(lease.call.0).execute(&mut **tx).await?;
    }
    let sql = "insert into call_reports (call_id, epoch, turns, fallbacks, fillers, withheld, first_word_ms, tokens_in,
            tokens_cached, tokens_out, cost_micros, document)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict (call_id, epoch) do update set turns = excluded.turns, fallbacks = excluded.fallbacks,
            fillers = excluded.fillers, withheld = excluded.withheld, first_word_ms = excluded.first_word_ms,
            tokens_in = excluded.tokens_in, tokens_cached = excluded.tokens_cached,
            tokens_out = excluded.tokens_out, cost_micros = excluded.cost_micros, document = excluded.document";
    let document =
        serde_json::to_string(report).map_err(|error| StoreError::Refused(sqlx::Error::Encode(error.into())))?;
    let count = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    let tokens = |tokens: u64| i64::try_from(tokens).unwrap_or(i64::MAX);
    on!(&mut *tx, tx => sqlx::query(sql)
        .bind(lease.call.0)
        .bind(lease.epoch)
        .bind(i32::try_from(report.turns.len()).unwrap_or(i32::MAX))
        .bind(count(report.fallbacks))
        .bind(count(report.fillers))
        .bind(count(report.withheld))
        .bind(report.first_word_p50().map(count))
        .bind(tokens(report.tokens_in))
        .bind(tokens(report.tokens_cached))
        .bind(tokens(report.tokens_out))
        .bind(column(report.cost))
        .bind(text(&document))
        .execute(&mut **tx).await.map(drop))?;
    // With the call, for the pages that count many.
    let sql = "update calls set
            cost_micros = (select cast(sum(r.cost_micros) as bigint) from call_reports r where r.call_id = calls.id),
            first_word_ms = (select max(r.first_word_ms) from call_reports r where r.call_id = calls.id)
        where id = $1";
    on!(tx, tx => sqlx::query(sql).bind(lease.call.0).execute(&mut **tx).await.map(drop))?;
    Ok(())
}
