package io.sluice.backstore.nbd.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Connections on which nothing is sent any more, because another one was lost, until what is under way on them is answered: it would
 * be done twice if it was sent anew. Used on the event loop of its link.
 */
final class LeavingConnections {

    private final Home home;
    private final List<Connection> all = new ArrayList<>();

    LeavingConnections(Home home) {
        this.home = home;
    }

    void add(List<Connection> more) {
        all.addAll(more);
    }

    /** Returns whether it was one of them. */
    boolean remove(Connection connection) {
        return all.remove(connection);
    }

    List<Connection> list() {
        return List.copyOf(all);
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
        home.after(patienceNanos / 2, TimeUnit.NANOSECONDS, () -> breakReaders(some, reason, patienceNanos / 16));
        home.after(patienceNanos, TimeUnit.NANOSECONDS, () -> giveUp(some, reason, tooLate));
    }

    /** Once more after a while, as long as there is a change under way. */
    private void breakReaders(List<Connection> some, String reason, long againNanos) {
        left(some).stream().filter(each -> !changes(each)).forEach(each -> each.broken(reason));
        if (!left(some).isEmpty()) {
            home.after(againNanos, TimeUnit.NANOSECONDS, () -> breakReaders(some, reason, againNanos));
        }
    }

    private void giveUp(List<Connection> some, String reason, Runnable tooLate) {
        if (left(some).stream().anyMatch(LeavingConnections::changes)) {
            tooLate.run();
        }
        left(some).forEach(each -> each.broken(reason));
    }

    private List<Connection> left(List<Connection> some) {
        return some.stream().filter(all::contains).toList();
    }

    private static boolean changes(Connection connection) {
        return connection.unanswered().stream()
                .anyMatch(request -> request.command().changes());
    }
}
