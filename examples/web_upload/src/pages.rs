//! HTML. Whatever a badge says is escaped, and nothing that it links to is loaded.

use maud::{DOCTYPE, Markup, html};
use openbadges::Status;
use openbadges::badge::Summary;
use openbadges::import::{BadgeRecord, Objection, Preview, RecordStatus};
use openbadges::recipient::{Account, Confirmation, RecipientMatch};
use openbadges::report::{Check, Outcome, ReasonCode, Severity};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use crate::shelf::{Kept, Upload};
use crate::site::Site;

/// The first page: a form to upload a badge with, and what the visitor has imported.
pub fn start<'k>(
    site: &Site,
    objection: Option<&Objection>,
    records: impl Iterator<Item = &'k Kept>,
) -> Markup {
    let records: Vec<&Kept> = records.collect();
    page(
        site,
        "Add a badge from elsewhere",
        html! {
            @if let Some(objection) = objection {
                section.notice.refused role="alert" {
                    h2 { "This file cannot be added" }
                    p { (objection.message()) }
                    p.code { (objection.code()) }
                }
            }
            form.card action="/uploads" method="post" enctype="multipart/form-data" {
                p.field {
                    label for="person" { "You are" }
                    select #person name="person" {
                        @for (index, person) in site.people.iter().enumerate() {
                            option value=(index) { (person.name) " (" (addresses(&person.account)) ")" }
                        }
                    }
                }
                p.field {
                    label for="badge" { "The file of your badge" }
                    input #badge type="file" name="badge" required aria-describedby="kinds"
                        accept=".png,.svg,.svgz,.json,.jws,.jwt,.txt,image/png,image/svg+xml,application/json";
                    span.hint #kinds {
                        "Open Badges 2.0 or 3.0, as a .png, .svg or .json file, up to "
                        (site.upload_bytes() / (1024 * 1024)) " MiB. You see the badge before anything is added."
                    }
                }
                button type="submit" { "Show the badge" }
            }
            @if !records.is_empty() {
                section {
                    h2 { "Your badges" }
                    ul.records {
                        @for kept in records {
                            li {
                                (picture(kept.record.image_path.as_deref()))
                                a href={ "/records/" (kept.id) } {
                                    (kept.record.activity_title.as_deref().unwrap_or("A badge without a name"))
                                }
                                (mark(kept.record.verdict))
                            }
                        }
                    }
                }
            }
        },
    )
}

/// A badge before it is added: its image, what it says, how it was judged, and the button.
pub fn preview(site: &Site, upload: &Upload, preview: &Preview, note: Option<&str>) -> Markup {
    let account = &site.people[upload.person].account;
    let image = preview.image().map(|_| format!("/uploads/{}/image", upload.id));
    let summary = preview.summary();
    let name = summary.as_ref().and_then(|summary| summary.name).unwrap_or("A badge without a name");
    page(
        site,
        name,
        html! {
            @if let Some(note) = note {
                section.notice.refused role="alert" { p { (note) } }
            }
            article.card.badge {
                header {
                    (picture(image.as_deref()))
                    div {
                        p.kicker { "Preview: nothing is added yet" }
                        p.status { (mark(preview.status())) " " (in_words(preview.status(), preview.report().into())) }
                        @if let Some(text) = summary.as_ref().and_then(|summary| summary.description) { p { (text) } }
                    }
                }
                (reasons(preview))
                @if let Some(summary) = &summary { (facts(summary, preview, account)) }
                (decision(upload, preview))
                (all_checks(preview))
            }
            p { a href="/" { "Choose another file" } }
        },
    )
}

/// A badge that was added.
pub fn record(site: &Site, kept: &Kept) -> Markup {
    let BadgeRecord { activity_title, verdict, additional_details, .. } = &kept.record;
    let issuer = additional_details.get("issuer").and_then(|issuer| issuer.get("name")?.as_str());
    let rows = [
        ("Awarded by", issuer.or(kept.record.organization_id.as_deref()).map(str::to_owned)),
        ("Awarded", kept.record.emitted_at.map(|at| day(at.instant()))),
        ("Valid until", kept.record.expires_at.map(|at| day(at.instant()))),
        ("Added", Some(day(kept.record.created_at.instant()))),
        (
            "In transcripts",
            Some(if kept.record.transcript { "yes" } else { "no: others awarded it" }.to_owned()),
        ),
        ("Id", Some(kept.record.id.clone())),
    ];
    page(
        site,
        activity_title.as_deref().unwrap_or("A badge without a name"),
        html! {
            article.card.badge {
                header {
                    (picture(kept.record.image_path.as_deref()))
                    div {
                        p.kicker { "Imported into your account" }
                        p.status { (mark(*verdict)) " " (in_words(*verdict, kept.record.status)) }
                    }
                }
                dl {
                    @for (name, value) in rows {
                        @if let Some(value) = value { dt { (name) } dd { (value) } }
                    }
                }
            }
            p { a href={ "/records/" (kept.id) "/json" } { "The record as JSON" } }
            p { a href="/" { "Add another badge" } }
        },
    )
}

/// What went wrong, and the way back.
pub fn problem(site: &Site, message: &str) -> Markup {
    page(
        site,
        "That did not work",
        html! {
            section.notice.refused role="alert" { p { (message) } }
            p { a href="/" { "Back to the start" } }
        },
    )
}

fn page(site: &Site, title: &str, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href="/style.css";
                link rel="icon" href="data:,";
            }
            body {
                main {
                    h1 { (title) }
                    (content)
                }
                footer { p { (site.notice) } }
            }
        }
    }
}

// ---- how it was judged

/// What keeps the badge from being valid, and what is odd about it.
fn reasons(preview: &Preview) -> Markup {
    let checks = preview.report().checks();
    // What only rests on another check says nothing new.
    let is_odd = |check: &&Check| match check.outcome() {
        Outcome::Failed(_) => true,
        Outcome::Inconclusive(reason) => reason.code != ReasonCode::Premise,
        Outcome::NotApplicable(_) | Outcome::Passed => false,
    };
    let (notes, reasons): (Vec<_>, Vec<_>) =
        checks.iter().filter(is_odd).partition(|check| check.severity() == Severity::Advisory);
    html! {
        @for (title, checks) in [("Why", reasons), ("Also noticed", notes)] {
            @if !checks.is_empty() {
                section.reasons {
                    h2 { (title) }
                    ul { @for check in checks { li { (sentence(check)) " " span.code { (check.code()) } } } }
                }
            }
        }
    }
}

/// Every check, for those who want to know.
fn all_checks(preview: &Preview) -> Markup {
    let checks = preview.report().checks();
    html! {
        details {
            summary { "All " (checks.len()) " checks" }
            ul.checks {
                @for check in checks {
                    li { span.code { (check.code()) } " " (outcome(check)) }
                }
            }
        }
    }
}

fn outcome(check: &Check) -> String {
    match check.outcome() {
        Outcome::Passed => "holds".to_owned(),
        Outcome::NotApplicable(_) => "does not apply".to_owned(),
        Outcome::Failed(_) | Outcome::Inconclusive(_) => sentence(check),
    }
}

fn sentence(check: &Check) -> String {
    let why = check.outcome().reason().map(|reason| reason.message.to_string()).unwrap_or_default();
    let place = check.node().target().map(|target| format!(" ({target})")).unwrap_or_default();
    let mut letters = why.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}{place}", letters.as_str())
}

fn mark(status: Status) -> Markup {
    let sign = match status {
        Status::Valid => "\u{2713}",
        Status::Unverified => "?",
        Status::Expired => "\u{231b}\u{fe0e}",
        Status::Revoked | Status::Invalid => "\u{2715}",
    };
    html! { strong.mark.(status.as_str()) { span aria-hidden="true" { (sign) } " " (status.as_str()) } }
}

fn in_words(status: Status, recorded: RecordStatus) -> &'static str {
    match status {
        Status::Expired if recorded == RecordStatus::Invalid => {
            "Its time is over, and something else could not be checked. What it says is a claim."
        }
        Status::Valid => "Its issuer awarded it, nobody changed it, and it is in force.",
        Status::Unverified => {
            "Something that the verdict rests on could not be checked. What it says is a claim."
        }
        Status::Expired => "It is genuine, and its time is over.",
        Status::Revoked => "Its issuer has taken it back.",
        Status::Invalid => "It was forged or changed, or is not what the standard calls a badge.",
    }
}

// ---- whether it may be added

fn decision(upload: &Upload, preview: &Preview) -> Markup {
    let button = match preview.status() {
        Status::Valid => "Add this badge".to_owned(),
        status => format!("Add this badge, marked as {status}"),
    };
    html! {
        @if preview.objections().is_empty() {
            form action={ "/uploads/" (upload.id) } method="post" {
                input type="hidden" name="fingerprint" value=(preview.fingerprint());
                input type="hidden" name="token" value=(upload.form_token(preview.fingerprint()));
                button #accept type="submit" { (button) }
            }
        } @else {
            section.notice.refused role="alert" {
                h2 { "This badge cannot be added" }
                ul {
                    @for objection in preview.objections() {
                        li { (objection.message()) " " span.code { (objection.code()) } }
                    }
                }
            }
        }
    }
}

// ---- what it says

fn facts(summary: &Summary<'_>, preview: &Preview, account: &Account) -> Markup {
    let issuer = summary.issuer.as_ref();
    html! {
        @if preview.report().badge().is_none() {
            p.hint { "It is not proven that anybody stands behind what follows." }
        }
        dl {
            @if let Some(issuer) = issuer {
                dt { "Awarded by" }
                dd {
                    (issuer.name.or(issuer.id).unwrap_or("an issuer without a name"))
                    @if let (Some(_), Some(id)) = (issuer.name, issuer.id) { " " span.hint { (id) } }
                    @if let Some(url) = issuer.url { br; (link(url)) }
                }
            }
            dt { "Awarded to" }
            dd { (preview.awarded_to().join(", ")) br; span.hint { (recipient(preview, account)) } }
            @if let Some(issued) = summary.issued { dt { "Awarded" } dd { (date(issued)) } }
            @if let Some(expires) = summary.expires { dt { "Valid until" } dd { (date(expires)) } }
            @if summary.criteria.or(summary.criteria_url).is_some() {
                dt { "For" }
                dd {
                    @if let Some(text) = summary.criteria { p.text { (text) } }
                    @if let Some(url) = summary.criteria_url { (link(url)) }
                }
            }
            @if !summary.results.is_empty() {
                dt { "Results" }
                @for result in &summary.results {
                    dd {
                        (result.name.unwrap_or("Result")) ": "
                        (result.shown().unwrap_or("not stated"))
                    }
                }
            }
            @if let Some(credits) = summary.credits { dt { "Credits" } dd { (credits) } }
            @if !summary.alignments.is_empty() {
                dt { "Aligned with" }
                @for alignment in &summary.alignments {
                    dd { (alignment.name.unwrap_or_default()) " " @if let Some(url) = alignment.url { (link(url)) } }
                }
            }
            @if !summary.evidence.is_empty() {
                dt { "Evidence" }
                @for evidence in &summary.evidence {
                    dd {
                        @if let Some(text) = evidence.name.or(evidence.narrative) { p.text { (text) } }
                        @if let Some(url) = evidence.url { (link(url)) }
                    }
                }
            }
            @if !summary.tags.is_empty() { dt { "Tags" } dd { (summary.tags.join(", ")) } }
            dt { "Kind" }
            dd {
                "Open Badges " (summary.version)
                @if let Some(image) = preview.image() { span.hint { ", " (image) } }
            }
        }
    }
}

/// How the recipient compares with the account, in words.
fn recipient(preview: &Preview, account: &Account) -> String {
    match preview.recipient() {
        RecipientMatch::Match(matched) => {
            let known =
                account.identities().get(matched.known).map(|known| known.value()).unwrap_or_default();
            format!("This is you: {known}, which is confirmed.")
        }
        RecipientMatch::Mismatch { .. } => "This is not you, as far as this account says.".to_owned(),
        _ => "Whether this is you could not be checked.".to_owned(),
    }
}

fn addresses(account: &Account) -> String {
    let shown = account.identities().iter().map(|identity| match identity.confirmation() {
        Confirmation::Confirmed => identity.value().to_owned(),
        Confirmation::Unconfirmed => format!("{}, not confirmed", identity.value()),
    });
    shown.collect::<Vec<_>>().join("; ")
}

/// An address as a link if it leads to the web, and else as text.
fn link(address: &str) -> Markup {
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    html! {
        @if is_web { a href=(address) rel="external nofollow noopener noreferrer" { (address) } } @else { (address) }
    }
}

/// The uploaded image. A badge that came without one has a place holder: what it links to is not loaded.
fn picture(path: Option<&str>) -> Markup {
    html! {
        @match path {
            Some(path) => img.picture src=(path) alt="" width="96" height="96";,
            None => span.picture.none role="img" aria-label="no image" { "\u{2605}" }
        }
    }
}

fn date(instant: OffsetDateTime) -> Markup {
    html! { time datetime=(instant.format(&Rfc3339).unwrap_or_default()) { (day(instant)) } }
}

fn day(instant: OffsetDateTime) -> String {
    let form = format_description!("[day padding:none] [month repr:long] [year]");
    instant.format(form).unwrap_or_else(|_| instant.to_string())
}
