/*
 * Sends a file over loopback with sendfile(2), round and round for some seconds, to a child that reads it into a buffer of
 * the size of a request. What that moves is the yardstick for reads; prints one line of JSON. The sender does not block: one
 * that sleeps in sendfile(2) is woken for every little room in the socket, and moves a third less.
 *
 *   sendfile FILE BYTES SECONDS
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void require(int holds, const char *what)
{
    if (!holds) {
        perror(what);
        exit(1);
    }
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

/* The child: reads whole requests until the sender is done. */
static void receive(struct sockaddr_in *address, size_t bytes)
{
    char *buffer = malloc(bytes);
    int peer = socket(AF_INET, SOCK_STREAM, 0);

    require(connect(peer, (struct sockaddr *)address, sizeof(*address)) == 0, "connect");
    while (recv(peer, buffer, bytes, MSG_WAITALL) > 0)
        ;
    _exit(0);
}

int main(int count, char **words)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    struct stat status;
    int file, listener, peer, on = 1;
    size_t bytes;
    off_t offset = 0;
    double began, seconds, moved = 0;

    if (count != 4) {
        fprintf(stderr, "usage: sendfile FILE BYTES SECONDS\n");
        return 2;
    }
    bytes = strtoul(words[2], NULL, 10);
    seconds = atof(words[3]);
    file = open(words[1], O_RDONLY);
    require(file >= 0 && fstat(file, &status) == 0, words[1]);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    require(bind(listener, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
    require(listen(listener, 1) == 0, "listen");
    require(getsockname(listener, (struct sockaddr *)&address, &length) == 0, "getsockname");
    if (fork() == 0)
        receive(&address, bytes);
    peer = accept(listener, NULL, NULL);
    require(peer >= 0, "accept");
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    require(fcntl(peer, F_SETFL, O_NONBLOCK) == 0, "fcntl");
    began = now();
    while (now() - began < seconds) {
        ssize_t sent = sendfile(peer, file, &offset, bytes);

        if (sent < 0) {
            struct pollfd room = {.fd = peer, .events = POLLOUT};

            require(errno == EAGAIN, "sendfile");
            require(poll(&room, 1, -1) == 1, "poll");
            continue;
        }
        moved += sent;
        if (offset >= status.st_size)
            offset = 0;
    }
    seconds = now() - began;
    close(peer);
    wait(NULL);
    printf("{\"mib\": %.1f}\n", moved / seconds / 1048576);
    return 0;
}
