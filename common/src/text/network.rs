//! What to do where the network, or this machine, does not let a program have an address. Each
//! stands behind the cause.

crate::texts! {
    /// 255.255.255.255, or that of a whole network.
    pub(crate) fn broadcast() {
        en: "; that is the address of everybody in a network: name the one machine that is meant",
        zh: "；这是整个网络里所有机器的广播地址：请写明是哪一台机器",
    }
    /// 224.0.0.1, ff02::1.
    pub(crate) fn multicast() {
        en: "; that is the address of a group (multicast): name the one machine that is meant",
        zh: "；这是一组机器的组播地址：请写明是哪一台机器",
    }
    /// fe80::1 without an interface.
    pub(crate) fn without_zone() {
        en: "; an address that begins with fe80 is known on one link only: write the interface behind it, \
             as in [fe80::1%eth0]:PORT (`ip link` or `ipconfig` shows their names)",
        zh: "；以 fe80 开头的地址只在一条链路上有效：请在后面写上网络接口，例如 [fe80::1%eth0]:PORT\
             （用 `ip link` 或 `ipconfig` 查看接口名）",
    }
    /// A zone that is none.
    pub(crate) fn unknown_zone(name) {
        en: "cannot find '{name}': this machine has no interface of that name: `ip link` (Windows: `ipconfig`) shows their names",
        zh: "找不到 '{name}'：本机没有叫这个名字的网络接口：用 `ip link`（Windows 上用 `ipconfig`）查看接口名",
    }
    /// No IPv6 here.
    pub(crate) fn no_ipv6() {
        en: "; this machine has no IPv6 that could do it: take an IPv4 address, such as 127.0.0.1",
        zh: "；本机没有可用的 IPv6：请改用 IPv4 地址，例如 127.0.0.1",
    }
    /// All ports that the system gives to clients are taken.
    pub(crate) fn no_port_left() {
        en: "; this machine has no port left for it: too many connections were made of late; wait a minute",
        zh: "；本机已没有可用的端口：最近建立的连接太多，请等一分钟再试",
    }
    /// 0.1.2.3.
    pub(crate) fn no_machine() {
        en: "; no machine has such an address: check its numbers",
        zh: "；没有机器会有这样的地址：请检查其中的数字",
    }
    /// A firewall, or a route that says no; for IPv4 perhaps the broadcast address of a network.
    pub(crate) fn forbidden() {
        en: "; a rule of this machine forbids it (its firewall, its routes), or that is the address of a whole \
             network: check the address, then the rules",
        zh: "；本机的规则（防火墙或路由）不允许，或者这是整个网络的广播地址：请先检查地址，再检查规则",
    }
    /// A port that the system keeps.
    pub(crate) fn port_forbidden() {
        en: "; a rule of this machine keeps that port from programs: take another with --addr :PORT (0 finds a free one)",
        zh: "；本机的规则不让程序使用这个端口：请用 --addr :PORT 换一个（0 表示自动选一个空闲的）",
    }
    /// Too many files.
    pub(crate) fn too_many_files() {
        en: "; this program has as many files open as it may: close some, or allow more with `ulimit -n`",
        zh: "；请关闭一些文件，或用 `ulimit -n` 提高上限",
    }
}
