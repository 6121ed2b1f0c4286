//! Other spellings of what is the same e-mail or web address.

/// The spellings under which issuers have hashed one e-mail address: `ada@x.org`, `ADA@X.ORG`, `Ada@x.org`,
/// `Ada@X.Org` and `ADA@x.org`.
///
/// NOTE: neither version of the specification says anything about case, and people write addresses as they like.
pub(super) fn email_cases(address: &str) -> impl Iterator<Item = String> {
    let lower = address.to_ascii_lowercase();
    let upper = address.to_ascii_uppercase();
    let first = capitalised(&lower, |before| before.is_none());
    let words = capitalised(&lower, |before| before.is_none_or(|before| !before.is_alphanumeric()));
    let local =
        lower.split_once('@').map(|(local, domain)| format!("{}@{domain}", local.to_ascii_uppercase()));
    [lower, upper, first, words].into_iter().chain(local)
}

/// The text with a capital wherever a word starts, as told by the character before.
fn capitalised(text: &str, starts_word: fn(Option<char>) -> bool) -> String {
    let mut before = None;
    let capital = |c: char| {
        let is_first = starts_word(before.replace(c));
        if is_first { c.to_ascii_uppercase() } else { c }
    };
    text.chars().map(capital).collect()
}

/// A web address with scheme and host in lower case; all else can differ by case.
pub(super) fn lower_host(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (authority, path) = match rest.find(['/', '?', '#']) {
        Some(end) => rest.split_at_checked(end).unwrap_or((rest, "")),
        None => (rest, ""),
    };
    let (user, host) = authority.rsplit_once('@').map_or(("", authority), |(user, host)| (user, host));
    let at = if user.is_empty() { "" } else { "@" };
    format!("{}://{user}{at}{}{path}", scheme.to_ascii_lowercase(), host.to_ascii_lowercase())
}
