//! JPEG (ITU-T T.81): segments by their markers, and the coded picture between them.

use super::{FileRefusal, be16, check_pixels, exif};

const EXIF: &[u8] = b"Exif\0\0";
/// `JFIF\0`, version, density: without the small picture that may follow.
const JFIF_BYTES: usize = 12;

/// Copies what the picture needs: tables, frames, scans, its colour profile, and how to turn it.
pub fn clean(bytes: &[u8]) -> Result<Vec<u8>, FileRefusal> {
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend([0xff, 0xd8]);
    let mut turned = None;
    let (mut frames, mut scans) = (0, 0);
    let mut at = 2;
    loop {
        // Any number of fill bytes stands before a marker.
        if bytes.get(at) != Some(&0xff) {
            return Err(FileRefusal::Damaged);
        }
        while bytes.get(at + 1) == Some(&0xff) {
            at += 1;
        }
        let marker = *bytes.get(at + 1).ok_or(FileRefusal::Damaged)?;
        at += 2;
        if marker == 0xd9 {
            break;
        }
        // Beginnings of pictures inside, restarts outside of a scan, reserved markers without a length.
        if matches!(marker, 0x00..=0x01 | 0xd0..=0xd8) {
            return Err(FileRefusal::Damaged);
        }
        let length = be16(&bytes[at..]).filter(|length| *length >= 2).ok_or(FileRefusal::Damaged)? as usize;
        let body = bytes.get(at + 2..at + length).ok_or(FileRefusal::Damaged)?;
        at += length;
        match marker {
            // JFIF: density and nothing more.
            0xe0 => {
                if let Some(head) =
                    body.get(..JFIF_BYTES).filter(|head| head.starts_with(b"JFIF\0") && body.len() >= JFIF_BYTES + 2)
                {
                    segment(&mut kept, marker, &[head, &[0, 0]].concat());
                }
            }
            0xe1 => {
                let block = body.strip_prefix(EXIF).filter(|_| turned.is_none());
                if let Some(orientation) = block.and_then(exif::orientation) {
                    turned = Some(orientation);
                    segment(&mut kept, marker, &[EXIF, &exif::only(orientation)].concat());
                }
            }
            0xe2 if body.starts_with(b"ICC_PROFILE\0") => segment(&mut kept, marker, body),
            // Adobe's: how the colours were transformed.
            0xee if body.starts_with(b"Adobe") => segment(&mut kept, marker, body.get(..12).unwrap_or(body)),
            // A scan, with the coded picture behind it.
            0xda => {
                if frames == 0 {
                    return Err(FileRefusal::Damaged);
                }
                scans += 1;
                segment(&mut kept, marker, body);
                let end = scan_end(bytes, at).ok_or(FileRefusal::Damaged)?;
                kept.extend(&bytes[at..end]);
                at = end;
            }
            // Frames.
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                frames += 1;
                let height = body.get(1..).and_then(be16).ok_or(FileRefusal::Damaged)?;
                let width = body.get(3..).and_then(be16).ok_or(FileRefusal::Damaged)?;
                check_pixels(width, height)?;
                segment(&mut kept, marker, body);
            }
            // Tables of Huffman, arithmetic coding and quantisation, lines, restarts, hierarchies.
            0xc4 | 0xcc | 0xdb..=0xdf => segment(&mut kept, marker, body),
            // Everything else tells of the picture and is not it.
            _ => {}
        }
    }
    if scans == 0 {
        return Err(FileRefusal::Damaged);
    }
    // What stands behind the end is another file: a short film, or a second picture.
    kept.extend([0xff, 0xd9]);
    Ok(kept)
}

/// Where the coded picture ends: at a marker that is no stuffed byte and no restart.
fn scan_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

fn segment(kept: &mut Vec<u8>, marker: u8, body: &[u8]) {
    let length = u16::try_from(body.len() + 2).unwrap_or_else(|_| unreachable!("no longer than the segment it was in"));
    kept.extend([0xff, marker]);
    kept.extend(length.to_be_bytes());
    kept.extend(body);
}
