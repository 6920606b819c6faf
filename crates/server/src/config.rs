//! The configuration of `tahuang serve`: the file `tahuang.toml` in the data directory, then `TAHUANG_…` variables, then the
//! command line; each overrides the one before. Everything is optional.
//!
//! | key in `tahuang.toml` | variable | when absent | what it is |
//! |---|---|---|---|
//! | `listen` | `TAHUANG_LISTEN` | `127.0.0.1:8080` | address and port that are listened on |
//! | `secure_cookies` | `TAHUANG_SECURE_COOKIES` | `false` | `true` when every page is served over TLS: the session's cookie is then never sent without it |
//! | `trusted_proxies` | `TAHUANG_TRUSTED_PROXIES` | none | addresses of reverse proxies whose `X-Forwarded-Proto` and `X-Forwarded-Host` are believed (a list; in the variable with commas) |
//! | `log` | `TAHUANG_LOG` | `info` | what is logged to standard error: `error`, `warn`, `info`, `debug`, or a filter such as `info,tahuang_http=debug` |
//! | `address` | `TAHUANG_ADDRESS` | none | where people open the pages, `https://…`: messages then link to records, codes on paper to the residents' pages |
//! | `press.fonts` | `TAHUANG_PRESS_FONTS` | none | a directory with fonts for papers, looked at before those of the system |
//! | `[[channel]]` | | none | over what people are told, see [`tahuang_notify::channel::ChannelText`] and `docs/operations.md` |
//!
//! The data directory itself is `--data` or `TAHUANG_DATA`; the master key may come from `TAHUANG_MASTER_KEY` (see [`crate::data`]).

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::Deserialize;
use tahuang_domain::Catalog;
use tahuang_notify::channel::{Channel, ChannelText, Secrets, channels};

/// What was configured.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port.
    pub listen: String,
    /// Cookies over TLS only.
    pub secure_cookies: bool,
    /// Proxies that are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// What is logged.
    pub log: String,
    /// Where people open the pages.
    pub address: Option<String>,
    /// What papers are printed with.
    pub press: Press,
    /// Over what people are told.
    pub channel: Vec<ChannelText>,
}

/// What papers are printed with.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Press {
    /// A directory with fonts.
    pub fonts: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            secure_cookies: false,
            trusted_proxies: Vec::new(),
            log: "info".to_owned(),
            address: None,
            press: Press::default(),
            channel: Vec::new(),
        }
    }
}

impl Config {
    /// Reads file and variables.
    pub fn read(directory: &Path) -> anyhow::Result<Self> {
        let path = directory.join("tahuang.toml");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| format!("{}", path.display())),
        };
        let config = toml::from_str(&text).with_context(|| format!("{}", path.display()))?;
        Self::with_variables(config, &|name| std::env::var(name).ok())
    }

    /// The channels, checked, with their secrets.
    pub fn channels(&self, directory: &Path, catalog: &Catalog) -> anyhow::Result<Vec<Channel>> {
        let secrets = Secrets { folder: directory, variable: &|name| std::env::var(name).ok() };
        channels(&self.channel, catalog, &secrets)
            .with_context(|| format!("{}", directory.join("tahuang.toml").display()))
    }

    fn with_variables(mut self, variable: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<Self> {
        if let Some(listen) = variable("TAHUANG_LISTEN") {
            self.listen = listen;
        }
        if let Some(text) = variable("TAHUANG_SECURE_COOKIES") {
            self.secure_cookies = match text.as_str() {
                "true" | "1" => true,
                "false" | "0" => false,
                _ => bail!("TAHUANG_SECURE_COOKIES must be true or false"),
            };
        }
        if let Some(text) = variable("TAHUANG_TRUSTED_PROXIES") {
            let addresses = text.split(',').map(str::trim).filter(|address| !address.is_empty());
            let parsed: Result<Vec<IpAddr>, _> = addresses.map(str::parse).collect();
            self.trusted_proxies =
                parsed.context("TAHUANG_TRUSTED_PROXIES must be IP addresses, separated by commas")?;
        }
        if let Some(log) = variable("TAHUANG_LOG") {
            self.log = log;
        }
        if let Some(address) = variable("TAHUANG_ADDRESS") {
            self.address = Some(address);
        }
        if let Some(fonts) = variable("TAHUANG_PRESS_FONTS") {
            self.press.fonts = Some(PathBuf::from(fonts));
        }
        if let Some(fonts) = self.press.fonts.as_ref().filter(|fonts| !fonts.is_dir()) {
            bail!("press.fonts (TAHUANG_PRESS_FONTS) names no directory: {}", fonts.display());
        }
        if self.address.as_ref().is_some_and(|text| !text.starts_with("http://") && !text.starts_with("https://")) {
            bail!("address (TAHUANG_ADDRESS) must begin with http:// or https://");
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_file_and_variables_only_this_machine_is_served() {
        let config = Config::default().with_variables(&|_| None).unwrap();
        assert_eq!(config, Config::default());
        assert!(config.listen.starts_with("127.0.0.1:"));
    }

    #[test]
    fn a_variable_overrides_the_file() {
        let file: Config = toml::from_str("listen = \"0.0.0.0:80\"\nsecure_cookies = true\nlog = \"debug\"").unwrap();
        let variable = |name: &str| match name {
            "TAHUANG_LISTEN" => Some("127.0.0.1:9000".to_owned()),
            "TAHUANG_TRUSTED_PROXIES" => Some("10.0.0.1, ::1".to_owned()),
            _ => None,
        };
        let config = file.with_variables(&variable).unwrap();
        assert_eq!(config.listen, "127.0.0.1:9000");
        assert!(config.secure_cookies);
        assert_eq!(config.trusted_proxies.len(), 2);
        assert_eq!(config.log, "debug");
    }

    #[test]
    fn fonts_come_from_a_directory_that_is_there() {
        let file: Config = toml::from_str("[press]\nfonts = \"/\"").unwrap();
        assert_eq!(file.with_variables(&|_| None).unwrap().press.fonts, Some(PathBuf::from("/")));
        let wrong = |name: &str| (name == "TAHUANG_PRESS_FONTS").then(|| "/no/such/fonts".to_owned());
        let refused = Config::default().with_variables(&wrong).unwrap_err().to_string();
        assert!(refused.contains("/no/such/fonts"), "{refused}");
    }

    #[test]
    fn a_misspelt_key_or_value_is_not_ignored() {
        assert!(toml::from_str::<Config>("lisen = \"127.0.0.1:1\"").is_err());
        let wrong =
            Config::default().with_variables(&|name| (name == "TAHUANG_SECURE_COOKIES").then(|| "yes".to_owned()));
        assert!(wrong.unwrap_err().to_string().contains("TAHUANG_SECURE_COOKIES"));
    }
}
