//! Shows untrusted text safely: escaped, in quotation marks, cut at 64 characters.

use std::fmt;

/// Characters shown before the cut.
const SHOWN: usize = 64;

/// Text from a file or a document, made fit for a message.
pub(crate) fn quote(text: &str) -> Quoted<'_> {
    Quoted(text)
}

/// See [`quote`].
pub(crate) struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        f.write_str("`")?;
        for character in characters.by_ref().take(SHOWN) {
            if is_plain(character) {
                write!(f, "{character}")?;
            } else {
                write!(f, "{}", character.escape_default())?;
            }
        }
        f.write_str(if characters.next().is_some() { "…`" } else { "`" })
    }
}

/// Letters, digits and marks of any script, and ASCII punctuation: nothing that moves a cursor or turns the line.
fn is_plain(character: char) -> bool {
    character == ' ' || character.is_ascii_graphic() || (!character.is_ascii() && character.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_a_terminal_would_obey() {
        assert_eq!(quote("a\x1b[2Jb\u{202e}").to_string(), "`a\\u{1b}[2Jb\\u{202e}`");
    }

    #[test]
    fn cuts_long_text() {
        assert_eq!(quote(&"x".repeat(65)).to_string(), format!("`{}…`", "x".repeat(64)));
        assert_eq!(quote(&"é".repeat(64)).to_string(), format!("`{}`", "é".repeat(64)));
    }
}
