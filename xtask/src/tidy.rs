//! `cargo xtask tidy`: what no test of behaviour sees.

use std::path::{Path, PathBuf};

use crate::setup::{self, root};

/// The crates from the lowest to the highest; a crate depends only on crates of lower rows.
const LAYERS: [&[&str]; 8] = [
    &["domain", "press"],
    &["journal", "figures"],
    &["store"],
    &["store-sqlite", "store-files"],
    &["app"],
    &["intake", "notify"],
    &["http"],
    &["server"],
];
/// Crates that stand beside the layers: nothing shipped depends on them.
const BESIDE: [&str; 2] = ["testkit", "bench"];

pub fn run(fix: bool) -> Result<(), String> {
    if fix {
        setup::run("format", setup::cargo().args(["fmt", "--all"]))?;
    } else {
        setup::run("format", setup::cargo().args(["fmt", "--all", "--check"]))?;
    }
    let mut clippy = setup::cargo();
    clippy.args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]);
    setup::run("clippy", &mut clippy)?;
    arrows()?;
    paths_in_documents()?;
    generated(fix)?;
    no_external_address()
}

/// Arrows between crates point only downwards.
fn arrows() -> Result<(), String> {
    let layer = |name: &str| LAYERS.iter().position(|layer| layer.contains(&name));
    for (own, name) in LAYERS.iter().enumerate().flat_map(|(own, layer)| layer.iter().map(move |name| (own, name))) {
        let manifest = root().join("crates").join(name).join("Cargo.toml");
        let text = read(&manifest)?;
        let shipped = text.split("[dev-dependencies]").next().unwrap_or_default();
        for line in shipped.lines().filter_map(|line| line.strip_prefix("tahuang-")) {
            let other = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if BESIDE.contains(&other) {
                return Err(format!("{name} depends on {other}, which is for tests only"));
            }
            match layer(other) {
                Some(below) if below < own => {}
                _ => return Err(format!("{name} must not depend on {other}: arrows point only downwards")),
            }
        }
    }
    Ok(())
}

/// Every crate and path that the documents name exists.
fn paths_in_documents() -> Result<(), String> {
    let mut documents: Vec<PathBuf> =
        ["ARCHITECTURE.md", "STYLE.md", "CONTRIBUTING.md", "README.md"].iter().map(|name| root().join(name)).collect();
    setup::files_below(&root().join("docs"), &mut documents);
    for document in documents.iter().filter(|document| document.extension().is_some_and(|ending| ending == "md")) {
        let text = read(document)?;
        for name in text.split('`').skip(1).step_by(2) {
            let is_path =
                name.contains('/') && !name.contains([' ', '*', '<', '{', ':', '…']) && !name.starts_with('/');
            let known = ["crates/", "catalog/", "docs/", "demo/", "web/", "locales/", "xtask/", ".ci/"];
            let absent = is_path
                && known.iter().any(|folder| name.starts_with(folder))
                && !name.starts_with("web/dist")
                && !root().join(name).exists();
            if absent {
                return Err(format!("{} names {name}, which does not exist", document.display()));
            }
        }
    }
    Ok(())
}

/// `docs/openapi.json` is what the program says, and the web's types are what `docs/openapi.json` says.
fn generated(fix: bool) -> Result<(), String> {
    let mut openapi = setup::cargo();
    openapi.args(["run", "--quiet", "--package", "tahuang-server", "--", "openapi"]);
    let output = openapi.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err("tahuang openapi failed".to_owned());
    }
    let path = root().join("docs/openapi.json");
    if fix {
        std::fs::write(&path, &output.stdout).map_err(|error| error.to_string())?;
    } else if std::fs::read(&path).ok().as_deref() != Some(output.stdout.as_slice()) {
        return Err("docs/openapi.json is not what `tahuang openapi` prints: cargo xtask tidy --fix".to_owned());
    }
    setup::web_packages()?;
    let arguments: &[&str] = if fix { &["run", "schema"] } else { &["run", "schema", "--", "--check"] };
    setup::run("web: types of the API", setup::npm().args(arguments))
}

/// The web build fetches nothing from outside: government intranets have no internet.
fn no_external_address() -> Result<(), String> {
    let mut files = Vec::new();
    setup::files_below(&root().join("web/dist"), &mut files);
    // Names of XML vocabularies are no addresses to fetch; the others stand in messages of the libraries.
    let harmless =
        ["www.w3.org/", "vuejs.org/", "element-plus.org", "github.com/", "projectfluent.org", "echarts.apache.org"];
    for file in files.iter().filter(|file| is_text(file)) {
        let text = String::from_utf8_lossy(&std::fs::read(file).map_err(|error| error.to_string())?).into_owned();
        for address in
            text.split("http").skip(1).filter_map(|rest| rest.strip_prefix("s://").or_else(|| rest.strip_prefix("://")))
        {
            if !harmless.iter().any(|known| address.starts_with(known)) {
                let address: String = address.chars().take(60).collect();
                return Err(format!("{} names the external address {address}", file.display()));
            }
        }
    }
    Ok(())
}

fn is_text(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ["html", "js", "css", "json", "svg"].iter().any(|text| ending == *text))
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
