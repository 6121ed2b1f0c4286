//! The registry of checks: stable names, and the clause that each follows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Severity;
use crate::id::IdError;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal $severity:ident $clause:literal;)+) => {
        /// The name of a check. Names are stable: hosts may store and compare them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum CheckCode {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $variant,)+
        }

        impl CheckCode {
            /// Every check, in the order of a report.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What failing it implies, unless a single case is milder.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }

            /// The clause of the specification that it follows.
            pub const fn clause(self) -> &'static str {
                match self { $(Self::$variant => $clause,)+ }
            }
        }
    };
}

codes! {
    /// The image holds one badge, in one place.
    CarrierSingle "carrier.single" Advisory "OB 2.0 Baking; OB 3.0 \u{a7}5.3";
    /// The badge is baked without compression.
    CarrierCompression "carrier.compression" Advisory "OB 2.0 Baking; OB 3.0 \u{a7}5.3";
    /// The `@context` names the vocabulary that the badge is written in, in the prescribed order.
    StructureContext "structure.context" Essential "OB 2.0 \u{a7}Badge Objects; OB 3.0 \u{a7}B.1";
    /// Each object has the `type` that its place asks for.
    StructureType "structure.type" Essential "OB 2.0 \u{a7}Data Classes; OB 3.0 Appendix B";
    /// Each required member is there.
    StructureRequired "structure.required" Essential "OB 2.0 \u{a7}Data Classes; OB 3.0 Appendix B";
    /// Each member's value is of its kind.
    StructureValue "structure.value" Essential "OB 2.0 \u{a7}Primitive Data Types; OB 3.0 Appendix B";
    /// The subject is named, by id or identifier.
    StructureSubject "structure.subject" Essential "OB 3.0 \u{a7}B.1.3 AchievementSubject";
    /// A document that the verdict rests on could be had and read.
    ResourceAvailable "resource.available" Essential "OB 2.0 \u{a7}Data Validation";
    /// A document came from the origin that was asked.
    ResourceOrigin "resource.origin" Essential "OB 2.0 \u{a7}Hosted Verification";
    /// A document is recent enough.
    ResourceFresh "resource.fresh" Essential "RFC 9111 \u{a7}4.2";
    /// A document was served as what it is.
    ResourceMediaType "resource.media-type" Advisory "OB 2.0 \u{a7}Setting the Content-Type";
    /// A document declares the id that it was asked for by.
    LinkId "link.id" Essential "OB 2.0 \u{a7}Linked Data; DID Core \u{a7}5.1.1";
    /// The badge class can be had and names its issuer.
    LinkBadgeClass "link.badge-class" Advisory "OB 2.0 \u{a7}Assertion";
    /// The badge class stands where the issuer's other documents do.
    LinkIssuer "link.issuer" Advisory "OB 2.0 \u{a7}VerificationObject";
    /// The assertion is the one that its URL serves.
    HostedContent "hosted.content" Essential "OB 2.0 \u{a7}HostedBadge";
    /// The assertion's URL lies where the issuer says that its assertions are.
    HostedScope "hosted.scope" Essential "OB 2.0 \u{a7}VerificationObject";
    /// The copy in hand says what the hosted one says.
    HostedDiffers "hosted.differs" Advisory "OB 2.0 \u{a7}HostedBadge";
    /// The issuer has an id that somebody answers for.
    IssuerAuthority "issuer.authority" Essential "OB 2.0 \u{a7}Issuer; OB 3.0 \u{a7}Verification";
    /// The issuer is one of those that the policy names.
    IssuerTrusted "issuer.trusted" Essential "the host's policy";
    /// There is a proof or a signature.
    ProofPresent "proof.present" Essential "OB 2.0 \u{a7}SignedBadge; OB 3.0 \u{a7}8.2";
    /// The algorithm is one that the policy allows and that this build has.
    ProofAlgorithm "proof.algorithm" Essential "RFC 7515 \u{a7}4.1.1; OB 3.0 \u{a7}8";
    /// What is signed says what the document says.
    ProofContext "proof.context" Essential "VC Data Integrity \u{a7}2.4.1";
    /// The signature is the key's.
    ProofSignature "proof.signature" Essential "RFC 7515 \u{a7}5.2; VC Data Integrity \u{a7}4.4";
    /// The proof was made to assert something.
    ProofPurpose "proof.purpose" Essential "VC Data Integrity \u{a7}4.4";
    /// The proof is in its own time.
    ProofWindow "proof.window" Essential "VC Data Integrity \u{a7}2.1";
    /// The claims of a JWT say what the credential in it says.
    ProofClaims "proof.claims" Essential "OB 3.0 \u{a7}8.2.4";
    /// Header members are those that the specification allows.
    ProofHeader "proof.header" Advisory "OB 3.0 \u{a7}8.2.4.1";
    /// The other proofs on the badge hold too.
    ProofOther "proof.other" Advisory "VC Data Integrity \u{a7}2.1.1";
    /// The statements that decide the life cycle cannot be withheld by the holder.
    ProofDisclosure "proof.disclosure" Advisory "VC ECDSA Cryptosuites \u{a7}3.4";
    /// The key is one that the issuer lists.
    KeyLinked "key.linked" Essential "OB 2.0 \u{a7}SignedBadge; CID \u{a7}3.3";
    /// The key's controller is the issuer.
    KeyController "key.controller" Essential "OB 3.0 \u{a7}8; CID \u{a7}2.2";
    /// The key document names the issuer as its owner.
    KeyOwner "key.owner" Advisory "OB 2.0 \u{a7}CryptographicKey";
    /// The key is strong enough.
    KeyStrength "key.strength" Essential "RFC 7518 \u{a7}3.3";
    /// The badge's time has come.
    TimeNotBefore "time.not-before" Essential "OB 2.0 \u{a7}Assertion; OB 3.0 \u{a7}Verification";
    /// The badge's time is not over.
    TimeExpiry "time.expiry" Expiry "OB 2.0 \u{a7}Assertion; OB 3.0 \u{a7}Verification";
    /// The hosted assertion is not revoked.
    RevocationHosted "revocation.hosted" Revocation "OB 2.0 \u{a7}Revoking Hosted Assertions";
    /// The issuer's revocation list does not hold the badge.
    RevocationList "revocation.list" Revocation "OB 2.0 \u{a7}RevocationList; OB 3.0 \u{a7}1EdTechRevocationList";
    /// The badge's bit in the status list is not set.
    RevocationStatus "revocation.status" Revocation "Bitstring Status List \u{a7}3.2";
    /// A newer version was looked for.
    RefreshService "refresh.service" Advisory "OB 3.0 \u{a7}Refresh";
    /// The credential follows the schemas that it names.
    SchemaCredential "schema.credential" Essential "OB 3.0 \u{a7}Schema Validation";
    /// Each extension follows its schema.
    SchemaExtension "schema.extension" Essential "OB 2.0 \u{a7}Extensions";
    /// The presentation or record that the badge came in holds.
    WrapperProof "wrapper.proof" Advisory "VC 2.0 \u{a7}4.13; CLR 2.0 \u{a7}Verification";
    /// What the badge came in holds nothing but badges.
    WrapperContents "wrapper.contents" Advisory "VC 2.0 \u{a7}4.13; CLR 2.0 \u{a7}ClrSubject";
    /// An endorsement holds.
    EndorsementProof "endorsement.proof" Advisory "OB 2.0 \u{a7}Endorsement; OB 3.0 \u{a7}EndorsementCredential";
    /// What an endorsement endorses is part of the badge that carries it.
    EndorsementSubject "endorsement.subject" Advisory "OB 3.0 \u{a7}EndorsementSubject";
}

impl fmt::Display for CheckCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for CheckCode {
    type Err = IdError;

    fn from_str(name: &str) -> Result<Self, IdError> {
        let error = || IdError { expected: "the name of a check", found: name.to_owned() };
        Self::ALL.iter().copied().find(|code| code.as_str() == name).ok_or_else(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for code in CheckCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
        }
        assert!("proof.signatures".parse::<CheckCode>().is_err());
    }

    /// Names are part of the interface: removing or renaming one breaks what hosts have stored.
    #[test]
    fn the_registry_is_what_was_published() {
        let names: Vec<&str> = CheckCode::ALL.iter().map(|code| code.as_str()).collect();
        let published = "\
             carrier.single carrier.compression structure.context structure.type \
             structure.required structure.value structure.subject resource.available \
             resource.origin resource.fresh resource.media-type link.id link.badge-class \
             link.issuer hosted.content hosted.scope hosted.differs issuer.authority \
             issuer.trusted proof.present proof.algorithm proof.context proof.signature \
             proof.purpose proof.window proof.claims proof.header proof.other proof.disclosure \
             key.linked key.controller key.owner key.strength time.not-before time.expiry \
             revocation.hosted revocation.list revocation.status refresh.service \
             schema.credential schema.extension wrapper.proof wrapper.contents endorsement.proof \
             endorsement.subject";
        assert_eq!(names.join(" "), published);
    }
}
