//! Brings JSON into canonical form: the JSON Canonicalization Scheme (RFC 8785).
//!
//! In: a JSON value. Out: the one text that every implementation gives for it. Refused: what is nested too deeply, and
//! integers that no double holds, because two of them would have one text (RFC 8785 section 3.2.2.3; RFC 7493
//! section 2.2). Duplicate members and lone surrogates do not get this far: reading JSON refuses them.

use std::fmt::Write as _;

use serde_json::{Map, Number, Value};

use crate::limits::{Limit, LimitExceeded, Limits};

/// Writes a value canonically.
///
/// NOTE: a number with a fraction or an exponent is a double as soon as it is read, so that the value in hand is the
/// one that is written, however large. RFC 8785 section 3.2.2.3 has no further bound.
///
/// # Errors
/// [`JcsError::NumberOutOfRange`] for an integer beyond ±(2^53 − 1), [`JcsError::Limit`] if the value is nested too
/// deeply.
pub fn canonicalize(value: &Value, limits: &Limits) -> Result<String, JcsError> {
    let mut writer = Writer { text: String::new(), depth: 0, limits };
    writer.push(value)?;
    Ok(writer.text)
}

/// Why a value has no canonical form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JcsError {
    /// The value is nested more deeply than allowed.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// An integer is beyond ±(2^53 − 1), where doubles no longer tell neighbours apart.
    #[error("expected an integer within \u{b1}(2^53 - 1), found {number}")]
    NumberOutOfRange {
        /// The integer.
        number: String,
    },
}

/// The text so far, and where in the value it is.
struct Writer<'l> {
    text: String,
    depth: usize,
    limits: &'l Limits,
}

impl Writer<'_> {
    fn push(&mut self, value: &Value) -> Result<(), JcsError> {
        match value {
            Value::Null => self.text.push_str("null"),
            Value::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => push_number(&mut self.text, number)?,
            Value::String(string) => push_string(&mut self.text, string),
            Value::Array(items) => self.within(|writer| writer.push_array(items))?,
            Value::Object(members) => self.within(|writer| writer.push_object(members))?,
        }
        Ok(())
    }

    /// Goes one level down; recursion is bounded here.
    fn within(&mut self, write: impl FnOnce(&mut Self) -> Result<(), JcsError>) -> Result<(), JcsError> {
        self.depth = self.depth.saturating_add(1);
        self.limits.check(Limit::JsonDepth, self.depth)?;
        write(self)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    fn push_array(&mut self, items: &[Value]) -> Result<(), JcsError> {
        self.text.push('[');
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.text.push(',');
            }
            self.push(item)?;
        }
        self.text.push(']');
        Ok(())
    }

    /// Section 3.2.3: members in the order of their names' UTF-16 code units.
    fn push_object(&mut self, members: &Map<String, Value>) -> Result<(), JcsError> {
        let mut members: Vec<_> = members.iter().collect();
        members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
        self.text.push('{');
        for (position, (name, value)) in members.into_iter().enumerate() {
            if position > 0 {
                self.text.push(',');
            }
            push_string(&mut self.text, name);
            self.text.push(':');
            self.push(value)?;
        }
        self.text.push('}');
        Ok(())
    }
}

/// Section 3.2.2.2.
fn push_string(text: &mut String, string: &str) {
    if !string.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        return text.extend(["\"", string, "\""]);
    }
    text.push('"');
    for character in string.chars() {
        match character {
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            control if control < ' ' => {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(control));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

/// Section 3.2.2.3: as `Number.prototype.toString` of ECMAScript writes it.
fn push_number(text: &mut String, number: &Number) -> Result<(), JcsError> {
    let is_exact = number.as_i64().map_or(!number.is_u64(), |integer| integer.unsigned_abs() <= MAX_INTEGER);
    let value = match number.as_f64() {
        Some(value) if is_exact => value,
        _ => return Err(JcsError::NumberOutOfRange { number: number.to_string() }),
    };
    if value == 0.0 {
        text.push('0');
        return Ok(());
    }
    if value < 0.0 {
        text.push('-');
    }
    // The shortest digits that stand for the number, and where their decimal point is.
    let shortest = Number::from_f64(value.abs()).map(|number| number.to_string()).unwrap_or_default();
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = format!("{whole}{fraction}");
    let significant = all_digits.trim_start_matches('0');
    let leading_zeros = all_digits.len().saturating_sub(significant.len());
    let digits = significant.trim_end_matches('0');
    let point = exponent
        .parse::<isize>()
        .unwrap_or_default()
        .saturating_add_unsigned(whole.len())
        .saturating_sub_unsigned(leading_zeros);
    match usize::try_from(point) {
        Ok(point) if (1..=21).contains(&point) => match digits.split_at_checked(point) {
            Some((digits, "")) => text.push_str(digits),
            Some((whole, fraction)) => text.extend([whole, ".", fraction]),
            // Writing to a string cannot fail.
            None => {
                let _ = write!(text, "{digits:0<point$}");
            }
        },
        _ if (-5..=0).contains(&point) => {
            text.push_str("0.");
            text.extend((point..0).map(|_| '0'));
            text.push_str(digits);
        }
        _ => {
            let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
            let dot = if rest.is_empty() { "" } else { "." };
            let _ = write!(text, "{first}{dot}{rest}e{:+}", point.saturating_sub(1));
        }
    }
    Ok(())
}

/// 2^53 − 1: from here down, every integer is a double of its own (RFC 7493 section 2.2).
const MAX_INTEGER: u64 = (1 << 53) - 1;

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> Result<String, JcsError> {
        canonicalize(&serde_json::from_str(text).unwrap(), &Limits::default())
    }

    #[test]
    fn writes_numbers_as_rfc_8785_appendix_b_does() {
        for (bits, expected) in [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            let number = Number::from_f64(f64::from_bits(bits)).unwrap();
            let found = canonicalize(&Value::Number(number), &Limits::default());
            assert_eq!(found.as_deref(), Ok(expected));
        }
    }

    #[test]
    fn orders_members_by_utf_16_and_escapes_as_little_as_it_can() {
        assert_eq!(
            canonical(
                r#"{ "\ud83d\ude00": 1, "\ufb33": 2, "a": [1e2, 4.50, "\u000f\u20ac$'\"\/\n"], "\r": null }"#
            )
            .as_deref(),
            Ok("{\"\\r\":null,\"a\":[100,4.5,\"\\u000f€$'\\\"/\\n\"],\"😀\":1,\"\u{fb33}\":2}")
        );
    }

    #[test]
    fn refuses_integers_that_share_a_double_with_others() {
        for number in ["9007199254740991", "-9007199254740991"] {
            assert_eq!(canonical(number).as_deref(), Ok(number));
        }
        for number in [
            "9007199254740992",
            "9007199254740993",
            "-9007199254740992",
            "9223372036854775808",
            "18446744073709551615",
        ] {
            let error = canonical(&format!("{{\"a\":[{number}]}}")).unwrap_err();
            assert_eq!(error, JcsError::NumberOutOfRange { number: number.to_owned() });
        }
        // What was read as a double is written as that double.
        assert_eq!(canonical("9007199254740993.0").as_deref(), Ok("9007199254740992"));
    }

    #[test]
    fn refuses_what_is_nested_too_deeply() {
        let nested = |levels| (0..levels).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
        assert!(canonicalize(&nested(64), &Limits::default()).is_ok());
        assert!(matches!(canonicalize(&nested(65), &Limits::default()), Err(JcsError::Limit(_))));
    }
}
