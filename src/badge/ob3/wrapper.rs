//! Reads what is around badges: a Verifiable Presentation, or a Comprehensive Learner Record.
//!
//! In: the JSON of the one or the other, and how it was secured. Out: its [`Envelope`], on which verification works.
//! What is inside is none of this module's business.
//!
//! Verifiable Credentials 1.1 section 4.10 and 2.0 section 4.13, "Verifiable Presentations"; Comprehensive Learner
//! Record 2.0 `ClrCredential`, `ClrSubject`.

use serde_json::Value;

use super::envelope::Family;
use super::{DIALECT, Envelope, Securing};
use crate::badge::Reading;
use crate::badge::reading::{Object, read};

/// Reads a presentation; the value is `None` if it is no object.
///
/// Its context is that of either version of the data model, whatever the form of a JWT around it.
pub(crate) fn read_presentation(document: &Value) -> Reading<Envelope> {
    read(document, "", &DIALECT, |at| {
        let object = at.object()?;
        object.class(&["VerifiablePresentation"]);
        Some(Envelope::read(&object, Securing::Embedded, Family::Presentation))
    })
}

/// Reads a record that came in the given way; the value is `None` if it is no object.
pub(crate) fn read_clr(document: &Value, securing: Securing) -> Reading<Envelope> {
    read(document, "", &DIALECT, |at| {
        let object = at.object()?;
        object.class(&["VerifiableCredential"]);
        object.required("credentialSubject", |at| subject(&at.object()?));
        Some(Envelope::read(&object, securing, Family::Clr))
    })
}

fn subject(subject: &Object<'_>) -> Option<()> {
    subject.class(&["ClrSubject"])
}
