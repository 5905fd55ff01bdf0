package io.sluice.management;

/**
 * How a transport is, as one sees it from outside.
 *
 * @param dataBytes bytes in use of the memory for data of initiators
 * @param dataLimitBytes bytes that there are
 * @param waiters requests that wait for such memory
 * @param longestWaiter which initiator has waited longest and how long, for people; empty if none waits
 * @param connections connections that are open
 * @param halfOpen those of them that have not logged in
 * @param loopStalls how often an event loop did not come round in time since the start
 * @param longestStallMillis the longest of those times
 */
public record TransportStatus(
        long dataBytes,
        long dataLimitBytes,
        int waiters,
        String longestWaiter,
        int connections,
        int halfOpen,
        int loopStalls,
        long longestStallMillis) {}
