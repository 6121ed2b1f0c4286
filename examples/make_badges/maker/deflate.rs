//! Compressed data that is the same on every machine: the faster compressors choose by what a processor can do.

use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};

/// One gzip member (RFC 1952), without a name or a time.
pub(super) fn gzip(bytes: &[u8], level: u8) -> Vec<u8> {
    let best = if level == BEST { 2 } else { 0 };
    let length = u32::try_from(bytes.len()).expect("a short list");
    [
        &[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, best, 255],
        compress_to_vec(bytes, level).as_slice(),
        &crc32fast::hash(bytes).to_le_bytes(),
        &length.to_le_bytes(),
    ]
    .concat()
}

/// One zlib stream (RFC 1950).
pub(super) fn zlib(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec_zlib(bytes, BEST)
}

pub(super) const BEST: u8 = 9;
pub(super) const USUAL: u8 = 6;
