//! Inflates compressed data up to a bound, and only if it ends where it should.

use std::io::Read;

use flate2::bufread::{GzDecoder, ZlibDecoder};

use crate::limits::{Limit, LimitExceeded, Limits};

/// Inflates the text of a chunk: one zlib stream, the whole of `data`. `None` if it is not that.
///
/// # Errors
/// [`LimitExceeded`] if the text is longer than [`Limit::TextBytes`].
pub(super) fn zlib(data: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>, LimitExceeded> {
    let mut decoder = ZlibDecoder::new(data);
    let text = read_bounded(&mut decoder, Limit::TextBytes, limits)?;
    Ok(text.filter(|_| decoder.into_inner().is_empty()))
}

/// Inflates a file: one gzip member, the whole of `data`. `None` if it is not that.
///
/// # Errors
/// [`LimitExceeded`] if the file is longer than [`Limit::InputBytes`], or `data` longer than a quarter of that: it can be
/// made of blocks with nothing in them, which take longer to go through than any text.
pub(super) fn gzip(data: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>, LimitExceeded> {
    limits.check(Limit::InputBytes, data.len().saturating_mul(4))?;
    let mut decoder = GzDecoder::new(data);
    let file = read_bounded(&mut decoder, Limit::InputBytes, limits)?;
    Ok(file.filter(|_| decoder.into_inner().is_empty()))
}

/// Reads to the end, at most one byte over the bound; `None` if the decoder refuses what it reads.
fn read_bounded(
    decoder: &mut impl Read,
    limit: Limit,
    limits: &Limits,
) -> Result<Option<Vec<u8>>, LimitExceeded> {
    let mut inflated = Vec::new();
    let read = decoder.take(limits.get(limit).saturating_add(1)).read_to_end(&mut inflated);
    limits.check(limit, inflated.len())?;
    Ok(read.is_ok().then_some(inflated))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    fn deflated(data: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn gzipped(data: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn inflates_what_is_whole() {
        let limits = Limits::default();
        assert_eq!(zlib(&deflated(b"text"), &limits), Ok(Some(b"text".to_vec())));
        assert_eq!(gzip(&gzipped(b"file"), &limits), Ok(Some(b"file".to_vec())));
        assert_eq!(zlib(&deflated(b""), &limits), Ok(Some(Vec::new())));
    }

    #[test]
    fn refuses_every_cut_and_every_addition() {
        let limits = Limits::default();
        type Inflate = fn(&[u8], &Limits) -> Result<Option<Vec<u8>>, LimitExceeded>;
        let both: [(Vec<u8>, Inflate); 2] = [(deflated(b"some text"), zlib), (gzipped(b"some text"), gzip)];
        for (whole, inflate) in both {
            for length in 0..whole.len() {
                assert_eq!(inflate(&whole[..length], &limits), Ok(None), "{length} bytes");
            }
            assert_eq!(inflate(&[whole.as_slice(), b"x"].concat(), &limits), Ok(None));
            assert_eq!(inflate(&[whole.as_slice(), &whole].concat(), &limits), Ok(None));
        }
    }

    #[test]
    fn refuses_a_wrong_checksum() {
        let limits = Limits::default();
        let mut zlib_stream = deflated(b"some text");
        *zlib_stream.last_mut().unwrap() ^= 1;
        assert_eq!(zlib(&zlib_stream, &limits), Ok(None));
        let mut member = gzipped(b"some text");
        let checksum = member.len() - 8;
        member[checksum] ^= 1;
        assert_eq!(gzip(&member, &limits), Ok(None));
    }

    #[test]
    fn stops_a_bomb_at_the_bound() {
        let limits = Limits::default().with(Limit::TextBytes, 1000).with(Limit::InputBytes, 20_000);
        let exceeded = |limit| Err(limits.exceeded(limit));
        assert_eq!(zlib(&deflated(&[b' '; 1_000_000]), &limits), exceeded(Limit::TextBytes));
        assert_eq!(gzip(&gzipped(&[b' '; 1_000_000]), &limits), exceeded(Limit::InputBytes));
        // Nor is more gone through, whatever comes out.
        let allowing =
            |bytes: usize| Limits::default().with(Limit::InputBytes, u64::try_from(bytes).unwrap());
        let noise: Vec<u8> = (0..1000_u32).map(|byte| ((byte * byte) >> 4).to_le_bytes()[0]).collect();
        let member = gzipped(&noise);
        assert_eq!(gzip(&member, &allowing(4 * member.len())), Ok(Some(noise)));
        let less = allowing(4 * member.len() - 1);
        assert_eq!(gzip(&member, &less), Err(less.exceeded(Limit::InputBytes)));
        assert_eq!(zlib(&deflated(&[b' '; 1000]), &limits), Ok(Some(vec![b' '; 1000])));
        assert_eq!(zlib(&deflated(&[b' '; 1001]), &limits), exceeded(Limit::TextBytes));
    }
}
