//! The pages as they are written: whole in one answer, with their one style and their one script inside.

use std::sync::LazyLock;

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};
use tahuang_domain::Language;

use crate::door::Door;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The policy that lets the page's own style and script run and nothing else.
pub fn policy() -> HeaderValue {
    static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
        let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src 'self' data:; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            hash(STYLE),
            hash(SCRIPT)
        );
        HeaderValue::try_from(policy).unwrap_or_else(|_| unreachable!("base64 and fixed words are a header's value"))
    });
    POLICY.clone()
}

/// The words of a page in the visitor's language.
#[derive(Clone, Copy)]
pub struct Words<'d> {
    pub door: &'d Door,
    pub language: Language,
}

impl<'d> Words<'d> {
    /// A word of the section `resident`.
    pub fn say(&self, code: &'d str) -> &'d str {
        self.door.words.get("resident", code, self.language)
    }

    /// The same with `{}` replaced.
    pub fn say_of(&self, code: &'d str, what: &str) -> String {
        self.say(code).replace("{}", what)
    }
}

/// A whole page. `here` is its address without the language, for changing it.
pub fn page(words: Words<'_>, title: &str, here: &str, body: &Markup) -> Markup {
    let languages = [(Language::ZhCn, "中文"), (Language::Bo, "བོད་ཡིག"), (Language::En, "English")];
    html! {
        (DOCTYPE)
        html lang=(words.language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="robots" content="noindex";
                // None is asked for: on a slow line every request counts.
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.mark { (words.say("mark")) }
                    nav aria-label=(words.say("language")) {
                        @for (language, name) in languages {
                            @if language == words.language {
                                b lang=(language.tag()) { (name) }
                            } @else {
                                a href={ (here) "?lang=" (language.tag()) } lang=(language.tag()) { (name) }
                            }
                        }
                    }
                }
                main { (body) }
                footer { p { (words.say("privacy")) } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// A page that only says something.
pub fn says(words: Words<'_>, here: &str, title: &str, text: &str) -> Markup {
    page(words, title, here, &html! { h1 { (title) } p { (text) } })
}
