//! What Windows has not got: these tests are not there, and named here with the reason.

harness::left_out! {
    "addresses are limited, and counted, on Linux alone":
        clients_for_whom_there_is_no_memory_are_refused_and_end_nobody;
}
