//! RSA and ECDSA, and the only file that names `josekit`.
//!
//! In: checked key material, a message, a signature. Out: whether OpenSSL finds the signature good. The verifier is
//! chosen here, from the algorithm that the caller named and the key's own type; josekit never sees a header, a `kid`
//! or a JWK, so that nothing in a token can steer it. Its errors are not told apart: they hold no more than "no".
//!
//! RFC 7518 sections 3.3 to 3.5.

use josekit::JoseError;
use josekit::jws::{ES256, ES384, JwsVerifier, PS256, PS384, PS512, RS256, RS384, RS512};

use super::key::{Curve, EcPoint, RsaKey};
use super::{Algorithm, SignatureError, der, pem};

/// Verifies `r` and `s`. The point reaches OpenSSL as a `SubjectPublicKeyInfo`, where it is checked against its curve.
pub(super) fn verify_ecdsa(point: &EcPoint, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let info = pem::ec_public_key_info(point);
    let verifier = match point.curve() {
        Curve::P256 => ES256.verifier_from_der(info),
        Curve::P384 => ES384.verifier_from_der(info),
    };
    finish(verifier, message, signature)
}

/// Verifies an RSA signature with numbers that are already bounded.
pub(super) fn verify_rsa(
    key: &RsaKey,
    algorithm: Algorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let numbers = [der::unsigned(key.modulus()), der::unsigned(&key.exponent_bytes())].concat();
    let key = der::element(der::SEQUENCE, &numbers);
    match algorithm {
        Algorithm::Ps256 => finish(PS256.verifier_from_der(key), message, signature),
        Algorithm::Ps384 => finish(PS384.verifier_from_der(key), message, signature),
        Algorithm::Ps512 => finish(PS512.verifier_from_der(key), message, signature),
        Algorithm::Rs256 => finish(RS256.verifier_from_der(key), message, signature),
        Algorithm::Rs384 => finish(RS384.verifier_from_der(key), message, signature),
        Algorithm::Rs512 => finish(RS512.verifier_from_der(key), message, signature),
        Algorithm::EdDsa | Algorithm::Es256 | Algorithm::Es384 => Err(SignatureError::KeyMismatch),
    }
}

fn finish(
    verifier: Result<impl JwsVerifier, JoseError>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let verifier = verifier.map_err(|_| SignatureError::InvalidKey)?;
    verifier.verify(message, signature).map_err(|_| SignatureError::Mismatch)
}

/// A P-256 key that can sign, for tests of what is signed with one.
#[cfg(test)]
pub(super) struct SigningKey(josekit::jwk::alg::ec::EcKeyPair);

#[cfg(test)]
impl SigningKey {
    pub(super) fn p256() -> Self {
        Self(ES256.generate_key_pair().unwrap())
    }

    pub(super) fn public(&self) -> super::PublicKey {
        super::multikey::from_multicodec(&self.multikey()).unwrap()
    }

    /// The public key as a Multikey before its base58: the multicodec, and the point in compressed form.
    pub(super) fn multikey(&self) -> Vec<u8> {
        use base64::Engine;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;

        let jwk = josekit::jwk::KeyPair::to_jwk_public_key(&self.0);
        let coordinate =
            |name| URL_SAFE_NO_PAD.decode(jwk.parameter(name).unwrap().as_str().unwrap()).unwrap();
        let is_odd = coordinate("y").last().unwrap() & 1;
        [&[0x80, 0x24, 2 | is_odd], coordinate("x").as_slice()].concat()
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        use josekit::jws::JwsSigner;

        let key = josekit::jwk::KeyPair::to_jwk_private_key(&self.0);
        ES256.signer_from_jwk(&key).unwrap().sign(message).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use josekit::jwk::Jwk;
    use josekit::jws::JwsSigner;
    use josekit::jws::alg::ecdsa::EcdsaJwsAlgorithm;
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::proof::{PublicKey, verify};

    const MESSAGE: &[u8] = b"header.payload";

    struct Pair {
        public: Map<String, Value>,
        signature: Vec<u8>,
    }

    impl Pair {
        fn ecdsa(algorithm: EcdsaJwsAlgorithm) -> Self {
            let pair = algorithm.generate_key_pair().unwrap();
            let signer = algorithm.signer_from_jwk(&pair.to_jwk_private_key()).unwrap();
            Self { public: members(pair.to_jwk_public_key()), signature: signer.sign(MESSAGE).unwrap() }
        }

        fn rsa(bits: u32) -> (Map<String, Value>, Jwk) {
            let pair = josekit::jwk::alg::rsa::RsaKeyPair::generate(bits).unwrap();
            (members(pair.to_jwk_public_key()), pair.to_jwk_private_key())
        }

        fn key(&self) -> PublicKey {
            PublicKey::from_jwk(&self.public).unwrap()
        }

        fn x_and_y(&self) -> (Vec<u8>, Vec<u8>) {
            let coordinate = |member| {
                use base64::Engine;
                let digits = self.public[member].as_str().unwrap();
                base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(digits).unwrap()
            };
            (coordinate("x"), coordinate("y"))
        }
    }

    fn members(jwk: Jwk) -> Map<String, Value> {
        jwk.as_ref().clone()
    }

    #[test]
    fn a_signature_holds_under_its_own_key_and_algorithm_only() {
        let (p256, p384) = (Pair::ecdsa(ES256), Pair::ecdsa(ES384));
        assert_eq!(verify(&p256.key(), Algorithm::Es256, MESSAGE, &p256.signature), Ok(()));
        assert_eq!(verify(&p384.key(), Algorithm::Es384, MESSAGE, &p384.signature), Ok(()));
        let other = Pair::ecdsa(ES256);
        let mismatch = Err(SignatureError::Mismatch);
        assert_eq!(verify(&other.key(), Algorithm::Es256, MESSAGE, &p256.signature), mismatch);
        assert_eq!(verify(&p256.key(), Algorithm::Es256, b"header.other", &p256.signature), mismatch);
        for algorithm in Algorithm::ALL.iter().filter(|algorithm| **algorithm != Algorithm::Es256) {
            let result = verify(&p256.key(), *algorithm, MESSAGE, &p256.signature);
            assert_eq!(result, Err(SignatureError::KeyMismatch), "{algorithm}");
        }
    }

    #[test]
    fn rsa_paddings_and_hashes_are_not_interchangeable() {
        let (public, private) = Pair::rsa(2048);
        let key = PublicKey::from_jwk(&public).unwrap();
        let signers: [(Algorithm, Box<dyn JwsSigner>); 6] = [
            (Algorithm::Ps256, Box::new(PS256.signer_from_jwk(&private).unwrap())),
            (Algorithm::Ps384, Box::new(PS384.signer_from_jwk(&private).unwrap())),
            (Algorithm::Ps512, Box::new(PS512.signer_from_jwk(&private).unwrap())),
            (Algorithm::Rs256, Box::new(RS256.signer_from_jwk(&private).unwrap())),
            (Algorithm::Rs384, Box::new(RS384.signer_from_jwk(&private).unwrap())),
            (Algorithm::Rs512, Box::new(RS512.signer_from_jwk(&private).unwrap())),
        ];
        for (signed_with, signer) in signers {
            let signature = signer.sign(MESSAGE).unwrap();
            for algorithm in Algorithm::ALL.iter().filter(|algorithm| key.fits(**algorithm)) {
                let expected = if *algorithm == signed_with { Ok(()) } else { Err(SignatureError::Mismatch) };
                assert_eq!(
                    verify(&key, *algorithm, MESSAGE, &signature),
                    expected,
                    "{signed_with} {algorithm}"
                );
            }
        }
    }

    #[test]
    fn a_key_id_asks_nothing_of_the_token() {
        let mut pair = Pair::ecdsa(ES256);
        pair.public.insert("kid".to_owned(), json!("somebody"));
        assert_eq!(verify(&pair.key(), Algorithm::Es256, MESSAGE, &pair.signature), Ok(()));
    }

    #[test]
    fn compressed_points_verify_and_equal_their_full_form() {
        for (algorithm, signer, curve) in
            [(Algorithm::Es256, ES256, Curve::P256), (Algorithm::Es384, ES384, Curve::P384)]
        {
            let pair = Pair::ecdsa(signer);
            let (x, y) = pair.x_and_y();
            let form = if y.last().unwrap() & 1 == 0 { 2 } else { 3 };
            let key = |form: u8| {
                PublicKey::ec(EcPoint::from_sec1(curve, &[&[form], x.as_slice()].concat()).unwrap())
            };
            assert_eq!(verify(&key(form), algorithm, MESSAGE, &pair.signature), Ok(()));
            assert_eq!(key(form), pair.key());
            // The other root is another key.
            let mismatch = Err(SignatureError::Mismatch);
            assert_eq!(verify(&key(form ^ 1), algorithm, MESSAGE, &pair.signature), mismatch);
            assert_ne!(key(form ^ 1), pair.key());
        }
    }

    #[test]
    fn a_point_off_its_curve_is_no_key() {
        let pair = Pair::ecdsa(ES256);
        let (x, mut y) = pair.x_and_y();
        y[0] ^= 1;
        let zeros = vec![0; 32];
        for (x, y) in [(&x, &y), (&zeros, &zeros), (&vec![0xff; 32], &y)] {
            let key = PublicKey::ec(EcPoint::from_coordinates(Curve::P256, x, y).unwrap());
            let result = verify(&key, Algorithm::Es256, MESSAGE, &pair.signature);
            assert_eq!(result, Err(SignatureError::InvalidKey));
        }
    }

    #[test]
    fn an_ecdsa_signature_has_one_length_and_no_zeros() {
        let pair = Pair::ecdsa(ES256);
        for found in [0, 63, 65, 70, 71, 72, 96] {
            let result = verify(&pair.key(), Algorithm::Es256, MESSAGE, &vec![0x30; found]);
            assert_eq!(result, Err(SignatureError::Malformed { expected: 64, found }));
        }
        let (r, s) = pair.signature.split_at(32);
        let (zero, full) = ([0; 32], [0xff; 32]);
        for signature in [[&zero[..], &zero], [r, &zero], [&zero, s], [r, &full], [&full, s], [s, r]] {
            let result = verify(&pair.key(), Algorithm::Es256, MESSAGE, &signature.concat());
            assert_eq!(result, Err(SignatureError::Mismatch));
        }
    }

    #[test]
    fn the_twin_of_an_ecdsa_signature_verifies_too() {
        // The order of P-256 (SEC 2 section 2.4.2).
        const ORDER: [u64; 4] =
            [0xffff_ffff_0000_0000, 0xffff_ffff_ffff_ffff, 0xbce6_faad_a717_9e84, 0xf3b9_cac2_fc63_2551];
        let pair = Pair::ecdsa(ES256);
        let order = ORDER.map(u64::to_be_bytes).concat();
        let (r, s) = pair.signature.split_at(32);
        let mut borrow = 0;
        let mut twin: Vec<u8> = order
            .iter()
            .zip(s)
            .rev()
            .map(|(n, s)| {
                let difference = i16::from(*n) - i16::from(*s) - borrow;
                borrow = i16::from(difference < 0);
                u8::try_from(difference.rem_euclid(256)).unwrap()
            })
            .collect();
        twin.reverse();
        let signature = [r, twin.as_slice()].concat();
        assert_ne!(signature, pair.signature);
        assert_eq!(verify(&pair.key(), Algorithm::Es256, MESSAGE, &signature), Ok(()));
    }

    #[test]
    fn a_short_rsa_key_is_refused_however_good_its_signature() {
        let (public, _) = Pair::rsa(1024);
        let key = PublicKey::from_jwk(&public).unwrap();
        for algorithm in [Algorithm::Ps256, Algorithm::Rs256] {
            assert_eq!(verify(&key, algorithm, MESSAGE, &[0; 128]), Err(SignatureError::WeakKey));
        }
    }

    #[test]
    fn an_rsa_signature_is_as_long_as_its_modulus() {
        let (public, private) = Pair::rsa(2048);
        let key = PublicKey::from_jwk(&public).unwrap();
        let signature = RS256.signer_from_jwk(&private).unwrap().sign(MESSAGE).unwrap();
        for signature in [&signature[1..], &[&[0], signature.as_slice()].concat()] {
            let result = verify(&key, Algorithm::Rs256, MESSAGE, signature);
            assert_eq!(result, Err(SignatureError::Malformed { expected: 256, found: signature.len() }));
        }
    }
}
