//! What a chore needs on the machine: Debian packages, the web's packages, the web build.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// `cargo`, in the root.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Says what begins, runs it with its own output, and says how long it took.
pub fn run(what: &str, command: &mut Command) -> Result<(), String> {
    let started = Instant::now();
    println!("── {what} …");
    let status = command.status().map_err(|error| format!("{what}: {:?}: {error}", command.get_program()))?;
    if !status.success() {
        return Err(format!("{what} failed"));
    }
    println!("── {what}: {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// A C compiler, for the bundled SQLite.
pub fn compiler() -> Result<(), String> {
    require("cc", "gcc libc6-dev")
}

/// A browser with Chinese fonts, for the tests of the pages.
pub fn browser() -> Result<(), String> {
    require("chromium", "chromium fonts-noto-cjk")
}

/// Fonts that papers are printed with, and what reads papers back.
pub fn paper() -> Result<(), String> {
    require("pdftotext", "poppler-utils")?;
    let fonts = Path::new("/usr/share/fonts");
    require_file(&fonts.join("opentype/noto/NotoSerifCJK-Regular.ttc"), "fonts-noto-cjk")?;
    require_file(&fonts.join("truetype/noto/NotoSerifTibetan-Regular.ttf"), "fonts-noto-core")
}

/// Node and npm, and the web's packages as locked.
pub fn web_packages() -> Result<(), String> {
    require("node", "nodejs npm")?;
    require("npm", "npm")?;
    let web = root().join("web");
    let installed = web.join("node_modules/.package-lock.json");
    if is_older(&installed, &[web.join("package-lock.json")]) {
        run("web packages", npm().args(["ci", "--no-audit", "--no-fund"]))?;
    }
    Ok(())
}

/// The web's packages and the web build.
pub fn web() -> Result<(), String> {
    web_packages()?;
    let web = root().join("web");
    let mut sources = vec![web.join("package-lock.json"), web.join("vite.config.ts"), web.join("office/index.html")];
    files_below(&web.join("src"), &mut sources);
    files_below(&root().join("locales"), &mut sources);
    if is_older(&web.join("dist/office/index.html"), &sources) {
        run("web build", npm().args(["run", "build"]))?;
    }
    Ok(())
}

/// `npm`, in the web folder.
pub fn npm() -> Command {
    let mut command = Command::new("npm");
    command.current_dir(root().join("web"));
    command
}

/// All files below a folder.
pub fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn is_older(made: &Path, sources: &[PathBuf]) -> bool {
    let time = |path: &Path| std::fs::metadata(path).and_then(|meta| meta.modified()).ok();
    let Some(made) = time(made) else { return true };
    sources.iter().filter_map(|source| time(source)).any(|source| source > made)
}

/// Makes sure that a program is there: installs its Debian packages when that is possible, otherwise says which.
fn require(program: &str, packages: &str) -> Result<(), String> {
    install(program, is_there(program), packages)
}

/// Makes sure that a file is there that Debian packages bring.
fn require_file(path: &Path, packages: &str) -> Result<(), String> {
    install(&path.display().to_string(), path.is_file(), packages)
}

fn install(what: &str, is_present: bool, packages: &str) -> Result<(), String> {
    if is_present {
        return Ok(());
    }
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"));
    if !is_root || !is_there("apt-get") {
        return Err(format!("{what} is missing: install it (Debian: apt-get install {packages})"));
    }
    run("package lists", Command::new("apt-get").args(["update", "-qq"]))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages.split(' '));
    install.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
    run(&format!("installing {packages}"), &mut install)
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
