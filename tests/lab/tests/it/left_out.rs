//! What Windows has not got: these tests are not there, and named here with the reason.

harness::left_out! {
    "of a console of Windows, Wine shows no screen":
        no_line_is_wider_than_the_terminal_in_either_language,
        a_learner_who_reads_chinese_is_asked_and_answered_in_chinese,
        a_question_can_be_skipped_and_the_experiment_runs_all_the_same,
        ctrl_c_leaves_with_130_and_the_terminal_as_it_was,
        several_predictions_are_counted,
        a_terminal_is_not_asked_with_no_ask_or_where_the_output_goes_elsewhere,
        on_a_terminal_lines_are_coloured_unless_colours_are_unwanted;
    "a shell stands for another program":
        an_interrupted_check_leaves_no_program_behind,
        a_program_that_listens_nowhere_is_told_once,
        what_is_built_is_said_while_it_is_built;
    "it has no named pipe that a file is written to":
        a_disk_that_fills_up_is_told_and_the_tap_goes_on;
}
