//! What a badge carries unsigned if it was signed under the earlier revision of its context.

#![allow(unreachable_pub)] // a test has nobody to export to

use serde_json::Value;

/// Takes away texts that the earlier revision of the context had no name for, where Open Badges has them.
pub fn leave_out_later_members(badge: &mut Value) {
    leave_out("endorsement", badge);
}

fn leave_out(place: &str, value: &mut Value) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(|each| leave_out(place, each)),
        Value::Object(members) => {
            // Null says nothing under any context.
            let is_one = |jwt: &Value| jwt.is_string() || jwt.is_null();
            let is_text = |jwt: &Value| jwt.as_array().map_or(is_one(jwt), |all| all.iter().all(is_one));
            members.retain(|name, value| match name.as_str() {
                "jti" => place != "endorsement" || !value.is_string(),
                "endorsementJwt" => place == "credentialSubject" || !is_text(value),
                _ => true,
            });
            for place in [
                "achievement",
                "creator",
                "credentialSubject",
                "endorsement",
                "issuer",
                "parentOrg",
                "source",
            ] {
                members.get_mut(place).into_iter().for_each(|value| leave_out(place, value));
            }
        }
        _ => {}
    }
}
