//! A report in words.

use std::fmt;

use super::{Check, Outcome, Report};
use crate::badge::Badge;
use crate::quote::quote;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.status)?;
        match self.version {
            Some(version) => write!(f, " Open Badges {version}")?,
            None => f.write_str(" a badge of an unknown version")?,
        }
        let summary = self.any_badge().map(Badge::summary);
        if let Some(name) = summary.as_ref().and_then(|summary| summary.name) {
            write!(f, " {}", quote(name))?;
        }
        let issuer = summary.and_then(|summary| summary.issuer);
        if let Some(issuer) = issuer.and_then(|issuer| issuer.name.or(issuer.id)) {
            write!(f, " from {}", quote(issuer))?;
        }
        self.write_checks(f)?;
        for wrapper in &self.wrappers {
            write!(f, "\nin: {}", wrapper.to_string().replace('\n', "\n  "))?;
        }
        for endorsement in &self.endorsements {
            write!(f, "\nendorsement: {}", endorsement.to_string().replace('\n', "\n  "))?;
        }
        Ok(())
    }
}

impl Report {
    /// Writes the checks, a line each: what makes the badge authentic and current and whatever is wrong, or all of them.
    pub(super) fn write_checks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_full = f.alternate();
        let is_wrong = |check: &Check| matches!(check.outcome, Outcome::Failed(_) | Outcome::Inconclusive(_));
        let is_told = |check: &&Check| is_full || is_wrong(check) || check.is_headline();
        for check in self.checks.iter().filter(is_told) {
            writeln!(f)?;
            if is_full { write!(f, "{check:#}")? } else { write!(f, "{check}")? }
        }
        Ok(())
    }
}
