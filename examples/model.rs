//! A model's double as a server of its own, to try a receptionist without a vendor's account, and to measure one without a
//! vendor's delays. It speaks both wire formats.
//!
//! ```text
//! cargo run --release --example model -- --bind 127.0.0.1:9101 --mind sensible
//! DESKBELL_MODELS=double DESKBELL_MODEL_DOUBLE_KIND=openai DESKBELL_MODEL_DOUBLE_MODEL=double \
//!     DESKBELL_MODEL_DOUBLE_URL=http://127.0.0.1:9101/v1 cargo run --release -- demo
//! ```

use std::{net::SocketAddr, sync::Arc, time::Duration};

use clap::{Parser, ValueEnum};
use deskbell::{
    ports::language_model::Prompt,
    testing::llm::{Brain, Reply, hostile::Hostile, sensible::Sensible, server::ModelServer},
};
use tokio::net::TcpListener;

#[derive(Parser)]
struct Options {
    #[arg(long, default_value = "127.0.0.1:9101")]
    bind: SocketAddr,
    #[arg(long, value_enum, default_value = "sensible")]
    mind: Mind,
    /// Milliseconds to the first token.
    #[arg(long, default_value_t = 0)]
    first_ms: u64,
    /// Milliseconds from one token to the next.
    #[arg(long, default_value_t = 0)]
    between_ms: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mind {
    /// Takes callers of the demo's business through whole calls.
    Sensible,
    /// Lies, leaks and calls whatever there is.
    Hostile,
    /// Always says the same.
    Canned,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mind: Arc<dyn Brain> = match options.mind {
        Mind::Sensible => Arc::new(Sensible::new(vec![Arc::new(deskbell::testing::salon())])),
        Mind::Hostile => Arc::new(Hostile { seed: 0 }),
        Mind::Canned => Arc::new(|_: &Prompt| Reply {
            words: "Of course, I can help you with that. Which day would suit you best, and at what time?".to_owned(),
            calls: Vec::new(),
        }),
    };
    let server = ModelServer::on(TcpListener::bind(options.bind).await?, mind);
    server.pace(Duration::from_millis(options.first_ms), Duration::from_millis(options.between_ms));
    println!("chat completions: {}\nmessages: {}", server.completions_url(), server.messages_url());
    tokio::signal::ctrl_c().await?;
    println!("{} requests over {} connections", server.requests(), server.connections());
    Ok(())
}
