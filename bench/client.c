/*
 * Keeps a number of READ(16) or WRITE(16) commands under way on one or more sessions for some seconds, and prints one
 * line of JSON: requests, seconds, processor time of this process, and percentiles of the latency in microseconds. Uses
 * libiscsi.
 *
 *   client [OPTIONS] URL read|write|mix random|sequential BYTES DEPTH SESSIONS SECONDS SPAN_BYTES
 *
 *   mix      seven of ten requests are reads
 *   -l LUNS  requests go to so many logical units in turn, from the one of the URL on
 *   -s N     N streams of each session in turn, each sequential in a part of the span of its own
 *   -o       ends when the span has been gone through once, though there is time left
 *   -f       a request is a write, and a SYNCHRONIZE CACHE(10) when it has ended
 *   -F       writes force unit access
 *   -d       with header digests
 */
#include <errno.h>
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MAX_SAMPLES (16 << 20)
#define MAX_STREAMS 64
#define READS_OF_TEN 7

enum direction { READS, WRITES, MIX };

struct session {
    struct iscsi_context *iscsi;
    int lun;
    uint64_t next[MAX_STREAMS];
    int turn;
    int stream;
};

struct request {
    struct session *session;
    unsigned char *data;
    double began;
};

static enum direction direction;
static int is_random, block_size, luns = 1, streams = 1, once, flushes, forces, digests;
static uint32_t bytes;
static uint64_t span_blocks, begun, seed = 88172645463325252ULL;
static double end_time;
static long done, running, samples;
static float *latencies;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static void fail(const char *what, struct iscsi_context *iscsi)
{
    fprintf(stderr, "client: %s: %s\n", what, iscsi ? iscsi_get_error(iscsi) : strerror(errno));
    exit(1);
}

static uint64_t random_number(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static void issue(struct request *request);

static void complete(struct request *request)
{
    double time = now();

    if (samples < MAX_SAMPLES)
        latencies[samples++] = time - request->began;
    done++;
    running--;
    if (time < end_time)
        issue(request);
}

static void flushed(struct iscsi_context *iscsi, int status, void *command_data, void *private_data)
{
    if (status != SCSI_STATUS_GOOD)
        fail("a flush failed", iscsi);
    scsi_free_scsi_task(command_data);
    complete(private_data);
}

/* libiscsi sends the number as it is, so one that has no room in a byte has to be in flat space addressing (SAM-5 4.7.7.3). */
static int address(int lun)
{
    return lun < 256 ? lun : 0x4000 | lun;
}

static void ended(struct iscsi_context *iscsi, int status, void *command_data, void *private_data)
{
    struct request *request = private_data;

    if (status != SCSI_STATUS_GOOD)
        fail("a command failed", iscsi);
    scsi_free_scsi_task(command_data);
    if (!flushes)
        complete(request);
    else if (!iscsi_synchronizecache10_task(iscsi, address(request->session->lun), 0, 0, 0, 0, flushed, request))
        fail("a flush cannot be sent", iscsi);
}

/* Returns the first block of the next request, counted in requests. */
static uint64_t next_place(struct session *session, uint64_t places)
{
    uint64_t part = places / streams;
    int stream = session->stream++ % streams;

    return is_random ? random_number() % places : stream * part + session->next[stream]++ % part;
}

/* Does nothing when the span has been gone through and that is all there is to do. */
static void issue(struct request *request)
{
    struct session *session = request->session;
    uint32_t blocks = bytes / block_size;
    uint64_t places = span_blocks / blocks;
    int lun = address(session->lun + (luns > 1 ? session->turn++ % luns : 0));
    int writes = direction == WRITES || (direction == MIX && random_number() % 10 >= READS_OF_TEN);
    struct scsi_task *task;
    uint64_t lba;

    if (once && begun >= places)
        return;
    begun++;
    lba = next_place(session, places) * blocks;
    request->began = now();
    if (writes) {
        task = iscsi_write16_task(session->iscsi, lun, lba, request->data, bytes, block_size, 0, 0, forces, 0, 0,
                                  ended, request);
    } else {
        task = iscsi_read16_task(session->iscsi, lun, lba, bytes, block_size, 0, 0, 0, 0, 0, ended, request);
        if (task)
            scsi_task_add_data_in_buffer(task, bytes, request->data);
    }
    if (!task)
        fail("a command cannot be sent", session->iscsi);
    running++;
}

/* A new session is told once by each logical unit that it is new. */
static void take_unit_attention(struct iscsi_context *iscsi, int lun)
{
    int tries;

    for (tries = 0; tries < 3; tries++) {
        struct scsi_task *task = iscsi_testunitready_sync(iscsi, address(lun));
        int status = task ? task->status : SCSI_STATUS_ERROR;

        scsi_free_scsi_task(task);
        if (status == SCSI_STATUS_GOOD)
            return;
    }
    fail("a logical unit is not ready", iscsi);
}

static void connect_session(struct session *session, const char *text, int number)
{
    /* One initiator may have a part of all sessions only. */
    char name[64];
    struct iscsi_context *iscsi;
    struct iscsi_url *url;
    struct scsi_task *task;
    struct scsi_readcapacity16 *capacity;
    int lun;

    snprintf(name, sizeof(name), "iqn.2026-11.io.sluice:bench%d", number / 128);
    iscsi = iscsi_create_context(name);
    url = iscsi_parse_full_url(iscsi, text);
    if (!url)
        fail("the URL", iscsi);
    iscsi_set_targetname(iscsi, url->target);
    iscsi_set_session_type(iscsi, ISCSI_SESSION_NORMAL);
    iscsi_set_header_digest(iscsi, digests ? ISCSI_HEADER_DIGEST_CRC32C : ISCSI_HEADER_DIGEST_NONE);
    iscsi_set_isid_random(iscsi, number + 1, number);
    if (iscsi_full_connect_sync(iscsi, url->portal, url->lun) != 0)
        fail("login", iscsi);
    task = iscsi_readcapacity16_sync(iscsi, url->lun);
    capacity = task && task->status == SCSI_STATUS_GOOD ? scsi_datain_unmarshall(task) : NULL;
    if (!capacity)
        fail("READ CAPACITY(16)", iscsi);
    block_size = capacity->block_length;
    scsi_free_scsi_task(task);
    for (lun = url->lun + 1; lun < url->lun + luns; lun++)
        take_unit_attention(iscsi, lun);
    session->iscsi = iscsi;
    session->lun = url->lun;
    if (!once)
        session->next[0] = random_number() % 1024;
    iscsi_destroy_url(url);
}

static int ascending(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

static void usage(void)
{
    fprintf(stderr, "usage: client [-l LUNS] [-s STREAMS] [-o] [-f] [-F] [-d]"
                    " URL read|write|mix random|sequential BYTES DEPTH SESSIONS SECONDS SPAN_BYTES\n");
    exit(2);
}

/* Returns where the words begin that are no options. */
static char **options(int count, char **words)
{
    int option;

    while ((option = getopt(count, words, "l:s:ofFd")) != -1) {
        switch (option) {
        case 'l':
            luns = atoi(optarg);
            break;
        case 's':
            streams = atoi(optarg);
            break;
        case 'o':
            once = 1;
            break;
        case 'f':
            flushes = 1;
            break;
        case 'F':
            forces = 1;
            break;
        case 'd':
            digests = 1;
            break;
        default:
            usage();
        }
    }
    if (count - optind != 8 || streams < 1 || streams > MAX_STREAMS)
        usage();
    return words + optind;
}

static void run(struct session *sessions, int count, struct pollfd *polls)
{
    int i;

    while (running > 0) {
        for (i = 0; i < count; i++) {
            polls[i].fd = iscsi_get_fd(sessions[i].iscsi);
            polls[i].events = iscsi_which_events(sessions[i].iscsi);
        }
        if (poll(polls, count, -1) < 0)
            fail("poll", NULL);
        for (i = 0; i < count; i++)
            if (polls[i].revents && iscsi_service(sessions[i].iscsi, polls[i].revents) < 0)
                fail("the connection", sessions[i].iscsi);
    }
}

/* Returns the processor time of this process, in microseconds. */
static double spent(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

int main(int count, char **words)
{
    int depth, session_count, i;
    double began, seconds, cpu;

    words = options(count, words);
    direction = strcmp(words[1], "mix") == 0 ? MIX : strcmp(words[1], "write") == 0 ? WRITES : READS;
    is_random = strcmp(words[2], "random") == 0;
    bytes = strtoul(words[3], NULL, 10);
    depth = atoi(words[4]);
    session_count = atoi(words[5]);
    seconds = atof(words[6]);
    latencies = malloc(sizeof(float) * MAX_SAMPLES);
    struct session *sessions = calloc(session_count, sizeof(*sessions));
    struct request *requests = calloc((size_t)session_count * depth, sizeof(*requests));
    struct pollfd *polls = calloc(session_count, sizeof(*polls));

    for (i = 0; i < session_count; i++)
        connect_session(&sessions[i], words[0], i);
    span_blocks = strtoull(words[7], NULL, 10) / block_size;
    cpu = spent();
    began = now();
    end_time = began + seconds * 1e6;
    for (i = 0; i < session_count * depth; i++) {
        requests[i].session = &sessions[i / depth];
        requests[i].data = malloc(bytes);
        memset(requests[i].data, 0x5a, bytes);
        issue(&requests[i]);
    }
    run(sessions, session_count, polls);
    seconds = (now() - began) / 1e6;
    cpu = spent() - cpu;
    qsort(latencies, samples, sizeof(float), ascending);
    printf("{\"requests\": %ld, \"seconds\": %.4f, \"client_cpu\": %.6f, \"p50\": %.1f, \"p99\": %.1f, \"max\": %.1f}\n",
           done, seconds, cpu / 1e6, latencies[samples / 2], latencies[samples * 99 / 100], latencies[samples - 1]);
    return 0;
}
