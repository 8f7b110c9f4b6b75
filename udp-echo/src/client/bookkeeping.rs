//! What the client remembers of its messages: the last few themselves, and what became of all.

use std::collections::VecDeque;
use std::fmt;

use udp_echo::Dialect;

use crate::text;

/// The last few messages, whose answers may still be on the way, or come twice.
#[derive(Default)]
pub(crate) struct Earlier(VecDeque<Vec<u8>>);

impl Earlier {
    const KEPT: usize = 16;

    pub(crate) fn remember(&mut self, message: &[u8]) {
        if self.0.len() == Self::KEPT {
            self.0.pop_front();
        }
        self.0.push_back(message.to_vec());
    }

    pub(crate) fn is_answered_by(&self, reply: &[u8], dialect: Dialect) -> bool {
        dialect.reply_carries_request()
            && self.0.iter().any(|message| dialect.answers(reply, message))
    }
}

/// What became of the datagrams.
#[derive(Default)]
pub(crate) struct Count {
    pub(crate) messages: u64,
    pub(crate) unanswered: u64,
    pub(crate) sent: u64,
    pub(crate) received: u64,
    /// Of those sent, such as came to a machine where nobody took them, and of which it told us.
    pub(crate) refused: u64,
    /// Of those received, answers to messages that had theirs or were given up.
    pub(crate) late: u64,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lost = self.sent.saturating_sub(self.received + self.refused);
        f.write_str(&text::count(self.sent, self.received, lost))?;
        if self.refused > 0 {
            f.write_str(&text::refused(self.refused))?;
        }
        if self.late > 0 {
            f.write_str(&text::late(self.late))?;
        }
        Ok(())
    }
}
