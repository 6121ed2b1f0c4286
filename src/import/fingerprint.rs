//! Tells whether two previews show the same.
//!
//! In: a report and the recipient's match. Out: a [`Fingerprint`], which is the same for as long as a person who
//! accepts gets what the person saw.

use serde::Serialize;

use crate::badge::{Badge, Model, Summary};
use crate::id::{Digest, Fingerprint};
use crate::json::Sorted;
use crate::recipient::RecipientMatch;
use crate::report::{Report, Status};

/// What goes into a fingerprint.
///
/// What stays out: when the badge was judged and when documents were fetched, since a person takes minutes to accept
/// and the documents are fetched anew; the upload itself, since the same badge may come in another image; the checks,
/// since their wording is not stable and the status says what they imply; and the documents that only the verdict
/// rests on, such as keys and lists, since a list that grows by another badge changes nothing for this one.
#[derive(Serialize)]
struct Shown<'r> {
    /// Whether the badge is proven or only claimed: a forger may claim what later proves to be true.
    is_authentic: bool,
    /// All that the badge states, whether it is shown or only recorded.
    badge: Option<Sorted<'r>>,
    /// What is shown of it, among it what other documents state: the name of the badge class, and the issuer.
    summary: Option<Summary<'r>>,
    /// The badge class that an Open Badges 2.0 badge links to: a record may hold more of it than is shown. The debugging
    /// form has every field; should another version of this crate write it otherwise, a person is shown the badge again.
    badge_class: Option<String>,
    /// An expired or revoked badge is another decision, and so is an expired one that is not verified.
    status: [Status; 2],
    /// Whether it is the person's, and how that is known. At which place a host keeps the identity, is not shown.
    recipient: RecipientMatch,
    /// The rules that the status follows from.
    policy: Digest,
}

/// The fingerprint of what a preview of this report shows.
pub(super) fn of(report: &Report, recipient: &RecipientMatch) -> Fingerprint {
    let badge = report.any_badge();
    let shown = Shown {
        is_authentic: report.badge().is_some(),
        badge: badge.map(Badge::json).map(Sorted),
        summary: badge.map(Badge::summary),
        badge_class: badge.and_then(badge_class),
        status: [report.status(), report.status_apart_from_expiry()],
        recipient: wherever_it_is_kept(recipient),
        policy: report.policy(),
    };
    // All of it can be written. Should that ever change: a text with the time in it agrees with no later preview.
    let bytes = serde_json::to_vec(&shown).unwrap_or_else(|_| format!("{report:?}").into_bytes());
    Fingerprint::of(&bytes)
}

/// The same match, whatever the order of the known identities.
fn wherever_it_is_kept(recipient: &RecipientMatch) -> RecipientMatch {
    let mut recipient = recipient.clone();
    if let RecipientMatch::Match(matched)
    | RecipientMatch::Mismatch { unconfirmed: Some(matched) }
    | RecipientMatch::NotChecked { unconfirmed: Some(matched), .. } = &mut recipient
    {
        matched.known = 0;
    }
    recipient
}

fn badge_class(badge: &Badge) -> Option<String> {
    match badge.model() {
        Model::V2(chain) => chain.badge_class().map(|class| format!("{class:?}")),
        Model::V3(_) => None,
    }
}
