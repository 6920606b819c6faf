//! Cursors: where the next page of a list begins. Opaque to the client, so that what is in them may change.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::problem::ApiError;

/// Goes up when the meaning of a cursor changes; an old one is then refused and the client begins again.
const VERSION: u8 = 1;

/// Writes a cursor of a list.
pub fn write<T: Serialize>(list: &str, place: &T) -> Option<String> {
    serde_json::to_vec(&(VERSION, list, place)).ok().map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
}

/// Reads a cursor that [`write`] wrote for the same list.
///
/// # Errors
/// `Invalid`: it is no cursor, or one of another list or version.
pub fn read<T: DeserializeOwned>(list: &str, text: &str) -> Result<T, ApiError> {
    let invalid = || ApiError::invalid("cursor", "not a cursor of this list; read the first page again");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid())?;
    let (version, of, place): (u8, String, T) = serde_json::from_slice(&bytes).map_err(|_| invalid())?;
    if version == VERSION && of == list { Ok(place) } else { Err(invalid()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_only_by_the_list_that_wrote_it() {
        let text = write("cases", &42_u64).unwrap();
        assert_eq!(read::<u64>("cases", &text).unwrap(), 42);
        assert!(read::<u64>("records", &text).is_err());
        assert!(read::<u64>("cases", "nonsense").is_err());
        let older = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&(VERSION - 1, "cases", 42)).unwrap());
        assert!(read::<u64>("cases", &older).is_err());
    }
}
