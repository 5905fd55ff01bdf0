package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.manager.document.MailJson;
import io.sluice.manager.document.MailJson.Letter;
import io.sluice.manager.document.MailJson.Mail;
import io.sluice.manager.document.MailJson.OtherVersionException;
import io.sluice.manager.document.MailJson.Replies;
import io.sluice.manager.document.MailJson.Reply;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.RemoteCommand.Answer;
import io.sluice.volume.log.SeldomLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands that gateways which stand by have left for this one, as long as it serves the disk: one inbox for each such time. They are
 * performed one after the other, each once, and not if they were taken back before. What is left in a record is taken as if anybody had
 * written it. Thread-safe.
 */
final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final byte[] NOTHING = {};

    /** Of how many gateways commands are taken. */
    private static final int MOST_SENDERS = 8;

    /** Of how many it is remembered what was performed. */
    private static final int MOST_KNOWN = 64;

    private final String me;
    private final String disk;
    private final String term;
    private final SharedStorage storage;
    private final Function<RemoteCommand, CompletionStage<Answer>> unit;
    private final Duration patience;
    private final Turns performed = new Turns();

    /** Answers are written in the order in which they came to be. */
    private final Turns replied = new Turns();

    private final SeldomLog lines = new SeldomLog(1);

    /** By the gateway; guarded by this. */
    private final Map<String, Sender> senders = new HashMap<>();

    private volatile boolean ended;

    /** What is known of a gateway; guarded by the inbox. */
    private static final class Sender {
        private byte[] seen = NOTHING;
        private String process = "";
        private long taken;
        private int queued;
        private Set<Long> wanted = Set.of();
        private final Map<Long, Answer> answers = new TreeMap<>();

        private List<Letter> news(Mail mail, String term) {
            if (!mail.sender().equals(process)) {
                process = mail.sender();
                taken = 0;
                answers.clear();
            }
            List<Letter> meant = mail.letters().stream()
                    .filter(letter -> letter.term().equals(term))
                    .sorted(Comparator.comparingLong(Letter::number))
                    .toList();
            wanted = meant.stream().map(Letter::number).collect(Collectors.toSet());
            answers.keySet().retainAll(wanted);
            List<Letter> news = new ArrayList<>();
            for (Letter letter : meant) {
                if (letter.number() <= taken) {
                    continue;
                }
                if (queued >= Outbox.MOST) {
                    // It is looked at again.
                    seen = NOTHING;
                    break;
                }
                taken = letter.number();
                queued++;
                news.add(letter);
            }
            return news;
        }

        private boolean wants(String from, long number) {
            return process.equals(from) && wanted.contains(number);
        }
    }

    /**
     * @param term this time of this gateway
     * @param unit performs a command
     * @param patience how long a command is waited for until the next has its turn
     */
    Inbox(
            String me,
            String disk,
            String term,
            SharedStorage storage,
            Function<RemoteCommand, CompletionStage<Answer>> unit,
            Duration patience) {
        this.me = me;
        this.disk = disk;
        this.term = term;
        this.storage = storage;
        this.unit = unit;
        this.patience = patience;
    }

    /** Nothing is performed any more that has not begun. */
    void end() {
        ended = true;
    }

    /**
     * Takes what others have left, and removes answers that nobody waits for.
     *
     * @param names of all records
     * @return completes when it is taken, which is before it is performed
     */
    CompletionStage<Void> look(List<String> names) {
        CompletionStage<Void> looked = Backstore.done();
        List<String> from = names.stream()
                .filter(name -> name.startsWith(Outbox.MAIL) && !name.equals(Outbox.MAIL + me))
                .map(name -> name.substring(Outbox.MAIL.length()))
                .sorted()
                .limit(MOST_SENDERS)
                .toList();
        forgetAllBut(from);
        for (String gateway : from) {
            looked = looked.thenCompose(done -> storage.record(Outbox.MAIL + gateway))
                    .thenAccept(record -> take(gateway, record));
        }
        for (String name : names) {
            if (name.startsWith(Outbox.REPLY) && !from.contains(name.substring(Outbox.REPLY.length()))) {
                looked = looked.thenCompose(done -> storage.put(name, NOTHING));
            }
        }
        return looked;
    }

    /** Whoever has no mail waits for nothing, even if it is known what was asked for. */
    private synchronized void forgetAllBut(List<String> from) {
        senders.forEach((gateway, sender) -> {
            if (!from.contains(gateway)) {
                sender.wanted = Set.of();
                sender.answers.clear();
            }
        });
    }

    private void take(String gateway, byte[] record) {
        Mail mail = mail(gateway, record);
        if (mail == null) {
            return;
        }
        List<Letter> news;
        synchronized (this) {
            news = senders.get(gateway).news(mail, term);
        }
        for (Letter letter : news) {
            performed.add(() -> perform(gateway, mail.sender(), letter));
        }
    }

    /** Returns mail that has not been seen yet, or null. */
    private synchronized Mail mail(String gateway, byte[] record) {
        if (!senders.containsKey(gateway) && senders.size() >= MOST_KNOWN) {
            return null;
        }
        Sender from = senders.computeIfAbsent(gateway, fresh -> new Sender());
        if (record.length == 0 || Arrays.equals(record, from.seen)) {
            return null;
        }
        from.seen = record;
        try {
            return MailJson.mail(record, Outbox.MOST);
        } catch (OtherVersionException other) {
            complain(gateway, other);
            answer(gateway, new Replies(other.sender(), term, true, List.of()));
        } catch (IOException wrong) {
            complain(gateway, wrong);
        }
        return null;
    }

    private void complain(String gateway, Exception wrong) {
        lines.line(others -> LOG.warn(
                "backstore={} record {}{} is not taken: {}{}", disk, Outbox.MAIL, gateway, wrong.getMessage(), others));
    }

    private CompletionStage<Void> perform(String gateway, String process, Letter letter) {
        synchronized (this) {
            Sender from = senders.get(gateway);
            from.queued--;
            if (ended || !from.wants(process, letter.number())) {
                return Backstore.done();
            }
        }
        return unit.apply(letter.command())
                .toCompletableFuture()
                .copy()
                .orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
                .thenAccept(answer -> done(gateway, process, letter.number(), answer))
                .exceptionally(failure -> {
                    LOG.warn(
                            "backstore={} a command of gateway {} has not ended: {}",
                            disk,
                            gateway,
                            Plugin.message(failure));
                    return null;
                });
    }

    private synchronized void done(String gateway, String process, long number, Answer answer) {
        Sender to = senders.get(gateway);
        if (to.wants(process, number)) {
            to.answers.put(number, answer);
            List<Reply> all = to.answers.entrySet().stream()
                    .map(entry -> new Reply(entry.getKey(), entry.getValue()))
                    .toList();
            answer(gateway, new Replies(process, term, false, all));
        }
    }

    /** What is answered by a gateway that serves the disk no more is not believed, because of its term. */
    private void answer(String gateway, Replies replies) {
        replied.add(() -> storage.put(Outbox.REPLY + gateway, MailJson.write(replies)))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        storage.announce();
                    } else {
                        LOG.warn(
                                "backstore={} gateway {} cannot be told what has become of its commands: {}",
                                disk,
                                gateway,
                                Plugin.message(failure));
                    }
                });
    }
}
