//! What Windows has not got: these tests are not there, and named here with the reason.

harness::left_out! {
    "addresses are limited, and counted, on Linux alone":
        clients_for_whom_there_is_no_memory_are_refused_and_end_nobody,
        answers_for_which_there_is_no_memory_are_refused_and_end_nobody;
    "a command is asked to end by a signal, and looked for in /proc":
        a_command_is_asked_to_end_before_it_is_killed,
        what_a_command_says_when_it_is_asked_still_arrives,
        what_a_command_has_started_is_heard_to_its_end_too,
        too_much_output_is_a_reason_to_ask_too,
        who_does_not_heed_it_is_killed,
        groups_of_their_own_are_ended_with_their_session,
        a_server_that_is_killed_leaves_no_command_running,
        a_process_in_the_background_outlives_its_command_and_not_an_end_of_it,
        a_client_takes_two_threads,
        a_command_finds_no_signal_blocked,
        a_directory_that_is_gone_is_named_and_left,
        as_the_first_process_of_a_container_it_reaps_orphans;
    "open files have no such limit there":
        a_server_out_of_files_says_so_and_serves_the_next;
    "its commands are those of a Unix shell":
        input_is_exact_to_the_byte_with_and_without_a_key,
        input_comes_while_the_command_runs_and_its_end_when_it_ends,
        a_last_line_without_an_end_is_not_lost,
        a_command_that_ends_before_its_input_does_ends_the_client,
        a_command_that_never_reads_locks_nothing_up,
        output_beyond_all_buffers_and_input_pass_each_other,
        without_input_a_command_finds_the_end_of_it_at_once,
        a_script_of_several_lines_is_one_command,
        a_script_of_several_lines_is_one_command_in_every_framing,
        several_clients_with_input_do_not_hold_each_other_up,
        the_servers_bytes_for_input_are_those_of_the_description,
        who_sends_more_than_the_window_is_told_and_closed,
        the_clients_bytes_for_input_are_those_of_the_description,
        a_client_sends_no_more_than_the_window_until_it_is_told_that_some_was_taken,
        in_the_tutorials_framings_a_user_is_told_that_input_stays_here,
        what_draws_on_a_screen_is_told_that_there_is_none,
        what_waits_on_a_screen_that_is_not_there_is_told_so_while_it_waits,
        what_reads_from_a_keyboard_is_told_that_nothing_comes_from_there;
    "it reads a file of /proc, a directory, or an input that does not wait":
        a_file_that_has_no_length_is_input_all_the_same,
        input_that_cannot_be_read_is_an_error_and_no_end_of_it,
        input_that_is_made_non_blocking_is_waited_for,
        a_script_from_an_input_that_does_not_wait_is_waited_for;
    "permissions as Unix has them":
        a_key_that_others_can_read_is_refused_with_what_to_do;
}
