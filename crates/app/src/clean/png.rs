//! PNG (ISO/IEC 15948): chunks with a length, a name and a check sum.

use super::{FileRefusal, be32, check_pixels, exif};

pub const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What the picture needs: head, palette, data, end, transparency and colours.
const KEPT: [&[u8; 4]; 11] =
    [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs"];

/// Copies the chunks that the picture needs, and how to turn it. A moving picture becomes its first one.
pub fn clean(bytes: &[u8]) -> Result<Vec<u8>, FileRefusal> {
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend(SIGNATURE);
    let mut at = SIGNATURE.len();
    let (mut is_first, mut has_data, mut turned) = (true, false, false);
    loop {
        let length = be32(bytes.get(at..).unwrap_or_default()).ok_or(FileRefusal::Damaged)?;
        let length = usize::try_from(length).map_err(|_| FileRefusal::Damaged)?;
        let end = at.checked_add(12).and_then(|end| end.checked_add(length)).ok_or(FileRefusal::Damaged)?;
        let chunk = bytes.get(at..end).ok_or(FileRefusal::Damaged)?;
        let (name, body) = (&chunk[4..8], &chunk[8..8 + length]);
        at = end;
        if is_first != (name == b"IHDR") {
            return Err(FileRefusal::Damaged);
        }
        if is_first {
            let (width, height) = (be32(body), body.get(4..).and_then(be32));
            check_pixels(width.ok_or(FileRefusal::Damaged)?, height.ok_or(FileRefusal::Damaged)?)?;
        }
        is_first = false;
        has_data |= name == b"IDAT";
        if KEPT.iter().any(|known| known.as_slice() == name) {
            kept.extend(chunk);
        } else if name == b"eXIf"
            && !turned
            && let Some(orientation) = exif::orientation(body)
        {
            turned = true;
            put(&mut kept, b"eXIf", &exif::only(orientation));
        }
        if name == b"IEND" {
            return if has_data { Ok(kept) } else { Err(FileRefusal::Damaged) };
        }
    }
}

fn put(kept: &mut Vec<u8>, name: &[u8; 4], body: &[u8]) {
    let length = u32::try_from(body.len()).unwrap_or_else(|_| unreachable!("a few bytes"));
    kept.extend(length.to_be_bytes());
    let from = kept.len();
    kept.extend(name);
    kept.extend(body);
    let sum = check_sum(&kept[from..]);
    kept.extend(sum.to_be_bytes());
}

/// CRC-32 (ISO 3309), bit by bit: it is asked for a few bytes only.
fn check_sum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
    !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_check_sum_is_the_one_of_the_standard() {
        assert_eq!(super::check_sum(b"123456789"), 0xcbf4_3926);
        assert_eq!(super::check_sum(b"IEND"), 0xae42_6082);
    }
}
