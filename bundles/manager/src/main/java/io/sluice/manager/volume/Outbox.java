package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.manager.document.MailJson;
import io.sluice.manager.document.MailJson.Letter;
import io.sluice.manager.document.MailJson.Mail;
import io.sluice.manager.document.MailJson.Replies;
import io.sluice.manager.document.MailJson.Reply;
import io.sluice.manager.document.SharedJson.Name;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.RemoteCommand.Answer;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.volume.VolumeRuntime;
import io.sluice.volume.log.SeldomLog;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands that this gateway, which stands by, has the one that serves the disk perform. They are left in one record, all that are
 * waited for, and answered in another one. As long as there are any, that one is looked at now and then even if nobody says that it is
 * a new one. Thread-safe; completes its stages on any thread.
 */
final class Outbox {

    /** More at once are answered BUSY. */
    static final int MOST = 16;

    /** What waits has at most, so that it fits into a record as hexadecimal digits. */
    private static final int MOST_BYTES = 24 << 10;

    static final String MAIL = "mail.";
    static final String REPLY = "reply.";

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final Answer BUSY = new Answer(Status.BUSY, new byte[0]);
    private static final byte[] NOTHING = {};
    private static final Duration LOOK = Duration.ofMillis(100);

    private final String gateway;
    private final String disk;
    private final SharedStorage storage;
    private final VolumeRuntime runtime;
    private final Duration patience;
    private final Turns turns = new Turns();
    private final SeldomLog lines = new SeldomLog();

    /** Which process this is: one that has died has left mail with the same numbers. */
    private final String sender = UUID.randomUUID().toString();

    /** By number; guarded by this, like all below. */
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>();

    private long last;
    private boolean looking;

    private record Waiting(Letter letter, CompletableFuture<Answer> answer) {}

    /** @param patience how long a command is waited for */
    Outbox(String gateway, String disk, SharedStorage storage, VolumeRuntime runtime, Duration patience) {
        this.gateway = gateway;
        this.disk = disk;
        this.storage = storage;
        this.runtime = runtime;
        this.patience = patience;
    }

    /**
     * Leaves a command; see {@link io.sluice.scsi.SharedUnit#perform}.
     *
     * @param server who serves the disk
     */
    CompletableFuture<Answer> perform(RemoteCommand command, Name server) {
        if (server.term().isEmpty() || server.gateway().equals(gateway)) {
            return failed(Sense.ACCESS_STATE_STANDBY);
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        long number;
        synchronized (this) {
            int bytes = waiting.values().stream()
                    .mapToInt(other -> other.letter().command().parameters().length)
                    .sum();
            if (waiting.size() >= MOST || bytes + command.parameters().length > MOST_BYTES) {
                return CompletableFuture.completedFuture(BUSY);
            }
            number = ++last;
            waiting.put(number, new Waiting(new Letter(number, server.term(), command), answer));
        }
        answer.whenComplete((done, failure) -> forget(number));
        runtime.schedule(() -> answer.completeExceptionally(sense(Sense.ACCESS_STATE_TRANSITION)), patience);
        write().whenComplete((done, failure) -> {
            if (failure != null) {
                complain("cannot be asked to perform a command", failure);
                answer.completeExceptionally(sense(Sense.ACCESS_STATE_TRANSITION));
            }
        });
        lookLater();
        return answer;
    }

    private static CheckConditionException sense(Sense sense) {
        return new CheckConditionException(sense);
    }

    private static <T> CompletableFuture<T> failed(Sense sense) {
        return CompletableFuture.failedFuture(sense(sense));
    }

    private void complain(String what, Throwable failure) {
        lines.line(others ->
                LOG.warn("backstore={} the other gateway {}: {}{}", disk, what, Plugin.message(failure), others));
    }

    /** It is answered, or taken back: who serves the disk need not keep the answer, nor perform it if it has not begun to. */
    private void forget(long number) {
        synchronized (this) {
            waiting.remove(number);
        }
        write().whenComplete((done, failure) -> {
            if (failure != null) {
                complain("cannot be told that a command is over", failure);
            }
        });
    }

    private CompletionStage<Void> write() {
        return turns.add(this::writeNow);
    }

    /** What waits when its turn has come: writes that are behind it have less to do, or nothing. */
    private CompletionStage<Void> writeNow() {
        List<Letter> letters = letters();
        byte[] record = letters.isEmpty() ? NOTHING : MailJson.write(new Mail(sender, letters));
        return storage.put(MAIL + gateway, record).thenRun(() -> {
            if (!letters.isEmpty()) {
                storage.announce();
            }
        });
    }

    private synchronized List<Letter> letters() {
        return waiting.values().stream().map(Waiting::letter).toList();
    }

    /** What an earlier process of this gateway has waited for is waited for no more. */
    CompletionStage<Void> clear() {
        return turns.add(this::writeNow);
    }

    /** There may be an answer; to be called when somebody says so. Never waits. */
    void heard() {
        synchronized (this) {
            if (waiting.isEmpty()) {
                return;
            }
        }
        read();
    }

    private void lookLater() {
        synchronized (this) {
            if (looking) {
                return;
            }
            looking = true;
        }
        runtime.schedule(this::look, LOOK);
    }

    private void look() {
        read().whenComplete((done, failure) -> {
            boolean more;
            synchronized (this) {
                looking = false;
                more = !waiting.isEmpty();
            }
            if (more) {
                lookLater();
            }
        });
    }

    private CompletionStage<Void> read() {
        return storage.record(REPLY + gateway).thenAccept(this::take).exceptionally(failure -> {
            complain("does not say what has become of a command", failure);
            return null;
        });
    }

    private void take(byte[] record) {
        if (record.length == 0) {
            return;
        }
        Replies replies;
        try {
            replies = MailJson.replies(record);
        } catch (IOException wrong) {
            throw new CompletionException(wrong);
        }
        if (!sender.equals(replies.sender())) {
            return;
        }
        if (replies.refused()) {
            lines.line(others -> LOG.warn(
                    "backstore={} the other gateway is of another release, and performs nothing{}", disk, others));
        }
        for (Letter letter : letters()) {
            if (!letter.term().equals(replies.term())) {
                continue;
            }
            if (replies.refused()) {
                end(letter, Sense.ACCESS_STATE_STANDBY);
            }
            replies.answers().stream()
                    .filter(reply -> reply.number() == letter.number())
                    .findFirst()
                    .map(Reply::answer)
                    .ifPresent(answer -> end(letter, answer));
        }
    }

    private void end(Letter letter, Answer answer) {
        Waiting one = one(letter);
        if (one != null) {
            one.answer().complete(answer);
        }
    }

    private void end(Letter letter, Sense sense) {
        Waiting one = one(letter);
        if (one != null) {
            one.answer().completeExceptionally(sense(sense));
        }
    }

    private synchronized Waiting one(Letter letter) {
        return waiting.get(letter.number());
    }

    /**
     * Somebody else serves the disk, perhaps this gateway: what was left for the one before is not performed any more, and has been
     * answered or nobody knows.
     *
     * @return completes when all of that has ended
     */
    CompletionStage<Void> served(Name server) {
        List<Letter> late = letters().stream()
                .filter(letter -> !letter.term().equals(server.term()))
                .toList();
        return late.isEmpty()
                ? Backstore.done()
                : read().thenRun(() -> late.forEach(letter -> end(letter, Sense.ACCESS_STATE_TRANSITION)));
    }

    /** Nothing is waited for any more. */
    void end() {
        letters().forEach(letter -> end(letter, Sense.ACCESS_STATE_TRANSITION));
    }
}
