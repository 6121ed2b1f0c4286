//! The targets for what stands in single members: identifiers, keys, instants.

use std::net::IpAddr;

use openbadges::badge::ob2::Assertion;
use openbadges::badge::ob3::Envelope;
use openbadges::id::{Did, Iri};
use openbadges::import::Timestamp;
use openbadges::limits::{Limit, Limits};
use openbadges::proof::{KeyDocument, PublicKey, did};
use openbadges::resource::{NetworkPolicy, Target};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::{Host, Url};

use super::is_fit_for_people;

/// A DID leads to its own key or document, and a key is the same however often it is read.
pub fn did_and_keys(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let limits = Limits::default();
    match did::resolve(text, &limits) {
        Ok(method) => {
            let name = text.split('#').next().expect("a first part");
            assert_eq!(method.controller(), Some(name));
            assert!(method.key().is_ok());
        }
        Err(error) => assert!(is_fit_for_people(&error.to_string())),
    }
    if let Ok(did) = text.parse::<Did>() {
        assert_eq!(did.to_string(), text);
        assert_eq!(Target::try_from(text.to_owned()), Ok(Target::Did(did.clone())));
        if let Ok(url) = did::web_url(&did) {
            assert_eq!(url.scheme(), "https");
            assert!(matches!(url.host(), Some(Host::Domain(_))), "{url}");
            assert!(url.path().ends_with("/did.json") && !url.path().contains("/../"), "{url}");
            assert!(url.username().is_empty() && url.password().is_none() && url.query().is_none(), "{url}");
            assert_eq!(url.as_str().parse(), Ok(url.clone()));
        }
    }
    for read in [PublicKey::from_multikey, PublicKey::from_pem, PublicKey::from_base58_ed25519] {
        match read(text) {
            Ok(key) => {
                assert_eq!(read(text).as_ref(), Ok(&key));
                assert!(key.bits() > 0);
            }
            Err(error) => assert!(is_fit_for_people(&error.to_string())),
        }
    }
    let Ok(document) = serde_json::from_str::<Value>(text) else { return };
    if let Some(Err(error)) = document.as_object().map(PublicKey::from_jwk) {
        assert!(is_fit_for_people(&error.to_string()));
    }
    match KeyDocument::read(&document, "https://school.example/issuer", &limits) {
        Ok(keys) => {
            // Those under `assertionMethod` may come on top.
            let most = usize::try_from(2 * limits.get(Limit::VerificationMethods)).expect("a small number");
            assert!(keys.methods().len() <= most);
            for id in keys.methods().iter().filter_map(|method| method.id()) {
                // Two methods of one name are none.
                let found = keys.method(id).map(|method| method.id());
                assert!(found.is_err() || found == Ok(Some(id)), "{id}");
            }
        }
        Err(error) => assert!(is_fit_for_people(&error.to_string())),
    }
}

/// A URL that may be asked for leads to nowhere that is not public.
pub fn url_policy(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(iri) = text.parse::<Iri>() {
        assert_eq!(iri.as_str(), text);
        iri.web_url().as_ref().inspect(|url| permitted(url));
    }
    if let Ok(url) = text.parse::<Url>() {
        permitted(&url);
    }
    if let Ok(Target::Url(url)) = Target::try_from(text.to_owned()) {
        permitted(&url);
        assert_eq!(url.fragment(), None);
    }
}

fn permitted(url: &Url) {
    if NetworkPolicy::default().permits_url(url).is_err() {
        return;
    }
    assert_eq!(
        (url.scheme(), url.port(), url.username(), url.password()),
        ("https", None, "", None),
        "{url}"
    );
    let host = url.host_str().expect("a host").trim_end_matches('.');
    assert!(host.contains('.') && host.parse::<IpAddr>().is_err() && !host.ends_with("localhost"), "{url}");
    assert_eq!(url.as_str().parse().as_ref(), Ok(url));
}

/// An instant is the one that RFC 3339 means by the same text, and is refused where that has none to mean.
pub fn timestamps(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        assert_eq!(timestamp.to_string(), text);
        assert_eq!(Timestamp::from(timestamp.instant()), timestamp);
    }
    let credential = json!({"type": ["VerifiableCredential"], "validFrom": text});
    let ours = Envelope::of(&credential).and_then(|envelope| envelope.valid_from());
    let theirs = OffsetDateTime::parse(text, &Rfc3339).ok();
    // The end of a day is midnight of the next one, which RFC 3339 does not know.
    if ours.is_some() && !text.contains("T24:00:00") {
        assert_eq!(ours, theirs, "{text}");
    }
    // In capitals, without leap seconds, and no further from Greenwich than any place: that both know.
    let is_common = text.get(10..11) == Some("T") && !text.contains('z') && text.get(17..19) != Some("60");
    let is_near = |instant: OffsetDateTime| instant.offset().whole_minutes().abs() <= 14 * 60;
    if is_common && theirs.is_some_and(is_near) {
        assert_eq!(ours, theirs, "{text}");
    }
    // Open Badges 2.0 has more forms, and means the same by this one.
    if ours.is_some() {
        let assertion = json!({
            "@context": "https://w3id.org/openbadges/v2",
            "type": "Assertion",
            "id": "https://school.example/assertions/1",
            "recipient": {"type": "email", "hashed": false, "identity": "grace@example.com"},
            "badge": "https://school.example/class",
            "verification": {"type": "hosted"},
            "issuedOn": text,
        });
        assert_eq!(Assertion::read(&assertion).value.map(|assertion| assertion.issued_on), ours, "{text}");
    }
}
