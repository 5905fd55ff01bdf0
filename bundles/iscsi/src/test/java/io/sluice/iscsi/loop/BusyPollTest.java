package io.sluice.iscsi.loop;

import static org.junit.Assert.assertEquals;

import io.netty.channel.SelectStrategy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** A loop sleeps when nothing has happened for long enough, and not before. */
public final class BusyPollTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000);
    private final BusyPoll poll = new BusyPoll(Duration.ofNanos(10_000), now::get);
    private final SelectStrategy strategy = poll.newSelectStrategy();

    private int ask(int ready, boolean tasks) throws Exception {
        return strategy.calculateStrategy(() -> ready, tasks);
    }

    @Test
    public void aLoopSleepsUntilThereIsSomethingToDo() throws Exception {
        assertEquals(SelectStrategy.SELECT, ask(0, false));
        assertEquals("as many events as there are", 3, ask(3, false));
        now.addAndGet(9_999);
        assertEquals("it looks again", 0, ask(0, false));
        now.addAndGet(1);
        assertEquals(SelectStrategy.SELECT, ask(0, false));
    }

    @Test
    public void aTaskIsAnEventToo() throws Exception {
        assertEquals(0, ask(0, true));
        now.addAndGet(9_999);
        assertEquals(0, ask(0, true));
        now.addAndGet(9_999);
        assertEquals("since the last task", 0, ask(0, false));
    }

    @Test
    public void eachLoopHasItsOwnTime() throws Exception {
        assertEquals(1, ask(1, false));
        assertEquals(SelectStrategy.SELECT, poll.newSelectStrategy().calculateStrategy(() -> 0, false));
    }
}
