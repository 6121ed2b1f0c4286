//! What a host knows of one person, gathered: [`Account`].

use super::{Confirmation, KnownIdentity};
use crate::badge::IdentityKind;
use crate::id::Did;

/// Everything by which a badge may name one person: several of each kind, each confirmed or not.
///
/// A badge was awarded to the person if it names any confirmed one. What is not confirmed never makes a match; it only
/// tells the person what to confirm. White space around what the person typed is left out.
///
/// ```
/// use openbadges::recipient::{Account, Confirmation::{Confirmed, Unconfirmed}};
///
/// let account = Account::new()
///     .with_email("ada@example.org", Confirmed)
///     .with_email("lovelace@example.com", Unconfirmed)
///     .with_did(&"did:web:ada.example".parse()?, Confirmed)
///     .with("studentId", "1815-12-10", Confirmed);
/// assert_eq!(account.identities().len(), 4);
/// # Ok::<(), openbadges::id::IdError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Account {
    identities: Vec<KnownIdentity>,
}

impl Account {
    /// An account of which nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an e-mail address.
    pub fn with_email(self, address: impl Into<String>, confirmation: Confirmation) -> Self {
        self.with(IdentityKind::Email, address, confirmation)
    }

    /// Adds a telephone number. It is compared as text, so write it as issuers do: `+44 20 7946 0000` is not
    /// `+442079460000`.
    pub fn with_telephone(self, number: impl Into<String>, confirmation: Confirmation) -> Self {
        self.with(IdentityKind::Telephone, number, confirmation)
    }

    /// Adds the address of a page of the person's.
    pub fn with_url(self, url: impl Into<String>, confirmation: Confirmation) -> Self {
        self.with(IdentityKind::Url, url, confirmation)
    }

    /// Adds a DID.
    pub fn with_did(self, did: &Did, confirmation: Confirmation) -> Self {
        self.with(IdentityKind::Id, did.as_str(), confirmation)
    }

    /// Adds an identity of any kind, by the name that badges give it, as `studentId`.
    pub fn with(
        mut self,
        kind: impl Into<IdentityKind>,
        value: impl Into<String>,
        confirmation: Confirmation,
    ) -> Self {
        self.identities.push(KnownIdentity::new(kind, value, confirmation));
        self
    }

    /// What is known, in the order in which it was added; a match names it by its index here.
    pub fn identities(&self) -> &[KnownIdentity] {
        &self.identities
    }
}

impl AsRef<[KnownIdentity]> for Account {
    fn as_ref(&self) -> &[KnownIdentity] {
        &self.identities
    }
}

impl FromIterator<KnownIdentity> for Account {
    fn from_iter<I: IntoIterator<Item = KnownIdentity>>(identities: I) -> Self {
        Self { identities: identities.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_identity_is_kept_with_its_kind_and_in_order() {
        use Confirmation::{Confirmed, Unconfirmed};
        let account = Account::new()
            .with_email("ada@example.org", Confirmed)
            .with_telephone("+44 20 7946 0000", Unconfirmed)
            .with_url("https://ada.example/", Confirmed)
            .with_did(&"did:web:ada.example".parse().unwrap(), Unconfirmed)
            .with("studentId", "1815-12-10", Confirmed);
        let kept: Vec<_> = account
            .identities()
            .iter()
            .map(|known| (known.kind().as_str(), known.value(), known.confirmation()))
            .collect();
        assert_eq!(
            kept,
            [
                ("email", "ada@example.org", Confirmed),
                ("telephone", "+44 20 7946 0000", Unconfirmed),
                ("url", "https://ada.example/", Confirmed),
                ("id", "did:web:ada.example", Unconfirmed),
                ("studentId", "1815-12-10", Confirmed),
            ]
        );
        assert_eq!(account.as_ref(), account.identities());
        assert_eq!(account.identities().iter().cloned().collect::<Account>(), account);
    }
}
