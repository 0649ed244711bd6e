/* Answers S3 requests and discards their bodies: sink SOCKET LOG
   One thread per connection; each body's size is a line of the log. */
#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ROOM = 1 << 20 };

static FILE *log_file;

struct peer {
    int socket;
    char *room;
    size_t begin, end;
};

/* Make some bytes available; 0 when the peer is gone. */
static int fill(struct peer *peer) {
    if (peer->begin == peer->end)
        peer->begin = peer->end = 0;
    ssize_t got = recv(peer->socket, peer->room + peer->end, ROOM - 1 - peer->end, 0);
    if (got <= 0)
        return 0;
    peer->end += (size_t)got;
    peer->room[peer->end] = 0;
    return 1;
}

/* Throw bytes away without copying them; returns how many were not to be had. */
static unsigned long long discard(struct peer *peer, unsigned long long left) {
    size_t held = peer->end - peer->begin;
    size_t now = held < left ? held : (size_t)left;
    peer->begin += now;
    left -= now;
    while (left) {
        size_t most = left < ROOM ? (size_t)left : ROOM;
        ssize_t got = recv(peer->socket, peer->room, most, MSG_TRUNC);
        if (got <= 0)
            break;
        left -= (unsigned long long)got;
    }
    return left;
}

/* Return a whole line, its end cut off, or NULL. */
static char *line_of(struct peer *peer) {
    for (;;) {
        char *start = peer->room + peer->begin, *end = memchr(start, '\n', peer->end - peer->begin);
        if (end) {
            *end = 0;
            peer->begin = (size_t)(end + 1 - peer->room);
            return start;
        }
        if (peer->begin) {
            memmove(peer->room, start, peer->end - peer->begin);
            peer->end -= peer->begin;
            peer->begin = 0;
        }
        if (peer->end == ROOM - 1 || !fill(peer))
            return NULL;
    }
}

static long long discard_chunks(struct peer *peer) {
    long long total = 0;
    for (;;) {
        char *line = line_of(peer);
        if (!line)
            return -1;
        unsigned long long size = strtoull(line, NULL, 16);
        if (!size)
            return line_of(peer) ? total : -1;
        if (discard(peer, size) || !line_of(peer))
            return -1;
        total += (long long)size;
    }
}

static const char *answer_to(const char *request) {
    if (!strncmp(request, "POST", 4) && strstr(request, "uploadId="))
        return "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>";
    if (!strncmp(request, "POST", 4))
        return "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>";
    return "";
}

static void serve(struct peer *peer) {
    char request[256] = "", *line;
    long long length = 0;
    int chunked = 0;
    while ((line = line_of(peer)) && *line && *line != '\r') {
        if (!*request)
            snprintf(request, sizeof request, "%s", line);
        if (!strncasecmp(line, "Content-Length:", 15))
            length = atoll(line + 15);
        if (!strncasecmp(line, "Transfer-Encoding:", 18))
            chunked = 1;
    }
    if (!line)
        return;
    if (chunked)
        length = discard_chunks(peer);
    else if (discard(peer, (unsigned long long)length))
        length = -1;
    fprintf(log_file, "%lld\n", length);
    fflush(log_file);
    if (length < 0)
        return;
    const char *body = answer_to(request);
    dprintf(peer->socket,
            "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
            strlen(body), body);
}

static void *meet(void *given) {
    struct peer peer = {(int)(long)given, malloc(ROOM), 0, 0};
    if (peer.room)
        serve(&peer);
    free(peer.room);
    close(peer.socket);
    return NULL;
}

int main(int count, char **arguments) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (count != 3 || !(log_file = fopen(arguments[2], "w")))
        return 2;
    snprintf(address.sun_path, sizeof address.sun_path, "%s", arguments[1]);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 64))
        return 1;
    for (;;) {
        int socket = accept(listener, NULL, NULL);
        pthread_t thread;
        if (socket >= 0 && !pthread_create(&thread, NULL, meet, (void *)(long)socket))
            pthread_detach(thread);
    }
}
