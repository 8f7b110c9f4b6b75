//! The tour, the experiments, the check.

use crate::laboratory::{Laboratory, row};

#[test]
fn a_scene_of_the_tour_is_played() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("tour/tcp-echo/0");
    tab.click(".tour .main");
    tab.wait(&row(".from-l.to-r", "你好"));
    tab.wait("document.querySelector('.server .output').textContent.includes('listening on')");
    tab.wait("document.querySelector('.tour .notice').checkVisibility()");
    tab.wait("document.querySelectorAll('.terms dt').length > 0");
    // The next scene has an address of its own.
    tab.click(".tour article .bar a[href*='tour/']");
    tab.wait("location.hash === '#tour/tcp-echo/1'");
    tab.assert_content();
}

#[test]
fn an_experiment_asks_runs_compares_and_explains() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("experiments");
    tab.click(".list a[href='#experiments/sticky']");
    tab.wait("location.hash === '#experiments/sticky'");
    tab.wait("document.querySelector('article .main').disabled");
    tab.click(".choice input");
    tab.click("article .main");
    tab.wait("document.querySelector('.choice.right')");
    tab.wait("document.querySelectorAll('.seen li').length > 0");
    tab.wait("document.querySelector('.choice.right em') && document.querySelector('article details .code')");
    // It is remembered as done.
    tab.reload();
    tab.wait(
        "document.querySelector('.list a[href=\"#experiments/sticky\"]').textContent.includes('✓')",
    );
    tab.assert_content();
}

#[test]
fn what_is_checked_has_an_address() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("check/tcp-chat/client");
    tab.wait("document.querySelector('.setup select').value === 'tcp-chat'");
    tab.choose(".setup select", "tcp-echo");
    tab.choose(".setup .field:nth-child(2) select", "3");
    let address = tab.eval("location.hash").as_str().unwrap().to_owned();
    assert!(address.starts_with("#check/tcp-echo/"), "{address}");
    let suite = "document.querySelector('.setup .field:nth-child(2) select').selectedOptions[0].textContent";
    let chosen = tab.eval(suite);
    tab.reload();
    assert_eq!((tab.eval("location.hash"), tab.eval(suite)), (address.into(), chosen));
    tab.assert_content();
}

#[test]
fn a_report_grows_and_the_first_wrong_byte_is_marked() {
    // It answers, and says something else than the lesson does.
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("server.py");
    let source = "import socket, sys\n\
         s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
         s.bind(('127.0.0.1', int(sys.argv[1])))\n\
         while True:\n    data, peer = s.recvfrom(2048)\n    s.sendto(b'Temperature: 0', peer)\n";
    std::fs::write(&file, source).unwrap();
    let command = format!("python3 {} {{port}}", file.display());
    let lab = Laboratory::start(&["--lesson", "udp-temp", "--command", &command]);
    let mut tab = lab.open("check");
    tab.wait("document.querySelectorAll('.checks li.waiting').length > 2");
    tab.click(".setup .main");
    tab.wait("document.querySelector('.checks li.ok, .checks li.failed')");
    tab.wait("document.querySelector('.checks .failed .wrong')");
    tab.wait("!document.querySelector('.setup .main').disabled");
    tab.wait("/[1-9]/.test(document.querySelector('.score .bad').textContent)");
    tab.assert_content();
}
