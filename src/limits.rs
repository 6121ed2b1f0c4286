//! Every bound on size, depth and count, each with its reason.
//!
//! A badge file and the documents that it names come from strangers. Each loop and each allocation of this crate is
//! bounded by a number that stands here. Tests hold what one verification may cost under the defaults: 250 ms of a
//! processor and 128 MiB.
//! Going over a bound is an error of its own, [`LimitExceeded`], and never "malformed".

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The bounds in force for one verification.
///
/// [`Limits::default`] holds the values of [`Limit::default_value`]; [`Limits::with`] changes one, up to
/// [`Limit::maximum`].
///
/// ```
/// use openbadges::limits::{Limit, Limits};
///
/// let limits = Limits::default().with(Limit::InputBytes, 1024 * 1024);
/// assert_eq!(limits.get(Limit::InputBytes), 1024 * 1024);
/// assert_eq!(limits.get(Limit::JsonDepth), 64);
/// // No setting goes beyond the hard maximum of its bound.
/// assert_eq!(limits.with(Limit::JsonDepth, 5_000).get(Limit::JsonDepth), 127);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Limits {
    changed: BTreeMap<Limit, u64>,
}

impl Limits {
    /// The value of a bound, in its own unit.
    pub fn get(&self, limit: Limit) -> u64 {
        self.changed.get(&limit).copied().unwrap_or(limit.default_value()).min(limit.maximum())
    }

    /// Changes one bound; a value over [`Limit::maximum`] counts as the maximum.
    #[must_use]
    pub fn with(mut self, limit: Limit, value: u64) -> Self {
        self.changed.insert(limit, value.min(limit.maximum()));
        self
    }

    /// The bounds for all presentations, records and lists in a file together: for each badge in them a quarter of what
    /// a badge may take. They have budgets of their own, so that nothing about them makes a difference to a badge; and
    /// the outermost one draws on them first.
    pub(crate) fn of_wrappers(&self, badges: usize) -> Self {
        let badges = u64::try_from(badges.max(1)).unwrap_or(u64::MAX);
        let share = |limit| self.get(limit).div_ceil(WRAPPERS_SHARE).saturating_mul(badges);
        SHARED_BY_WRAPPERS.iter().fold(self.clone(), |limits, limit| limits.with(*limit, share(*limit)))
    }

    /// A bound as a count of things in memory.
    pub(crate) fn size(&self, limit: Limit) -> usize {
        usize::try_from(self.get(limit)).unwrap_or(usize::MAX)
    }

    /// Refuses a size or count above its bound.
    ///
    /// # Errors
    /// [`LimitExceeded`] if `found` is more than the bound.
    pub(crate) fn check(&self, limit: Limit, found: usize) -> Result<(), LimitExceeded> {
        if found > self.size(limit) { Err(self.exceeded(limit)) } else { Ok(()) }
    }

    /// The error for going over this bound.
    pub(crate) fn exceeded(&self, limit: Limit) -> LimitExceeded {
        LimitExceeded { limit, allowed: self.get(limit) }
    }
}

/// Something went over its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {allowed} {limit}")]
#[non_exhaustive]
pub struct LimitExceeded {
    /// Which bound.
    pub limit: Limit,
    /// The value that was in force, in the bound's unit.
    pub allowed: u64,
}

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal $words:literal $default:expr, $maximum:expr;)+) => {
        /// The name of a bound.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Limit {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $variant,)+
        }

        impl Limit {
            /// Every bound, in the order of this page.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name, as in a serialised policy.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The value in force unless a policy says otherwise.
            pub const fn default_value(self) -> u64 {
                match self { $(Self::$variant => $default,)+ }
            }

            /// The highest value that a policy can set.
            pub const fn maximum(self) -> u64 {
                match self { $(Self::$variant => $maximum,)+ }
            }

            const fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)+ }
            }
        }
    };
}

/// The budgets that all presentations, records and lists around a badge share; see [`Limits::of_wrappers`].
const SHARED_BY_WRAPPERS: [Limit; 6] = [
    Limit::AllCanonicalBytes,
    Limit::AllHashCalls,
    Limit::AllJsonNodes,
    Limit::AllQuads,
    Limit::AllStatusListBytes,
    Limit::DisclosedStatements,
];

/// This part of a badge's budgets, over which the last document to be looked at may go: to bring the statements of a badge
/// into canonical form takes 120 ms at most, and those of all that it came in 60 ms.
const WRAPPERS_SHARE: u64 = 4;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

limits! {
    /// Bytes of the uploaded file, before and after inflating; those of a compressed one count four times. Credential
    /// ecosystems bound a document at 10 MiB.
    InputBytes "input_bytes" "bytes in the input" 10 * MIB, 64 * MIB;
    /// Bytes of one JSON document or JWS: room for embedded images.
    JsonBytes "json_bytes" "bytes in a JSON document" MIB, 16 * MIB;
    /// Nesting of JSON arrays and objects. Below serde_json's own 128; real badges stay under 12.
    JsonDepth "json_depth" "levels of JSON nesting" 64, 127;
    /// Values and member names in one JSON document, where an object counts for four values, as it takes at least so much
    /// memory. The parsed form takes up to 13 MiB. A megabyte of what issuers write has some 60,000.
    JsonNodes "json_nodes" "JSON values" 100_000, 1_000_000;
    /// The same for a badge and all documents that are fetched for it; and for all that is in one file, JWTs included.
    AllJsonNodes "all_json_nodes" "JSON values in all documents" 200_000, 4_000_000;
    /// Values of the documents of Open Badges 2.0 that are written anew in the usual terms, each by itself and all in one
    /// verification, because they have contexts of their own. Such badges have some hundred.
    OwnContextValues "own_context_values" "JSON values under contexts of their own" 20_000, 200_000;
    /// Chunks of a PNG. libpng stops at 1,000 ancillary ones; large images need thousands of `IDAT`.
    PngChunks "png_chunks" "PNG chunks" 10_000, 1_000_000;
    /// Bytes of one text taken out of an image, after inflating.
    TextBytes "text_bytes" "bytes in a baked text" MIB, 16 * MIB;
    /// Bytes of all texts that were taken out of one image, before or after inflating, whichever are more.
    AllTextBytes "all_text_bytes" "bytes in all baked texts" 4 * MIB, 64 * MIB;
    /// Carriers of a badge in one image. Both versions of Open Badges allow one.
    Carriers "carriers" "badges in one image" 16, 256;
    /// Nesting of SVG elements: libxml2's bound is 256.
    XmlDepth "xml_depth" "levels of XML nesting" 128, 256;
    /// Attributes of one XML element, namespace declarations included.
    XmlAttributes "xml_attributes" "XML attributes" 128, 1024;
    /// Bytes in an XML name.
    XmlNameBytes "xml_name_bytes" "bytes in an XML name" KIB, 4 * KIB;
    /// Bytes of a URL that is uploaded or baked. What is asked for is never longer than the default.
    UrlBytes "url_bytes" "bytes in a URL" 2048, 8192;
    /// Bytes of a DID; `did:jwk` and did:key with RSA keys are long.
    DidBytes "did_bytes" "bytes in a DID" 8 * KIB, 16 * KIB;
    /// Verification methods in one DID or controller document, keys in one key set.
    VerificationMethods "verification_methods" "verification methods" 128, 1024;
    /// Contexts in effect in one JSON-LD document, embedded ones included.
    Contexts "contexts" "JSON-LD contexts" 16, 64;
    /// Terms of one JSON-LD context.
    ContextTerms "context_terms" "terms in a JSON-LD context" 4096, 65_536;
    /// Length of a chain of terms that are defined by other terms.
    TermChain "term_chain" "terms defined through each other" 32, 64;
    /// Nesting of contexts within contexts.
    ContextNesting "context_nesting" "levels of context nesting" 8, 16;
    /// Bytes of the IRI that a term, a vocabulary or a base of a document's own context stands for, and of the key of a map:
    /// each use makes an IRI of its own. Those of published contexts stay under 150.
    TermBytes "term_bytes" "bytes in the IRI of a term" 512, 8 * KIB;
    /// Steps of context processing: what remains when every single bound holds.
    ContextSteps "context_steps" "steps of context processing" 100_000, 1_000_000;
    /// Statements (N-Quads) that a document stands for.
    Quads "quads" "statements" 20_000, 200_000;
    /// Blank nodes of a document.
    BlankNodes "blank_nodes" "blank nodes" 2_000, 20_000;
    /// Bytes that are written and hashed to bring statements into canonical form: each statement is written out once or
    /// twice, whatever is in it. A badge of 1 MiB that is mostly one embedded image needs 8 MiB.
    CanonicalBytes "canonical_bytes" "bytes of statements" 16 * MIB, 256 * MIB;
    /// The same for all proofs of one verification, those of status lists included.
    AllCanonicalBytes "all_canonical_bytes" "bytes of statements of all proofs" 32 * MIB, 512 * MIB;
    /// Statements that are brought into canonical form in one verification: those of a document count for each of its
    /// proofs. The fullest badges have about 350.
    AllQuads "all_quads" "statements of all proofs" 40_000, 2_000_000;
    /// Calls of the Hash N-Degree Quads algorithm. The W3C tests need at most 500.
    HashCalls "hash_calls" "n-degree hash calls" 4_000, 100_000;
    /// The same for all proofs of one verification.
    AllHashCalls "all_hash_calls" "n-degree hash calls of all proofs" 8_000, 1_000_000;
    /// Nesting of the Hash N-Degree Quads algorithm, which recurses: a list of this many equal values.
    HashDepth "hash_depth" "levels of n-degree hashing" 64, 256;
    /// Elements arranged while blank nodes are told apart.
    Permutations "permutations" "permuted blank nodes" 50_000, 1_000_000;
    /// Signatures that are checked in one verification.
    Signatures "signatures" "signature checks" 16, 100;
    /// Signatures of single statements that are checked in one verification, where a holder could have withheld
    /// them. The fullest badges have about 350 statements; 500 signatures take 60 ms, in each round of documents.
    DisclosedStatements "disclosed_statements" "signatures of disclosed statements" 500, 10_000;
    /// Bytes of the canonical forms that a report holds where a policy asks for them: what goes beyond is cut off.
    TraceBytes "trace_bytes" "bytes of canonical forms in a report" MIB, 16 * MIB;
    /// Proofs on one credential.
    Proofs "proofs" "proofs" 8, 100;
    /// Status entries of one credential: each can lead to a list of [`Limit::ListBytes`] with a proof of its own.
    Statuses "statuses" "status entries" 16, 100;
    /// Endorsements that are judged in one verification.
    Endorsements "endorsements" "endorsements" 8, 100;
    /// Presentations, records and lists within each other around a badge. A record in a presentation makes two.
    WrapperDepth "wrapper_depth" "levels of presentations, records and lists" 4, 16;
    /// Badges, and whatever else stands where a badge may, in one presentation, record or list. Each badge may cost
    /// what a badge in a file of its own costs.
    WrappedItems "wrapped_items" "credentials in one file" 32, 256;
    /// Extensions of badge objects in one document.
    Extensions "extensions" "extensions in a document" 64, 1024;
    /// Documents that are asked for in one verification.
    Documents "documents" "documents" 32, 256;
    /// Documents that are asked for on behalf of all badges in one file.
    AllDocuments "all_documents" "documents for all badges of a file" 128, 1024;
    /// Bytes of one document, after content decoding.
    DocumentBytes "document_bytes" "bytes in a document" MIB, 16 * MIB;
    /// Bytes of an encoded status list or a revocation list.
    ListBytes "list_bytes" "bytes in a status list" 4 * MIB, 64 * MIB;
    /// Bytes of all documents together.
    AllDocumentBytes "all_document_bytes" "bytes in all documents" 16 * MIB, 256 * MIB;
    /// Redirects that a host may follow for one document.
    Redirects "redirects" "redirects" 3, 10;
    /// Bytes of a status list after inflating: 2^27 entries.
    StatusListBytes "status_list_bytes" "bytes in an inflated status list" 16 * MIB, 64 * MIB;
    /// Bytes of all status lists of one badge after inflating: two of the largest.
    AllStatusListBytes "all_status_list_bytes" "bytes in all inflated status lists" 32 * MIB, 256 * MIB;
    /// Entries of a revocation list.
    RevocationEntries "revocation_entries" "entries in a revocation list" 200_000, 1_000_000;
    /// Nesting of JSON schemas within each other, references followed: evaluating them recurses.
    SchemaDepth "schema_depth" "levels of nested schemas" 512, 1024;
    /// Steps of evaluating one document by a JSON schema.
    SchemaSteps "schema_steps" "steps of schema evaluation" 200_000, 2_000_000;
    /// Identities in one badge.
    Identities "identities" "identities of the recipient" 64, 1024;
    /// Bytes of a salt.
    SaltBytes "salt_bytes" "bytes in a salt" KIB, 64 * KIB;
}

impl fmt::Display for Limit {
    /// Words for people, as in "more than 64 levels of JSON nesting".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_within_its_maximum() {
        for limit in Limit::ALL {
            assert!(limit.default_value() <= limit.maximum(), "{}", limit.as_str());
        }
    }

    #[test]
    fn what_badges_come_in_has_a_quarter_of_their_budgets() {
        let limits = Limits::default().with(Limit::AllHashCalls, 10);
        let of = |badges, limit| limits.of_wrappers(badges).get(limit);
        assert_eq!([0, 1, 2, 32].map(|badges| of(badges, Limit::AllHashCalls)), [3, 3, 6, 96]);
        assert_eq!([1, 2, 1_000].map(|badges| of(badges, Limit::AllQuads)), [10_000, 20_000, 2_000_000]);
        // What is no budget for all proofs and lists stays as it is.
        assert_eq!(of(1, Limit::Quads), limits.get(Limit::Quads));
        assert_eq!(of(1, Limit::Signatures), limits.get(Limit::Signatures));
    }

    #[test]
    fn a_misspelt_bound_is_refused() {
        assert!(serde_json::from_str::<Limits>(r#"{"jsn_depth": 3}"#).is_err());
        let limits: Limits = serde_json::from_str(r#"{"json_depth": 3}"#).unwrap();
        assert_eq!(limits.get(Limit::JsonDepth), 3);
    }
}
