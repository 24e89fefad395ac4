// Kills the process in which it is loaded inside one call of the system that changes a disk: Scripts/kills preloads it into replicas.
//
//     KILLPOINT=call:number:moment:family     see Tests/KillKit/KillPoint.swift
//     KILLPOINT_FOLDER=path                   only calls on files below this folder count
//     KILLPOINT_REPORT=path                   the file that names the call at which the process ended
//
// The program itself knows nothing of this; it is the one that users run.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static char call_name[32], moment[16], family[64];
static const char *folder, *report;
static long number;
static atomic_long calls;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void read_environment(void) {
    const char *point = getenv("KILLPOINT");
    folder = getenv("KILLPOINT_FOLDER");
    report = getenv("KILLPOINT_REPORT");
    if (!point || !folder || sscanf(point, "%31[^:]:%ld:%15[^:]:%63[^:]", call_name, &number, moment, family) < 3) number = 0;
}

static void die(const char *name) {
    int file = report ? open(report, O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;
    if (file >= 0) {
        char line[PATH_MAX];
        int length = snprintf(line, sizeof line, "%s %s %s\n", call_name, moment, name);
        if (write(file, line, (size_t)length) < 0) {}
        close(file);
    }
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// The name of the file behind a descriptor, below the folder; null if it is elsewhere.
static const char *name_of(int descriptor, char path[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return NULL;
    path[length] = 0;
    if (strncmp(path, folder, strlen(folder)) != 0) return NULL;
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// Whether this is the call at which the process ends.
static int is_here(const char *call, const char *name) {
    if (strcmp(call, call_name) != 0 || !name) return 0;
    // To end twice at the mark of one command is a crash of the application, not of the machine; that has a trial of its own.
    if (strcmp(name, "executing") == 0 && strcmp(family, "executing") != 0) return 0;
    if (strncmp(name, family, strlen(family)) != 0) return 0;
    return atomic_fetch_add(&calls, 1) + 1 == number;
}

static int is_armed(const char *call) {
    pthread_once(&once, read_environment);
    return number > 0 && strcmp(call, call_name) == 0;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define AROUND(call, file, expression)                                                                                         \
    char path[PATH_MAX];                                                                                                       \
    const char *name = NULL;                                                                                                   \
    int here = 0;                                                                                                              \
    if (is_armed(call)) { name = (file); here = is_here(call, name); }                                                         \
    if (here && strcmp(moment, "after") != 0) die(name);                                                                       \
    __typeof__(expression) result = (expression);                                                                              \
    if (here) die(name);                                                                                                       \
    (void)path;                                                                                                                \
    return result

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    REAL(pwrite);
    if (is_armed("write")) {
        char path[PATH_MAX];
        const char *name = name_of(descriptor, path);
        if (is_here("write", name)) {
            if (strcmp(moment, "within") == 0) real(descriptor, bytes, count / 2, offset);
            if (strcmp(moment, "after") == 0) real(descriptor, bytes, count, offset);
            die(name);
        }
    }
    return real(descriptor, bytes, count, offset);
}

int fdatasync(int descriptor) {
    REAL(fdatasync);
    AROUND("sync", name_of(descriptor, path), real(descriptor));
}

int fsync(int descriptor) {
    REAL(fsync);
    AROUND("syncDirectory", name_of(descriptor, path), real(descriptor));
}

int renameat(int from, const char *old_name, int to, const char *new_name) {
    REAL(renameat);
    AROUND("rename", name_of(from, path) ? new_name : NULL, real(from, old_name, to, new_name));
}

int unlinkat(int directory, const char *file, int flags) {
    REAL(unlinkat);
    AROUND("remove", name_of(directory, path) ? file : NULL, real(directory, file, flags));
}

int ftruncate(int descriptor, off_t length) {
    REAL(ftruncate);
    AROUND("truncate", name_of(descriptor, path), real(descriptor, length));
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
    REAL(fallocate);
    AROUND("allocate", name_of(descriptor, path), real(descriptor, mode, offset, length));
}
