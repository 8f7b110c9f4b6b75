/* What every server for datagrams begins with, and how it gives up. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static void check(int result, const char *what) {
    if (result < 0) {
        perror(what);
        exit(1);
    }
}

/* A socket at the port of 127.0.0.1 that the command line names. */
static int bound_by(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        exit(2);
    }
    struct sockaddr_in addr = {.sin_family = AF_INET,
                               .sin_port = htons(atoi(argv[1])),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int server = socket(AF_INET, SOCK_DGRAM, 0);
    check(server, "socket");
    check(bind(server, (struct sockaddr *)&addr, sizeof addr), "bind");
    return server;
}
