//! The operations, one file each. A handler's name is its operation id.

pub mod change_password;
pub mod count_cases;
pub mod create_account;
pub mod create_import;
pub mod create_revisit_draw;
pub mod create_session;
pub mod create_subject_file;
pub mod delete_session;
pub mod disable_account;
pub mod dismiss_delivery;
pub mod enable_account;
pub mod fix_ledger_row;
pub mod follow_changes;
pub mod list_accounts;
pub mod list_activities;
pub mod list_board;
pub mod list_cases;
pub mod list_checklists;
pub mod list_checks;
pub mod list_deliveries;
pub mod list_figure_records;
pub mod list_handlers;
pub mod list_imports;
pub mod list_ledger_rows;
pub mod list_notices;
pub mod list_revisit_draws;
pub mod list_revisits;
pub mod list_todo;
pub mod list_units;
pub mod mark_notices_read;
pub mod preview_import;
pub mod print_check_notice;
pub mod print_check_sheet;
pub mod print_contact_cards;
pub mod print_subject;
pub mod print_unit_card;
pub mod print_unit_quarter;
pub mod print_unit_slip;
pub mod read_area;
pub mod read_calendar_link;
pub mod read_catalog;
pub mod read_check;
pub mod read_figure_trend;
pub mod read_figures;
pub mod read_health;
pub mod read_import;
pub mod read_journal;
pub mod read_metrics;
pub mod read_readiness;
pub mod read_session;
pub mod read_subject;
pub mod read_subject_file;
pub mod read_unit;
pub mod reset_account_password;
pub mod retry_delivery;
pub mod run_import;
pub mod search_areas;
pub mod set_ledger_row_aside;
pub mod submit_commands;
pub mod unseal_subject_field;
pub mod verify_journal;

use crate::problem::ApiError;

/// The answer of an address that exists to a method that it does not know.
pub async fn no_such_method() -> ApiError {
    ApiError::MethodNotAllowed
}
