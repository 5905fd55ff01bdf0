package io.sluice.manager.audit;

import io.sluice.config.ConfigException;
import io.sluice.management.JobStatus;
import io.sluice.manager.history.Author;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Writes one line for each change, when its outcome is known: {@code alice@127.0.0.1 delete backstore disk0: done}. Any
 * thread.
 */
public final class AuditTrail {

    /** Of what somebody sends, and of what is said to it: the log is kept for what others have done before. */
    private static final int LONGEST = 1000;

    private final Supplier<String> who;
    private final Consumer<String> lines;

    /** A change, which may be refused. */
    interface Change<T> {
        T make() throws ConfigException;
    }

    /** A change that answers nothing. */
    interface Order {
        void run() throws ConfigException;
    }

    /**
     * @param who tells who calls, in the thread of the caller
     * @param lines takes each line
     */
    public AuditTrail(Supplier<String> who, Consumer<String> lines) {
        this.who = who;
        this.lines = lines;
    }

    /**
     * Makes a change and writes what became of it.
     *
     * @param what the change in words, as an order
     * @param outcome the outcome in words, if it was made
     */
    <T> T change(String what, Change<T> change, Function<T, String> outcome) throws ConfigException {
        String caller = who.get();
        try {
            T result = made(new Author(caller, what), change);
            write(caller, what, outcome.apply(result));
            return result;
        } catch (ConfigException refused) {
            write(caller, what, (isUnderWay(refused) ? "" : "refused: ") + shortened(refused.getMessage()));
            throw refused;
        } catch (RuntimeException | Error bug) {
            write(caller, what, "met a bug: " + shortened(bug.toString()));
            throw bug;
        }
    }

    /** What is written down elsewhere knows who has asked for it. */
    private static <T> T made(Author author, Change<T> change) throws ConfigException {
        try {
            return author.call(change::make);
        } catch (ConfigException | RuntimeException failed) {
            throw failed;
        } catch (Exception impossible) {
            throw new IllegalStateException("a change fails in another way", impossible);
        }
    }

    /** Makes a change that answers nothing, and writes what became of it. */
    void order(String what, Order order) throws ConfigException {
        change(
                what,
                () -> {
                    order.run();
                    return null;
                },
                nothing -> "done");
    }

    /** Such a change goes on although nobody waits for it any more, and its message says so. */
    private static boolean isUnderWay(ConfigException failure) {
        return failure.kind() == ConfigException.Kind.GOES_ON;
    }

    /** Writes what has become of a job of which the log has said before that it goes on. */
    public void over(Author author, JobStatus job) {
        String what = author == Author.GATEWAY ? job.what() : author.why();
        write(author.who(), what, job.state() == JobStatus.State.FAILED ? "failed: " + job.problem() : outcome(job));
    }

    private static String outcome(JobStatus job) {
        return job.state() == JobStatus.State.CANCELLED ? "cancelled" : "done";
    }

    /** Writes a line about what somebody has done elsewhere. */
    public void write(String caller, String what, String outcome) {
        lines.accept(oneLine(caller + " " + shortened(what) + ": " + outcome));
    }

    private static String shortened(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    /** Nothing that comes from a user ends a line or moves a cursor: what is not to be seen is written as its code. */
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (isInvisible(character)) {
                line.append(String.format("\\u%04x", character));
            } else {
                line.appendCodePoint(character);
            }
        });
        return line.toString();
    }

    private static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
