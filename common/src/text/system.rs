//! What operating systems say when a call fails, in Chinese.

use std::io::{self, ErrorKind};

/// The Chinese for an error that the system has told. `None`: somebody else has worded it, or
/// nobody here knows it.
pub(crate) fn in_chinese(error: &io::Error) -> Option<&'static str> {
    match error.raw_os_error() {
        None if error.get_ref().is_some() => None,
        None => of_kind(error.kind()),
        Some(number) => of_number(number).or_else(|| of_kind(error.kind())),
    }
}

/// Those that the standard library has no kind for.
#[cfg(unix)]
fn of_number(number: i32) -> Option<&'static str> {
    use nix::errno::Errno;

    Some(match Errno::from_raw(number) {
        Errno::EACCES => "权限不够",
        Errno::EAFNOSUPPORT => "系统不支持这种地址",
        Errno::EALREADY => "操作已经在进行",
        Errno::EBADF => "文件描述符无效",
        Errno::EDESTADDRREQ => "没有目的地址",
        Errno::EFAULT => "内存地址无效",
        Errno::EHOSTDOWN => "主机没有开着",
        Errno::EINPROGRESS => "操作正在进行",
        Errno::EIO => "输入输出错误",
        Errno::EISCONN => "套接字已经连接",
        Errno::ELOOP => "符号链接绕成了圈",
        Errno::EMFILE => "本程序打开的文件太多",
        Errno::EMSGSIZE => "数据报太长",
        Errno::ENETRESET => "网络断开了这条连接",
        Errno::ENFILE => "整个系统打开的文件太多",
        Errno::ENOBUFS => "内核的缓冲区不够",
        Errno::ENODEV => "没有这种设备",
        Errno::ENOEXEC => "不是能运行的程序",
        Errno::ENOPROTOOPT => "系统不支持这个套接字选项",
        Errno::ENOTSOCK => "这不是套接字",
        Errno::ENOTTY => "这不是终端",
        Errno::ENXIO => "没有这个设备",
        Errno::EOVERFLOW => "数值太大，放不下",
        Errno::EPERM => "不允许这样操作",
        Errno::EPFNOSUPPORT => "系统不支持这一族协议",
        Errno::EPROTO => "协议出错",
        Errno::EPROTONOSUPPORT => "系统不支持这个协议",
        Errno::EPROTOTYPE => "协议和套接字的类型不合",
        Errno::ESHUTDOWN => "这个方向已经结束，不能再发",
        Errno::ESOCKTNOSUPPORT => "系统不支持这种套接字",
        Errno::ETIMEDOUT => "连接超时",
        _ => return None,
    })
}

/// Windows Sockets Error Codes and System Error Codes, on learn.microsoft.com.
#[cfg(windows)]
fn of_number(number: i32) -> Option<&'static str> {
    Some(match number {
        4 | 10024 => "打开的文件太多",
        32 => "另一个程序正在使用这个文件",
        10040 => "数据报太长",
        10047 => "系统不支持这种地址",
        10055 => "系统的缓冲区不够",
        11001 | 11004 => "没有这个主机名",
        11002 => "暂时无法解析域名",
        _ => return None,
    })
}

#[cfg(not(any(unix, windows)))]
fn of_number(_: i32) -> Option<&'static str> {
    None
}

fn of_kind(kind: ErrorKind) -> Option<&'static str> {
    KINDS.iter().find(|(known, _)| *known == kind).map(|(_, words)| *words)
}

/// The Chinese for what the standard library says of a kind of error where nobody says more: for
/// an error that says nothing but the words of one within it.
pub(crate) fn of_words(english: &str) -> Option<&'static str> {
    KINDS.iter().find(|(kind, _)| kind.to_string() == english).map(|(_, words)| *words)
}

const KINDS: &[(ErrorKind, &str)] = &[
    (ErrorKind::AddrInUse, "地址已被占用"),
    (ErrorKind::AddrNotAvailable, "这台机器没有这个地址"),
    (ErrorKind::AlreadyExists, "文件已存在"),
    (ErrorKind::ArgumentListTooLong, "参数太长"),
    (ErrorKind::BrokenPipe, "另一端已关闭，写不进去了"),
    (ErrorKind::ConnectionAborted, "连接已中止"),
    (ErrorKind::ConnectionRefused, "连接被拒绝"),
    (ErrorKind::ConnectionReset, "连接被对端复位"),
    (ErrorKind::CrossesDevices, "两处不在同一个文件系统上"),
    (ErrorKind::Deadlock, "会互相等待，永远等不到"),
    (ErrorKind::DirectoryNotEmpty, "目录不是空的"),
    (ErrorKind::ExecutableFileBusy, "程序文件正在使用"),
    (ErrorKind::FileTooLarge, "文件太大"),
    (ErrorKind::HostUnreachable, "主机不可达"),
    (ErrorKind::Interrupted, "系统调用被中断"),
    (ErrorKind::InvalidData, "数据无效"),
    (ErrorKind::InvalidFilename, "文件名不能用，或者太长"),
    (ErrorKind::InvalidInput, "参数无效"),
    (ErrorKind::IsADirectory, "这是一个目录"),
    (ErrorKind::NetworkDown, "网络已断开"),
    (ErrorKind::NetworkUnreachable, "网络不可达"),
    (ErrorKind::NotADirectory, "这不是目录"),
    (ErrorKind::NotConnected, "套接字没有连接"),
    (ErrorKind::NotFound, "没有这个文件或目录"),
    (ErrorKind::NotSeekable, "这里不能移动读写的位置"),
    (ErrorKind::OutOfMemory, "内存不够"),
    (ErrorKind::PermissionDenied, "权限不够"),
    (ErrorKind::QuotaExceeded, "超过了磁盘配额"),
    (ErrorKind::ReadOnlyFilesystem, "文件系统是只读的"),
    (ErrorKind::ResourceBusy, "设备正忙"),
    (ErrorKind::StaleNetworkFileHandle, "网络文件已经失效"),
    (ErrorKind::StorageFull, "磁盘已满"),
    (ErrorKind::TimedOut, "超时"),
    (ErrorKind::TooManyLinks, "链接太多"),
    (ErrorKind::UnexpectedEof, "数据提前结束了"),
    (ErrorKind::Unsupported, "系统不支持这样做"),
    (ErrorKind::WouldBlock, "资源暂时不可用"),
    (ErrorKind::WriteZero, "一个字节也写不进去"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_known_in_chinese() {
        let refused = io::Error::from(ErrorKind::ConnectionRefused);
        assert_eq!(in_chinese(&refused), Some("连接被拒绝"));
        #[cfg(target_os = "linux")]
        for (number, words) in [
            (24, "本程序打开的文件太多"),
            (104, "连接被对端复位"),
            (2, "没有这个文件或目录"),
            (13, "权限不够"),
        ] {
            assert_eq!(in_chinese(&io::Error::from_raw_os_error(number)), Some(words), "{number}");
        }
    }

    /// Those of the manual pages of what the programs call: socket, bind, listen, accept, connect,
    /// send, recv, poll, getsockopt, open, read, write, rename, fork, execve.
    #[cfg(target_os = "linux")]
    #[test]
    fn every_error_of_the_calls_that_are_made_has_its_chinese() {
        use nix::errno::Errno::*;

        for errno in [
            E2BIG,
            EACCES,
            EADDRINUSE,
            EADDRNOTAVAIL,
            EAFNOSUPPORT,
            EAGAIN,
            EALREADY,
            EBADF,
            EBUSY,
            ECONNABORTED,
            ECONNREFUSED,
            ECONNRESET,
            EDEADLK,
            EDESTADDRREQ,
            EDQUOT,
            EEXIST,
            EFAULT,
            EFBIG,
            EHOSTDOWN,
            EHOSTUNREACH,
            EINPROGRESS,
            EINTR,
            EINVAL,
            EIO,
            EISCONN,
            EISDIR,
            ELOOP,
            EMFILE,
            EMLINK,
            EMSGSIZE,
            ENAMETOOLONG,
            ENETDOWN,
            ENETRESET,
            ENETUNREACH,
            ENFILE,
            ENOBUFS,
            ENODEV,
            ENOENT,
            ENOEXEC,
            ENOMEM,
            ENOPROTOOPT,
            ENOSPC,
            ENOSYS,
            ENOTCONN,
            ENOTDIR,
            ENOTEMPTY,
            ENOTSOCK,
            ENOTTY,
            ENXIO,
            EOPNOTSUPP,
            EOVERFLOW,
            EPERM,
            EPFNOSUPPORT,
            EPIPE,
            EPROTO,
            EPROTONOSUPPORT,
            EPROTOTYPE,
            EROFS,
            ESHUTDOWN,
            ESOCKTNOSUPPORT,
            ESPIPE,
            ESTALE,
            ETIMEDOUT,
            ETXTBSY,
            EXDEV,
        ] {
            let chinese = in_chinese(&io::Error::from(errno));
            assert!(chinese.is_some_and(|words| !words.is_ascii()), "{errno}: {chinese:?}");
        }
    }

    #[test]
    fn the_words_of_a_kind_are_known() {
        assert_eq!(of_words(&io::Error::from(ErrorKind::TimedOut).to_string()), Some("超时"));
        assert_eq!(of_words("too slow"), None);
    }

    #[test]
    fn what_somebody_else_has_worded_stays() {
        assert_eq!(in_chinese(&io::Error::other("bad record")), None);
        assert_eq!(in_chinese(&io::Error::new(ErrorKind::TimedOut, "too slow")), None);
    }
}
