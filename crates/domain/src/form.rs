//! What is asked for in one go: open fields, checked by their JSON Schemas, and personal fields, kept sealed. A kind of
//! record has one, and so has a kind of dated line.

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::catalog::Names;
use crate::command::{Personal, PersonalValue};
use crate::ids::Fields;
use crate::limits;
use crate::refusal::{First, Refusal};
use crate::writing::is_unseen;

/// A field of a form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The permanent code.
    pub code: String,
    /// What it is called.
    pub name: Names,
    /// Its JSON Schema.
    #[serde(default = "any_text")]
    pub schema: Value,
    /// Whether a record without it is refused.
    #[serde(default)]
    pub required: bool,
}

fn any_text() -> Value {
    json!({ "type": "string", "maxLength": 400 })
}

/// Open and personal fields, in the order in which screens show them.
#[derive(Debug)]
pub struct Form {
    /// Open fields.
    pub fields: Vec<Field>,
    /// Personal fields, kept sealed.
    pub personal: Vec<Field>,
    validator: Validator,
}

impl Form {
    /// A form with these fields.
    ///
    /// # Errors
    /// What is wrong with them: a field that is both, or a schema that is none.
    pub fn new(fields: Vec<Field>, personal: Vec<Field>) -> Result<Self, String> {
        if let Some(field) = fields.iter().find(|a| personal.iter().any(|b| a.code == b.code)) {
            return Err(format!("field {} is both open and personal", field.code));
        }
        let properties: Fields = fields.iter().map(|field| (field.code.clone(), field.schema.clone())).collect();
        let schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        let validator = jsonschema::draft202012::new(&schema).map_err(|problem| format!("JSON Schema: {problem}"))?;
        Ok(Self { fields, personal, validator })
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.personal.is_empty()
    }

    /// The open field with this code.
    pub fn field(&self, code: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.code == code)
    }

    /// The personal field with this code.
    pub fn personal_field(&self, code: &str) -> Option<&Field> {
        self.personal.iter().find(|field| field.code == code)
    }

    /// Checks open fields against their JSON Schemas.
    ///
    /// # Refusals
    /// `FieldInvalid`, `MissingValue`, `QuantityOutOfRange`, `PersonalDataOpen` (a personal field among the open ones).
    pub fn check(&self, fields: &Fields) -> Result<(), Refusal> {
        let mut first = First::default();
        if !fields.is_empty() {
            let is_personal = |name: &str| self.personal_field(name).is_some();
            let open = fields.iter().filter(|(name, _)| !is_personal(name));
            let open: Fields = open.map(|(name, value)| (name.clone(), value.clone())).collect();
            for (name, value) in &open {
                first.check(check_numbers(name, value)).check(check_texts(name, value));
            }
            // The validator wants a `Value`; the map was copied for it, and only when there is something.
            if let Err(error) = self.validator.validate(&Value::Object(open)) {
                // Masked: what was typed wrongly may be somebody's telephone number, and answers are kept.
                let problem = error.masked().to_string();
                let field = match &error.kind {
                    ValidationErrorKind::AdditionalProperties { unexpected } => unexpected.join(", "),
                    _ => error.instance_path.to_string().trim_start_matches('/').to_owned(),
                };
                first.check(Err(Refusal::FieldInvalid { field, problem }));
            }
            if let Some(name) = fields.keys().find(|name| is_personal(name)) {
                first.check(Err(Refusal::PersonalDataOpen { field: name.clone() }));
            }
        }
        let blank = |code: &String| {
            fields.get(code).is_none_or(|value| value.as_str().is_some_and(|text| text.trim().is_empty()))
        };
        if let Some(field) = self.fields.iter().find(|field| field.required && blank(&field.code)) {
            first.check(Err(Refusal::MissingValue { field: field.code.clone() }));
        }
        first.done()
    }

    /// Checks that personal fields are known and were sealed at the door.
    ///
    /// # Refusals
    /// `MissingValue`, `PersonalDataOpen`, `PersonalFieldUnknown`.
    pub fn check_personal(&self, personal: &Personal) -> Result<(), Refusal> {
        let mut first = First::default();
        for (field, value) in personal {
            if matches!(value, PersonalValue::Open(_)) {
                first.check(Err(Refusal::PersonalDataOpen { field: field.clone() }));
            }
            if self.personal_field(field).is_none() {
                first.check(Err(Refusal::PersonalFieldUnknown { field: field.clone() }));
            }
        }
        if let Some(field) = self.personal.iter().find(|field| field.required && !personal.contains_key(&field.code)) {
            first.check(Err(Refusal::MissingValue { field: field.code.clone() }));
        }
        first.done()
    }
}

/// Nothing that cannot be seen changes how a text is read.
fn check_texts(field: &str, value: &Value) -> Result<(), Refusal> {
    match value {
        Value::String(text) if text.chars().any(is_unseen) => {
            Err(Refusal::FieldInvalid { field: field.to_owned(), problem: "no control characters".to_owned() })
        }
        Value::Array(items) => items.iter().try_for_each(|item| check_texts(field, item)),
        _ => Ok(()),
    }
}

/// A journal keeps whole numbers only, and figures sum them: JSON Schema calls 1.0 an integer, and has no largest one.
fn check_numbers(field: &str, value: &Value) -> Result<(), Refusal> {
    let limit = limits::QUANTITY_MAX;
    match value {
        Value::Number(number) if number.is_f64() => {
            Err(Refusal::FieldInvalid { field: field.to_owned(), problem: format!("{number} is no whole number") })
        }
        Value::Number(number) if !number.as_i64().is_some_and(|number| (-limit..=limit).contains(&number)) => {
            Err(Refusal::QuantityOutOfRange { field: field.to_owned() })
        }
        Value::Array(items) => items.iter().try_for_each(|item| check_numbers(field, item)),
        Value::Object(map) => map.values().try_for_each(|item| check_numbers(field, item)),
        _ => Ok(()),
    }
}
