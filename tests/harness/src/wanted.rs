//! What a test waits for in the output of a program: a text, bytes, or a predicate of its own.

/// What a wait on output looks for: a text, bytes, or a predicate on all that was written so far,
/// `|output: &[u8]| output.ends_with(b"> ")`. (The type has to be written.)
pub trait Wanted {
    /// Whether `output`, everything so far, has it.
    fn is_in(&self, output: &[u8]) -> bool;
    /// For the message of a wait that failed.
    fn describe(&self) -> String;
}

impl Wanted for &str {
    fn is_in(&self, output: &[u8]) -> bool {
        contains(output, self.as_bytes())
    }
    fn describe(&self) -> String {
        format!("{self:?}")
    }
}

impl Wanted for &String {
    fn is_in(&self, output: &[u8]) -> bool {
        self.as_str().is_in(output)
    }
    fn describe(&self) -> String {
        self.as_str().describe()
    }
}

impl Wanted for &[u8] {
    fn is_in(&self, output: &[u8]) -> bool {
        contains(output, self)
    }
    fn describe(&self) -> String {
        format!("\"{}\"", self.escape_ascii())
    }
}

impl<const N: usize> Wanted for &[u8; N] {
    fn is_in(&self, output: &[u8]) -> bool {
        self.as_slice().is_in(output)
    }
    fn describe(&self) -> String {
        self.as_slice().describe()
    }
}

impl<F: Fn(&[u8]) -> bool> Wanted for F {
    fn is_in(&self, output: &[u8]) -> bool {
        self(output)
    }
    fn describe(&self) -> String {
        "what the test's predicate looks for".to_owned()
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    needle.is_empty() || haystack.windows(needle.len()).any(|window| window == needle)
}
