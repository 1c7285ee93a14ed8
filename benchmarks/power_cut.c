/* What a disk holds after a power cut, at the worst: only what was synced.

   Loaded in front of a process (LD_PRELOAD), it lets every write through and remembers it; a sync carries what was
   remembered into a second folder, CUT_TO. When the process is killed, that folder is the disk. Files outside CUT_FROM
   are left alone, and so is SQLite's shared memory, which no power cut needs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { MOST = 4096 };
typedef struct Write { off_t at; size_t size; struct Write *next; char data[]; } Write; /* size 0: cut the file at `at` */
typedef struct { Write *first, *last; } Queue;

static struct { int known; char name[256]; } files[MOST];
static Queue queues[64];
static char names[64][256];
static int many;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Which of our files a descriptor is: its queue, or NULL. Two descriptors of one file share a queue. */
static Queue *queue_of(int fd) {
    if (fd < 0 || fd >= MOST) return NULL;
    if (!files[fd].known) {
        char link[64], path[1024];
        const char *from = getenv("CUT_FROM");
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t size = readlink(link, path, sizeof path - 1);
        files[fd].known = 1;
        files[fd].name[0] = 0;
        if (size > 0 && from) {
            path[size] = 0;
            size_t length = strlen(from);
            if (!strncmp(path, from, length) && path[length] == '/' && strstr(path, "sqlite3") && !strstr(path, "-shm"))
                snprintf(files[fd].name, sizeof files[fd].name, "%s", path + length + 1);
        }
    }
    if (!files[fd].name[0]) return NULL;
    for (int i = 0; i < many; i++)
        if (!strcmp(names[i], files[fd].name)) return &queues[i];
    if (many == 64) return NULL;
    strcpy(names[many], files[fd].name);
    return &queues[many++];
}

static void remember(int fd, const void *data, size_t size, off_t at) {
    pthread_mutex_lock(&lock);
    Queue *queue = queue_of(fd);
    if (queue) {
        Write *one = malloc(sizeof *one + size);
        one->at = at; one->size = size; one->next = NULL;
        if (size) memcpy(one->data, data, size);
        if (queue->last) queue->last->next = one; else queue->first = one;
        queue->last = one;
    }
    pthread_mutex_unlock(&lock);
}

static void settle(int fd) {
    static ssize_t (*really)(int, const void *, size_t, off_t);
    if (!really) really = dlsym(RTLD_NEXT, "pwrite64");
    pthread_mutex_lock(&lock);
    Queue *queue = queue_of(fd);
    if (queue) {
        char path[1400];
        snprintf(path, sizeof path, "%s/%s", getenv("CUT_TO"), files[fd].name);
        int to = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        for (Write *one = queue->first, *next; one; one = next) {
            next = one->next;
            if (to >= 0 && one->size && really(to, one->data, one->size, one->at) < 0) abort();
            if (to >= 0 && !one->size && ftruncate(to, one->at)) abort();
            free(one);
        }
        queue->first = queue->last = NULL;
        if (to >= 0) close(to);
    }
    pthread_mutex_unlock(&lock);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off_t at) {
    static ssize_t (*real)(int, const void *, size_t, off_t);
    if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
    ssize_t done = real(fd, data, size, at);
    if (done > 0) remember(fd, data, done, at);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }

int ftruncate64(int fd, off_t at) {
    static int (*real)(int, off_t);
    if (!real) real = dlsym(RTLD_NEXT, "ftruncate64");
    int done = real(fd, at);
    if (!done) remember(fd, NULL, 0, at);
    return done;
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    int done = real(fd);
    if (!done) settle(fd);
    return done;
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    int done = real(fd);
    if (!done) settle(fd);
    return done;
}

int close(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "close");
    pthread_mutex_lock(&lock);
    if (fd >= 0 && fd < MOST) files[fd].known = 0;
    pthread_mutex_unlock(&lock);
    return real(fd);
}
