/* @ABOUT@ */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((unsigned short)(argc > 1 ? atoi(argv[1]) : @PORT@));

    int server = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(server, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("bind");
        return 1;
    }
    static char buffer[65536];
    struct sockaddr_in client;
    socklen_t size = sizeof client;
    long length = recvfrom(server, buffer, sizeof buffer, 0, (struct sockaddr *)&client, &size);
    (void)length;
    /* @TODO@ */
    close(server);
    return 0;
}
