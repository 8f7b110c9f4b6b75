//! What Windows has not got: these tests are not there, and named here with the reason.

harness::left_out! {
    "memory and open files are read in /proc, and limited by `setrlimit`":
        datagrams_of_any_size_and_content_do_no_harm,
        a_client_that_is_gone_before_the_answer_does_no_harm,
        a_message_that_comes_byte_by_byte_is_the_same_message,
        random_bytes_do_no_harm,
        lengths_without_measure_are_not_believed,
        a_head_or_line_without_end_does_not_fill_the_memory,
        a_client_that_never_reads_keeps_nobody_waiting,
        a_reset_at_any_time_ends_that_client_only,
        a_client_that_ends_its_half_at_once_is_let_go,
        a_thousand_idle_clients_leave_room_for_the_next,
        clients_past_the_cap_are_closed_and_room_is_made_by_who_leaves,
        a_silent_client_is_closed_by_the_idle_timeout,
        a_server_without_open_files_left_serves_again_when_some_leave;
    "of a console of Windows, Wine shows no screen":
        what_a_client_sends_reaches_the_servers_terminal_escaped,
        what_a_server_sends_reaches_the_clients_terminal_escaped,
        what_a_command_prints_reaches_the_clients_terminal_escaped;
    "addresses and threads are limited, and counted, on Linux alone":
        a_client_with_little_memory_does_its_work_or_says_that_there_is_too_little,
        a_line_for_which_there_is_no_memory_ends_a_client_with_an_error,
        an_answer_for_which_there_is_no_memory_ends_a_client_with_an_error,
        a_server_that_listens_has_the_threads_that_it_needs;
    "it has no such signals, and no job control":
        a_signal_that_ends_a_program_at_once_leaves_the_terminal_as_it_was_found,
        ctrl_z_gives_the_shell_its_terminal_back_and_fg_goes_on;
}
