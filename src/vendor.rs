//! Platforms that are known to issue credentials outside the Open Badges standard.
//!
//! In: a URL, or a JSON document that is no badge. Out: the [`Vendor`] whose host a URL in it names. This explains to
//! people why a file is no badge; it decides nothing.

use serde_json::Value;
use url::Url;

/// A platform that is known to issue credentials outside the standard, and the host by which it was told.
///
/// Displays as a sentence for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vendor {
    name: &'static str,
    host: &'static str,
}

impl Vendor {
    /// What the platform is called.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The host that was named in the input.
    pub const fn host(self) -> &'static str {
        self.host
    }
}

impl std::fmt::Display for Vendor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, host } = self;
        write!(f, "it names {host}: {name} is known to issue credentials outside the Open Badges standard")
    }
}

/// The hosts, each exactly as it stands.
const HOSTS: &[(&str, &str)] = &[
    ("catalog-education.oracle.com", "Oracle"),
    ("learn.microsoft.com", "Microsoft Learn"),
    ("mylearn.oracle.com", "Oracle"),
    ("trailblazer.me", "Salesforce Trailhead"),
    ("trailhead.salesforce.com", "Salesforce Trailhead"),
];

/// The vendor whose host a URL names.
pub(crate) fn of_url(url: &Url) -> Option<Vendor> {
    let named = url.host_str()?;
    HOSTS.iter().find(|(host, _)| *host == named).map(|&(host, name)| Vendor { name, host })
}

/// The vendor of the first web address in a document that names one.
pub(crate) fn of_document(json: &Value) -> Option<Vendor> {
    // Never deeper or larger than what `json` reads.
    let mut open = vec![json];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(elements) => open.extend(elements.iter().rev()),
            Value::Object(members) => open.extend(members.values().rev()),
            Value::String(text) => {
                let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
                if let Some(vendor) = url.as_ref().and_then(of_url) {
                    return Some(vendor);
                }
            }
            Value::Bool(_) | Value::Null | Value::Number(_) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_vendor_is_told_by_the_host_of_a_url_and_by_nothing_else() {
        let table = [
            ("https://learn.microsoft.com/en-us/users/ada/credentials/1", Some("Microsoft Learn")),
            ("https://LEARN.microsoft.com:443/", Some("Microsoft Learn")),
            ("https://catalog-education.oracle.com/ords/certview/sharebadge?id=1", Some("Oracle")),
            ("https://trailhead.salesforce.com/en/credentials/1", Some("Salesforce Trailhead")),
            ("https://learn.microsoft.com.evil.example/", None),
            ("https://microsoft.com/", None),
            ("https://example.org/?from=https://learn.microsoft.com/", None),
            ("learn.microsoft.com", None),
            ("mailto:ada@learn.microsoft.com", None),
            ("Microsoft", None),
        ];
        for (text, expected) in table {
            let document = json!({"credentials": [{"title": "Ada", "url": text}]});
            assert_eq!(of_document(&document).map(Vendor::name), expected, "{text}");
        }
    }

    #[test]
    fn the_first_vendor_in_a_document_is_named() {
        let document = json!(["https://mylearn.oracle.com/1", "https://learn.microsoft.com/"]);
        assert_eq!(
            of_document(&document).unwrap().to_string(),
            "it names mylearn.oracle.com: Oracle is known to issue credentials outside the Open Badges standard"
        );
    }
}
