//! Tells whether a badge was awarded to somebody whom the host knows.
//!
//! In: a badge, and the identities that the host knows of one person. Out: a [`RecipientMatch`], which names the
//! identities that agree by their index only, so that no known identity gets into a report. Whether the badge is
//! genuine is another question; see `verify`.
//!
//! Open Badges 2.0 "IdentityObject" and "IdentityHash"; Open Badges 3.0 "Verify Recipient". A hashed identity is
//! `algorithm$digest` over the identity with the salt appended, in UTF-8. Nothing separates the two, so whoever
//! chooses the salt chooses which other identities have the same hash: the result is worth as much as the badge is
//! authentic. Hashes stand in public documents; nothing here is secret, or takes care to take constant time.

mod account;
mod hash;
mod spelling;

use serde::Serialize;

pub use self::account::Account;
pub use self::hash::HashAlgorithm;
use self::spelling::{email_cases, lower_host};
use crate::badge::{Badge, Form, Identity, IdentityKind, Version};
use crate::id::mailto_address;
use crate::limits::{Limit, LimitExceeded, Limits};

/// One thing that the host knows of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownIdentity {
    kind: IdentityKind,
    value: String,
    confirmation: Confirmation,
}

impl KnownIdentity {
    /// An identity of some kind, in plain text. White space around it, as forms collect it, is no part of it.
    pub fn new(kind: impl Into<IdentityKind>, value: impl Into<String>, confirmation: Confirmation) -> Self {
        Self { kind: kind.into(), value: value.into().trim().to_owned(), confirmation }
    }

    /// What kind of identity it is.
    pub fn kind(&self) -> &IdentityKind {
        &self.kind
    }

    /// The identity itself, as the host gave it, without white space around it.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Whether the host has made sure of it.
    pub fn confirmation(&self) -> Confirmation {
        self.confirmation
    }
}

/// Whether the host has made sure that an identity is the person's, as by a message to the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)] // it has or has not
pub enum Confirmation {
    /// The host has made sure.
    Confirmed,
    /// The person says so. Such an identity never makes a match.
    Unconfirmed,
}

/// Whether a badge was awarded to the person whom the host knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RecipientMatch {
    /// A confirmed identity is one of the badge's.
    Match(Matched),
    /// Identities could be compared, and none agreed.
    Mismatch {
        /// An unconfirmed identity that would have matched.
        #[serde(skip_serializing_if = "Option::is_none")]
        unconfirmed: Option<Matched>,
    },
    /// Nothing could be compared.
    NotChecked {
        /// Why not.
        reason: NotChecked,
        /// An unconfirmed identity that would have matched.
        #[serde(skip_serializing_if = "Option::is_none")]
        unconfirmed: Option<Matched>,
    },
}

impl RecipientMatch {
    /// The outcome's stable name: `match`, `mismatch` or `not-checked`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Match(_) => "match",
            Self::Mismatch { .. } => "mismatch",
            Self::NotChecked { .. } => "not-checked",
        }
    }
}

/// Why a recipient was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotChecked {
    /// The badge names nobody by an identity of a kind, and in a form, that could be compared with a known one.
    NothingComparable,
    /// The host knows nothing confirmed.
    NothingKnown,
    /// There are too many identities, or the salts are too long.
    TooMuch,
}

/// Which identities agree, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Matched {
    /// The index of the known identity.
    pub known: usize,
    /// The index of the badge's identity, as in [`Badge::identities`].
    pub identity: usize,
    /// The algorithm, if the badge's identity is hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<HashAlgorithm>,
    /// Whether the known identity had to be spelt otherwise.
    pub spelling: Spelling,
}

impl Matched {
    /// Says whether the match rests on a hash for which others may have found a second identity.
    pub fn is_weak(&self) -> bool {
        matches!(self.hash, Some(HashAlgorithm::Md5 | HashAlgorithm::Sha1))
    }
}

/// How the known identity had to be spelt to agree. The better one comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums)] // another spelling is one or is not
pub enum Spelling {
    /// As the host gave it.
    Exact,
    /// With other letters in capitals: an e-mail address, or the host in a web address.
    CaseVariant,
}

/// Compares each identity of a badge with each that the host knows.
///
/// One that agrees suffices. An exact match is preferred; otherwise the first one in the host's order counts.
///
/// ```
/// use openbadges::badge::Badge;
/// use openbadges::limits::Limits;
/// use openbadges::recipient::{Confirmation, KnownIdentity, match_recipient};
///
/// let badge = Badge::read_json(serde_json::json!({
///     "@context": "https://w3id.org/openbadges/v2",
///     "type": "Assertion",
///     "id": "https://example.org/assertions/1",
///     "recipient": {"type": "email", "hashed": false, "identity": "ada@example.org"},
///     "badge": "https://example.org/badges/1",
///     "verification": {"type": "HostedBadge"},
///     "issuedOn": "2020-01-02T03:04:05Z",
/// }))?;
/// let known = KnownIdentity::new("email", "ada@example.org", Confirmation::Confirmed);
/// let result = match_recipient(&badge.value.expect("all is there"), &[known], &Limits::default());
/// assert_eq!(result.as_str(), "match");
/// # Ok::<(), openbadges::badge::ReadError>(())
/// ```
pub fn match_recipient(badge: &Badge, known: &[KnownIdentity], limits: &Limits) -> RecipientMatch {
    match_identities(badge.version(), &badge.identities(), known, limits)
}

fn match_identities(
    version: Version,
    identities: &[Identity<'_>],
    known: &[KnownIdentity],
    limits: &Limits,
) -> RecipientMatch {
    let candidates = match candidates(version, identities, limits) {
        Ok(candidates) if limits.check(Limit::Identities, known.len()).is_ok() => candidates,
        _ => return RecipientMatch::NotChecked { reason: NotChecked::TooMuch, unconfirmed: None },
    };
    let compared = |confirmation| compare(&candidates, known, confirmation);
    let (confirmed, unconfirmed) = (compared(Confirmation::Confirmed), compared(Confirmation::Unconfirmed));
    if let Some(matched) = confirmed.best {
        return RecipientMatch::Match(matched);
    }
    let unconfirmed = unconfirmed.best;
    if confirmed.could_compare {
        return RecipientMatch::Mismatch { unconfirmed };
    }
    let knows_nothing = known.iter().all(|known| known.confirmation == Confirmation::Unconfirmed);
    let reason = if knows_nothing { NotChecked::NothingKnown } else { NotChecked::NothingComparable };
    RecipientMatch::NotChecked { reason, unconfirmed }
}

/// An identity of the badge that others can be compared with.
struct Candidate<'b> {
    index: usize,
    kind: &'b IdentityKind,
    target: Target<'b>,
    /// The e-mail address that an id stands for.
    address: Option<String>,
}

/// What a known identity has to be, or to hash to.
#[derive(Clone, Copy)]
enum Target<'b> {
    Hash { algorithm: HashAlgorithm, digest: &'b str, salt: &'b str },
    Text(&'b str),
}

/// The identities of the badge that can be compared at all; a hash that is not well formed cannot.
fn candidates<'b>(
    version: Version,
    identities: &'b [Identity<'b>],
    limits: &Limits,
) -> Result<Vec<Candidate<'b>>, LimitExceeded> {
    limits.check(Limit::Identities, identities.len())?;
    let mut candidates = Vec::new();
    for (index, Identity { kind, value, form }) in identities.iter().enumerate() {
        let target = match form {
            Form::Plain => Some(Target::Text(value)),
            Form::Hashed { salt } => {
                let salt = salt.unwrap_or_default();
                limits.check(Limit::SaltBytes, salt.len())?;
                value.split_once('$').and_then(|(name, digest)| {
                    let algorithm = hash::algorithm(version, name)?;
                    Some(Target::Hash { algorithm, digest, salt })
                })
            }
        };
        let address = if *kind == IdentityKind::Id { mailto_address(value) } else { None };
        candidates.extend(target.map(|target| Candidate { index, kind, target, address }));
    }
    Ok(candidates)
}

/// What came of comparing.
struct Compared {
    could_compare: bool,
    best: Option<Matched>,
}

/// Compares what is known, as far as it is confirmed or not, with each candidate of its kind.
fn compare(candidates: &[Candidate<'_>], known: &[KnownIdentity], confirmation: Confirmation) -> Compared {
    let mut compared = Compared { could_compare: false, best: None };
    for (index, known) in known.iter().enumerate().filter(|(_, known)| known.confirmation == confirmation) {
        for candidate in candidates {
            let Some(target) = comparable(known, candidate) else { continue };
            compared.could_compare = true;
            let Some(spelling) = agrees(known, target) else { continue };
            let hash = match target {
                Target::Hash { algorithm, .. } => Some(algorithm),
                Target::Text(_) => None,
            };
            let matched = Matched { known: index, identity: candidate.index, hash, spelling };
            if compared.best.is_none_or(|best| spelling < best.spelling) {
                compared.best = Some(matched);
            }
        }
    }
    compared
}

/// What a known identity is compared with, if its kind fits that of the candidate.
///
/// An id in plain text says by its scheme what else it is: `mailto:` an e-mail address, `http` a web address.
fn comparable<'c>(known: &KnownIdentity, candidate: &'c Candidate<'_>) -> Option<Target<'c>> {
    match (&known.kind, candidate.kind, &candidate.target) {
        (IdentityKind::Email, IdentityKind::Id, Target::Text(id)) => {
            let (scheme, rest) = id.split_once(':')?;
            let address = candidate.address.as_deref().unwrap_or(rest);
            scheme.eq_ignore_ascii_case("mailto").then_some(Target::Text(address))
        }
        (IdentityKind::Url, IdentityKind::Id, Target::Text(id)) => {
            let (scheme, _) = id.split_once("://")?;
            let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
            is_web.then_some(Target::Text(id))
        }
        (known, kind, target) => (known == kind).then_some(*target),
    }
}

/// Says whether a known identity is, or hashes to, what the badge names, and in which spelling.
fn agrees(known: &KnownIdentity, target: Target<'_>) -> Option<Spelling> {
    let is_target = |spelt: &str| match target {
        Target::Hash { algorithm, digest, salt } => {
            hash::digest(algorithm, spelt, salt).eq_ignore_ascii_case(digest)
        }
        Target::Text(text) => spelt == text,
    };
    if is_target(&known.value) {
        return Some(Spelling::Exact);
    }
    let agrees = match (&known.kind, target) {
        (IdentityKind::Email, Target::Text(text)) => known.value.eq_ignore_ascii_case(text),
        (IdentityKind::Email, Target::Hash { .. }) => {
            email_cases(&known.value).any(|spelt| is_target(&spelt))
        }
        (IdentityKind::Url, Target::Text(text)) => lower_host(&known.value) == lower_host(text),
        (IdentityKind::Url, Target::Hash { .. }) => is_target(&lower_host(&known.value)),
        (IdentityKind::Id | IdentityKind::Other(_) | IdentityKind::Telephone, _) => false,
    };
    agrees.then_some(Spelling::CaseVariant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipient::hash::digest;

    const CONFIRMED: Confirmation = Confirmation::Confirmed;

    fn plain<'b>(kind: &str, value: &'b str) -> Identity<'b> {
        Identity { kind: kind.into(), value, form: Form::Plain }
    }

    fn hashed<'b>(kind: &str, value: &'b str, salt: Option<&'b str>) -> Identity<'b> {
        Identity { kind: kind.into(), value, form: Form::Hashed { salt } }
    }

    fn known(kind: &str, value: &str) -> KnownIdentity {
        KnownIdentity::new(kind, value, CONFIRMED)
    }

    fn matching(identities: &[Identity<'_>], known: &[KnownIdentity]) -> RecipientMatch {
        match_identities(Version::V3_0, identities, known, &Limits::default())
    }

    fn matched(identity: Identity<'_>, known: KnownIdentity) -> Option<Matched> {
        match matching(&[identity], &[known]) {
            RecipientMatch::Match(matched) => Some(matched),
            _ => None,
        }
    }

    /// The example of Open Badges 3.0 "IdentityHash": `a@example.com` with the salt `Kosher`.
    const EXAMPLE: &str = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399";

    #[test]
    fn the_example_of_the_specification_matches() {
        let by_example = hashed("emailAddress", EXAMPLE, Some("Kosher"));
        let found = matched(by_example.clone(), known("email", "a@example.com")).unwrap();
        assert_eq!((found.hash, found.spelling), (Some(HashAlgorithm::Sha256), Spelling::Exact));
        assert!(!found.is_weak());
        assert_eq!(matched(by_example, known("email", "b@example.com")), None);
    }

    #[test]
    fn of_several_that_match_alike_the_first_is_told() {
        let badge = [plain("email", "ada@example.org"), plain("email", "ada@example.org")];
        let person = [known("email", "ada@example.org"), known("email", "ada@example.org")];
        let RecipientMatch::Match(found) = matching(&badge, &person) else { panic!("no match") };
        assert_eq!((found.identity, found.known), (0, 0));
    }

    #[test]
    fn the_salt_is_part_of_the_hash_and_nothing_separates_it() {
        for salt in [None, Some(""), Some("kosher"), Some("osher")] {
            let identity = hashed("email", EXAMPLE, salt);
            assert_eq!(matched(identity, known("email", "a@example.com")), None, "{salt:?}");
        }
        let moved = hashed("other", EXAMPLE, Some("osher"));
        assert!(matched(moved, known("other", "a@example.comK")).is_some());
    }

    #[test]
    fn a_hash_is_read_strictly() {
        let digest = EXAMPLE.split_once('$').unwrap().1;
        let upper = digest.to_ascii_uppercase();
        let find = |value: &str| {
            matching(&[hashed("email", value, Some("Kosher"))], &[known("email", "a@example.com")])
        };
        for good in [format!("sha256${upper}"), format!("SHA256${digest}")] {
            assert_eq!(find(&good).as_str(), "match", "{good}");
        }
        for (bad, outcome) in [
            (digest.to_owned(), "not-checked"),
            (format!("sha1${digest}"), "not-checked"),
            (format!("sha512${digest}"), "not-checked"),
            (format!(" sha256${digest}"), "not-checked"),
            ("$".to_owned(), "not-checked"),
            ("a@example.com".to_owned(), "not-checked"),
            (format!("sha256$${digest}"), "mismatch"),
            (format!("sha256${digest}$"), "mismatch"),
            (format!("sha256${}", digest.trim_end_matches("9")), "mismatch"),
            (format!("md5${digest}"), "mismatch"),
            ("sha256$".to_owned(), "mismatch"),
        ] {
            assert_eq!(find(&bad).as_str(), outcome, "{bad}");
        }
    }

    #[test]
    fn a_hash_is_never_compared_as_text() {
        assert_eq!(matched(hashed("email", EXAMPLE, Some("Kosher")), known("email", EXAMPLE)), None);
    }

    /// Digests of `abc`, from the algorithms' own test vectors.
    const ABC: &[(&str, HashAlgorithm, bool)] = &[
        ("md5$900150983cd24fb0d6963f7d28e17f72", HashAlgorithm::Md5, false),
        ("sha1$a9993e364706816aba3e25717850c26c9cd0d89d", HashAlgorithm::Sha1, true),
        (
            "sha256$ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            HashAlgorithm::Sha256,
            false,
        ),
        (
            "sha512$ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            HashAlgorithm::Sha512,
            true,
        ),
    ];

    #[test]
    fn sha_1_and_sha_512_are_for_old_versions_only() {
        for (value, algorithm, legacy_only) in ABC {
            for version in [Version::V0_5, Version::V1_0, Version::V1_1, Version::V2_0, Version::V3_0] {
                let identities = [hashed("x", value, Some("c"))];
                let found = match_identities(version, &identities, &[known("x", "ab")], &Limits::default());
                let expected = version < Version::V2_0 || !legacy_only;
                assert_eq!(found.as_str() == "match", expected, "{version} {value}");
                if let RecipientMatch::Match(matched) = found {
                    assert_eq!(matched.hash, Some(*algorithm));
                    assert_eq!(
                        matched.is_weak(),
                        matches!(algorithm, HashAlgorithm::Md5 | HashAlgorithm::Sha1)
                    );
                }
            }
        }
    }

    #[test]
    fn an_address_is_hashed_in_each_spelling_that_issuers_used() {
        for spelt in [
            "ada.lovelace@example.org",
            "ADA.LOVELACE@EXAMPLE.ORG",
            "Ada.lovelace@example.org",
            "Ada.Lovelace@Example.Org",
            "ADA.LOVELACE@example.org",
        ] {
            let value = format!("sha256${}", digest(HashAlgorithm::Sha256, spelt, "salt"));
            let found =
                matched(hashed("email", &value, Some("salt")), known("email", "aDa.Lovelace@example.ORG"));
            assert_eq!(found.unwrap().spelling, Spelling::CaseVariant, "{spelt}");
            let found = matched(hashed("x", &value, Some("salt")), known("x", "aDa.Lovelace@example.ORG"));
            assert_eq!(found, None, "only addresses have spellings");
        }
        let value = format!("md5${}", digest(HashAlgorithm::Md5, "adA@example.org", ""));
        assert_eq!(matched(hashed("email", &value, None), known("email", "ada@example.org")), None);
    }

    #[test]
    fn identities_in_plain_text_are_compared_by_their_kind() {
        #[rustfmt::skip]
        let table = [
            ("email", "ada@example.org", "email", "ada@example.org", Some(Spelling::Exact)),
            ("emailAddress", "ADA@Example.org", "email", "ada@example.org", Some(Spelling::CaseVariant)),
            ("email", "ada+x@example.org", "email", "ada@example.org", None),
            ("email", "\u{430}da@example.org", "email", "ada@example.org", None),
            ("email", "\u{e9}@example.org", "email", "e\u{301}@example.org", None),
            ("email", "ada@example.org.", "email", "ada@example.org", None),
            ("email", " ada@example.org", "email", "ada@example.org", None),
            ("email", "ada@example.org", "url", "ada@example.org", None),
            ("url", "https://Example.org/Ada", "url", "https://example.ORG/Ada", Some(Spelling::CaseVariant)),
            ("url", "https://example.org/ada", "url", "https://example.org/Ada", None),
            ("url", "https://Ada@example.org", "url", "https://ada@example.org", None),
            ("telephone", "+18006662344", "telephone", "+18006662344", Some(Spelling::Exact)),
            ("id", "did:example:1", "id", "did:example:1", Some(Spelling::Exact)),
            ("id", "did:example:A", "id", "did:example:a", None),
            ("id", "mailto:ada@example.org", "email", "ada@example.org", Some(Spelling::Exact)),
            ("id", "MAILTO:ada@Example.org", "email", "ada@example.org", Some(Spelling::CaseVariant)),
            ("id", "mailto:ada%2Bx@example.org?subject=x", "email", "ada+x@example.org", Some(Spelling::Exact)),
            ("id", "mailto:ada@example.org,bob@example.org", "email", "ada@example.org", None),
            ("id", "mailto:ada@example.org", "id", "mailto:ada@example.org", Some(Spelling::Exact)),
            ("id", "https://Example.org/ada", "url", "https://example.org/ada", Some(Spelling::CaseVariant)),
            ("id", "ada@example.org", "email", "ada@example.org", None),
            ("studentId", "17", "studentId", "17", Some(Spelling::Exact)),
            ("studentId", "17", "accountId", "17", None),
        ];
        for (kind, value, known_kind, known_value, expected) in table {
            let found = matched(plain(kind, value), known(known_kind, known_value));
            assert_eq!(
                found.map(|found| found.spelling),
                expected,
                "{kind} {value} {known_kind} {known_value}"
            );
        }
    }

    #[test]
    fn one_of_many_suffices_and_an_exact_one_is_preferred() {
        let identities =
            [plain("id", "did:example:1"), plain("email", "ADA@x.org"), plain("email", "bob@x.org")];
        let host = [known("telephone", "+1"), known("email", "ada@x.org"), known("email", "bob@x.org")];
        let RecipientMatch::Match(found) = matching(&identities, &host) else { panic!() };
        assert_eq!((found.known, found.identity, found.spelling), (2, 2, Spelling::Exact));
        let RecipientMatch::Match(found) = matching(&identities, &host[..2]) else { panic!() };
        assert_eq!((found.known, found.identity, found.spelling), (1, 1, Spelling::CaseVariant));
    }

    #[test]
    fn white_space_around_what_the_host_knows_is_no_part_of_it() {
        let spaced = known("email", "\u{a0} ada@example.org\r\n");
        assert_eq!(spaced.value(), "ada@example.org");
        let found = matched(plain("email", "ada@example.org"), spaced.clone()).unwrap();
        assert_eq!(found.spelling, Spelling::Exact);
        let value = format!("sha256${}", digest(HashAlgorithm::Sha256, "ada@example.org", "salt"));
        assert!(matched(hashed("email", &value, Some("salt")), spaced.clone()).is_some());
        assert_eq!(
            matched(plain("email", " ada@example.org"), spaced),
            None,
            "what the badge states is as it is"
        );
    }

    #[test]
    fn an_address_of_several_people_is_a_mismatch() {
        let several = [plain("id", "mailto:ada@example.org,bob@example.org")];
        assert_eq!(matching(&several, &[known("email", "ada@example.org")]).as_str(), "mismatch");
    }

    #[test]
    fn nothing_comparable_is_no_mismatch() {
        let email = [plain("email", "ada@x.org")];
        let outcome = |identities: &[Identity<'_>], known: &[KnownIdentity]| match matching(identities, known)
        {
            RecipientMatch::NotChecked { reason, unconfirmed: None } => Some(reason),
            _ => None,
        };
        assert_eq!(outcome(&email, &[]), Some(NotChecked::NothingKnown));
        assert_eq!(outcome(&email, &[known("telephone", "+1")]), Some(NotChecked::NothingComparable));
        assert_eq!(outcome(&[], &[known("email", "ada@x.org")]), Some(NotChecked::NothingComparable));
        assert_eq!(matching(&email, &[known("email", "bob@x.org")]).as_str(), "mismatch");
    }

    #[test]
    fn an_unconfirmed_address_never_matches_but_is_told() {
        let email = [plain("email", "ada@x.org")];
        let unconfirmed = KnownIdentity::new("email", "ada@x.org", Confirmation::Unconfirmed);
        let only = matching(&email, std::slice::from_ref(&unconfirmed));
        let RecipientMatch::NotChecked { reason, unconfirmed: Some(found) } = only else {
            panic!("{only:?}")
        };
        assert_eq!((reason, found.known), (NotChecked::NothingKnown, 0));
        let both = matching(&email, &[known("email", "bob@x.org"), unconfirmed]);
        let RecipientMatch::Mismatch { unconfirmed: Some(found) } = both else { panic!("{both:?}") };
        assert_eq!(found.known, 1);
    }

    #[test]
    fn stops_at_each_bound() {
        let too_much = |found: RecipientMatch| {
            matches!(found, RecipientMatch::NotChecked { reason: NotChecked::TooMuch, unconfirmed: None })
        };
        let ada = || known("email", "ada@x.org");
        let identities = vec![plain("email", "ada@x.org"); 65];
        assert!(too_much(matching(&identities, &[ada()])));
        assert_eq!(matching(&identities[..64], &vec![ada(); 64]).as_str(), "match");
        assert!(too_much(matching(&identities[..1], &vec![ada(); 65])));
        let salt = "x".repeat(1025);
        assert!(too_much(matching(&[hashed("email", EXAMPLE, Some(&salt))], &[ada()])));
    }

    #[test]
    fn no_identity_gets_into_the_result() {
        let found = matching(&[plain("email", "ada@x.org")], &[known("email", "ada@x.org")]);
        let text = serde_json::to_string(&found).unwrap();
        assert_eq!(text, r#"{"outcome":"match","known":0,"identity":0,"spelling":"exact"}"#);
        let found = matching(&[], &[]);
        let text = serde_json::to_string(&found).unwrap();
        assert_eq!(text, r#"{"outcome":"not-checked","reason":"nothing-known"}"#);
    }
}
