//! What Windows has not got: these tests are not there, and named here with the reason.

harness::left_out! {
    "127.0.0.2 is an address of every Linux":
        a_reply_leaves_from_the_address_that_was_asked;
    "it has no SIGQUIT":
        ctrl_backslash_shows_how_things_stand_and_goes_on,
        how_things_stand_is_told_in_chinese_where_the_summary_is_as_everywhere;
    "nothing stops a program there":
        a_stopped_program_sends_no_burst_and_counts_what_came_meanwhile;
}
