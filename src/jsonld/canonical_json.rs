//! JSON literals in canonical form: the JSON Canonicalization Scheme (RFC 8785).

use serde_json::{Map, Number, Value};

/// Writes a value canonically. Recursion follows the value, whose depth was bounded beforehand.
pub(super) fn write(value: &Value) -> String {
    let mut text = String::new();
    push(&mut text, value);
    text
}

fn push(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => push_number(text, number),
        Value::String(string) => push_string(text, string),
        Value::Array(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                push(text, item);
            }
            text.push(']');
        }
        Value::Object(members) => push_object(text, members),
    }
}

/// Section 3.2.3: members in the order of their names' UTF-16 code units.
fn push_object(text: &mut String, members: &Map<String, Value>) {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    text.push('{');
    for (position, (name, value)) in members.into_iter().enumerate() {
        if position > 0 {
            text.push(',');
        }
        push_string(text, name);
        text.push(':');
        push(text, value);
    }
    text.push('}');
}

/// Section 3.2.2.2.
fn push_string(text: &mut String, string: &str) {
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
            control if control < ' ' => text.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => text.push(other),
        }
    }
    text.push('"');
}

/// Section 3.2.2.3: as `Number.prototype.toString` of ECMAScript writes it.
fn push_number(text: &mut String, number: &Number) {
    let value = number.as_f64().unwrap_or_default();
    if value == 0.0 {
        text.push('0');
        return;
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
            None => text.push_str(&format!("{digits:0<point$}")),
        },
        _ if (-5..=0).contains(&point) => {
            text.push_str("0.");
            text.extend((point..0).map(|_| '0'));
            text.push_str(digits);
        }
        _ => {
            let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
            let dot = if rest.is_empty() { "" } else { "." };
            text.push_str(&format!("{first}{dot}{rest}e{:+}", point.saturating_sub(1)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        write(&serde_json::from_str(text).unwrap())
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
            assert_eq!(write(&Value::Number(number)), expected);
        }
    }

    #[test]
    fn orders_members_by_utf_16_and_escapes_as_little_as_it_can() {
        assert_eq!(
            canonical(
                r#"{ "\ud83d\ude00": 1, "\ufb33": 2, "a": [1e2, 4.50, "\u000f\u20ac$'\"\/\n"], "\r": null }"#
            ),
            "{\"\\r\":null,\"a\":[100,4.5,\"\\u000f€$'\\\"/\\n\"],\"😀\":1,\"\u{fb33}\":2}"
        );
    }
}
