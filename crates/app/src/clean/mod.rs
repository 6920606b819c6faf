//! What comes in as a file: told by its bytes, and rid of what a camera writes beside the picture.
//!
//! A photograph says where and when it was taken, with which device, and often holds a smaller picture of what was cut
//! away. None of that is kept: only the parts without which the picture cannot be shown go over into the copy, so that
//! what nobody has thought of stays out as well. How the picture has to be turned is kept, alone.
//!
//! Nothing is decoded: the parts of a file are walked by the lengths they name, every one of which is checked. What comes
//! out is never longer than what went in.

mod exif;
mod jpeg;
mod png;
mod webp;

use tahuang_domain::{MediaType, limits};

/// Pixels of one picture: more could only be there to exhaust whoever shows it.
pub const PIXELS_MAX: u64 = 100_000_000;

/// Why a file is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FileRefusal {
    /// There are no bytes.
    #[error("the file is empty")]
    Empty,
    /// More bytes than a file may have, or more pixels than a picture.
    #[error("the file is larger than {} MiB or the picture has more than 100 million pixels", limits::FILE_BYTES_MAX >> 20)]
    TooLarge,
    /// Its bytes are of none of the types that are taken.
    #[error("only JPEG, PNG, WebP (still pictures) and PDF are taken")]
    Type,
    /// It begins like one of them, and is broken or incomplete.
    #[error("the file is damaged or incomplete")]
    Damaged,
}

impl FileRefusal {
    /// The permanent code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::TooLarge => "file_too_large",
            Self::Type => "file_type_refused",
            Self::Damaged => "file_damaged",
        }
    }
}

/// Tells what a file is, and gives what of it may be kept.
///
/// # Errors
/// See [`FileRefusal`].
pub fn clean(bytes: &[u8]) -> Result<(MediaType, Vec<u8>), FileRefusal> {
    if bytes.is_empty() {
        return Err(FileRefusal::Empty);
    }
    if bytes.len() as u64 > limits::FILE_BYTES_MAX {
        return Err(FileRefusal::TooLarge);
    }
    let media_type = inspect(bytes).ok_or(FileRefusal::Type)?;
    let cleaned = match media_type {
        MediaType::Jpeg => jpeg::clean(bytes)?,
        MediaType::Png => png::clean(bytes)?,
        MediaType::Webp => webp::clean(bytes)?,
        MediaType::Pdf => whole_pdf(bytes)?,
    };
    Ok((media_type, cleaned))
}

/// What the bytes say they are. A name or a header of the sender's says nothing.
fn inspect(bytes: &[u8]) -> Option<MediaType> {
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    [
        (bytes.starts_with(&[0xff, 0xd8, 0xff]), MediaType::Jpeg),
        (bytes.starts_with(png::SIGNATURE), MediaType::Png),
        (is_webp, MediaType::Webp),
        // At the very beginning: what has another file before it is two files, and the other one may be a page.
        (bytes.starts_with(b"%PDF-"), MediaType::Pdf),
    ]
    .into_iter()
    .find_map(|(is, media_type)| is.then_some(media_type))
}

/// Papers are kept as they are: taking things out of a signed PDF would break its signature.
fn whole_pdf(bytes: &[u8]) -> Result<Vec<u8>, FileRefusal> {
    let tail = &bytes[bytes.len().saturating_sub(1_024)..];
    if tail.windows(5).any(|window| window == b"%%EOF") { Ok(bytes.to_vec()) } else { Err(FileRefusal::Damaged) }
}

fn check_pixels(width: u64, height: u64) -> Result<(), FileRefusal> {
    match width.saturating_mul(height) {
        0 => Err(FileRefusal::Damaged),
        pixels if pixels > PIXELS_MAX => Err(FileRefusal::TooLarge),
        _ => Ok(()),
    }
}

fn be16(bytes: &[u8]) -> Option<u64> {
    Some(u64::from(u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?)))
}

fn be32(bytes: &[u8]) -> Option<u64> {
    Some(u64::from(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?)))
}

#[cfg(test)]
mod tests;
