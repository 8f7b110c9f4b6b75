/* An echo server for datagrams as every textbook has it: two system calls for each.

   usage: udp_plain PORT */
#include "udp_server.h"

static char room[65536];

int main(int argc, char **argv) {
    int server = bound_by(argc, argv);
    for (;;) {
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        ssize_t got = recvfrom(server, room, sizeof room, 0, (struct sockaddr *)&from, &length);
        check(got, "recvfrom");
        check(sendto(server, room, got, 0, (struct sockaddr *)&from, length), "sendto");
    }
}
