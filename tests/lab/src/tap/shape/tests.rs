//! What a stream becomes, and when.

use super::*;
use proptest::prelude::*;

const ZERO: Duration = Duration::ZERO;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn shaper(shape: Shape) -> Shaper {
    Shaper::new(shape, Timetable::default(), Random::new(1))
}

fn cut_after(bytes: u64) -> Step {
    Step::Cut(Cut { after: After::Bytes(bytes), how: None })
}

#[test]
fn the_script_pauses_and_cuts_at_its_bytes_and_times() {
    let script = Timetable {
        pauses: [(0, ms(5)), (2, ms(7))].into(),
        timed_pauses: vec![(ms(11), ms(9))],
        cut_at_byte: Some((4, Close::Reset)),
        ..Timetable::default()
    };
    let mut shaper = Shaper::new(Shape::default(), script, Random::new(1));
    shaper.take(ZERO, b"abc");
    let (sent, _) = run(&mut shaper, ZERO);
    assert_eq!(sent, [(ms(5), b"ab".to_vec()), (ms(20), b"c".to_vec())]);
    shaper.take(ms(20), b"def");
    let (sent, end) = run(&mut shaper, ms(20));
    assert_eq!(sent, [(ms(20), b"d".to_vec())]);
    assert_eq!(end, Step::Cut(Cut { after: After::Bytes(4), how: Some(Close::Reset) }));
    let script = Timetable { cut_at_time: Some((ms(30), Close::Fin)), ..Timetable::default() };
    let shaper = Shaper::new(Shape::default(), script, Random::new(1));
    assert_eq!(shaper.next(ms(1)), Step::WaitUntil(ms(30)));
    let cut = Cut { after: After::Time(ms(30)), how: Some(Close::Fin) };
    assert_eq!(shaper.next(ms(30)), Step::Cut(cut));
}

#[test]
fn what_was_due_before_a_cut_leaves_before_it_however_late_one_looks() {
    let script = Timetable {
        timed_pauses: vec![(ZERO, ms(100)), (ms(305), ms(50))],
        cut_at_time: Some((ms(300), Close::Fin)),
        ..Timetable::default()
    };
    let cut = Step::Cut(Cut { after: After::Time(ms(300)), how: Some(Close::Fin) });
    let mut shaper = Shaper::new(Shape::default(), script.clone(), Random::new(1));
    shaper.take(ms(7), b"x");
    assert_eq!(run(&mut shaper, ms(310)), (vec![(ms(310), b"x".to_vec())], cut));
    shaper.take(ms(310), b"too late");
    assert_eq!(shaper.next(ms(310)), cut);
    // An end is due, too.
    let mut shaper = Shaper::new(Shape::default(), script.clone(), Random::new(1));
    shaper.end(ms(7), Close::Fin);
    assert_eq!(shaper.next(ms(310)), Step::Close(Close::Fin));
    shaper.ended();
    assert_eq!(shaper.next(ms(310)), cut);
    // What is held until later than the cut does not leave.
    let shape = Shape { delay: ms(295), ..Shape::default() };
    let mut shaper = Shaper::new(shape, script, Random::new(1));
    shaper.take(ms(7), b"x");
    assert_eq!(shaper.next(ms(290)), Step::WaitUntil(ms(300)));
    assert_eq!(shaper.next(ms(310)), cut);
}

/// Everything that is sent, when, and in what pieces, by a receiver that always reads, up to an
/// end.
fn run(shaper: &mut Shaper, mut now: Duration) -> (Vec<(Duration, Vec<u8>)>, Step) {
    let mut sent = Vec::new();
    loop {
        match shaper.next(now) {
            Step::Send => {
                let piece = shaper.piece().to_vec();
                assert!(!piece.is_empty());
                shaper.sent(now, piece.len());
                sent.push((now, piece));
            }
            Step::WaitUntil(then) => {
                assert!(then > now);
                now = then;
            }
            end => return (sent, end),
        }
    }
}

fn pieces(sent: &[(Duration, Vec<u8>)]) -> Vec<&str> {
    sent.iter().map(|(_, piece)| std::str::from_utf8(piece).unwrap()).collect()
}

#[test]
fn nothing_happens_unless_asked() {
    assert!(Shape { gap: ms(2), ..Shape::default() }.is_plain());
    let mut shaper = shaper(Shape::default());
    shaper.take(ms(1), b"one");
    shaper.take(ms(1), b"two");
    shaper.end(ms(1), Close::Fin);
    let (sent, end) = run(&mut shaper, ms(1));
    assert_eq!(sent, [(ms(1), b"one".to_vec()), (ms(1), b"two".to_vec())]);
    assert_eq!(end, Step::Close(Close::Fin));
    shaper.ended();
    assert_eq!(shaper.next(ms(1)), Step::Wait);
}

#[test]
fn split_parts_each_piece_and_waits_between_the_parts() {
    let mut shaper = shaper(Shape { split: NonZeroUsize::new(2), gap: ms(5), ..Shape::default() });
    shaper.take(ZERO, b"hello");
    shaper.take(ZERO, b"!");
    let (sent, _) = run(&mut shaper, ZERO);
    assert_eq!(pieces(&sent), ["he", "ll", "o", "!"]);
    assert_eq!(sent.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [ms(0), ms(5), ms(10), ms(15)]);
}

#[test]
fn a_part_that_was_taken_in_part_is_ended_first() {
    let mut shaper = shaper(Shape { split: NonZeroUsize::new(4), ..Shape::default() });
    shaper.take(ZERO, b"abcdefgh");
    shaper.sent(ZERO, 1);
    assert_eq!(shaper.piece(), b"bcd");
}

#[test]
fn merge_collects_what_arrives_in_time() {
    let mut shaper = shaper(Shape { merge: ms(10), ..Shape::default() });
    shaper.take(ms(0), b"a");
    shaper.take(ms(9), b"b");
    assert_eq!(shaper.next(ms(9)), Step::WaitUntil(ms(10)));
    shaper.take(ms(10), b"c");
    let (sent, _) = run(&mut shaper, ms(10));
    assert_eq!(sent, [(ms(10), b"ab".to_vec()), (ms(20), b"c".to_vec())]);
}

#[test]
fn merging_ends_with_the_stream() {
    let mut shaper = shaper(Shape { merge: ms(1000), ..Shape::default() });
    shaper.take(ms(0), b"a");
    shaper.end(ms(3), Close::Fin);
    assert_eq!(run(&mut shaper, ms(3)), (vec![(ms(3), b"a".to_vec())], Step::Close(Close::Fin)));
}

#[test]
fn merging_ends_when_there_is_no_room() {
    let mut shaper = shaper(Shape { merge: ms(1000), ..Shape::default() });
    shaper.take(ms(0), &vec![0; shaper.room()]);
    assert_eq!((shaper.room(), shaper.next(ms(0))), (0, Step::Send));
}

#[test]
fn delay_holds_bytes_and_the_end_back() {
    let mut shaper = shaper(Shape { delay: ms(50), ..Shape::default() });
    shaper.take(ms(0), b"a");
    shaper.end(ms(20), Close::Fin);
    assert_eq!(run(&mut shaper, ms(20)).0, [(ms(50), b"a".to_vec())]);
    assert_eq!(shaper.next(ms(50)), Step::WaitUntil(ms(70)));
    assert_eq!(shaper.next(ms(70)), Step::Close(Close::Fin));
}

#[test]
fn a_rate_is_kept_also_by_one_long_piece() {
    let mut shaper = shaper(Shape { rate: NonZeroU64::new(1000), ..Shape::default() });
    shaper.take(ZERO, &[b'x'; 500]);
    let (sent, _) = run(&mut shaper, ZERO);
    assert_eq!(sent.len(), 25, "20 bytes each 20 ms");
    assert_eq!(sent.last().unwrap().0, ms(480));
    let mut slow = self::shaper(Shape { rate: NonZeroU64::new(1), ..Shape::default() });
    slow.take(ZERO, b"ab");
    assert_eq!(run(&mut slow, ZERO).0, [(ms(0), b"a".to_vec()), (ms(1000), b"b".to_vec())]);
}

#[test]
fn a_cut_comes_after_exactly_so_many_bytes() {
    let mut shaper = shaper(Shape { cut_after: Some(5), ..Shape::default() });
    shaper.take(ZERO, b"abc");
    shaper.take(ZERO, b"def");
    let (sent, end) = run(&mut shaper, ZERO);
    assert_eq!((pieces(&sent), end), (vec!["abc", "de"], cut_after(5)));
    let cut_at_once = self::shaper(Shape { cut_after: Some(0), ..Shape::default() });
    assert_eq!(cut_at_once.next(ZERO), cut_after(0));
}

#[test]
fn a_reset_follows_what_was_sent_before_it_but_waits_for_no_receiver() {
    let mut shaper = shaper(Shape { delay: ms(5), ..Shape::default() });
    shaper.take(ZERO, b"a");
    shaper.end(ZERO, Close::Reset);
    assert_eq!((shaper.next(ms(5)), shaper.reset_due()), (Step::Send, Some(ms(5))));
    shaper.discard();
    assert_eq!((shaper.next(ms(5)), shaper.holds()), (Step::Close(Close::Reset), 0));
}

#[test]
fn a_reset_comes_even_after_an_orderly_end() {
    let mut shaper = shaper(Shape::default());
    shaper.end(ZERO, Close::Fin);
    shaper.ended();
    shaper.end(ms(1), Close::Reset);
    assert_eq!(shaper.next(ms(1)), Step::Close(Close::Reset));
}

#[test]
fn in_a_hurry_nothing_is_held_back() {
    let shape = Shape { delay: ms(5000), rate: NonZeroU64::new(1), ..Shape::default() };
    let mut shaper = shaper(shape);
    shaper.take(ms(1), b"abc");
    shaper.hurry(ms(2));
    shaper.end(ms(2), Close::Fin);
    assert_eq!(run(&mut shaper, ms(2)), (vec![(ms(2), b"abc".to_vec())], Step::Close(Close::Fin)));
    let mut ended = self::shaper(shape);
    ended.end(ms(1), Close::Fin);
    ended.hurry(ms(2));
    assert_eq!(ended.next(ms(2)), Step::Close(Close::Fin));
}

fn any_shape() -> impl Strategy<Value = Shape> {
    let time = || prop_oneof![Just(ZERO), (0_u64..50).prop_map(ms)];
    let split = prop::option::of((1_usize..10).prop_map(|n| NonZeroUsize::new(n).unwrap()));
    let rate = prop::option::of((1_u64..100_000).prop_map(|n| NonZeroU64::new(n).unwrap()));
    (split, time(), time(), time(), time(), rate).prop_map(
        |(split, gap, merge, delay, jitter, rate)| Shape {
            split,
            gap,
            merge,
            delay,
            jitter,
            rate,
            cut_after: None,
        },
    )
}

/// Messages, each so many milliseconds after the one before.
fn any_messages() -> impl Strategy<Value = Vec<(u64, Vec<u8>)>> {
    prop::collection::vec((0_u64..20, prop::collection::vec(any::<u8>(), 1..40)), 0..20)
}

/// Feeds the messages at their times to a receiver that takes at most `takes` bytes a call.
fn converse(
    shape: Shape,
    seed: u64,
    messages: &[(u64, Vec<u8>)],
    takes: usize,
) -> Vec<(Duration, Vec<u8>)> {
    let mut shaper = Shaper::new(shape, Timetable::default(), Random::new(seed));
    let mut sent = Vec::new();
    let (mut now, mut arrives) = (ZERO, ZERO);
    let mut rest = messages.iter();
    let mut next = rest.next();
    let mut over = false;
    loop {
        let arrival = next.map(|(after, bytes)| (arrives + ms(*after), bytes));
        match (shaper.next(now), arrival) {
            (_, Some((at, bytes))) if at <= now => {
                shaper.take(now, bytes);
                (arrives, next) = (at, rest.next());
            }
            (Step::Send, _) => {
                let piece = shaper.piece();
                let piece = piece[..piece.len().min(takes)].to_vec();
                shaper.sent(now, piece.len());
                sent.push((now, piece));
            }
            (Step::WaitUntil(then), Some((at, _))) => now = then.min(at),
            (Step::WaitUntil(then), None) => now = then,
            (_, Some((at, _))) => now = at,
            (Step::Close(_), None) => return sent,
            (_, None) => {
                assert!(!std::mem::replace(&mut over, true), "the end comes by itself");
                shaper.end(now, Close::Fin);
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_the_shape_the_bytes_arrive_unchanged(
        shape in any_shape(), messages in any_messages(), seed in any::<u64>(), takes in 1_usize..50,
    ) {
        let sent = converse(shape, seed, &messages, takes);
        let received: Vec<u8> = sent.into_iter().flat_map(|(_, piece)| piece).collect();
        let wanted: Vec<u8> = messages.into_iter().flat_map(|(_, bytes)| bytes).collect();
        prop_assert_eq!(received, wanted);
    }

    #[test]
    fn no_piece_is_longer_than_the_split(
        mut shape in any_shape(), messages in any_messages(), split in 1_usize..10,
    ) {
        shape.split = NonZeroUsize::new(split);
        prop_assert!(converse(shape, 1, &messages, usize::MAX).iter().all(|(_, piece)| piece.len() <= split));
    }

    #[test]
    fn the_same_seed_decides_the_same(
        shape in any_shape(), messages in any_messages(), seed in any::<u64>(),
    ) {
        prop_assert_eq!(converse(shape, seed, &messages, 9), converse(shape, seed, &messages, 9));
    }

    #[test]
    fn a_cut_lets_exactly_so_many_bytes_through(
        mut shape in any_shape(), message in prop::collection::vec(any::<u8>(), 1..200), limit in 0_u64..300,
    ) {
        shape.cut_after = Some(limit);
        let mut shaper = shaper(shape);
        shaper.take(ZERO, &message);
        let (sent, end) = run(&mut shaper, ZERO);
        let count: usize = sent.iter().map(|(_, piece)| piece.len()).sum();
        prop_assert_eq!(count as u64, limit.min(message.len() as u64));
        prop_assert_eq!(matches!(end, Step::Cut(_)), limit <= message.len() as u64);
    }

    #[test]
    fn what_it_holds_is_bounded(shape in any_shape(), sizes in prop::collection::vec(1_usize..9000, 0..200)) {
        let mut shaper = shaper(shape);
        for size in sizes {
            let size = size.min(shaper.room());
            if size > 0 {
                shaper.take(ZERO, &vec![0; size]);
            }
            prop_assert!(shaper.holds() <= CAPACITY && shaper.load <= CAPACITY);
            prop_assert!(shaper.held.len() <= CAPACITY / OVERHEAD);
        }
    }

    #[test]
    fn a_rate_is_never_exceeded(rate in 1_u64..10_000, length in 1_usize..2_000) {
        let mut shaper = shaper(Shape { rate: NonZeroU64::new(rate), ..Shape::default() });
        shaper.take(ZERO, &vec![0; length]);
        let mut before = 0.0;
        for (at, piece) in run(&mut shaper, ZERO).0 {
            prop_assert!(before <= at.as_secs_f64() * rate as f64 + 0.01);
            before += piece.len() as f64;
        }
    }
}
