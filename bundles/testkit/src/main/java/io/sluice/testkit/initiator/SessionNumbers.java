package io.sluice.testkit.initiator;

import java.util.concurrent.atomic.AtomicInteger;

/** What the connections of a session share, each of which may have a thread of its own. */
final class SessionNumbers {
    final AtomicInteger taskTag = new AtomicInteger(1);
    final AtomicInteger cmdSn = new AtomicInteger(1);
}
