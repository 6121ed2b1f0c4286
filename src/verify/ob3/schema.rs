//! Judges a credential by the schemas that it names (Open Badges 3.0, Verification, step 1; "CredentialSchema").
//!
//! The schemas of the specification itself are not asked for: what they say of members, types and how many there may be
//! of each is what reading the credential has checked, so that its outcome is theirs. Those of others are asked for,
//! once the proof holds; before that, anybody could have named them.
//!
//! NOTE: the schemas for plain JSON refuse single values where a list is due, those for JSON-LD take them. Reading takes
//! them, too, and advises.
//!
//! NOTE: a schema that cannot be had or used leaves the verdict as it is, and is noted. It is the issuer's own promise
//! about its badges, and nobody is deceived by a promise that cannot be checked; one that is broken is another matter.
//! Without the feature `schema` no such promise can be checked, and a credential that makes one is not found valid.

use super::super::context::Context;
use super::{Authenticated, Integrity};
use crate::badge::ob3::TypedLink;
use crate::report::{Check, CheckCode, Evidence, Outcome, ReasonCode};

/// Where the schemas of Open Badges 3.0 are published.
const CANONICAL: &str = "https://purl.imsglobal.org/spec/ob/v3p0/schema/";

/// Judges the credential by each schema that it names.
pub(super) fn check(context: &Context<'_>, credential: &Authenticated) {
    for link in credential.envelope.schemas() {
        let checks = if link.id.as_str().starts_with(CANONICAL) {
            vec![check_of(by_reading(credential, link))]
        } else if link.is("1EdTechJsonSchemaValidator2019") {
            by_schema(context, credential, link)
        } else {
            let why = "only the schemas of the specification's own kind are normative";
            vec![check_of(Outcome::not_applicable(why))]
        };
        for check in checks {
            context.note(check.with(Evidence::Key(link.id.to_string())));
        }
    }
}

/// Judges the credential by a schema of the specification, which reading it stands for.
fn by_reading(credential: &Authenticated, link: &TypedLink) -> Outcome {
    let is_endorsement = credential.envelope.types().iter().any(|class| class == "EndorsementCredential");
    let class = if is_endorsement { "endorsementcredential" } else { "achievementcredential" };
    if !link.id.as_str().contains(class) {
        return Outcome::not_applicable("the schema is not one of such credentials");
    }
    match credential.integrity {
        Integrity::Proven if credential.is_sound => Outcome::Passed,
        Integrity::Proven => Outcome::failed(ReasonCode::Mismatch, "the credential is not as its class says"),
        Integrity::Broken | Integrity::Unknown => Outcome::premise(CheckCode::ProofSignature),
    }
}

fn check_of(outcome: Outcome) -> Check {
    Check::new(CheckCode::SchemaCredential, outcome)
}

#[cfg(feature = "schema")]
use evaluation::by_schema;

#[cfg(feature = "schema")]
mod evaluation {
    use super::{
        Authenticated, Check, CheckCode, Context, Integrity, Outcome, ReasonCode, TypedLink, check_of,
    };
    use crate::badge::Badge;
    use crate::report::Node;
    use crate::resource::Purpose;
    use crate::schema::{Schema, SchemaError};

    /// Judges the credential by one schema, which is fetched.
    pub(super) fn by_schema(
        context: &Context<'_>,
        credential: &Authenticated,
        link: &TypedLink,
    ) -> Vec<Check> {
        if credential.integrity != Integrity::Proven {
            return vec![check_of(Outcome::premise(CheckCode::ProofSignature))];
        }
        let Some(badge) = &credential.badge else {
            return vec![check_of(Outcome::premise(CheckCode::StructureRequired))];
        };
        let fetched = link.id.web_url().and_then(|url| context.want_json(Purpose::Schema, &url));
        let Some((_, json)) = fetched else {
            let outcome = Outcome::inconclusive(ReasonCode::Unavailable, "the schema cannot be had");
            return vec![check_of(outcome).advisory()];
        };
        Schema::parse(&json, context.limits())
            .and_then(|schema| judge(&schema, badge))
            .unwrap_or_else(|error| vec![unusable(&error)])
    }

    fn judge(schema: &Schema, badge: &Badge) -> Result<Vec<Check>, SchemaError> {
        let problems = schema.validate(badge.json())?;
        if problems.is_empty() {
            return Ok(vec![check_of(Outcome::Passed)]);
        }
        let failed = problems.into_iter().map(|problem| {
            let message = format!("not as its schema says: {}", problem.message);
            let outcome = Outcome::failed(ReasonCode::Mismatch, message);
            check_of(outcome).at(Node::default().within(problem.pointer))
        });
        Ok(failed.collect())
    }

    fn unusable(error: &SchemaError) -> Check {
        let reason = match error {
            SchemaError::Limit(_) => ReasonCode::Limit,
            SchemaError::Malformed { .. } => ReasonCode::Malformed,
            SchemaError::Draft { .. } | SchemaError::Reference { .. } => ReasonCode::Unsupported,
        };
        check_of(Outcome::inconclusive(reason, error.to_string())).advisory()
    }
}

#[cfg(not(feature = "schema"))]
fn by_schema(_: &Context<'_>, _: &Authenticated, link: &TypedLink) -> Vec<Check> {
    use crate::quote::quote;

    let message = format!("this build evaluates no schemas: {}", quote(link.id.as_str()));
    vec![check_of(Outcome::inconclusive(ReasonCode::Unsupported, message))]
}
