//! What the handlers' own descriptions leave out of the OpenAPI file because it is the same for all.

use serde_json::json;
use utoipa::openapi::info::{InfoBuilder, LicenseBuilder};
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ComponentsBuilder, Schema};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};

use crate::problem::{FieldProblem, PROBLEMS, Problem};

const ABOUT: &str = "\
The API that the office's own pages use. A request is answered for the account that is signed in: it sees the records of its \
area and the areas below, of the kinds that its role is about.

**Signing in.** `POST /api/v1/session` gives a session as the cookie `tahuang_session`. A program may send its value as \
`Authorization: Bearer …` instead. With the cookie, whatever changes something needs the header `X-Tahuang: 1`.

**Commands** change records: `POST /api/v1/commands`, many at a time, each with an id of the sender's own (a UUIDv7). Sent again, a \
command gets its first answer and changes nothing.

**Pages.** Lists give `items` and `next`; `next` is the `cursor` of the page after, `null` on the last.

**Problems** are RFC 9457 with a permanent `code`. Names are given in the language of `Accept-Language` (zh-CN, bo, en).";

/// Completes the description.
pub fn describe(mut api: OpenApi) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("Tahuang")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let mut components = ComponentsBuilder::from(api.components.take().unwrap_or_default())
        .schema(FieldProblem::name(), FieldProblem::schema())
        .schema(Problem::name(), problem_schema());
    components = components.security_scheme(
        "session",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            "tahuang_session",
            "The cookie of POST /api/v1/session. Requests that change something need X-Tahuang: 1 as well.",
        ))),
    );
    components = components
        .security_scheme("bearer", SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()));
    api.components = Some(components.build());
    for (path, item) in &mut api.paths.paths {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            complete(path, operation);
        }
    }
    api
}

fn complete(path: &str, operation: &mut Operation) {
    let open = !path.starts_with("/api/v1/") || operation.operation_id.as_deref() == Some("create_session");
    if !open {
        let scopes = || std::iter::empty::<String>();
        operation.security =
            Some(vec![SecurityRequirement::new("session", scopes()), SecurityRequirement::new("bearer", scopes())]);
    }
    let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name(Problem::name()))));
    let problem = ResponseBuilder::new()
        .description("A problem; its `code` says which.")
        .content("application/problem+json", content)
        .build();
    operation.responses.responses.insert("default".to_owned(), RefOr::T(problem));
}

/// The problem's schema, with every code that there is.
fn problem_schema() -> RefOr<Schema> {
    let mut schema = Problem::schema();
    if let RefOr::T(Schema::Object(object)) = &mut schema
        && let Some(RefOr::T(Schema::Object(code))) = object.properties.get_mut("code")
    {
        code.enum_values = Some(PROBLEMS.iter().map(|(code, ..)| json!(code)).collect());
    }
    schema
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_description_is_openapi_3_1_and_names_every_operation_after_its_handler() {
        let api = serde_json::to_value(crate::openapi()).unwrap();
        assert!(api["openapi"].as_str().unwrap().starts_with("3.1"), "{}", api["openapi"]);
        let mut ids = Vec::new();
        for (path, item) in api["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path}"));
                assert!(id.contains('_'), "{id} is no <verb>_<resource>");
                assert!(operation["summary"].is_string(), "{id} has no summary");
                assert!(operation["responses"]["default"].is_object(), "{id} has no problems");
                ids.push(id.to_owned());
            }
        }
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "an operation id stands twice");
        assert!(api["components"]["schemas"]["Problem"]["properties"]["code"]["enum"].is_array());
    }
}
