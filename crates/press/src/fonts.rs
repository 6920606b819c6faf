//! Fonts, where they are installed: the official ones where somebody bought them, free ones with the same roles
//! otherwise. Files are found by their names, opened when first needed, and kept.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use harfrust::ShaperData;
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};

use crate::PressError;
use crate::limits::{FONT_BYTES_MAX, FONT_FILES_MAX};
use crate::style::Role;

/// Where Linux has fonts.
const INSTALLED: [&str; 3] = ["/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/texmf/fonts/opentype"];
/// Folders below a font directory.
const DEPTH_MAX: usize = 6;

/// Names of files for 宋体: what any Chinese can be printed with.
const SONG: [&str; 12] = [
    "simsun",
    "宋体",
    "notoserifcjk-regular",
    "notoserifcjksc-regular",
    "notoserifsc-regular",
    "sourcehanserifsc-regular",
    "sourcehanserifcn-regular",
    "fandolsong-regular",
    "notosanscjk-regular",
    "notosanscjksc-regular",
    "notosanssc-regular",
    "sourcehansanssc-regular",
];
const BODY: [&str; 5] = ["simfang", "仿宋", "fzfsk", "stfangso", "fandolfang-regular"];
const TITLE: [&str; 8] = [
    "小标宋",
    "fzxbsjw",
    "fzxbsk",
    "notoserifcjk-bold",
    "notoserifcjksc-bold",
    "notoserifsc-bold",
    "sourcehanserifsc-bold",
    "fandolsong-bold",
];
const HEI: [&str; 8] = [
    "simhei",
    "黑体",
    "fzhtk",
    "notosanscjk-bold",
    "notosanscjksc-bold",
    "notosanssc-bold",
    "sourcehansanssc-bold",
    "fandolhei-bold",
];
const KAI: [&str; 5] = ["simkai", "楷体", "fzktk", "stkaiti", "fandolkai-regular"];
const TIBETAN: [&str; 5] =
    ["notoseriftibetan-regular", "notoseriftibetan[wght]", "jomolhari-regular", "jomolhari", "ddc_uchen"];
const TIBETAN_BOLD: [&str; 1] = ["notoseriftibetan-bold"];

/// One font with what shaping needs.
pub(crate) struct Face {
    /// The font as the PDF writer wants it.
    pub font: krilla::text::Font,
    /// What shaping keeps between texts.
    pub shaping: ShaperData,
    /// Units of an em.
    pub units: f32,
    data: Arc<Vec<u8>>,
    index: u32,
}

impl Face {
    /// The font's tables.
    pub fn tables(&self) -> FontRef<'_> {
        FontRef::from_index(&self.data, self.index).unwrap_or_else(|_| unreachable!("read once when it was opened"))
    }
}

/// The fonts of this machine. Cheap until something is printed.
pub struct Fonts {
    directories: Vec<PathBuf>,
    files: OnceLock<HashMap<String, PathBuf>>,
    /// Faces that were opened, by file. A few files in all, since [`candidates`] names a few.
    opened: Mutex<HashMap<PathBuf, Arc<Face>>>,
    faces: [OnceLock<Option<Arc<Face>>>; 7],
}

impl Fonts {
    /// Fonts of this machine; those in `own`, if there is such a directory, come first.
    pub fn installed(own: Option<&Path>) -> Self {
        let mut directories: Vec<PathBuf> = own.map(Path::to_owned).into_iter().collect();
        directories.extend(INSTALLED.iter().map(PathBuf::from));
        Self::in_directories(directories)
    }

    /// Fonts of these directories alone, those of the first first.
    pub fn in_directories(directories: Vec<PathBuf>) -> Self {
        Self { directories, files: OnceLock::new(), opened: Mutex::default(), faces: Default::default() }
    }

    /// The font with a role.
    pub(crate) fn face(&self, role: Role) -> Result<Arc<Face>, PressError> {
        let own: &[&str] = match role {
            Role::Body => &BODY,
            Role::Title => &TITLE,
            Role::Hei => &HEI,
            Role::Kai => &KAI,
            Role::Song => &[],
        };
        self.open(role as usize, own, &SONG)?
            .ok_or(PressError::FontMissing { script: "Chinese", package: "fonts-noto-cjk" })
    }

    /// The font for Tibetan beside a role.
    pub(crate) fn tibetan(&self, role: Role) -> Result<Arc<Face>, PressError> {
        let found = match role {
            Role::Title | Role::Hei => self.open(6, &TIBETAN_BOLD, &TIBETAN)?,
            Role::Body | Role::Kai | Role::Song => self.open(5, &TIBETAN, &[])?,
        };
        found.ok_or(PressError::FontMissing { script: "Tibetan", package: "fonts-noto-core" })
    }

    fn open(&self, slot: usize, names: &[&str], fallback: &[&str]) -> Result<Option<Arc<Face>>, PressError> {
        if let Some(known) = self.faces[slot].get() {
            return Ok(known.clone());
        }
        let files = self.files.get_or_init(|| self.find());
        let path = names.iter().chain(fallback).find_map(|name| {
            files.get(*name).or_else(|| {
                // Chinese names of files have a maker before or an edition behind: 方正小标宋简体.ttf
                let part = !name.is_ascii();
                part.then(|| files.iter().filter(|(stem, _)| stem.contains(name)).min().map(|(_, path)| path)).flatten()
            })
        });
        let face = path.map(|path| self.open_file(path)).transpose()?;
        Ok(self.faces[slot].get_or_init(|| face).clone())
    }

    fn open_file(&self, path: &Path) -> Result<Arc<Face>, PressError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(face) = opened.get(path) {
            return Ok(Arc::clone(face));
        }
        let face = Arc::new(read(path).ok_or_else(|| PressError::FontUnreadable(path.to_owned()))?);
        opened.insert(path.to_owned(), Arc::clone(&face));
        Ok(face)
    }

    /// Font files by their names in small letters without the ending; of two with one name the first directory's.
    fn find(&self) -> HashMap<String, PathBuf> {
        let mut found = HashMap::new();
        let mut seen = 0;
        for directory in &self.directories {
            let mut folders = vec![(directory.clone(), 0)];
            while let Some((folder, depth)) = folders.pop() {
                let Ok(entries) = std::fs::read_dir(&folder) else { continue };
                let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
                paths.sort();
                for path in paths {
                    seen += 1;
                    if seen > FONT_FILES_MAX {
                        return found;
                    }
                    if path.is_dir() {
                        if depth < DEPTH_MAX {
                            folders.push((path, depth + 1));
                        }
                        continue;
                    }
                    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
                    if !matches!(ending.as_deref(), Some("ttf" | "otf" | "ttc" | "otc")) {
                        continue;
                    }
                    let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
                    found.entry(stem).or_insert(path);
                }
            }
        }
        found
    }
}

/// Reads a font file; of a collection the face for simplified Chinese, or else the first.
fn read(path: &Path) -> Option<Face> {
    if std::fs::metadata(path).ok()?.len() > FONT_BYTES_MAX {
        return None;
    }
    let data = Arc::new(std::fs::read(path).ok()?);
    let family = |font: &FontRef<'_>| {
        let names = font.localized_strings(StringId::FAMILY_NAME);
        names.into_iter().any(|name| name.to_string().ends_with(" SC"))
    };
    let index = FontRef::fonts(&data).position(|font| font.is_ok_and(|font| family(&font))).unwrap_or(0);
    let index = u32::try_from(index).ok()?;
    let tables = FontRef::from_index(&data, index).ok()?;
    let units = f32::from(
        tables.metrics(skrifa::instance::Size::unscaled(), skrifa::instance::LocationRef::default()).units_per_em,
    );
    let shaping = ShaperData::new(&tables);
    let font = krilla::text::Font::new(Arc::clone(&data).into(), index)?;
    (units > 0.0).then_some(Face { font, shaping, units, data, index })
}
