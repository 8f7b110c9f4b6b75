/* The least that an echo server for datagrams can do: it takes those that are there by one system call, and sends them
   back by another.

   usage: udp_mmsg PORT */
#define _GNU_SOURCE
#include "udp_server.h"

enum { BATCH = 64, BUFFER_SIZE = 65536 + 128 };

static char buffer[BATCH][BUFFER_SIZE];
static struct sockaddr_in from[BATCH];
static struct iovec part[BATCH];
static struct mmsghdr message[BATCH];

int main(int argc, char **argv) {
    int server = bound_by(argc, argv);
    for (;;) {
        for (int i = 0; i < BATCH; i++) {
            part[i] = (struct iovec){.iov_base = buffer[i], .iov_len = BUFFER_SIZE};
            message[i].msg_hdr = (struct msghdr){
                .msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &part[i], .msg_iovlen = 1};
        }
        /* Waits for the first one, and not for a second. */
        int count = recvmmsg(server, message, BATCH, MSG_WAITFORONE, NULL);
        check(count, "recvmmsg");
        for (int i = 0; i < count; i++)
            part[i].iov_len = message[i].msg_len;
        for (int sent = 0; sent < count;) {
            int more = sendmmsg(server, message + sent, count - sent, 0);
            check(more, "sendmmsg");
            sent += more;
        }
    }
}
