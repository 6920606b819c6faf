//! The one suite that every store passes.
//!
//! A store's tests say how to make an empty one, and get one `#[test]` for each sentence below:
//!
//! ```text
//! tahuang_store::conformance!(|folder| Arc::new(SqliteStore::open(&folder.join("tahuang.db")).unwrap()));
//! ```
//!
//! Only built with the feature `conformance`, which test builds ask for: no program depends on it. What a store does
//! beyond the trait (its file format, its version, what it says of a full disk) it tests for itself.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, missing_docs, reason = "tests, one sentence each")]

pub mod accounts;
pub mod figures;
pub mod files;
pub mod hand;
pub mod journal;
pub mod maintain;
pub mod outbox;
pub mod subjects;

/// Makes one `#[test]` of every sentence. Takes a closure from a folder of the test's own to an empty `Arc<dyn Store>`.
#[macro_export]
macro_rules! conformance {
    ($make:expr) => {
        $crate::conformance! { @ $make;
            journal::an_empty_store_has_no_journal_and_its_heads_are_the_genesis,
            journal::a_commit_moves_the_head_and_is_read_back,
            journal::a_commit_on_a_stale_head_conflicts_and_changes_nothing,
            journal::a_commit_that_cannot_be_written_whole_is_not_written_at_all,
            journal::of_two_writers_on_one_head_one_wins,
            journal::what_is_read_at_one_moment_fits_together_while_commits_go_on,
            journal::answers_are_kept_as_they_were_given,
            journal::answers_come_in_the_order_of_the_commands,
            journal::the_journal_is_read_in_order_a_page_at_a_time,
            journal::journal_rows_come_in_the_order_of_the_positions_asked_for,
            journal::a_moment_is_found_as_the_last_position_at_or_before_it,
            journal::two_prefectures_never_mix,
            subjects::a_subject_is_replaced_by_its_newer_state,
            subjects::subjects_come_in_the_order_of_the_ids,
            subjects::lists_are_newest_first_and_filtered_in_areas_high_and_low,
            subjects::a_list_walked_page_by_page_gives_every_subject_once,
            subjects::a_list_of_no_kind_or_no_state_is_empty,
            subjects::what_is_due_comes_by_day_and_page_by_page_and_is_counted,
            subjects::what_stands_on_a_page_comes_by_day_and_leaves_it,
            subjects::counts_are_by_kind_state_and_tag_without_the_withdrawn,
            subjects::all_of_a_kind_come_in_the_order_in_which_they_were_opened,
            subjects::a_search_finds_what_has_all_terms_newest_first,
            subjects::an_entry_of_the_search_is_replaced_when_it_is_indexed_again,
            figures::sums_by_month_by_day_now_and_as_of_any_position_agree_with_the_contributions,
            figures::contributions_are_listed_by_area_and_position_page_by_page_as_of_any_position,
            figures::areas_are_found_at_every_level_while_they_count_something,
            figures::ending_a_contribution_that_does_not_stand_is_damage,
            accounts::a_key_is_kept_until_it_is_erased,
            accounts::what_is_sealed_again_in_the_commit_that_erased_its_key_has_the_new_one,
            accounts::credentials_are_replaced_and_listed_by_login,
            accounts::sessions_end_one_by_one_or_all_of_a_login,
            accounts::a_session_that_has_ended_goes_when_another_is_written,
            maintain::what_is_derived_is_cleared_and_written_again_the_same,
            maintain::clearing_one_prefecture_leaves_the_journal_and_the_others,
            maintain::by_what_it_was_derived_is_noted_and_cleared_with_it,
            maintain::a_dump_leaves_out_what_came_back_to_nothing,
            maintain::a_backup_is_a_new_file_and_never_an_old_one,
            maintain::a_store_that_can_be_written_is_ready,
            outbox::what_is_told_and_how_far_the_journal_was_read_are_written_together_or_not_at_all,
            outbox::a_message_moves_only_from_where_it_stands,
            outbox::messages_that_are_due_come_emergencies_first_and_then_the_longest_due,
            outbox::the_delivery_log_is_newest_first_filtered_and_walked_page_by_page,
            outbox::notices_are_of_ones_area_and_kinds_or_for_oneself_and_never_of_what_one_did,
            outbox::how_far_an_account_has_read_never_goes_back,
            outbox::what_is_told_is_not_derived,
        }
    };
    (@ $make:expr; $($module:ident::$sentence:ident),* $(,)?) => {
        $(
            #[test]
            fn $sentence() {
                $crate::conformance::hand::on_a_new_store(&$make, $crate::conformance::$module::$sentence);
            }
        )*
    };
}
