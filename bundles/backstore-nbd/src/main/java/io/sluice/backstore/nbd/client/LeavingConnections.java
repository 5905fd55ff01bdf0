package io.sluice.backstore.nbd.client;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Connections on which nothing is sent any more, because another one was lost, until what is under way on them is answered: it would
 * be done twice if it was sent anew. Used on one event loop.
 */
final class LeavingConnections {

    private final EventLoop loop;
    private final List<Connection> all = new ArrayList<>();

    LeavingConnections(EventLoop loop) {
        this.loop = loop;
    }

    void add(List<Connection> more) {
        all.addAll(more);
    }

    /** Returns whether it was one of them. */
    boolean remove(Connection connection) {
        return all.remove(connection);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    void breakAll(String reason) {
        List.copyOf(all).forEach(each -> each.broken(reason));
    }

    /**
     * Waits for answers. What only reads is broken after half the patience, so that it is asked again. Under a change nothing is
     * broken as long as there is patience: a server that has it does it whenever it likes, over what is newer.
     *
     * @param some of these connections
     * @param tooLate called when changes are not answered by the end of the patience; the connections are broken then
     */
    void finish(List<Connection> some, String reason, long patienceNanos, Runnable tooLate) {
        some.forEach(each -> each.finish(reason));
        loop.schedule(() -> breakReaders(some, reason), patienceNanos / 2, TimeUnit.NANOSECONDS);
        loop.schedule(() -> giveUp(some, reason, tooLate), patienceNanos, TimeUnit.NANOSECONDS);
    }

    private void breakReaders(List<Connection> some, String reason) {
        some.stream()
                .filter(all::contains)
                .filter(each -> each.unanswered().stream()
                        .noneMatch(request -> request.command().changes()))
                .toList()
                .forEach(each -> each.broken(reason));
    }

    private void giveUp(List<Connection> some, String reason, Runnable tooLate) {
        List<Connection> left = some.stream().filter(all::contains).toList();
        if (!left.isEmpty()) {
            tooLate.run();
            left.forEach(each -> each.broken(reason));
        }
    }
}
