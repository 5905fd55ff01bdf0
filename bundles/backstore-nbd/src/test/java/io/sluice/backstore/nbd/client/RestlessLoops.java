package io.sluice.backstore.nbd.client;

import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.rules.ExternalResource;

/** Has all connections to NBD servers go from one event loop to another all the time, whatever they have under way. */
public final class RestlessLoops extends ExternalResource {

    private static final long LIMIT_SECONDS = 30;

    private final NbdLoop loop;
    private final Random random = new Random(1);
    private EventLoopGroup others;
    private Thread mover;
    private volatile boolean ends;
    private volatile Throwable failure;

    /** @param loop that of the provider that is tested */
    public RestlessLoops(NbdLoop loop) {
        this.loop = loop;
    }

    @Override
    protected void before() {
        others = Lenders.loops(2);
        List<EventLoop> all = List.of(loop.loop(), others.next(), others.next());
        mover = new Thread(() -> move(all), "restless");
        mover.setUncaughtExceptionHandler((thread, thrown) -> failure = thrown);
        mover.start();
    }

    private void move(List<EventLoop> all) {
        try {
            while (!ends) {
                assertTrue(
                        "all have arrived",
                        loop.moveAll(all.get(random.nextInt(all.size()))).await(LIMIT_SECONDS, TimeUnit.SECONDS));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected void after() {
        ends = true;
        try {
            mover.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        others.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        assertNull(failure == null ? "" : failure.toString(), failure);
        assertTrue(!mover.isAlive());
    }
}
