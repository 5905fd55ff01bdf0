/*
 * Keeps a number of READ(16) or WRITE(16) commands under way on one or more sessions for some seconds, and prints one
 * line of JSON: requests, seconds, and percentiles of the latency in microseconds. Uses libiscsi.
 *
 *   client URL read|write random|sequential BYTES DEPTH SESSIONS SECONDS SPAN_BYTES [LUNS]
 *
 * With LUNS, requests go to so many logical units in turn, from the one of the URL on.
 */
#include <errno.h>
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_SAMPLES (16 << 20)

struct session {
    struct iscsi_context *iscsi;
    int lun;
    uint64_t next;
    int turn;
};

struct request {
    struct session *session;
    unsigned char *data;
    double began;
};

static int writes, is_random, block_size, luns = 1;
static uint32_t bytes;
static uint64_t span_blocks, seed = 88172645463325252ULL;
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

static void ended(struct iscsi_context *iscsi, int status, void *command_data, void *private_data)
{
    struct request *request = private_data;
    struct scsi_task *task = command_data;
    double time = now();

    if (status != SCSI_STATUS_GOOD)
        fail("a command failed", iscsi);
    if (samples < MAX_SAMPLES)
        latencies[samples++] = time - request->began;
    scsi_free_scsi_task(task);
    done++;
    running--;
    if (time < end_time)
        issue(request);
}

/* libiscsi sends the number as it is, so one that has no room in a byte has to be in flat space addressing (SAM-5 4.7.7.3). */
static int address(int lun)
{
    return lun < 256 ? lun : 0x4000 | lun;
}

static void issue(struct request *request)
{
    struct session *session = request->session;
    uint32_t blocks = bytes / block_size;
    uint64_t places = span_blocks / blocks;
    uint64_t lba = (is_random ? random_number() % places : session->next++ % places) * blocks;
    int lun = address(session->lun + (luns > 1 ? session->turn++ % luns : 0));
    struct scsi_task *task;

    request->began = now();
    if (writes) {
        task = iscsi_write16_task(session->iscsi, lun, lba, request->data, bytes, block_size, 0, 0, 0, 0, 0,
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
    struct iscsi_context *iscsi = iscsi_create_context("iqn.2026-11.io.sluice:bench");
    struct iscsi_url *url = iscsi_parse_full_url(iscsi, text);
    struct scsi_task *task;
    struct scsi_readcapacity16 *capacity;
    int lun;

    if (!url)
        fail("the URL", iscsi);
    iscsi_set_targetname(iscsi, url->target);
    iscsi_set_session_type(iscsi, ISCSI_SESSION_NORMAL);
    iscsi_set_header_digest(iscsi, ISCSI_HEADER_DIGEST_NONE);
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
    session->next = random_number() % 1024;
    iscsi_destroy_url(url);
}

static int ascending(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

int main(int count, char **words)
{
    int depth, session_count, i;
    double began, seconds;

    if (count != 9 && count != 10) {
        fprintf(stderr,
                "usage: client URL read|write random|sequential BYTES DEPTH SESSIONS SECONDS SPAN_BYTES [LUNS]\n");
        return 2;
    }
    writes = strcmp(words[2], "write") == 0;
    is_random = strcmp(words[3], "random") == 0;
    bytes = strtoul(words[4], NULL, 10);
    depth = atoi(words[5]);
    session_count = atoi(words[6]);
    seconds = atof(words[7]);
    luns = count > 9 ? atoi(words[9]) : 1;
    latencies = malloc(sizeof(float) * MAX_SAMPLES);
    struct session *sessions = calloc(session_count, sizeof(*sessions));
    struct request *requests = calloc((size_t)session_count * depth, sizeof(*requests));
    struct pollfd *polls = calloc(session_count, sizeof(*polls));

    for (i = 0; i < session_count; i++)
        connect_session(&sessions[i], words[1], i);
    span_blocks = strtoull(words[8], NULL, 10) / block_size;
    began = now();
    end_time = began + seconds * 1e6;
    for (i = 0; i < session_count * depth; i++) {
        requests[i].session = &sessions[i / depth];
        requests[i].data = malloc(bytes);
        memset(requests[i].data, 0x5a, bytes);
        issue(&requests[i]);
    }
    while (running > 0) {
        for (i = 0; i < session_count; i++) {
            polls[i].fd = iscsi_get_fd(sessions[i].iscsi);
            polls[i].events = iscsi_which_events(sessions[i].iscsi);
        }
        if (poll(polls, session_count, -1) < 0)
            fail("poll", NULL);
        for (i = 0; i < session_count; i++)
            if (polls[i].revents && iscsi_service(sessions[i].iscsi, polls[i].revents) < 0)
                fail("the connection", sessions[i].iscsi);
    }
    seconds = (now() - began) / 1e6;
    qsort(latencies, samples, sizeof(float), ascending);
    printf("{\"requests\": %ld, \"seconds\": %.4f, \"p50\": %.1f, \"p99\": %.1f, \"max\": %.1f}\n", done, seconds,
           latencies[samples / 2], latencies[samples * 99 / 100], latencies[samples - 1]);
    return 0;
}
