//! Instants as databases commonly keep them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::format_description::BorrowedFormatItem;
use time::macros::{datetime, format_description};
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

use crate::id::IdError;

/// An instant to the second, written in UTC as `YYYY-MM-DD HH:MM:SS`.
///
/// ```
/// use openbadges::import::Timestamp;
/// use time::macros::datetime;
///
/// let timestamp = Timestamp::from(datetime!(2026-01-02 03:04:05.9 +2));
/// assert_eq!(timestamp.to_string(), "2026-01-02 01:04:05");
/// assert_eq!("2026-01-02 01:04:05".parse(), Ok(timestamp));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(PrimitiveDateTime);

impl Timestamp {
    /// The instant.
    pub fn instant(self) -> OffsetDateTime {
        self.0.assume_utc()
    }
}

/// The form in which timestamps are written.
const FORM: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");

/// The first and the last instant that the form has room for.
const FIRST: OffsetDateTime = datetime!(0000-01-01 00:00:00 UTC);
const LAST: OffsetDateTime = datetime!(9999-12-31 23:59:59 UTC);

impl From<OffsetDateTime> for Timestamp {
    /// Drops fractions of a second. What lies hours outside of the years 0 to 9999 becomes their first or last second.
    fn from(instant: OffsetDateTime) -> Self {
        let utc = instant.clamp(FIRST, LAST).checked_to_offset(UtcOffset::UTC).unwrap_or(LAST);
        Self(PrimitiveDateTime::new(utc.date(), utc.time()).truncate_to_second())
    }
}

impl FromStr for Timestamp {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        // The parser would take a sign in front of the year.
        let unsigned = Some(text).filter(|text| text.starts_with(|first: char| first.is_ascii_digit()));
        unsigned
            .and_then(|text| PrimitiveDateTime::parse(text, FORM).ok())
            .map(Self)
            .ok_or_else(|| IdError { expected: "a time as `YYYY-MM-DD HH:MM:SS`", found: text.to_owned() })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.0.date(), self.0.time());
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        write!(
            f,
            "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}",
            time.hour(),
            time.minute(),
            time.second()
        )
    }
}

impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.to_string()
    }
}

impl TryFrom<String> for Timestamp {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_becomes_the_first_or_last_second() {
        for (instant, expected) in [
            (datetime!(9999-12-31 23:59:59 -12), "9999-12-31 23:59:59"),
            (datetime!(0000-01-01 00:00:00 +12), "0000-01-01 00:00:00"),
        ] {
            let timestamp = Timestamp::from(instant);
            assert_eq!(timestamp.to_string(), expected);
            assert_eq!(expected.parse(), Ok(timestamp));
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for bad in [
            "",
            "2026-01-02",
            "2026-01-02T03:04:05",
            "2026-01-02 03:04:05Z",
            "2026-13-02 03:04:05",
            "-2026-01-02 03:04:05",
        ] {
            assert!(bad.parse::<Timestamp>().is_err(), "{bad}");
        }
    }
}
