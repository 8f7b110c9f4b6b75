//! What Windows has not got: these tests are not there, and named here with the reason.

harness::left_out! {
    "permissions as Unix has them":
        a_file_named_by_the_user_is_replaced_and_keeps_its_permissions,
        an_index_that_may_not_be_read_does_not_show_what_lies_beside_it,
        what_the_server_may_not_read_is_forbidden,
        a_directory_that_cannot_be_written_is_told_before_anything_is_fetched,
        a_file_in_a_directory_that_takes_no_other_is_filled,
        a_strangers_part_is_left_alone;
    "who may make links there is a matter of its settings":
        a_link_named_by_the_user_is_followed_and_one_named_by_the_url_is_not,
        a_link_in_place_of_the_part_is_not_followed,
        a_link_to_what_is_not_there_yet_makes_it,
        a_link_put_in_the_way_of_a_path_leads_nowhere,
        a_root_that_is_a_link_follows_it_to_the_next_release,
        links_are_served_where_they_stay_inside;
    "pipes and sockets have no place in a directory there":
        an_index_that_is_no_file_does_not_show_what_lies_beside_it,
        pipes_sockets_and_devices_are_not_served_and_hold_nobody_up,
        a_file_is_looked_at_anew_for_each_request;
    "devices and descriptors have no names there":
        standard_output_has_several_names,
        a_file_that_is_standard_output_is_gone_on_with,
        what_another_program_holds_open_is_not_replaced_behind_its_back,
        a_terminal_is_one_by_every_name,
        a_device_is_the_users_to_name_and_not_the_urls,
        a_standard_output_that_does_not_wait_is_waited_for,
        a_head_that_cannot_be_printed_ends_no_download;
    "nothing is mounted on a single file there":
        a_file_that_is_mounted_alone_is_filled_where_it_is;
    "a directory that is in use cannot vanish there":
        a_directory_that_vanishes_is_told_and_nothing_is_claimed;
    "no name can be so there":
        a_name_commands_no_terminal_that_shows_the_page,
        a_name_that_cannot_be_is_told_with_the_next_step;
    "open files have no such limit there":
        who_finds_no_file_left_is_told_to_come_again;
    "a shell limits the length of files":
        a_full_disk_leaves_no_half_file_and_the_part_is_continued,
        a_code_that_cannot_be_drawn_ends_no_server;
}
