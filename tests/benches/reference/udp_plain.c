/* An echo server for datagrams as every textbook has it: two system calls for each.

   usage: udp_plain PORT */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static char room[65536];

static void check(int result, const char *what) {
    if (result < 0) {
        perror(what);
        exit(1);
    }
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: udp_plain PORT\n");
        return 2;
    }
    struct sockaddr_in addr = {.sin_family = AF_INET,
                               .sin_port = htons(atoi(argv[1])),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int server = socket(AF_INET, SOCK_DGRAM, 0);
    check(server, "socket");
    check(bind(server, (struct sockaddr *)&addr, sizeof addr), "bind");
    for (;;) {
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        ssize_t got = recvfrom(server, room, sizeof room, 0, (struct sockaddr *)&from, &length);
        check(got, "recvfrom");
        check(sendto(server, room, got, 0, (struct sockaddr *)&from, length), "sendto");
    }
}
