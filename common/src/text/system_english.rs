//! What Windows says when a call fails, in English: by itself it says that in the user's language,
//! as a sentence. The words are those of Linux (`man 3 errno`).

use std::io::{self, ErrorKind};

/// The English for an error; `None` where it is not among those that are met here.
pub(crate) fn of(error: &io::Error) -> Option<&'static str> {
    error.raw_os_error().and_then(of_number).or_else(|| of_kind(error.kind()))
}

/// Those that the standard library has no kind for (Windows Sockets Error Codes and System Error
/// Codes, on learn.microsoft.com).
fn of_number(number: i32) -> Option<&'static str> {
    if !cfg!(windows) {
        return None;
    }
    Some(match number {
        4 | 10024 => "too many open files",
        32 => "another program uses the file",
        10040 => "message too long",
        10047 => "address family not supported by protocol",
        10055 => "no buffer space available",
        11001 | 11004 => "name or service not known",
        11002 => "temporary failure in name resolution",
        _ => return None,
    })
}

fn of_kind(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::AddrInUse => "address already in use",
        ErrorKind::AddrNotAvailable => "cannot assign requested address",
        ErrorKind::AlreadyExists => "file exists",
        ErrorKind::ArgumentListTooLong => "argument list too long",
        ErrorKind::BrokenPipe => "broken pipe",
        ErrorKind::ConnectionAborted => "connection aborted",
        ErrorKind::ConnectionRefused => "connection refused",
        ErrorKind::ConnectionReset => "connection reset by peer",
        ErrorKind::DirectoryNotEmpty => "directory not empty",
        ErrorKind::ExecutableFileBusy => "text file busy",
        ErrorKind::FileTooLarge => "file too large",
        ErrorKind::HostUnreachable => "no route to host",
        ErrorKind::Interrupted => "interrupted system call",
        ErrorKind::InvalidFilename => "file name too long",
        ErrorKind::InvalidInput => "invalid argument",
        ErrorKind::IsADirectory => "is a directory",
        ErrorKind::NetworkDown => "network is down",
        ErrorKind::NetworkUnreachable => "network is unreachable",
        ErrorKind::NotADirectory => "not a directory",
        ErrorKind::NotConnected => "transport endpoint is not connected",
        ErrorKind::NotFound => "no such file or directory",
        ErrorKind::OutOfMemory => "cannot allocate memory",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::QuotaExceeded => "disk quota exceeded",
        ErrorKind::ReadOnlyFilesystem => "read-only file system",
        ErrorKind::ResourceBusy => "device or resource busy",
        ErrorKind::StorageFull => "no space left on device",
        // One number for a connection that did not come about and for limits of ours.
        ErrorKind::TimedOut => "timed out",
        ErrorKind::UnexpectedEof => "unexpected end of file",
        ErrorKind::Unsupported => "operation not supported",
        ErrorKind::WouldBlock => "resource temporarily unavailable",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error_text::cause;

    #[cfg(target_os = "linux")]
    #[test]
    fn the_words_are_those_of_linux() {
        use nix::errno::Errno;

        for errno in [
            Errno::EADDRINUSE,
            Errno::ECONNREFUSED,
            Errno::ECONNRESET,
            Errno::EHOSTUNREACH,
            Errno::ENETUNREACH,
            Errno::ENOENT,
            Errno::ENOTDIR,
            Errno::EPIPE,
        ] {
            let error = io::Error::from(errno);
            assert_eq!(of(&error), Some(cause(&error).as_str()), "{errno}");
        }
        assert_eq!(of(&io::Error::other("of our own")), None);
    }

    #[cfg(windows)]
    #[test]
    fn an_error_is_called_as_elsewhere() {
        // WSAECONNREFUSED, WSAEADDRINUSE, WSAHOST_NOT_FOUND, ERROR_PATH_NOT_FOUND.
        for (number, words) in [
            (10061, "connection refused"),
            (10048, "address already in use"),
            (11001, "name or service not known"),
            (3, "no such file or directory"),
        ] {
            assert_eq!(cause(&io::Error::from_raw_os_error(number)), words);
        }
    }
}
