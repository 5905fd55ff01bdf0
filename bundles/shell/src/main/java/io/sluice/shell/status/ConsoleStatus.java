package io.sluice.shell.status;

/**
 * The console as somebody finds it who wants to log in.
 *
 * @param address where it listens, or is to listen: host and port
 * @param listening whether a command can be run now
 * @param problem why that cannot be and what to do, one line; empty when it can, and while the console is being opened
 * @param late whether the problem is only that it takes too long, so that it may be had yet
 */
public record ConsoleStatus(String address, boolean listening, String problem, boolean late) {

    /** Of one that is not late. */
    public ConsoleStatus(String address, boolean listening, String problem) {
        this(address, listening, problem, false);
    }

    /** Whether it is known what becomes of it. */
    boolean settled() {
        return listening || !problem.isEmpty();
    }
}
