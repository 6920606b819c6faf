//! WebP (RFC 9649): chunks of a RIFF file. Still pictures only.

use super::{FileRefusal, check_pixels, exif};

/// Flags of the extended head.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;
const MOVES: u8 = 0x02;

/// Copies the chunks that the picture needs, and how to turn it.
pub fn clean(bytes: &[u8]) -> Result<Vec<u8>, FileRefusal> {
    let said = le32(bytes.get(4..)).ok_or(FileRefusal::Damaged)?;
    // What stands behind the end that the head names is another file.
    let end = said.checked_add(8).filter(|end| *end <= bytes.len()).ok_or(FileRefusal::Damaged)?;
    let mut kept = Vec::with_capacity(end);
    kept.extend(b"RIFF\0\0\0\0WEBP");
    let mut at = 12;
    let (mut pictures, mut head, mut turned) = (0, None, None);
    while at < end {
        let length = le32(bytes.get(at + 4..end)).ok_or(FileRefusal::Damaged)?;
        let body_end = (at + 8).checked_add(length).filter(|to| *to <= end).ok_or(FileRefusal::Damaged)?;
        let (name, body) = (&bytes[at..at + 4], &bytes[at + 8..body_end]);
        match name {
            b"VP8X" if at == 12 => {
                let flags = *body.first().ok_or(FileRefusal::Damaged)?;
                if flags & MOVES != 0 {
                    return Err(FileRefusal::Type);
                }
                let side = |from: usize| {
                    let bytes = body.get(from..from + 3)?;
                    Some(u64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0])) + 1)
                };
                let (width, height) = (side(4).ok_or(FileRefusal::Damaged)?, side(7).ok_or(FileRefusal::Damaged)?);
                check_pixels(width, height)?;
                head = Some(kept.len() + 8);
                put(&mut kept, b"VP8X", body);
            }
            b"ANIM" | b"ANMF" => return Err(FileRefusal::Type),
            b"VP8 " | b"VP8L" => {
                pictures += 1;
                let (width, height) = picture_size(name, body).ok_or(FileRefusal::Damaged)?;
                check_pixels(width, height)?;
                put(&mut kept, name, body);
            }
            b"ALPH" | b"ICCP" if head.is_some() => put(&mut kept, name, body),
            b"EXIF" if turned.is_none() => {
                turned = exif::orientation(body.strip_prefix(b"Exif\0\0").unwrap_or(body));
            }
            _ => {}
        }
        // Chunks begin at even places.
        at = body_end + length % 2;
        if at > end {
            return Err(FileRefusal::Damaged);
        }
    }
    if pictures != 1 {
        return Err(FileRefusal::Damaged);
    }
    if let Some(head) = head {
        kept[head] &= !(HAS_EXIF | HAS_XMP);
        if let Some(orientation) = turned {
            kept[head] |= HAS_EXIF;
            put(&mut kept, b"EXIF", &exif::only(orientation));
        }
    }
    let length = u32::try_from(kept.len() - 8).unwrap_or_else(|_| unreachable!("no longer than what came in"));
    kept[4..8].copy_from_slice(&length.to_le_bytes());
    Ok(kept)
}

/// Width and height that the coded picture itself names.
fn picture_size(name: &[u8], body: &[u8]) -> Option<(u64, u64)> {
    if name == b"VP8L" {
        let (mark, rest) = body.split_first()?;
        let bits = le32(Some(rest)).filter(|_| *mark == 0x2f)? as u64;
        return Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1));
    }
    if body.get(3..6)? != [0x9d, 0x01, 0x2a] {
        return None;
    }
    let side = |at: usize| Some(u64::from(u16::from_le_bytes(body.get(at..at + 2)?.try_into().ok()?) & 0x3fff));
    Some((side(6)?, side(8)?))
}

fn put(kept: &mut Vec<u8>, name: &[u8], body: &[u8]) {
    let length = u32::try_from(body.len()).unwrap_or_else(|_| unreachable!("no longer than what came in"));
    kept.extend(name);
    kept.extend(length.to_le_bytes());
    kept.extend(body);
    if body.len() % 2 == 1 {
        kept.push(0);
    }
}

fn le32(bytes: Option<&[u8]>) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes?.get(..4)?.try_into().ok()?)).ok()
}
