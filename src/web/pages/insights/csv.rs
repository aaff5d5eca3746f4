//! Tables for a spreadsheet (RFC 4180): what a customer is called must not become a formula in the owner's.

/// Marks the text as UTF-8 for programs that would guess (Excel).
pub(super) const MARK: &str = "\u{feff}";

/// One line of cells.
pub(super) fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for (n, text) in cells.into_iter().enumerate() {
        if n > 0 {
            line.push(',');
        }
        line.push_str(&cell(text));
    }
    line.push_str("\r\n");
    line
}

/// What a spreadsheet would calculate gets an apostrophe in front, which it shows as text
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guarded = if formula { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([',', '"', '\r', '\n', ';', '\t']) || formula {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_a_formula_and_nothing_breaks_out_of_its_cell() {
        assert_eq!(line(["Haircut", "3", "0.5"]), "Haircut,3,0.5\r\n");
        assert_eq!(line(["=HYPERLINK(\"x\")", "+1212"]), "\"'=HYPERLINK(\"\"x\"\")\",\"'+1212\"\r\n");
        for start in ["=", "+", "-", "@", "\t", "\r"] {
            assert!(cell(&format!("{start}cmd")).starts_with("\"'"), "{start:?}");
        }
        assert_eq!(line(["a,b", "say \"hi\"", "two\nlines", ""]), "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\r\n");
    }
}
