//! How old an answer is, and how long it may be used again.
//!
//! In: the status and the header lines of an answer. Out: its [`Freshness`]. What a cache must not keep has no lifetime.
//!
//! RFC 9111 sections 3, 4.1, 4.2 and 5, as for a cache that many share.

use time::format_description::well_known::Rfc2822;
use time::{Duration, OffsetDateTime};

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Freshness {
    /// How long caches on the way have had it.
    pub(super) age: Duration,
    /// How old it may become; as old as one likes where the server is silent.
    pub(super) lifetime: Duration,
}

impl Freshness {
    /// The freshness of an answer with this status, of which the function tells the lines of a header.
    ///
    /// NOTE: section 4.2.3 takes the time since `Date` for an age too. By a server's wrong clock, what it has just made
    /// would be old, so only what caches say counts.
    pub(super) fn of<'a, L>(status: u16, lines: impl Fn(&'static str) -> L, now: OffsetDateTime) -> Self
    where
        L: IntoIterator<Item = &'a str>,
    {
        let first = |name| lines(name).into_iter().next();
        // Section 5.1: the first one counts, and none that is no number.
        let age = first("age").and_then(|value| seconds(value.split(',').next()?)).unwrap_or_default();
        let varies = lines("vary").into_iter().any(|value| value.split(',').any(|name| name.trim() == "*"));
        let lifetime = if varies {
            Duration::ZERO
        } else {
            let (stated, is_bound) = by_cache_control(lines("cache-control"));
            let by_date = || {
                let made = first("date").and_then(date).unwrap_or(now);
                // What is no date is past (section 5.3): `0` is often written.
                lines("expires")
                    .into_iter()
                    .map(|value| date(value).map_or(Duration::ZERO, |end| end - made))
                    .min()
            };
            let by_date = if is_bound { None } else { by_date() };
            match by_date {
                Some(by_date) => stated.min(by_date),
                None if is_bound || may_be_kept_unasked(status) => stated,
                None => Duration::ZERO,
            }
        };
        Self { age, lifetime }
    }

    /// What both together allow: a redirect and what stands where it leads.
    pub(super) fn and(self, other: Self) -> Self {
        Self { age: self.age.max(other.age), lifetime: self.lifetime.min(other.lifetime) }
    }
}

/// The lifetime by `Cache-Control`, and whether it states one. The shortest of several counts.
fn by_cache_control<'a>(lines: impl IntoIterator<Item = &'a str>) -> (Duration, bool) {
    let (mut lifetime, mut is_bound) = (Duration::MAX, false);
    for directive in lines.into_iter().flat_map(|line| line.split(',')) {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        let stated = match name.trim().to_ascii_lowercase().as_str() {
            "no-cache" | "no-store" | "private" => Duration::ZERO,
            // What cannot be read counts as over (section 4.2.1).
            "max-age" | "s-maxage" => seconds(value.trim().trim_matches('"')).unwrap_or_default(),
            _ => continue,
        };
        (lifetime, is_bound) = (lifetime.min(stated), true);
    }
    (lifetime, is_bound)
}

/// The statuses of which an answer may be kept though the server says nothing (RFC 9110 section 15.1).
fn may_be_kept_unasked(status: u16) -> bool {
    matches!(status, 200 | 203 | 204 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501)
}

/// Seconds as HTTP writes them; more than can be told is a long time (RFC 9111 section 1.2.2).
fn seconds(text: &str) -> Option<Duration> {
    const LONG: i64 = 1 << 31;
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::seconds(text.parse().unwrap_or(LONG).min(LONG)))
}

/// A date as HTTP writes it (RFC 9110 section 5.6.7); the two obsolete forms are read as none.
fn date(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text.trim(), &Rfc2822).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);
    const LONG: Duration = Duration::MAX;

    fn freshness(status: u16, head: &[(&str, &str)]) -> Freshness {
        let lines = |name| {
            head.iter().filter(move |(found, _)| *found == name).map(|(_, value)| *value).collect::<Vec<_>>()
        };
        Freshness::of(status, lines, NOW)
    }

    #[test]
    fn a_lifetime_is_what_the_server_states() {
        let minute = Duration::MINUTE;
        let table: [(&[(&str, &str)], Duration); 19] = [
            (&[], LONG),
            (&[("cache-control", "public, immutable")], LONG),
            (&[("cache-control", "public, Max-Age=60")], minute),
            (&[("cache-control", "max-age=\"60\""), ("cache-control", "no-store")], Duration::ZERO),
            (&[("cache-control", "max-age=soon")], Duration::ZERO),
            (&[("cache-control", "max-age=-60")], Duration::ZERO),
            (&[("cache-control", "private=\"x\", max-age=60")], Duration::ZERO),
            (&[("cache-control", "no-cache")], Duration::ZERO),
            (&[("cache-control", "s-maxage=60, max-age=600")], minute),
            (&[("cache-control", "max-age=99999999999999999999")], Duration::seconds(1 << 31)),
            (&[("expires", "Sun, 22 Nov 2026 12:01:00 GMT")], minute),
            (
                &[("date", "Sun, 22 Nov 2026 11:00:00 GMT"), ("expires", "Sun, 22 Nov 2026 11:01:00 GMT")],
                minute,
            ),
            (&[("expires", "Sun, 22 Nov 2026 11:00:00 GMT")], -Duration::HOUR),
            (&[("expires", "0")], Duration::ZERO),
            (&[("expires", "Sunday, 22-Nov-26 13:00:00 GMT")], Duration::ZERO),
            (&[("expires", "Sun, 22 Nov 2026 12:01:00 GMT"), ("expires", "-1")], Duration::ZERO),
            (&[("expires", "0"), ("cache-control", "max-age=60")], minute),
            (&[("vary", "Accept, *"), ("cache-control", "max-age=60")], Duration::ZERO),
            (&[("vary", "Accept-Encoding")], LONG),
        ];
        for (head, expected) in table {
            assert_eq!(freshness(200, head).lifetime, expected, "{head:?}");
        }
    }

    #[test]
    fn only_some_statuses_are_kept_without_a_word_of_it() {
        for (status, expected) in [(200, LONG), (301, LONG), (201, Duration::ZERO), (302, Duration::ZERO)] {
            assert_eq!(freshness(status, &[]).lifetime, expected, "{status}");
            let stated = freshness(status, &[("cache-control", "max-age=60")]);
            assert_eq!(stated.lifetime, Duration::MINUTE, "{status}");
        }
    }

    #[test]
    fn the_age_is_what_caches_state() {
        let table: [(&[(&str, &str)], i64); 7] = [
            (&[], 0),
            (&[("age", "60")], 60),
            (&[("age", " 60 , 3600")], 60),
            (&[("age", "60"), ("age", "3600")], 60),
            (&[("age", "old")], 0),
            (&[("age", "-60")], 0),
            (&[("age", "99999999999999999999")], 1 << 31),
        ];
        for (head, expected) in table {
            assert_eq!(freshness(200, head).age, Duration::seconds(expected), "{head:?}");
        }
    }

    #[test]
    fn a_redirect_and_its_end_are_as_old_as_the_older_and_last_as_the_shorter() {
        let one = freshness(301, &[("age", "60"), ("cache-control", "max-age=600")]);
        let other = freshness(200, &[("age", "30"), ("cache-control", "max-age=90")]);
        let both = Freshness { age: Duration::MINUTE, lifetime: Duration::seconds(90) };
        assert_eq!((one.and(other), other.and(one)), (both, both));
    }
}
