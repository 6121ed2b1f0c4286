//! Keys in PEM: what Open Badges 2.0 calls `publicKeyPem`.
//!
//! In: text with one `BEGIN`/`END` block, lines ended by LF or CR LF, nothing but white space around it. Out: a
//! [`PublicKey`]. Refused: any other text, private keys, DER that is not in its only right spelling.
//! RFC 7468 sections 3 and 13, RFC 5280 section 4.1.2.7, RFC 8017 appendix A.1.1, RFC 5480 section 2, RFC 8410 section 4.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::der::{self, Reader};
use super::key::{Curve, EcPoint};
use super::{KeyError, PublicKey};
use crate::quote::quote;

/// Reads a PEM text.
pub(super) fn read(text: &str) -> Result<PublicKey, KeyError> {
    if text.len() > MAX_TEXT {
        return Err(KeyError::Malformed { problem: "a PEM text longer than that of any supported key" });
    }
    let (label, body) = block(text).ok_or(KeyError::Malformed { problem: "not one PEM block" })?;
    let digits: String = body.split_ascii_whitespace().collect();
    let der =
        STANDARD.decode(digits).map_err(|_| KeyError::Malformed { problem: "the PEM body is not base64" })?;
    match label {
        "PUBLIC KEY" => subject_public_key_info(&der),
        "RSA PUBLIC KEY" => rsa_public_key(&der),
        _ if label.ends_with("PRIVATE KEY") => Err(KeyError::PrivateMember { member: "PRIVATE KEY" }),
        _ => Err(KeyError::Unsupported { what: quote(label).to_string() }),
    }
}

/// `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }`.
pub(super) fn rsa_public_key(der: &[u8]) -> Result<PublicKey, KeyError> {
    let numbers = || {
        let mut numbers = only(der, der::SEQUENCE)?;
        let modulus = numbers.unsigned()?;
        let exponent = numbers.unsigned()?;
        numbers.is_empty().then_some((modulus, exponent))
    };
    let (modulus, exponent) = numbers().ok_or(KeyError::Malformed { problem: "not an RSAPublicKey" })?;
    PublicKey::rsa(modulus, exponent)
}

/// `SubjectPublicKeyInfo ::= SEQUENCE { algorithm SEQUENCE { OID, parameters }, subjectPublicKey BIT STRING }`.
fn subject_public_key_info(der: &[u8]) -> Result<PublicKey, KeyError> {
    let malformed = KeyError::Malformed { problem: "not a SubjectPublicKeyInfo" };
    let parts = || {
        let mut info = only(der, der::SEQUENCE)?;
        let algorithm = info.element(der::SEQUENCE)?;
        // The first byte of a BIT STRING counts its unused bits: keys are whole bytes.
        let (0, key) = info.element(der::BIT_STRING)?.split_first()? else { return None };
        let mut algorithm = Reader::new(algorithm);
        let identifier = algorithm.element(der::OBJECT_IDENTIFIER)?;
        info.is_empty().then_some((identifier, algorithm, key))
    };
    let (identifier, mut parameters, key) = parts().ok_or_else(|| malformed.clone())?;
    match identifier {
        RSA_ENCRYPTION if parameters.element(der::NULL) == Some(&[]) && parameters.is_empty() => {
            rsa_public_key(key)
        }
        EC_PUBLIC_KEY => match parameters.element(der::OBJECT_IDENTIFIER) {
            Some(PRIME256V1) if parameters.is_empty() => {
                EcPoint::from_sec1(Curve::P256, key).map(PublicKey::ec)
            }
            Some(SECP384R1) if parameters.is_empty() => {
                EcPoint::from_sec1(Curve::P384, key).map(PublicKey::ec)
            }
            Some(_) => Err(KeyError::Unsupported { what: "another curve".to_owned() }),
            None => Err(KeyError::Malformed { problem: "a curve that is not named" }),
        },
        ED25519 if parameters.is_empty() => PublicKey::ed25519(key),
        RSA_ENCRYPTION | ED25519 => Err(malformed),
        _ => Err(KeyError::Unsupported { what: "another algorithm identifier".to_owned() }),
    }
}

/// The `SubjectPublicKeyInfo` of a point: the form in which OpenSSL takes compressed points too.
#[cfg_attr(not(feature = "jose"), allow(dead_code))]
pub(super) fn ec_public_key_info(point: &EcPoint) -> Vec<u8> {
    let curve = match point.curve() {
        Curve::P256 => PRIME256V1,
        Curve::P384 => SECP384R1,
    };
    let algorithm =
        [der::element(der::OBJECT_IDENTIFIER, EC_PUBLIC_KEY), der::element(der::OBJECT_IDENTIFIER, curve)];
    let info = [
        der::element(der::SEQUENCE, &algorithm.concat()),
        der::element(der::BIT_STRING, &[&[0], point.to_sec1().as_slice()].concat()),
    ];
    der::element(der::SEQUENCE, &info.concat())
}

/// Label and body of the only block.
fn block(text: &str) -> Option<(&str, &str)> {
    let (label, rest) = text.trim().strip_prefix("-----BEGIN ")?.split_once("-----")?;
    let (body, end) = rest.split_once("-----END ")?;
    (end.strip_suffix("-----")? == label).then_some((label, body))
}

/// The content of an element with nothing after it.
fn only(der: &[u8], tag: u8) -> Option<Reader<'_>> {
    let mut outer = Reader::new(der);
    let content = outer.element(tag)?;
    outer.is_empty().then(|| Reader::new(content))
}

/// Characters of an RSA key of 8192 bits, with room for line ends: 1.5 KiB are enough in practice.
const MAX_TEXT: usize = 4096;

/// 1.2.840.113549.1.1.1
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// 1.2.840.10045.2.1
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// 1.2.840.10045.3.1.7
const PRIME256V1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// 1.3.132.0.34
const SECP384R1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
/// 1.3.101.112
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::KeyKind;

    fn pem(label: &str, der: &[u8], line_end: &str) -> String {
        let digits = STANDARD.encode(der);
        let lines: Vec<&str> =
            digits.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        [
            &format!("-----BEGIN {label}-----"),
            lines.join(line_end).as_str(),
            &format!("-----END {label}-----"),
            "",
        ]
        .join(line_end)
    }

    fn rsa_der() -> Vec<u8> {
        let numbers = [der::unsigned(&[0xff; 256]), der::unsigned(&[1, 0, 1])].concat();
        der::element(der::SEQUENCE, &numbers)
    }

    fn info(algorithm: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
        let identifier = [&der::element(der::OBJECT_IDENTIFIER, algorithm), parameters].concat();
        let key = der::element(der::BIT_STRING, &[&[0], key].concat());
        der::element(der::SEQUENCE, &[der::element(der::SEQUENCE, &identifier), key].concat())
    }

    #[test]
    fn both_rsa_forms_are_one_key_with_any_line_end() {
        let expected = PublicKey::rsa(&[0xff; 256], &[1, 0, 1]).unwrap();
        let spki = info(RSA_ENCRYPTION, &der::element(der::NULL, &[]), &rsa_der());
        for line_end in ["\n", "\r\n"] {
            assert_eq!(read(&pem("RSA PUBLIC KEY", &rsa_der(), line_end)).unwrap(), expected);
            assert_eq!(read(&pem("PUBLIC KEY", &spki, line_end)).unwrap(), expected);
        }
    }

    #[test]
    fn reads_curves_too() {
        let named = |curve| der::element(der::OBJECT_IDENTIFIER, curve);
        let p256 = info(EC_PUBLIC_KEY, &named(PRIME256V1), &[&[2], [7; 32].as_slice()].concat());
        let p384 = info(EC_PUBLIC_KEY, &named(SECP384R1), &[&[4], [7; 96].as_slice()].concat());
        let ed25519 = info(ED25519, &[], &[&[3], [0; 31].as_slice()].concat());
        for (der, kind) in [(p256, KeyKind::P256), (p384, KeyKind::P384), (ed25519, KeyKind::Ed25519)] {
            assert_eq!(read(&pem("PUBLIC KEY", &der, "\n")).unwrap().kind(), kind);
        }
        let k256 = info(EC_PUBLIC_KEY, &named(&[0x2b, 0x81, 0x04, 0x00, 0x0a]), &[2; 33]);
        assert!(matches!(read(&pem("PUBLIC KEY", &k256, "\n")), Err(KeyError::Unsupported { .. })));
        let explicit = info(EC_PUBLIC_KEY, &der::element(der::SEQUENCE, &[]), &[2; 33]);
        assert!(matches!(read(&pem("PUBLIC KEY", &explicit, "\n")), Err(KeyError::Malformed { .. })));
        let infinity = info(EC_PUBLIC_KEY, &named(PRIME256V1), &[0]);
        assert!(matches!(read(&pem("PUBLIC KEY", &infinity, "\n")), Err(KeyError::Malformed { .. })));
    }

    #[test]
    fn refuses_private_keys_and_other_blocks() {
        for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"] {
            assert!(matches!(read(&pem(label, &rsa_der(), "\n")), Err(KeyError::PrivateMember { .. })));
        }
        assert!(matches!(read(&pem("CERTIFICATE", &rsa_der(), "\n")), Err(KeyError::Unsupported { .. })));
    }

    #[test]
    fn refuses_anything_around_or_after_the_key() {
        let good = pem("RSA PUBLIC KEY", &rsa_der(), "\n");
        let trailing = [rsa_der(), vec![0]].concat();
        for text in [
            String::new(),
            format!("key: {good}"),
            format!("{good}{good}"),
            good.replace("END RSA", "END"),
            good.replace('_', ""),
            good.replacen('/', "_", 1),
            pem("RSA PUBLIC KEY", &trailing, "\n"),
            pem("PUBLIC KEY", &rsa_der(), "\n"),
            pem("PUBLIC KEY", &info(RSA_ENCRYPTION, &[], &rsa_der()), "\n"),
            " ".repeat(5000),
        ] {
            if text != good {
                assert!(matches!(read(&text), Err(KeyError::Malformed { .. })), "{text}");
            }
        }
    }
}
