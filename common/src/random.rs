//! Chance that can be repeated: the same seed gives the same numbers, on every machine and in every
//! version of this workspace.

/// SplitMix64 (Steele, Lea and Flood, “Fast splittable pseudorandom number generators”, 2014): few
/// lines, and good enough for any seed. Nothing that must stay secret may depend on it.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The numbers of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The numbers of a stream of its own, so that what one connection meets does not depend on the
    /// others.
    pub fn stream(seed: u64, stream: u64) -> Self {
        let mut streams = Self(Self(stream).next() ^ seed);
        Self(streams.next())
    }

    /// The next number.
    #[expect(clippy::should_implement_trait, reason = "an iterator may end; chance does not")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 on, below 1; the 53 bits that an `f64` holds.
    pub fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the reference implementation, seed 1234567.
    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        let mut random = Random::new(1_234_567);
        let numbers = [(); 5].map(|()| random.next());
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821
            ]
        );
    }

    #[test]
    fn a_part_is_from_0_on_and_below_1() {
        let mut random = Random::new(42);
        let parts: Vec<f64> = (0..10_000).map(|_| random.part()).collect();
        assert!(parts.iter().all(|part| (0.0..1.0).contains(part)));
        let mean = parts.iter().sum::<f64>() / 10_000.0;
        assert!((0.49..0.51).contains(&mean), "{mean}");
    }

    #[test]
    fn streams_of_one_seed_differ_and_can_be_repeated() {
        let begin = |seed, stream| Random::stream(seed, stream).next();
        assert_eq!(begin(1, 2), begin(1, 2));
        assert_ne!(begin(1, 2), begin(1, 3));
        assert_ne!(begin(1, 2), begin(2, 2));
        assert_ne!(begin(1, 2), begin(2, 1));
    }
}
