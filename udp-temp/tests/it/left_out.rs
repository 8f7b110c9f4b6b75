//! What Windows has not got: these tests are not there, and named here with the reason.

harness::left_out! {
    "127.0.0.2 is an address of every Linux":
        a_reply_leaves_from_the_address_that_was_asked;
}
