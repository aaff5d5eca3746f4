//! What the journal of live calls writes: many small entries, in few transactions.

use std::collections::BTreeMap;

use sqlx::{QueryBuilder, query_builder::Separated};
use uuid::Uuid;

use crate::{
    domain::{
        call::{Line, Outcome, Speaker, WhyNot},
        turn::Turn,
    },
    ports::journal::Entry,
    store::{
        Store, StoreError,
        engine::{Tx, on},
        values::{at, text},
    },
};

/// How many lines go into one statement. Six values each: far from SQLite's 32,766 and Postgres's 65,535.
const LINES_PER_STATEMENT: usize = 500;

/// In bytes: half of what the schema takes, which counts characters.
const LONGEST_TURN: usize = 4_096;

/// What became of one journal entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Written,
    Fenced,
}

impl Store {
    /// Several entries in one transaction, as the journal batches them; an entry of an old epoch is refused alone.
    pub async fn write_entries(&self, entries: &[Entry]) -> Result<Vec<Written>, StoreError> {
        // In order of their calls, so that two batches with calls in common cannot wait for each other in a circle;
        // entries of one call keep their order.
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_key(|n| entries[*n].lease.call);
        let mut written = vec![Written::Fenced; entries.len()];
        let mut lines = BTreeMap::new();
        let mut turns = BTreeMap::new();
        let mut tx = self.write.begin().await?;
        for n in order {
            let entry = &entries[n];
            if write_entry(&mut tx, entry).await? {
                written[n] = Written::Written;
                let numbered = (entry.first_line..).zip(&entry.lines);
                lines.extend(numbered.map(|(n, line)| ((entry.lease.call.0, n), line)));
                turns.extend(entry.turns.iter().map(|(n, turn)| ((entry.lease.call.0, *n), turn)));
            }
        }
        write_lines(&mut tx, &lines.into_iter().collect::<Vec<_>>()).await?;
        write_turns(&mut tx, &turns.into_iter().collect::<Vec<_>>()).await?;
        tx.commit().await?;
        Ok(written)
    }
}

/// False: a newer connection owns the call.
///
/// While nothing has come of a call, a turn changes only where it stands. SQLite writes every index again that holds a
/// column an update names, and what the pages count by holds the outcome and the end.
async fn write_entry(tx: &mut Tx, entry: &Entry) -> Result<bool, StoreError> {
    let lines = i32::try_from(entry.lines.len()).unwrap_or(i32::MAX);
    let lines = entry.first_line.saturating_add(lines);
    if !entry.ended && entry.outcome == Outcome::None && entry.why_not.is_none() {
        let sql = "update calls set state = $3, line_count = case when line_count > $4 then line_count else $4 end
            where id = $1 and epoch = $2 and why_not is null and outcome = $5";
        let updated = on!(tx, tx => sqlx::query(sql)
            .bind(entry.lease.call.0)
            .bind(entry.lease.epoch)
            .bind(text(&entry.state))
            .bind(lines)
            .bind(Outcome::None.as_str())
            .execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if updated == 1 {
            return Ok(true);
        }
        // It is not ours any more, or an earlier turn left what holds no longer.
    }
    let sql = "update calls set state = $3, outcome = $4,
            line_count = case when line_count > $5 then line_count else $5 end,
            ended_at = coalesce(ended_at, $6), why_not = $7,
            connected = case when $6 is null then connected else false end,
            cost_micros = case when $6 is null then cost_micros else coalesce(cost_micros, 0) end,
            sentences = case when $8 then case when line_count > $5 then line_count else $5 end end
        where id = $1 and epoch = $2";
    let ended = entry.ended.then(|| at(entry.at));
    let updated = on!(tx, tx => sqlx::query(sql)
        .bind(entry.lease.call.0)
        .bind(entry.lease.epoch)
        .bind(text(&entry.state))
        .bind(entry.outcome.as_str())
        .bind(lines)
        .bind(ended)
        .bind(entry.why_not.map(WhyNot::as_str))
        .bind(entry.ended && entry.outcome == Outcome::Booked)
        .execute(&mut **tx).await.map(|done| done.rows_affected()))?;
    Ok(updated == 1)
}

/// A line that is there already was cut since: its new text counts.
async fn write_lines(tx: &mut Tx, lines: &[((Uuid, i32), &Line)]) -> Result<(), StoreError> {
    for some in lines.chunks(LINES_PER_STATEMENT) {
        on!(&mut *tx, tx => {
            let mut sql = QueryBuilder::new("insert into call_lines (call_id, n, speaker, text, said_at, cut) ");
            sql.push_values(some, |mut row: Separated<'_, _, _>, ((call, n), line)| {
                row.push_bind(*call)
                    .push_bind(*n)
                    .push_bind(speaker(line.speaker))
                    .push_bind(text(&line.text))
                    .push_bind(at(line.at))
                    .push_bind(line.cut);
            });
            sql.push(" on conflict (call_id, n) do update set text = excluded.text, cut = excluded.cut");
            // The text depends on the number of lines: not worth a place among the prepared statements.
            sql.build().persistent(false).execute(&mut **tx).await.map(drop)
        })?;
    }
    Ok(())
}

/// What is written again has changed since.
async fn write_turns(tx: &mut Tx, turns: &[((Uuid, i32), &Turn)]) -> Result<(), StoreError> {
    for some in turns.chunks(LINES_PER_STATEMENT) {
        let written = some.iter().filter_map(|(key, turn)| Some((*key, serde_json::to_string(turn).ok()?)));
        // It is far from as long; a record of a turn is never worth the call's journal.
        let written: Vec<((Uuid, i32), String)> = written.filter(|(_, text)| text.len() <= LONGEST_TURN).collect();
        if written.is_empty() {
            continue;
        }
        on!(&mut *tx, tx => {
            let mut sql = QueryBuilder::new("insert into call_turns (call_id, n, document) ");
            sql.push_values(&written, |mut row: Separated<'_, _, _>, ((call, n), document)| {
                row.push_bind(*call).push_bind(*n).push_bind(text(document));
            });
            sql.push(" on conflict (call_id, n) do update set document = excluded.document");
            sql.build().persistent(false).execute(&mut **tx).await.map(drop)
        })?;
    }
    Ok(())
}

fn speaker(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Caller => "caller",
        Speaker::Agent => "agent",
    }
}
