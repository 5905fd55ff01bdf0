package io.sluice.shell.status;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Finds out what becomes of the console. The SSH server tells nobody that it could not have its port, so that is concluded: it
 * has not begun to listen, and somebody else answers there. Not thread-safe.
 */
public final class ConsoleWatch {

    /** What can be asked of the console's parts without waiting. */
    public interface Parts {

        /** Whether there is an SSH server, which begins to listen at once. */
        boolean present();

        /** Whether it listens. */
        boolean listening();

        /** Whether it knows the commands of this product. */
        boolean hasCommands();
    }

    /** Between listening and saying so a server needs no more than a moment. */
    private static final Duration MOMENT = Duration.ofSeconds(1);

    /** Less than whoever starts it waits (60 s), so that the reason is told and not only that it takes too long. */
    private static final Duration LISTENS = Duration.ofSeconds(20);

    /** What the console is made of comes one after the other, and a machine that is overloaded takes its time. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final Duration CONNECT = Duration.ofMillis(500);

    private final String address;
    private final Parts parts;
    private final BooleanSupplier answers;
    private final LongSupplier nanoTime;
    private final long since;
    private boolean taken;

    /**
     * Begins to watch.
     *
     * @param host where the SSH server is to listen: an address, or a name
     * @param port its port
     */
    public ConsoleWatch(String host, int port, Parts parts) {
        this(host, port, parts, () -> answers(host, port), System::nanoTime);
    }

    ConsoleWatch(String host, int port, Parts parts, BooleanSupplier answers, LongSupplier nanoTime) {
        address = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        this.parts = parts;
        this.answers = answers;
        this.nanoTime = nanoTime;
        since = nanoTime.getAsLong();
    }

    /** Returns how it is now. May wait a moment for a connection to be refused. */
    public ConsoleStatus status() {
        boolean usable = parts.listening() && parts.hasCommands();
        String problem = usable ? "" : problem();
        // A server that is there begins to listen at once, or not at all.
        boolean late = !problem.isEmpty() && !taken && (parts.listening() || !parts.present());
        return new ConsoleStatus(address, usable, problem, late);
    }

    private String problem() {
        Duration waited = Duration.ofNanos(nanoTime.getAsLong() - since);
        if (parts.listening()) {
            return waited.compareTo(LONGEST) > 0
                    ? "console " + address + " does not know the commands of Sluice; data/log/karaf.log says why"
                    : "";
        }
        // Once is enough: whoever it is may be too busy to answer again.
        taken |= waited.compareTo(MOMENT) > 0 && answers.getAsBoolean();
        if (taken) {
            return "console " + address
                    + " cannot be opened: the address is in use; set SLUICE_SSH_PORT to another port, or stop what uses it";
        }
        Duration limit = parts.present() ? LISTENS : LONGEST;
        return waited.compareTo(limit) > 0
                ? "console " + address + " cannot be opened; data/log/karaf.log says why"
                : "";
    }

    private static boolean answers(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) CONNECT.toMillis());
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }
}
