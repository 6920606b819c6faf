//! What the system knows before it has seen a record: kinds, roles and figures.

use std::collections::BTreeMap;

use sm3::{Digest as _, Sm3};
use tahuang_domain::{Calendar, Catalog, CatalogError, Roles};
use tahuang_figures::{Count, FigureSet};

/// Goes up when subjects or contributions are computed otherwise from the same journal: what is stored is rebuilt then.
const PROJECTION_VERSION: u32 = 3;

/// The parsed catalog.
#[derive(Debug)]
pub struct Knowledge {
    /// Kinds and their fields.
    pub catalog: Catalog,
    /// Roles.
    pub roles: Roles,
    /// Which days are worked.
    pub calendar: Calendar,
    /// Figures.
    pub figures: FigureSet,
    /// Tells the definitions of the figures from others: what was derived by others has to be rebuilt.
    pub definitions: String,
    /// What each ledger format makes of a row, so that a figure can say how many refused rows it lacks.
    pub ledgers: BTreeMap<String, LedgerMakes>,
}

/// What a ledger format makes of a row.
#[derive(Clone, Debug, Default)]
pub struct LedgerMakes {
    /// The kinds of records.
    pub kinds: Vec<String>,
    /// The fields that it fills: with a fixed value, or with whatever stands in a column.
    pub fields: BTreeMap<String, Option<serde_json::Value>>,
}

impl LedgerMakes {
    /// Whether a row of the ledger could count so, once it is mended.
    pub fn could_count(&self, count: &Count) -> bool {
        let could_be = |field: &String, allowed: &[serde_json::Value]| match self.fields.get(field) {
            Some(Some(fixed)) => allowed.iter().any(|value| value == fixed || value == "*"),
            Some(None) => true,
            None => false,
        };
        // What is counted of how a case was dealt with happened here, and stands in no ledger.
        count.rated.is_empty()
            && self.kinds.iter().any(|kind| count.kinds.contains(kind))
            && count.claimed.as_ref().is_none_or(|field| self.fields.contains_key(field))
            && count.conditions.iter().all(|(field, allowed)| could_be(field, allowed))
    }
}

impl Knowledge {
    /// The catalog that is built into the program.
    ///
    /// # Errors
    /// A mistake in the catalog, with file and line.
    pub fn bundled() -> Result<Self, CatalogError> {
        Self::parse(
            include_str!("../../../catalog/kinds.toml"),
            include_str!("../../../catalog/roles.toml"),
            include_str!("../../../catalog/figures.toml"),
            include_str!("../../../catalog/calendar.toml"),
        )?
        .with_checklists("catalog/checklists.toml", include_str!("../../../catalog/checklists.toml"))
    }

    /// A catalog from the texts of its four files.
    ///
    /// # Errors
    /// The first mistake, with file and line.
    pub fn parse(kinds: &str, roles: &str, figures_text: &str, calendar: &str) -> Result<Self, CatalogError> {
        let catalog = Catalog::parse("catalog/kinds.toml", kinds)?;
        let roles = Roles::parse("catalog/roles.toml", roles, &catalog)?;
        let calendar = Calendar::parse("catalog/calendar.toml", calendar)?;
        let figures = FigureSet::parse("catalog/figures.toml", figures_text, &catalog)?;
        let definitions = Sm3::digest(format!("{PROJECTION_VERSION} {figures_text}"))
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(Self { catalog, roles, calendar, figures, definitions, ledgers: BTreeMap::new() })
    }

    /// The same, with the lists by which places are checked.
    ///
    /// # Errors
    /// The first mistake, with file and line.
    pub fn with_checklists(mut self, file: &str, text: &str) -> Result<Self, CatalogError> {
        self.catalog = self.catalog.with_checklists(file, text)?;
        Ok(self)
    }

    /// The same with another calendar: a prefecture enters a year's notice when it comes out, and waits for no program.
    ///
    /// # Errors
    /// The first mistake, with file and line.
    pub fn with_calendar(mut self, file: &str, text: &str) -> Result<Self, CatalogError> {
        self.calendar = Calendar::parse(file, text)?;
        Ok(self)
    }

    /// The same, knowing what each ledger format makes.
    #[must_use]
    pub fn with_ledgers(mut self, ledgers: BTreeMap<String, LedgerMakes>) -> Self {
        self.ledgers = ledgers;
        self
    }
}
