//! The program. Everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("deskbell: the runtime cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(deskbell::cli::run());
    // A thread that waits for the terminal's next line cannot be woken, and must not keep the program alive.
    runtime.shutdown_background();
    code
}
