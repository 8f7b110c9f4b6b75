//! Peers that are stopped for a while, and go on.

use harness::{Signal, eventually};
use network::Network;

use crate::tasks::LIMIT;

/// The state of a process, as `man 5 proc_pid_stat` has it.
fn state(pid: u32) -> char {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next()).unwrap()
}

#[test]
fn a_stopped_member_of_a_room_holds_nobody_up_and_hears_all_of_it_later() {
    let network = Network::new(1500);
    let server = network.right.serve("tcp-chat-server", &["--mode", "room"]);
    let member = |name: &str| {
        let args = ["--mode", "room", "--name", name];
        let member = network.left.start(network.left.client("tcp-chat-client", &server).args(args));
        member.wait_stdout(&format!("is now {name}"));
        member
    };
    let (ann, bob, stopped) = (member("ann"), member("bob"), member("stopped"));
    stopped.signal(Signal::SIGSTOP);
    eventually("it stands still", || state(stopped.id()) == 'T');
    for line in 0..20 {
        ann.line(format!("line {line}"));
        bob.wait_stdout_within(&format!("ann: line {line}\n"), LIMIT);
    }
    stopped.signal(Signal::SIGCONT);
    stopped.wait_stdout_within("ann: line 19\n", LIMIT);
}

#[test]
fn a_server_that_was_stopped_goes_on_where_it_was() {
    let network = Network::new(1500);
    let server = network.right.serve("tcp-echo-server", &[]);
    let client = network.left.client("tcp-echo-client", &server).args(["--timeout", "60"]);
    let client = network.left.start(client);
    client.line("one");
    client.wait_stdout("one\n");
    server.signal(Signal::SIGSTOP);
    eventually("it stands still", || state(server.id()) == 'T');
    client.line("two");
    // The kernel of the stopped server acknowledges: the message is there, and nobody reads it.
    let late = network.left.client("tcp-echo-client", &server).args(["--timeout", "1", "hi"]);
    network.left.start(late).wait_within(LIMIT).assert_one_error(1);
    server.signal(Signal::SIGCONT);
    client.wait_stdout_within("two\n", LIMIT);
    client.close_stdin();
    client.wait_within(LIMIT).assert_code(0);
}
