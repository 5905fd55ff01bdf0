package io.sluice.manager.history;

import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.management.ConfigurationManagement;
import io.sluice.management.Revision;
import io.sluice.manager.document.Documents;
import io.sluice.manager.document.HistoryFiles;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last revisions of the configuration. They are written down by a thread for that, so that a change does not wait for it, and
 * does not fail by it; of many at once only those are written that are kept. Thread-safe.
 */
public final class History {

    private static final Logger LOG = LoggerFactory.getLogger(History.class);
    private static final int MOST = ConfigurationManagement.MOST_REVISIONS;
    private static final int MOST_LINES = 100;
    private static final int LONGEST_WHY = 500;
    private static final long IDLE_SECONDS = 10;

    private final HistoryFiles files;
    private final TreeMap<Integer, Revision> revisions = new TreeMap<>();

    /** Configurations of revisions that are not written yet. */
    private final TreeMap<Integer, GatewayConfig> unwritten = new TreeMap<>();

    private final Map<Integer, String> problems = new HashMap<>();
    private final List<Integer> tooOld = new ArrayList<>();
    private final ThreadPoolExecutor writer;
    private boolean loaded;
    private boolean begun;
    private boolean scheduled;
    private int last;

    /** A line for each revision that cannot be read. */
    private volatile List<String> damaged = List.of();

    /** Why revisions cannot be written; empty if they can. */
    private volatile String failure = "";

    /** What the gateway began with; null as long as it has not begun. */
    private volatile GatewayConfig atStart;

    /** @param files where revisions are kept */
    public History(HistoryFiles files) {
        this.files = files;
        writer = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread thread = new Thread(work, "sluice-history");
            thread.setDaemon(true);
            return thread;
        });
        writer.allowCoreThreadTimeOut(true);
    }

    /** What the gateway begins with: it is a revision if somebody has changed it while nobody looked. Does not wait. */
    public void begin(GatewayConfig config) {
        atStart = config;
        submit(this::beginNow);
    }

    /** Whoever looks before the thread has come to it sees what it would find. */
    private synchronized void beginNow() {
        GatewayConfig config = atStart;
        if (config == null) {
            load();
        } else {
            beginNow(config);
        }
    }

    private synchronized void beginNow(GatewayConfig config) {
        load();
        if (begun || !loaded) {
            return;
        }
        begun = true;
        if (last == 0 && config.equals(GatewayConfig.EMPTY)) {
            return;
        }
        if (last == 0 || !files.digest(last).equals(HistoryFiles.digest(config))) {
            add(config, new Author(Author.GATEWAY.who(), "found at the start"), List.of());
        }
    }

    /**
     * A change was made.
     *
     * @param lines what was changed
     */
    public synchronized void add(GatewayConfig before, GatewayConfig after, Author author, List<String> lines) {
        beginNow(before);
        begun = true;
        add(after, author, lines);
    }

    private void add(GatewayConfig config, Author author, List<String> lines) {
        last++;
        List<String> kept = lines;
        if (lines.size() > MOST_LINES) {
            kept = new ArrayList<>(lines.subList(0, MOST_LINES));
            kept.add("and " + (lines.size() - MOST_LINES) + " more");
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        revisions.put(last, new Revision(last, now, author.who(), shortened(author.why()), kept));
        unwritten.put(last, config);
        forgetOldest();
        schedule();
    }

    private void forgetOldest() {
        while (revisions.size() > MOST) {
            int oldest = revisions.firstKey();
            revisions.remove(oldest);
            if (unwritten.remove(oldest) == null) {
                tooOld.add(oldest);
            }
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            submit(this::write);
        }
    }

    private static String shortened(String why) {
        String line = why.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
        return line.length() > LONGEST_WHY ? line.substring(0, LONGEST_WHY) + "…" : line;
    }

    /** As long as it is not known which revisions there are, none is written: it would take the place of another one. */
    private void load() {
        if (loaded) {
            return;
        }
        HistoryFiles.Found found;
        try {
            found = files.list();
        } catch (IOException failed) {
            failed(failed);
            return;
        }
        loaded = true;
        problems.putAll(found.damaged());
        damaged = List.copyOf(problems.values());
        damaged.forEach(line -> LOG.warn("{}", line));
        numberAfter(Math.max(
                found.revisions().isEmpty() ? 0 : found.revisions().lastKey(),
                problems.keySet().stream().mapToInt(number -> number).max().orElse(0)));
        revisions.putAll(found.revisions());
        forgetOldest();
        if (unwritten.isEmpty()) {
            failure = "";
        } else {
            schedule();
        }
    }

    /** What has come while nobody knew what there is gets its numbers. */
    private void numberAfter(int newest) {
        TreeMap<Integer, Revision> early = new TreeMap<>(revisions);
        TreeMap<Integer, GatewayConfig> configs = new TreeMap<>(unwritten);
        revisions.clear();
        unwritten.clear();
        early.forEach((number, one) -> revisions.put(
                newest + number, new Revision(newest + number, one.when(), one.who(), one.why(), one.lines())));
        configs.forEach((number, config) -> unwritten.put(newest + number, config));
        last += newest;
    }

    private void failed(IOException why) {
        String reason = why.getClass() == IOException.class ? why.getMessage() : why.toString();
        String line = "the history of the configuration cannot be kept: " + reason + "; changes are made all the same";
        if (!line.equals(failure)) {
            LOG.warn("{}", line, why);
        }
        failure = line;
    }

    private void submit(Runnable work) {
        try {
            writer.execute(work);
        } catch (RejectedExecutionException closed) {
            LOG.debug("nothing is written any more");
        }
    }

    /** What cannot be written now is tried again with the next change. */
    private void write() {
        synchronized (this) {
            scheduled = false;
            load();
            if (!loaded) {
                return;
            }
        }
        try {
            for (Integer next = oldestUnwritten(); next != null; next = oldestUnwritten()) {
                Revision revision;
                GatewayConfig config;
                synchronized (this) {
                    revision = revisions.get(next);
                    config = unwritten.get(next);
                }
                if (config != null) {
                    files.save(revision, config);
                    written(next);
                }
            }
            for (int old : takeTooOld()) {
                files.delete(old);
            }
            failure = "";
        } catch (IOException failed) {
            failed(failed);
        } catch (RuntimeException bug) {
            LOG.error("a revision met a bug", bug);
        }
    }

    private synchronized Integer oldestUnwritten() {
        return unwritten.isEmpty() ? null : unwritten.firstKey();
    }

    private synchronized void written(int number) {
        unwritten.remove(number);
        if (!revisions.containsKey(number)) {
            tooOld.add(number);
        }
    }

    private synchronized List<Integer> takeTooOld() {
        List<Integer> taken = List.copyOf(tooOld);
        tooOld.clear();
        return taken;
    }

    /** Returns the revisions, the newest first. */
    public synchronized List<Revision> revisions() {
        beginNow();
        return List.copyOf(revisions.descendingMap().values());
    }

    /** Returns the configuration as a revision has left it, as a document. */
    public String document(int number) throws ConfigException {
        GatewayConfig config;
        synchronized (this) {
            beginNow();
            if (!revisions.containsKey(number)) {
                throw new ConfigException(
                        loaded
                                ? problems.getOrDefault(
                                        number,
                                        "there is no revision " + number
                                                + ": gateway:history shows those that there are")
                                : failure);
            }
            config = unwritten.get(number);
        }
        if (config != null) {
            return Documents.write(config);
        }
        try {
            return files.document(number);
        } catch (IOException failed) {
            throw new ConfigException(failed.getMessage(), failed);
        }
    }

    /** Returns what is wrong, one line each with what to do. Waits for no disk. */
    public Collection<String> problems() {
        List<String> lines = new ArrayList<>(damaged);
        if (!failure.isEmpty()) {
            lines.add(failure);
        }
        return lines;
    }

    /** Writes down what is left, for a while. */
    public void close(long millis) {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
                LOG.warn("not every revision of the configuration is written, and that is not awaited any more");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
