/* The receiving half of live_client.py: one thread, one epoll, thousands of streams.

   It looks for marks, @nanoseconds@, in whatever bytes arrive and keeps how long each was under way. A mark that is cut
   between two reads is put together from the tail that each stream keeps. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

enum { TAIL = 24, CHUNK = 1 << 18 };

typedef struct {
    char tail[TAIL];
    int tail_size;
    int64_t seen;
    int is_dead;
} Stream;

typedef struct {
    int epoll, is_counting;
    Stream *streams;
    int count, room;
    int64_t *latencies;
    int64_t kept, kept_room, bytes_in;
    char *buffer;
} Load;

int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

Load *load_new(void) {
    Load *load = calloc(1, sizeof *load);
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    load->buffer = malloc(CHUNK + TAIL);
    return load;
}

int load_add(Load *load, int fd) {
    if (load->count == load->room) {
        load->room = load->room ? 2 * load->room : 1024;
        load->streams = realloc(load->streams, load->room * sizeof *load->streams);
    }
    memset(&load->streams[load->count], 0, sizeof *load->streams);
    struct epoll_event event = {.events = EPOLLIN};
    event.data.u64 = ((uint64_t)fd << 32) | (uint32_t)load->count;
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, fd, &event)) return -1;
    return load->count++;
}

static void keep(Load *load, int64_t latency) {
    if (load->kept == load->kept_room) {
        load->kept_room = load->kept_room ? 2 * load->kept_room : 1 << 20;
        load->latencies = realloc(load->latencies, load->kept_room * sizeof *load->latencies);
    }
    load->latencies[load->kept++] = latency;
}

static void scan(Load *load, Stream *stream, char *data, int size) {
    int64_t arrived = now_ns();
    char *at = data, *end = data + size, *rest = end;
    while ((at = memchr(at, '@', end - at)) != NULL) {
        char *digit = at + 1;
        int64_t mark = 0;
        while (digit < end && digit - at <= 20 && *digit >= '0' && *digit <= '9') mark = mark * 10 + *digit++ - '0';
        if (digit == end && digit - at <= 21) { rest = at; break; } /* cut: the rest of it is still to come */
        if (*digit == '@' && digit - at > 10) {
            keep(load, arrived - mark);
            stream->seen++;
            digit++;
        }
        at = digit;
    }
    stream->tail_size = (int)(end - rest);
    memcpy(stream->tail, rest, stream->tail_size);
}

/* Receive until a time of the monotonic clock, or until so many marks were seen. */
void load_pump(Load *load, int64_t until, int64_t enough) {
    struct epoll_event events[512];
    int64_t left;
    while ((left = until - now_ns()) > 0 && load->kept < enough) {
        int ready = epoll_wait(load->epoll, events, 512, left > 50000000 ? 50 : (int)(left / 1000000));
        for (int i = 0; i < ready; i++) {
            int fd = (int)(events[i].data.u64 >> 32);
            Stream *stream = &load->streams[(uint32_t)events[i].data.u64];
            memcpy(load->buffer, stream->tail, stream->tail_size);
            ssize_t got = recv(fd, load->buffer + stream->tail_size, CHUNK, MSG_DONTWAIT);
            if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
            if (got <= 0) {
                stream->is_dead = 1;
                epoll_ctl(load->epoll, EPOLL_CTL_DEL, fd, NULL);
                continue;
            }
            load->bytes_in += got;
            if (load->is_counting) scan(load, stream, load->buffer, stream->tail_size + (int)got);
        }
    }
}

void load_count(Load *load, int is_counting) { load->is_counting = is_counting; }
int64_t load_kept(Load *load) { return load->kept; }
int64_t *load_latencies(Load *load) { return load->latencies; }
int64_t load_bytes(Load *load) { return load->bytes_in; }
int64_t load_seen(Load *load, int number) { return load->streams[number].seen; }

