package io.sluice.backstore.nbd.client;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop on which a link and its connections are served. It may become another one: two threads that wake each other for
 * each request cost more than the request. What is given to {@link #execute} runs on the loop that it is then, and never while the
 * link is between two. Thread-safe.
 */
final class Home implements Executor, NbdLoop.Guest {

    private static final Logger LOG = LoggerFactory.getLogger(Home.class);

    /** How often a connection sends before others have their turn; the default. */
    private static final int WRITE_SPINS = 16;

    private final NbdLoop loops;
    private final EventLoop own;
    private final boolean stays;
    private final Supplier<List<Connection>> connections;
    private final Runnable stop;
    private volatile EventLoop loop;

    /** Used here alone. */
    private final Origins origins = new Origins();

    /** Changed under the lock. */
    private volatile boolean moving;

    /** What came while it was moving. Guarded by this. */
    private final List<Runnable> held = new ArrayList<>();

    /**
     * Begins on the own loop, which it can always go back to; clocks run there.
     *
     * @param stays whether it never goes anywhere else
     * @param connections returns all that are moved with it
     * @param stop ends all at once; called here
     */
    Home(NbdLoop loops, boolean stays, Supplier<List<Connection>> connections, Runnable stop) {
        this.loops = loops;
        this.own = loops.loop();
        this.stays = stays;
        this.connections = connections;
        this.stop = stop;
        this.loop = own;
    }

    /** Whether the caller may touch what belongs to the link. */
    boolean isHere() {
        return loop.inEventLoop() && !moving;
    }

    /** @throws RejectedExecutionException if there is no loop any more that could run it */
    @Override
    public void execute(Runnable task) {
        EventLoop at = loop;
        try {
            at.execute(() -> here(task));
        } catch (RejectedExecutionException ended) {
            if (at == own) {
                throw ended;
            }
            ended(at);
            if (!hold(task)) {
                execute(task);
            }
        }
    }

    /** Its last tasks may still be running, and nothing that it served may be closed: nobody has taken it back. */
    @Override
    public synchronized void ended(EventLoop other) {
        if (loop == other && !moving) {
            moving = true;
            other.terminationFuture().addListener(over -> comeBack());
        }
    }

    private void comeBack() {
        try {
            own.execute(() -> {
                loop = own;
                List<Connection> all = connections.get();
                all.forEach(Home::drop);
                goOn(() -> all.forEach(connection -> connection.lost("its event loop has ended")));
            });
        } catch (RejectedExecutionException ended) {
            end(connections.get(), () -> {});
        }
    }

    /** Closes the socket of a channel whose loop has ended: the channel would want that loop for it. */
    private static void drop(Connection connection) {
        Channel channel = connection.channel();
        try {
            if (channel instanceof UnixChannel) {
                ((UnixChannel) channel).fd().close();
            } else {
                channel.unsafe().closeForcibly();
            }
        } catch (IOException failed) {
            LOG.warn("a connection to an NBD server could not be closed: {}", failed.toString());
        }
    }

    private void here(Runnable task) {
        if (moving && hold(task)) {
            return;
        }
        if (loop.inEventLoop()) {
            task.run();
        } else {
            again(task);
        }
    }

    private synchronized boolean hold(Runnable task) {
        if (moving) {
            held.add(task);
        }
        return moving;
    }

    /** Runs something after a time. It is the own loop that waits, since another one may end before. */
    Future<?> after(long delay, TimeUnit unit, Runnable task) {
        return own.schedule(() -> execute(task), delay, unit);
    }

    @Override
    public void stop() {
        execute(stop);
    }

    @Override
    public void moveTo(EventLoop to, Runnable then) {
        try {
            execute(() -> move(to, then));
        } catch (RejectedExecutionException ended) {
            then.run();
        }
    }

    /** A request has come from a thread. What follows on another one, and is asked by the own loop for it, says nothing. */
    void askedFrom(Thread thread) {
        if (loop != own || !own.inEventLoop(thread)) {
            origins.from(thread);
        }
    }

    /** Goes to the loop from which most requests come. Called here; nothing of the link may be touched afterwards by the caller. */
    void follow() {
        Thread origin = origins.majority();
        if (origin != null && origin != Thread.currentThread()) {
            EventLoop to = loops.lentBy(origin);
            if (to != null) {
                move(to, () -> {});
            }
        }
    }

    /** Goes back to the own loop. Called here; nothing of the link may be touched afterwards by the caller. */
    void goBack(Runnable then) {
        move(own, then);
    }

    /**
     * Moves all connections to another loop, with whatever is under way on them; to the own one if that loop has ended.
     *
     * @param then runs where they are then, before anything that came meanwhile
     */
    private void move(EventLoop to, Runnable then) {
        List<Connection> all = connections.get();
        // A loop that ends lets go of nothing any more: it has closed all it had, or is about to.
        if (stays || to == loop || !all.isEmpty() && loop.isShuttingDown()) {
            then.run();
            return;
        }
        synchronized (this) {
            moving = true;
        }
        if (all.isEmpty()) {
            arrive(all, to, then);
            return;
        }
        AtomicInteger left = new AtomicInteger(all.size());
        for (Connection connection : all) {
            Channel channel = connection.channel();
            // What the old loop has planned to read or send comes before it lets go, and plans nothing more: so many
            // spins end when all is sent, or when the socket is full.
            channel.config().setAutoRead(false);
            channel.config().setWriteSpinCount(Integer.MAX_VALUE);
            channel.deregister().addListener(gone -> {
                if (left.decrementAndGet() == 0) {
                    arrive(all, to, then);
                }
            });
        }
    }

    private void arrive(List<Connection> all, EventLoop to, Runnable then) {
        try {
            to.execute(() -> {
                if (to != own && to.isShuttingDown()) {
                    arrive(all, own, then);
                } else {
                    settle(all, to, then);
                }
            });
        } catch (RejectedExecutionException ended) {
            if (to != own) {
                arrive(all, own, then);
            } else {
                end(all, then);
            }
        }
    }

    /** Its own loop has ended before it was there. */
    private void end(List<Connection> all, Runnable then) {
        all.forEach(Home::drop);
        goOn(() -> {
            stop.run();
            all.forEach(connection -> connection.lost(NbdLoop.GONE));
            then.run();
        });
    }

    private void settle(List<Connection> all, EventLoop to, Runnable then) {
        loop = to;
        all.forEach(connection -> register(connection, to));
        goOn(then);
    }

    /** What was closed on the way has told nobody, and neither does a loop that cannot have it. */
    private static void register(Connection connection, EventLoop to) {
        Channel channel = connection.channel();
        to.register(channel);
        if (channel.isRegistered()) {
            channel.config().setWriteSpinCount(WRITE_SPINS);
            // What could not be sent at once on the old loop.
            channel.flush();
            channel.config().setAutoRead(true);
        } else {
            channel.unsafe().closeForcibly();
            connection.lost("the connection has ended");
        }
    }

    private void goOn(Runnable then) {
        List<Runnable> late;
        synchronized (this) {
            moving = false;
            late = List.copyOf(held);
            held.clear();
        }
        try {
            then.run();
        } finally {
            late.forEach(this::again);
        }
    }

    /** With the last loop all has ended, and nobody else is there any more. */
    private void again(Runnable task) {
        try {
            execute(task);
        } catch (RejectedExecutionException ended) {
            task.run();
        }
    }
}
