//! What the experiment `multicast` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "one datagram to all who have joined a group",
        zh: "一个数据报发给加入了组的所有人",
    },
    question: Text {
        en: "Three sockets have joined a group; a fourth one has the same port, has not joined, \
             and has IP_MULTICAST_ALL switched off. One datagram goes to the group. How many \
             hear it?",
        zh: "三个套接字加入了一个组，第四个端口相同，没有加入，IP_MULTICAST_ALL 也关掉了。往组里发一\
             个数据报，几个收到？",
    },
    choices: &[
        Choice {
            measured: "1",
            words: Text { en: "1: the first that reads", zh: "1 个：最先读的那个" },
        },
        Choice { measured: "4", words: Text { en: "4", zh: "4 个" } },
        Choice { measured: "3", words: Text { en: "3", zh: "3 个" } },
    ],
    predict: Text {
        en: "One send to a group's address arrives at each of three sockets that have joined \
             the group, and not at one that has not. On Linux this takes IP_MULTICAST_ALL \
             switched off: one that did not join and left it on hears the group, too.",
        zh: "往组的地址发一次，加入了这个组的三个套接字都收到，没有加入的收不到。在 Linux 上，这要\
             关掉 IP_MULTICAST_ALL：没有加入、又没有关掉它的，也收得到。",
    },
    why: Text {
        en: "224.0.0.0 to 239.255.255.255 are groups, not computers (RFC 1112, section 4). \
             IP_ADD_MEMBERSHIP tells one's kernel, and the kernel the routers (IGMP, RFC \
             3376), that here is somebody who wants this group. With IP_MULTICAST_ALL, which is \
             on at first, a socket gets what any socket of the machine has joined (`man 7 ip`).",
        zh: "224.0.0.0 到 239.255.255.255 是组，不是计算机（RFC 1112 第 4 节）。\
             IP_ADD_MEMBERSHIP 告诉自己的内核，内核再告诉路由器（IGMP，RFC 3376）：这里有人要这\
             个组的东西。IP_MULTICAST_ALL 起初是开着的：机器上不管哪个套接字加入了，别的也收得到\
             （`man 7 ip`）。",
    },
    mend: Text {
        en: "Take a group from 239.0.0.0/8, which administrators keep within bounds of their \
             own (RFC 2365), and say through which interface: here loopback, so that nothing \
             leaves the machine.",
        zh: "组要从 239.0.0.0/8 里选，它不出管理员划定的范围（RFC 2365）；还要说从哪个接口走：\
             这里是环回，什么也不离开本机。",
    },
    wrong: &[],
    sources: &["RFC 1112 §4", "RFC 2365 §6", "RFC 3376", "man 7 ip"],
    next: &[Next::new("cargo lab show broadcast")],
};

common::texts! {
    pub(crate) fn no_group() {
        en: "this system does not bind a group's address",
        zh: "这个系统不能绑定组的地址",
    }
    pub(crate) fn no_join(error) {
        en: "joining a group on loopback: {error}",
        zh: "在环回接口上加入组：{error}",
    }
    pub(crate) fn sendto(group) {
        en: "1 sendto {group}",
        zh: "1 次 sendto {group}",
    }
    pub(crate) fn member() {
        en: "a member hears",
        zh: "一个成员听到",
    }
    pub(crate) fn unasked() {
        en: "one that did not join, with IP_MULTICAST_ALL as it is at first",
        zh: "没有加入、IP_MULTICAST_ALL 照原样的",
    }
    pub(crate) fn outsider() {
        en: "one that did not join, within 100 ms",
        zh: "没有加入的，100 ms 内",
    }
}
