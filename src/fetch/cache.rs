//! Documents that were fetched a moment ago.
//!
//! In: answers, and how long the server lets them be kept. Out: one that is young enough for a request. Only what came
//! with success, whole, and with a lifetime gets in; bounded in documents and in bytes, the oldest go first.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime};

use crate::resource::{Request, Response, Target};

/// What a server answers depends on the `Accept` header too.
type Key = (Target, &'static [&'static str]);

/// See the module.
#[derive(Debug)]
pub(super) struct Cache {
    entries: BTreeMap<Key, Entry>,
    bytes: usize,
    max_entries: usize,
    max_bytes: usize,
}

#[derive(Debug)]
struct Entry {
    response: Response,
    lifetime: Duration,
}

impl Cache {
    pub(super) fn new(max_entries: usize, max_bytes: usize) -> Self {
        Self { entries: BTreeMap::new(), bytes: 0, max_entries, max_bytes }
    }

    /// A copy that may still be used for this request: younger than it demands and than the server allows.
    pub(super) fn get(&self, request: &Request, now: OffsetDateTime) -> Option<Response> {
        let Entry { response, lifetime } = self.entries.get(&key(request))?;
        let age = now - response.retrieved_at();
        // A clock that was set back says nothing of the age.
        let is_young = !age.is_negative() && age < request.max_age().min(*lifetime);
        let is_within = size(response) <= usize::try_from(request.max_bytes()).unwrap_or(usize::MAX)
            && response.hops().len() <= usize::from(request.max_redirects());
        (is_young && is_within).then(|| response.clone())
    }

    /// Keeps an answer of success that may be kept at all.
    pub(super) fn put(&mut self, request: &Request, response: &Response, lifetime: Duration) {
        self.remove(&key(request));
        let fits = self.max_entries > 0 && size(response) <= self.max_bytes;
        if !(fits && response.is_success() && lifetime.is_positive()) {
            return;
        }
        self.bytes = self.bytes.saturating_add(size(response));
        self.entries.insert(key(request), Entry { response: response.clone(), lifetime });
        while self.entries.len() > self.max_entries || self.bytes > self.max_bytes {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.response.retrieved_at());
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else { return };
            self.remove(&oldest);
        }
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }

    fn remove(&mut self, key: &Key) {
        if let Some(entry) = self.entries.remove(key) {
            self.bytes = self.bytes.saturating_sub(size(&entry.response));
        }
    }
}

fn key(request: &Request) -> Key {
    (request.target().clone(), request.accept())
}

fn size(response: &Response) -> usize {
    response.body().len()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::resource::Purpose;

    const NOON: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

    fn request(path: &str, purpose: Purpose, max_age: Duration) -> Request {
        let target = Target::url(format!("https://example.org/{path}").parse().unwrap());
        Request { target, purpose, max_bytes: 100, max_redirects: 3, max_age }
    }

    fn response(status: u16, length: usize, at: OffsetDateTime) -> Response {
        Response::new(status, "https://example.org/".parse().unwrap(), vec![b' '; length], at)
    }

    #[test]
    fn gives_what_is_young_enough_for_the_request_and_for_the_server() {
        let table = [
            (60, 60, 59, true),
            (60, 60, 60, false),
            (30, 60, 40, false),
            (60, 30, 40, false),
            (0, 60, 0, false),
            (60, 60, -1, false),
        ];
        for (demanded, allowed, age, expected) in table {
            let request = request("1", Purpose::Issuer, Duration::seconds(demanded));
            let mut cache = Cache::new(8, 1000);
            cache.put(&request, &response(200, 10, NOON), Duration::seconds(allowed));
            let found = cache.get(&request, NOON + Duration::seconds(age)).is_some();
            assert_eq!(found, expected, "{demanded} {allowed} {age}");
        }
    }

    #[test]
    fn gives_only_what_was_asked_for_in_the_same_way() {
        let mut cache = Cache::new(8, 1000);
        let day = Duration::DAY;
        cache.put(&request("1", Purpose::Issuer, day), &response(200, 50, NOON), day);
        assert!(cache.get(&request("1", Purpose::BadgeClass, day), NOON).is_some());
        assert!(cache.get(&request("2", Purpose::Issuer, day), NOON).is_none());
        assert!(cache.get(&request("1", Purpose::Key, day), NOON).is_none(), "another Accept header");
        let small = Request { max_bytes: 49, ..request("1", Purpose::Issuer, day) };
        assert!(cache.get(&small, NOON).is_none());
    }

    #[test]
    fn keeps_no_failures_and_nothing_that_must_not_be_kept() {
        let request = request("1", Purpose::Issuer, Duration::DAY);
        let mut cache = Cache::new(8, 1000);
        let (none, some) = (Duration::ZERO, Duration::DAY);
        for (status, lifetime) in [(206, some), (404, some), (410, some), (200, none), (200, -some)] {
            cache.put(&request, &response(status, 10, NOON), lifetime);
            assert!(cache.get(&request, NOON).is_none(), "{status}");
        }
        cache.put(&request, &response(200, 10, NOON), Duration::DAY);
        cache.put(&request, &response(410, 10, NOON), Duration::DAY);
        assert!(cache.get(&request, NOON).is_none(), "a newer answer takes the place of an older one");
    }

    #[test]
    fn lets_the_oldest_go_first() {
        let mut cache = Cache::new(3, 100);
        let has = |cache: &Cache| -> Vec<bool> {
            let is_there = |path| cache.get(&request(path, Purpose::Issuer, Duration::DAY), NOON).is_some();
            ["1", "2", "3", "4"].into_iter().map(is_there).collect()
        };
        for (path, length, age) in [("1", 10, 3), ("2", 20, 9), ("3", 30, 6), ("4", 10, 0)] {
            let request = request(path, Purpose::Issuer, Duration::DAY);
            cache.put(&request, &response(200, length, NOON - Duration::seconds(age)), Duration::DAY);
        }
        assert_eq!(has(&cache), [true, false, true, true], "one too many");
        cache.put(&request("4", Purpose::Issuer, Duration::DAY), &response(200, 65, NOON), Duration::DAY);
        assert_eq!(has(&cache), [true, false, false, true], "five bytes too many");
        assert_eq!(cache.bytes, 75);
        cache.put(&request("4", Purpose::Issuer, Duration::DAY), &response(200, 101, NOON), Duration::DAY);
        assert_eq!(has(&cache), [true, false, false, false], "larger than the whole cache");
    }
}
