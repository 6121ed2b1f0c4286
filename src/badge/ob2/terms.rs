//! The terms of the Open Badges 2.0 context, and what may be written in their place.
//!
//! Open Badges 2.0 is JSON-LD: a term stands for an IRI, and a document may use the IRI itself or a compact form of
//! it. The common spellings are read as the terms; what a document defines in a context of its own is for `plain`.

use crate::badge::reading::Dialect;

/// The address of the context ("Open Badges JSON-LD Context"), and where it was served before.
pub(super) const CONTEXTS: &[&str] =
    &["https://w3id.org/openbadges/v2", "https://openbadgespec.org/v2/context.json"];

macro_rules! synonyms {
    (
        others { $($term:literal [$($other:literal)+])+ }
        $($prefix:literal $namespace:literal { $($same:ident)+ })+
    ) => {
        &[
            $(($term, &[$($other),+]),)+
            $($((stringify!($same), &[
                concat!($prefix, ":", stringify!($same)),
                concat!($namespace, stringify!($same)),
            ]),)+)+
        ]
    };
}
pub(super) use synonyms;

/// How Open Badges 2.0 may be spelt. `null` and an empty list are the same as no member, in JSON-LD.
pub(super) const OB2: Dialect = Dialect {
    empty: None,
    legacy: false,
    synonyms: synonyms! {
        others {
            "id" ["@id"]
            "type" ["@type"]
            "verification" ["verify" "obi:verify" "https://w3id.org/openbadges#verify"]
            "HostedBadge" ["hosted"]
            "SignedBadge" ["signed"]
            "identity" ["obi:identityHash" "https://w3id.org/openbadges#identityHash"]
            "issuedOn" ["obi:issueDate" "https://w3id.org/openbadges#issueDate"]
            "tags" ["schema:keywords" "http://schema.org/keywords"]
            "CryptographicKey" ["sec:Key" "https://w3id.org/security#Key"]
            "expires" ["sec:expiration" "https://w3id.org/security#expiration"]
            "creator" ["dc:creator" "http://purl.org/dc/terms/creator"]
            "related" ["dc:relation" "http://purl.org/dc/terms/relation"]
            "Endorsement" ["cred:Credential" "https://w3id.org/credentials#Credential"]
            "endorsement" ["cred:credential" "https://w3id.org/credentials#credential"]
            "startsWith" ["http://purl.org/dqm-vocabulary/v1/dqm#startsWith"]
        }
        "obi" "https://w3id.org/openbadges#" {
            Assertion BadgeClass Criteria Evidence HostedBadge IdentityObject Image Issuer Profile RevocationList
            SignedBadge VerificationObject
            alignment allowedOrigins audience badge criteria evidence hashed issuer narrative recipient
            revocationList revocationReason revoked salt targetCode uid verificationProperty
        }
        "schema" "http://schema.org/" {
            AlignmentObject ImageObject
            author caption description email genre image name targetDescription targetFramework targetName
            targetUrl telephone url version
        }
        "sec" "https://w3id.org/security#" { owner publicKey publicKeyPem }
    },
};

/// How documents of Open Badges 0.5 to 1.1 may be spelt, once they are upgraded.
pub(super) const LEGACY: Dialect = Dialect { legacy: true, ..OB2 };
