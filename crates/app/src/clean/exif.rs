//! Of all that Exif says of a picture, how it has to be turned (tag 274).

const TAG: u16 = 0x0112;
/// Bytes of one entry of a directory.
const ENTRY: usize = 12;

/// The orientation that a block of Exif (a TIFF header and what follows) names, when it is another than upright.
pub fn orientation(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let two = |at: usize| -> Option<u16> {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let four = |at: usize| -> Option<u32> {
        let bytes = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let directory = usize::try_from(four(4)?).ok().filter(|directory| *directory >= 8)?;
    let entries = usize::from(two(directory)?);
    let first = directory.checked_add(2)?;
    // Whole, with the offset behind it, so that the block that is written in its place is never longer.
    four(first.checked_add(entries.checked_mul(ENTRY)?)?)?;
    let at = (0..entries).map(|entry| first + entry * ENTRY).find(|at| two(*at) == Some(TAG))?;
    let is_one_short = two(at + 2)? == 3 && four(at + 4)? == 1;
    let value = u8::try_from(two(at + 8)?).ok()?;
    (is_one_short && (2..=8).contains(&value)).then_some(value)
}

/// A block of Exif that says nothing but how to turn the picture.
pub fn only(orientation: u8) -> [u8; 26] {
    let mut block = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    block[19] = orientation;
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for value in 2..=8 {
            assert_eq!(orientation(&only(value)), Some(value));
        }
    }

    #[test]
    fn upright_pictures_unknown_values_and_broken_blocks_name_none() {
        for value in [0, 1, 9, 255] {
            assert_eq!(orientation(&only(value)), None, "{value}");
        }
        let whole = only(6);
        for end in 0..whole.len() {
            assert_eq!(orientation(&whole[..end]), None, "cut after {end}");
        }
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        assert_eq!(orientation(little), Some(6));
        assert_eq!(orientation(b"II*\0\xff\xff\xff\xff"), None, "a directory beyond the end");
    }
}
