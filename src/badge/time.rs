//! The forms of dates that badges use, read as instants.
//!
//! In: the text or number of one member. Out: an [`OffsetDateTime`], or `None` where it is not of the form.
//!
//! - [`date_time`]: Open Badges 2.0 "Primitive Datatypes", ISO 8601 with time and zone.
//! - [`date_time_z`]: Open Badges 3.0 `DateTimeZ`, in the grammar of `dateTimeStamp` of XML Schema 1.1 part 2.
//! - [`date_time_or_utc`]: the same, with a zone that may be missing, as Data Integrity has it for `created`.
//! - [`legacy`]: Open Badges 0.5 to 1.1, where Unix time and dates without time or zone are common.
//!
//! Common to all: years have four digits, months and days exist, `24:00:00` is midnight of the next day, and there
//! are no leap seconds. Letters are in capitals, digits are ASCII. Digits beyond nanoseconds are dropped.

use serde_json::Value;
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

/// Reads an Open Badges 2.0 date: time and zone are there, seconds may be missing, the offset may be short.
pub(crate) fn date_time(text: &str) -> Option<OffsetDateTime> {
    Scan(text.as_bytes()).instant(Form { short: true, zone: Zone::Required })
}

/// Reads an Open Badges 3.0 `DateTimeZ`.
pub(crate) fn date_time_z(text: &str) -> Option<OffsetDateTime> {
    Scan(text.as_bytes()).instant(Form { short: false, zone: Zone::Required })
}

/// Reads an XML Schema `dateTime`; without a zone it is taken as UTC (Verifiable Credential Data Integrity,
/// "Proofs").
pub(crate) fn date_time_or_utc(text: &str) -> Option<OffsetDateTime> {
    Scan(text.as_bytes()).instant(Form { short: false, zone: Zone::OrUtc })
}

/// Reads a date of Open Badges 0.5 to 1.1: ISO 8601, in UTC if there is no zone, at midnight if there is no time,
/// or Unix time in seconds, as a number or as text.
pub(crate) fn legacy(value: &Value) -> Option<OffsetDateTime> {
    let unix = |seconds| OffsetDateTime::from_unix_timestamp(seconds).ok();
    let Value::String(text) = value else { return unix(value.as_i64()?) };
    let day = || {
        let mut scan = Scan(text.as_bytes());
        scan.date().filter(|_| scan.is_done()).map(|date| date.midnight().assume_utc())
    };
    let digits = || text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    Scan(text.as_bytes())
        .instant(Form { short: true, zone: Zone::OrUtc })
        .or_else(day)
        .or_else(|| digits().and_then(unix))
}

/// What a form allows.
#[derive(Clone, Copy)]
struct Form {
    /// Seconds may be missing, and an offset may be `+0100` or `+01`.
    short: bool,
    zone: Zone,
}

/// Whether there must be a zone.
#[derive(Clone, Copy, PartialEq)]
enum Zone {
    OrUtc,
    Required,
}

/// What is left of a text.
struct Scan<'a>(&'a [u8]);

impl Scan<'_> {
    fn is_done(&self) -> bool {
        self.0.is_empty()
    }

    fn eat(&mut self, byte: u8) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.eat(byte).then_some(())
    }

    fn digit(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first().filter(|(first, _)| first.is_ascii_digit())?;
        self.0 = rest;
        Some(first - b'0')
    }

    fn two_digits(&mut self) -> Option<u8> {
        Some(self.digit()? * 10 + self.digit()?)
    }

    /// `2016-12-31`.
    fn date(&mut self) -> Option<Date> {
        let year = i32::from(self.two_digits()?) * 100 + i32::from(self.two_digits()?);
        self.expect(b'-')?;
        let month = Month::try_from(self.two_digits()?).ok()?;
        self.expect(b'-')?;
        Date::from_calendar_date(year, month, self.two_digits()?).ok()
    }

    /// `23:59:59.25`; the flag says that it is the end of the day, `24:00:00`.
    fn time(&mut self, form: Form) -> Option<(Time, bool)> {
        let hour = self.two_digits()?;
        self.expect(b':')?;
        let minute = self.two_digits()?;
        let second = match self.eat(b':') {
            true => self.two_digits()?,
            false if form.short => 0,
            false => return None,
        };
        let nanosecond = if self.eat(b'.') { self.fraction()? } else { 0 };
        if (hour, minute, second, nanosecond) == (24, 0, 0, 0) {
            return Some((Time::MIDNIGHT, true));
        }
        Some((Time::from_hms_nano(hour, minute, second, nanosecond).ok()?, false))
    }

    /// One digit or more, as nanoseconds.
    fn fraction(&mut self) -> Option<u32> {
        let mut nanoseconds = u32::from(self.digit()?) * 100_000_000;
        let mut weight = 10_000_000;
        while let Some(digit) = self.digit() {
            nanoseconds += u32::from(digit) * weight;
            weight /= 10;
        }
        Some(nanoseconds)
    }

    /// `Z`, `+01:00`, or nothing; XML Schema allows offsets up to 14 hours.
    fn offset(&mut self, form: Form) -> Option<UtcOffset> {
        if self.eat(b'Z') || (self.is_done() && form.zone == Zone::OrUtc) {
            return Some(UtcOffset::UTC);
        }
        let sign = if self.eat(b'+') { 1 } else { self.expect(b'-').map(|()| -1)? };
        let hours = self.two_digits()?;
        let minutes = match self.eat(b':') {
            true => self.two_digits()?,
            false if !form.short => return None,
            false if self.is_done() => 0,
            false => self.two_digits()?,
        };
        if minutes > 59 || hours > 14 || (hours == 14 && minutes > 0) {
            return None;
        }
        UtcOffset::from_hms(sign * i8::try_from(hours).ok()?, sign * i8::try_from(minutes).ok()?, 0).ok()
    }

    /// All of the text as one instant.
    fn instant(mut self, form: Form) -> Option<OffsetDateTime> {
        let date = self.date()?;
        self.expect(b'T')?;
        let (time, is_end_of_day) = self.time(form)?;
        let offset = self.offset(form)?;
        let date = if is_end_of_day { date.next_day()? } else { date };
        let instant = date.with_time(time).assume_offset(offset);
        // Whatever compares it later may want it in UTC.
        (self.is_done() && instant.checked_to_offset(UtcOffset::UTC).is_some()).then_some(instant)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::format_description::well_known::Rfc3339;

    use super::*;

    fn utc(instant: Option<OffsetDateTime>) -> Option<String> {
        Some(instant?.to_offset(UtcOffset::UTC).format(&Rfc3339).unwrap())
    }

    /// Text; whether 2.0 reads it; whether 3.0 reads it; the instant in UTC.
    const FORMS: &[(&str, bool, bool, &str)] = &[
        ("2016-12-31T23:59:59Z", true, true, "2016-12-31T23:59:59Z"),
        ("2016-12-31T23:59:59+00:00", true, true, "2016-12-31T23:59:59Z"),
        ("2016-12-31T23:59:59-00:00", true, true, "2016-12-31T23:59:59Z"),
        ("2022-11-10T07:38:00-08:00", true, true, "2022-11-10T15:38:00Z"),
        ("2022-11-10T07:38:00+14:00", true, true, "2022-11-09T17:38:00Z"),
        ("1977-06-10T12:00:00+0800", true, false, "1977-06-10T04:00:00Z"),
        ("1977-06-10T12:00:00-0800", true, false, "1977-06-10T20:00:00Z"),
        ("1977-06-10T12:00:00+08", true, false, "1977-06-10T04:00:00Z"),
        ("1977-06-10T12:00:00+05:30", true, true, "1977-06-10T06:30:00Z"),
        ("1977-06-10T12:00:00-05:30", true, true, "1977-06-10T17:30:00Z"),
        ("1977-06-10T12:00:00+00:59", true, true, "1977-06-10T11:01:00Z"),
        ("2017-10-01T00:00Z", true, false, "2017-10-01T00:00:00Z"),
        ("2017-10-01T00:00:00.5Z", true, true, "2017-10-01T00:00:00.5Z"),
        ("2017-10-01T00:00:00.1234567891234Z", true, true, "2017-10-01T00:00:00.123456789Z"),
        ("2016-12-31T24:00:00Z", true, true, "2017-01-01T00:00:00Z"),
        ("2016-02-29T00:00:00Z", true, true, "2016-02-29T00:00:00Z"),
        ("0000-01-01T00:00:00Z", true, true, "0000-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", true, true, "9999-12-31T23:59:59Z"),
    ];

    #[test]
    fn reads_each_form_that_its_version_allows() {
        for (text, in_2, in_3, expected) in FORMS {
            assert_eq!(utc(date_time(text)).as_deref(), in_2.then_some(*expected), "2.0 {text}");
            assert_eq!(utc(date_time_z(text)).as_deref(), in_3.then_some(*expected), "3.0 {text}");
            assert_eq!(utc(legacy(&json!(text))).as_deref(), Some(*expected), "legacy {text}");
        }
    }

    #[test]
    fn refuses_what_is_no_date_in_any_version() {
        for text in [
            "",
            "notadatetime",
            "2016-12-31T23:59:60Z",
            "2016-12-31T24:00:01Z",
            "2016-12-31T24:00:00.1Z",
            "2016-12-31T25:00:00Z",
            "2016-12-31T23:60:00Z",
            "2015-02-30T00:00:00Z",
            "2015-02-29T00:00:00Z",
            "2015-13-01T00:00:00Z",
            "2015-00-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "-0001-01-01T00:00:00Z",
            "+2016-12-31T00:00:00Z",
            "2016-12-31T00:00:00+25:00",
            "2016-12-31T00:00:00+14:01",
            "2016-12-31T00:00:00+13:60",
            "2016-12-31t00:00:00Z",
            "2016-12-31T00:00:00z",
            "2016-12-31 00:00:00Z",
            "2016-12-31T00:00:00,5Z",
            "2016-12-31T00:00:00.Z",
            "2016-12-31T00:00:00Z ",
            " 2016-12-31T00:00:00Z",
            "2016-12-31T00:00:00ZZ",
            "2016-12-31T00:00:00+0",
            "2016-12-31T00:00:00+08:",
            "2016-12-31T0:00:00Z",
            "2016-12-31T",
            "2016-12-31TZ",
            "２０１６-12-31T00:00:00Z",
            "20161231T000000Z",
            "9999-12-31T24:00:00Z",
            "9999-12-31T23:59:59-14:00",
        ] {
            assert_eq!(date_time(text), None, "2.0 {text}");
            assert_eq!(date_time_z(text), None, "3.0 {text}");
            assert_eq!(legacy(&json!(text)), None, "legacy {text}");
        }
    }

    #[test]
    fn only_old_versions_do_without_a_zone_or_a_time() {
        for (value, expected) in [
            (json!("1977-06-10T12:00:00"), "1977-06-10T12:00:00Z"),
            (json!("2016-12-31"), "2016-12-31T00:00:00Z"),
            (json!("1500423730"), "2017-07-19T00:22:10Z"),
            (json!(1_500_423_730), "2017-07-19T00:22:10Z"),
            (json!(0), "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(utc(legacy(&value)).as_deref(), Some(expected), "{value}");
            let text = value.as_str().unwrap_or_default();
            assert_eq!((date_time(text), date_time_z(text)), (None, None), "{value}");
        }
        assert_eq!(utc(date_time_or_utc("1977-06-10T12:00:00")).as_deref(), Some("1977-06-10T12:00:00Z"));
        assert_eq!(date_time_or_utc("1977-06-10T12:00"), None);
        for value in [json!(null), json!(true), json!(1.5), json!(i64::MAX), json!("99999999999999999999")] {
            assert_eq!(legacy(&value), None, "{value}");
        }
    }
}
