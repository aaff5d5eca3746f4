//! JSON lines in, JSON lines out. A line that cannot be read is pointed at on standard error and the rest goes on.

use std::io::{self, BufRead, BufWriter, ErrorKind, Write};

use serde::{Serialize, de::DeserializeOwned};

/// Answers every line and counts those that could not be read. Whoever stops reading the answers ends it in good order.
pub(super) fn answer<Q: DeserializeOwned, A: Serialize>(
    input: impl BufRead,
    output: impl Write,
    answer: impl Fn(Q) -> A,
) -> io::Result<u64> {
    let mut output = BufWriter::new(output);
    let mut bad = 0;
    for (n, line) in input.split(b'\n').enumerate() {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice(&line) {
            Ok(question) => {
                serde_json::to_writer(&mut output, &answer(question))?;
                match output.write_all(b"\n") {
                    Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(bad),
                    done => done?,
                }
            }
            Err(error) => {
                bad += 1;
                eprintln!("deskbell: line {} is left out: {error}", n + 1);
            }
        }
    }
    match output.flush() {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bad),
        done => done.map(|()| bad),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_line_that_is_no_json_is_left_out_and_the_others_are_answered() {
        let mut out = Vec::new();
        let bad =
            answer(&b"{\"id\":1}\n\nnot json\n\xff\n{\"id\":2}"[..], &mut out, |question: Value| question).unwrap();
        assert_eq!((bad, out.as_slice()), (2, &b"{\"id\":1}\n{\"id\":2}\n"[..]));
    }
}
