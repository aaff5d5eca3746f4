//! Whole calls in paused time: the real session and the real conversation, with a ledger in memory.

mod booking;
mod line;
mod mine;
mod model_abuse;
mod model_budgets;
mod model_line;
mod model_sweep;
mod model_tools;
mod model_truth;
mod models;
mod orders;
mod records;
mod trouble;
