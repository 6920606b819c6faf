//! Canonical JSON: one value, one sequence of bytes.
//!
//! As in RFC 8785: no white space, keys in order of their bytes, shortest escapes. Narrower in one point: numbers are
//! integers, so that no platform's floating point can change a hash.

use serde::Serialize;
use serde_json::Value;

/// A value that has no canonical form here: it holds a fraction, or could not be serialised.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no canonical form: {0}")]
pub struct NotCanonical(String);

/// The canonical bytes of a value.
///
/// # Errors
/// [`NotCanonical`] when a number is not an integer.
pub fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, NotCanonical> {
    let value = serde_json::to_value(value).map_err(|error| NotCanonical(error.to_string()))?;
    let mut bytes = Vec::with_capacity(512);
    write(&value, &mut bytes)?;
    Ok(bytes)
}

fn write(value: &Value, bytes: &mut Vec<u8>) -> Result<(), NotCanonical> {
    match value {
        Value::Number(number) if number.is_f64() => return Err(NotCanonical(format!("{number} is no integer"))),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            serde_json::to_writer(bytes, value).map_err(|error| NotCanonical(error.to_string()))?;
        }
        Value::Array(items) => {
            bytes.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    bytes.push(b',');
                }
                write(item, bytes)?;
            }
            bytes.push(b']');
        }
        Value::Object(map) => {
            // Sorted here although serde_json's map is sorted by default: a dependency that switches its
            // `preserve_order` feature on must not change a single hash.
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_bytes());
            bytes.push(b'{');
            for (index, (key, item)) in entries.into_iter().enumerate() {
                if index > 0 {
                    bytes.push(b',');
                }
                serde_json::to_writer(&mut *bytes, key).map_err(|error| NotCanonical(error.to_string()))?;
                bytes.push(b':');
                write(item, bytes)?;
            }
            bytes.push(b'}');
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_at_every_depth_and_nothing_is_escaped_without_need() {
        let value = json!({ "b": [1, { "z": null, "y": "山体裂缝\n" }], "a": true });
        let bytes = canonical(&value).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), r#"{"a":true,"b":[1,{"y":"山体裂缝\n","z":null}]}"#);
    }

    #[test]
    fn a_fraction_has_no_canonical_form() {
        assert!(canonical(&json!({ "points": 0.1 })).is_err());
    }
}
