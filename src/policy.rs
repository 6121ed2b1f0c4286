//! What a host demands of a badge: [`Policy`].
//!
//! The default is strict. What can be set by ordinary methods narrows it, or says how to treat what cannot be known;
//! what would let a bad badge pass stands behind [`Policy::dangerous`] and is named in every report it had a part in.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::Duration;

use crate::id::{Digest, IdError, Iri};
use crate::json::{self, JsonError};
use crate::limits::Limits;
use crate::proof::Algorithm;
use crate::quote::quote;
use crate::resource::{NetworkPolicy, Purpose};

/// The rules of one host, shared by all its verifications.
///
/// ```
/// use openbadges::policy::{Policy, TrustedIssuers};
///
/// let ours = "https://example.org/issuer".parse()?;
/// let policy = Policy::strict().with_trusted_issuers(TrustedIssuers::Only([ours].into()));
/// assert_ne!(policy.digest(), Policy::strict().digest());
/// # Ok::<(), openbadges::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
#[must_use]
pub struct Policy {
    trusted_issuers: TrustedIssuers,
    algorithms: AlgorithmSet,
    clock_skew_seconds: u32,
    unknown_revocation: UnknownRevocation,
    freshness_seconds: BTreeMap<Purpose, u32>,
    endorsements: Endorsements,
    refresh: Refresh,
    limits: Limits,
    network: NetworkPolicy,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof_domain: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof_challenge: Option<String>,
    #[serde(skip_serializing_if = "Trace::is_off")]
    trace: Trace,
}

impl Policy {
    /// The strict policy, which is the default:
    ///
    /// - any issuer, as long as the badge is bound to it;
    /// - every algorithm of [`Algorithm`];
    /// - a clock skew of 60 seconds;
    /// - a badge whose revocation state cannot be learnt is unverified;
    /// - cached assertions, revocation and status lists may be an hour old, other documents a day;
    /// - endorsements are listed and not verified; a newer version is not looked for;
    /// - the bounds of [`Limits::default`], and the network of [`NetworkPolicy::default`].
    pub fn strict() -> Self {
        Self {
            trusted_issuers: TrustedIssuers::Any,
            algorithms: AlgorithmSet::default(),
            clock_skew_seconds: 60,
            unknown_revocation: UnknownRevocation::Deny,
            freshness_seconds: BTreeMap::new(),
            endorsements: Endorsements::Ignore,
            refresh: Refresh::Never,
            limits: Limits::default(),
            network: NetworkPolicy::default(),
            proof_domain: None,
            proof_challenge: None,
            trace: Trace::Off,
        }
    }

    /// Sets whose badges count; those of others are unverified, not invalid.
    pub fn with_trusted_issuers(self, trusted_issuers: TrustedIssuers) -> Self {
        Self { trusted_issuers, ..self }
    }

    /// Narrows the algorithms; a signature by another one is invalid.
    pub fn with_algorithms(self, algorithms: AlgorithmSet) -> Self {
        Self { algorithms, ..self }
    }

    /// Sets how far clocks may differ before a badge counts as not yet valid; at most ten minutes.
    pub fn with_clock_skew(self, skew: Duration) -> Self {
        let seconds = skew.whole_seconds().clamp(0, i64::from(LONGEST_SKEW));
        Self { clock_skew_seconds: u32::try_from(seconds).unwrap_or(LONGEST_SKEW), ..self }
    }

    /// Sets what an unknown revocation state means.
    pub fn with_unknown_revocation(self, unknown_revocation: UnknownRevocation) -> Self {
        Self { unknown_revocation, ..self }
    }

    /// Sets how old a document of one purpose may be when the badge is judged.
    pub fn with_freshness(mut self, purpose: Purpose, max_age: Duration) -> Self {
        let seconds = max_age.whole_seconds().clamp(0, i64::from(u32::MAX));
        self.freshness_seconds.insert(purpose, u32::try_from(seconds).unwrap_or(u32::MAX));
        self
    }

    /// Sets whether endorsements are verified.
    pub fn with_endorsements(self, endorsements: Endorsements) -> Self {
        Self { endorsements, ..self }
    }

    /// Sets whether a newer version of the badge is asked for.
    pub fn with_refresh(self, refresh: Refresh) -> Self {
        Self { refresh, ..self }
    }

    /// Demands that what is shown to the host was made for this domain (Verifiable Credential Data Integrity 1.0 section
    /// 4.4); by default it may be for any.
    ///
    /// It is demanded of the Data Integrity proofs of the outermost document: of the presentation or record that badges
    /// came in, or of a badge that came in none. The badges inside of a wrapper, endorsements, status lists and a newer
    /// version of the badge were made by others and for everybody, and may be for any domain. A JWT has no such member,
    /// and is not asked for one.
    ///
    /// # Security
    /// A wrapper that does not meet it is invalid, and leaves the badges inside as they are: look at the status of each of
    /// [`Report::wrappers`](crate::Report::wrappers).
    pub fn with_proof_domain(self, domain: impl Into<String>) -> Self {
        Self { proof_domain: Some(domain.into()), ..self }
    }

    /// Demands that what is shown to the host answers this challenge (Verifiable Credential Data Integrity 1.0 section
    /// 4.4); by default it may answer any.
    ///
    /// It is demanded of the same document as [`with_proof_domain`](Self::with_proof_domain), whose "Security" applies. A
    /// JWT says in `nonce` what it answers, which [`WrapperReport::challenge`](crate::report::WrapperReport::challenge)
    /// tells.
    pub fn with_proof_challenge(self, challenge: impl Into<String>) -> Self {
        Self { proof_challenge: Some(challenge.into()), ..self }
    }

    /// Sets the bounds.
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Sets whether reports hold the intermediate values of the proofs.
    pub fn with_trace(self, trace: Trace) -> Self {
        Self { trace, ..self }
    }

    /// The settings that can make a bad badge pass, or reach where the network policy would not.
    pub fn dangerous(self) -> Dangerous {
        Dangerous(self)
    }

    /// Whose badges count.
    pub fn trusted_issuers(&self) -> &TrustedIssuers {
        &self.trusted_issuers
    }

    /// Whether an algorithm is allowed.
    pub fn allows(&self, algorithm: Algorithm) -> bool {
        self.algorithms.0.contains(&algorithm)
    }

    /// How far clocks may differ.
    pub fn clock_skew(&self) -> Duration {
        Duration::seconds(i64::from(self.clock_skew_seconds.min(LONGEST_SKEW)))
    }

    /// What an unknown revocation state means.
    pub fn unknown_revocation(&self) -> UnknownRevocation {
        self.unknown_revocation
    }

    /// How old a document of this purpose may be.
    pub fn freshness(&self, purpose: Purpose) -> Duration {
        const HOUR: u32 = 60 * 60;
        let default = match purpose {
            Purpose::Assertion | Purpose::Refresh | Purpose::RevocationList | Purpose::StatusList => HOUR,
            Purpose::BadgeClass
            | Purpose::DidDocument
            | Purpose::Endorsement
            | Purpose::Issuer
            | Purpose::Key
            | Purpose::Schema => 24 * HOUR,
        };
        Duration::seconds(i64::from(self.freshness_seconds.get(&purpose).copied().unwrap_or(default)))
    }

    /// Whether endorsements are verified.
    pub fn endorsements(&self) -> Endorsements {
        self.endorsements
    }

    /// Whether a newer version of the badge is asked for.
    pub fn refresh(&self) -> Refresh {
        self.refresh
    }

    /// The domain that the outermost document must have been made for.
    pub fn proof_domain(&self) -> Option<&str> {
        self.proof_domain.as_deref()
    }

    /// The challenge that the outermost document must answer.
    pub fn proof_challenge(&self) -> Option<&str> {
        self.proof_challenge.as_deref()
    }

    /// The bounds.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Which URLs and addresses may be asked for; hosts call it while they fetch.
    pub fn network(&self) -> &NetworkPolicy {
        &self.network
    }

    /// Whether reports hold the intermediate values of the proofs.
    pub fn trace(&self) -> Trace {
        self.trace
    }

    /// Every dangerous setting in force.
    pub fn relaxations(&self) -> Vec<Relaxation> {
        let network = &self.network;
        [
            (network.http, Relaxation::Http),
            (network.ports, Relaxation::Ports),
            (!network.redirect_origins.is_empty(), Relaxation::RedirectOrigins),
        ]
        .into_iter()
        .filter_map(|(is_set, relaxation)| is_set.then_some(relaxation))
        .collect()
    }

    /// A digest of all settings that a verdict depends on: two reports with the same one were made under the same rules.
    pub fn digest(&self) -> Digest {
        Digest::of(&serde_json::to_vec(&self.clone().with_trace(Trace::Off)).unwrap_or_default())
    }
}

impl Default for Policy {
    /// As [`Policy::strict`].
    fn default() -> Self {
        Self::strict()
    }
}

/// Ten minutes, in seconds.
const LONGEST_SKEW: u32 = 600;

/// Settings that weaken what a verdict means; see [`Policy::dangerous`].
#[derive(Debug)]
#[must_use]
pub struct Dangerous(Policy);

impl Dangerous {
    /// Lets documents be asked for over http, where anybody on the way can change them.
    pub fn allow_http(mut self) -> Policy {
        self.0.network.http = true;
        self.0
    }

    /// Lets documents be asked for on any port.
    pub fn allow_ports(mut self) -> Policy {
        self.0.network.ports = true;
        self.0
    }

    /// Lets whoever runs these origins speak for every issuer whose host redirects there.
    ///
    /// Entries are origins as browsers write them: `https://cdn.example.org`.
    pub fn trust_redirects_to(mut self, origins: impl IntoIterator<Item = String>) -> Policy {
        self.0.network.redirect_origins.extend(origins);
        self.0
    }
}

/// A dangerous setting that was in force; the names appear in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Relaxation {
    /// Documents over http.
    Http,
    /// Documents on any port.
    Ports,
    /// Redirects to listed origins.
    RedirectOrigins,
}

/// Whose badges count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums)] // a set or everybody: there is no third
pub enum TrustedIssuers {
    /// Everybody's.
    Any,
    /// Those of these issuers, by the `id` of their profile.
    Only(BTreeSet<Iri>),
}

impl TrustedIssuers {
    /// The issuers that a registry of issuer identities lists, in the form in which the Digital Credentials Consortium
    /// publishes its own: `{"meta": …, "registry": {DID: {"name": …, "location": …, "url": …}}}`.
    ///
    /// What the registry says of an issuer besides its id is left aside. A badge states its issuer's id as text, so an
    /// issuer that goes by several ids counts only by those that are listed.
    ///
    /// ```
    /// use openbadges::limits::Limits;
    /// use openbadges::policy::{Policy, TrustedIssuers};
    ///
    /// let registry = r#"{"meta": {"updated": "2026-01-01"}, "registry": {
    ///     "did:web:example.org": {"name": "Example University", "location": "Example Town", "url": "https://example.org"}
    /// }}"#;
    /// let issuers = TrustedIssuers::from_registry(registry, &Limits::default())?;
    /// assert_eq!(issuers, TrustedIssuers::Only(["did:web:example.org".parse()?].into()));
    /// let policy = Policy::strict().with_trusted_issuers(issuers);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`RegistryError`] if the text is not such a registry, or larger than the limits of a JSON document. An entry that
    /// is wrong fails the whole: nobody is dropped in silence.
    ///
    /// # Security
    /// Whoever can change the text decides whose badges count. Take it from where only its publisher can write.
    pub fn from_registry(text: &str, limits: &Limits) -> Result<Self, RegistryError> {
        let document = json::parse(text.as_bytes(), limits)?;
        let registry =
            document.get("registry").and_then(Value::as_object).ok_or(RegistryError::NoRegistry)?;
        let issuer = |(id, entry): (&String, &Value)| {
            if entry.is_object() { Ok(id.parse()?) } else { Err(RegistryError::NoEntry { id: id.clone() }) }
        };
        registry.iter().map(issuer).collect::<Result<_, _>>().map(Self::Only)
    }
}

/// Why a text is no registry of issuers; see [`TrustedIssuers::from_registry`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// An issuer is listed under something that is no id.
    #[error("an issuer is listed under something that is no id")]
    Id(#[from] IdError),
    /// The text could not be read as JSON.
    #[error("the registry could not be read as JSON")]
    Json(#[from] JsonError),
    /// An issuer is listed with something else than its details.
    #[error("expected an object for {}", quote(.id))]
    NoEntry {
        /// The issuer's id.
        id: String,
    },
    /// There is no object `registry` in it.
    #[error("expected an object with an object `registry` in it")]
    NoRegistry,
}

/// A set of algorithms; the default holds all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct AlgorithmSet(BTreeSet<Algorithm>);

impl Default for AlgorithmSet {
    fn default() -> Self {
        Self(Algorithm::ALL.iter().copied().collect())
    }
}

impl FromIterator<Algorithm> for AlgorithmSet {
    fn from_iter<I: IntoIterator<Item = Algorithm>>(algorithms: I) -> Self {
        Self(algorithms.into_iter().collect())
    }
}

impl TryFrom<Vec<String>> for AlgorithmSet {
    type Error = String;

    fn try_from(names: Vec<String>) -> Result<Self, String> {
        names.iter().map(|name| name.parse().map_err(|_| format!("unknown algorithm `{name}`"))).collect()
    }
}

impl From<AlgorithmSet> for Vec<String> {
    fn from(set: AlgorithmSet) -> Self {
        set.0.iter().map(|algorithm| algorithm.as_str().to_owned()).collect()
    }
}

/// What it means that nobody could say whether a badge is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums)] // it counts against the badge or it does not
pub enum UnknownRevocation {
    /// The badge may still be valid.
    Allow,
    /// The badge is unverified at best.
    Deny,
}

/// Whether endorsements are verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums)] // they are or they are not
pub enum Endorsements {
    /// They are not looked at.
    Ignore,
    /// Each gets a report of its own.
    Verify,
}

/// Whether a newer version of the badge is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::exhaustive_enums)] // Open Badges 3.0, "Refresh", allows one attempt
pub enum Refresh {
    /// The badge is judged as it is.
    Never,
    /// Once, after its proof was verified.
    Once,
}

/// Whether reports hold the intermediate values of the proofs: canonical forms and hashes, in
/// [`ProofTrace`](crate::report::ProofTrace)s. No verdict depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Trace {
    /// They do not.
    #[default]
    Off,
    /// They hold those of every Data Integrity proof.
    Proofs,
}

impl Trace {
    fn is_off(&self) -> bool {
        *self == Self::Off
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_member_fails_instead_of_relaxing() {
        assert!(serde_json::from_str::<Policy>(r#"{"trustedIsuers": "any"}"#).is_err());
        assert!(serde_json::from_str::<Policy>(r#"{"algorithms": ["none"]}"#).is_err());
        let policy: Policy = serde_json::from_str(r#"{"algorithms": ["EdDSA"]}"#).unwrap();
        assert!(policy.allows(Algorithm::EdDsa) && !policy.allows(Algorithm::Rs256));
    }

    #[test]
    fn what_no_verdict_depends_on_is_not_in_the_digest() {
        let traced = Policy::strict().with_trace(Trace::Proofs);
        assert_eq!(traced.digest(), Policy::strict().digest());
        let read: Policy = serde_json::from_str(&serde_json::to_string(&traced).unwrap()).unwrap();
        assert_eq!(read, traced);
    }

    #[test]
    fn every_dangerous_setting_is_named() {
        assert_eq!(Policy::strict().relaxations(), []);
        let policy = Policy::strict().dangerous().allow_http().dangerous().allow_ports();
        let policy = policy.dangerous().trust_redirects_to(["https://cdn.example.org".to_owned()]);
        assert_eq!(policy.relaxations(), [Relaxation::Http, Relaxation::Ports, Relaxation::RedirectOrigins]);
    }

    #[test]
    fn what_is_no_registry_fails_as_a_whole() {
        let read = |text: &str| TrustedIssuers::from_registry(text, &Limits::default());
        assert_eq!(
            read(r#"{"registry": {}}"#),
            Ok(TrustedIssuers::Only(BTreeSet::new())),
            "nobody is trusted"
        );
        for none in ["{}", "[]", r#"{"registry": ["did:web:example.org"]}"#] {
            assert_eq!(read(none), Err(RegistryError::NoRegistry), "{none}");
        }
        let one_is_wrong = r#"{"registry": {"did:web:example.org": {}, "Example University": {}}}"#;
        assert!(matches!(read(one_is_wrong), Err(RegistryError::Id(_))));
        assert_eq!(
            read(r#"{"registry": {"did:web:a": "Example"}}"#),
            Err(RegistryError::NoEntry { id: "did:web:a".to_owned() })
        );
        let twice = r#"{"registry": {"did:web:a": {}, "did:web:a": {}}}"#;
        assert!(matches!(read(twice), Err(RegistryError::Json(JsonError::DuplicateMember { .. }))));
        let small = Limits::default().with(crate::limits::Limit::JsonBytes, 8);
        let error = TrustedIssuers::from_registry(r#"{"registry": {}}"#, &small).unwrap_err();
        assert!(matches!(error, RegistryError::Json(JsonError::Limit(_))));
    }

    #[test]
    fn the_clock_skew_is_capped() {
        assert_eq!(Policy::strict().with_clock_skew(Duration::days(1)).clock_skew(), Duration::minutes(10));
        let stored: Policy = serde_json::from_str(r#"{"clockSkewSeconds": 100000}"#).unwrap();
        assert_eq!(stored.clock_skew(), Duration::minutes(10));
    }
}
