package io.sluice.scsi.history;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.history.Event.Outcome;
import io.sluice.scsi.target.ScsiTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One nexus that sends one random command after the other, and takes notes. */
final class Client implements Runnable {

    private static final int UNIT_ATTENTION = 0x6;
    private static final int MISCOMPARE = 0xE;
    private static final int PATIENCE_SECONDS = 60;

    final ScsiTarget target;
    final Nexus nexus;
    final List<Event> events = new ArrayList<>();

    /** What is under way and has entered the task set. */
    volatile Running running;

    private final int number;
    private final int blocks;
    private final int commands;
    private final boolean splitsCompareAndWrite;
    private final Random random;
    private final AtomicLong clock;
    private final AtomicInteger values;

    /** What the client believes that the blocks hold. */
    private final int[] believed;

    private Event tokenOf;
    private byte[] token;

    record Running(RecordedTask task, Event event) {}

    /**
     * @param plan what all clients of the history have in common
     * @param number its number
     */
    Client(ScsiTarget target, Nexus nexus, Plan plan, int number) {
        this.target = target;
        this.nexus = nexus;
        this.number = number;
        this.blocks = plan.blocks();
        this.commands = plan.commands();
        this.splitsCompareAndWrite = plan.sabotage() == Plan.Sabotage.COMPARE_AND_WRITE_IN_TWO;
        this.random = plan.random(number);
        this.clock = plan.clock();
        this.values = plan.values();
        this.believed = new int[blocks];
        send(Commands.requestSense(), new byte[0], null);
    }

    @Override
    public void run() {
        while (events.size() < commands) {
            act(Kind.values()[random.nextInt(Kind.values().length)]);
        }
    }

    private void act(Kind kind) {
        int length = 1 + random.nextInt(Math.min(3, blocks));
        int lba = random.nextInt(blocks - length + 1);
        int value =
                kind == Kind.UNMAP || kind == Kind.WRITE_SAME && random.nextBoolean() ? 0 : values.incrementAndGet();
        Event event = new Event(number, kind, lba, length, value);
        switch (kind) {
            case COMPARE_AND_WRITE -> compareAndWrite(event);
            case EXTENDED_COPY -> {
                event.from = random.nextInt(blocks - length + 1);
                perform(event);
            }
            case POPULATE_TOKEN -> {
                populate(event);
                act(Kind.READ);
                writeUsingToken();
            }
            case WRITE_USING_TOKEN -> {
                populate(new Event(number, Kind.POPULATE_TOKEN, lba, length, 0));
                writeUsingToken();
            }
            default -> perform(event);
        }
    }

    private void compareAndWrite(Event event) {
        if (splitsCompareAndWrite || random.nextBoolean()) {
            perform(new Event(number, Kind.READ, event.lba, event.blocks, 0));
        }
        event.expected = Arrays.copyOfRange(believed, event.lba, event.lba + event.blocks);
        if (splitsCompareAndWrite) {
            Event write = new Event(number, Kind.WRITE, event.lba, event.blocks, event.value);
            perform(write);
            events.remove(write);
            event.invoked = write.invoked;
            event.responded = write.responded;
            event.outcome = write.outcome;
            events.add(event);
        } else {
            perform(event);
        }
    }

    private void populate(Event event) {
        perform(event);
        RecordedTask fetched = event.outcome == Outcome.DONE ? send(Commands.fetchToken(), new byte[0], null) : null;
        tokenOf = fetched != null && fetched.isGood() ? event : null;
        if (tokenOf != null) {
            token = Commands.token(fetched.data());
        }
    }

    /** Writes by the token that was made last, if there is one; another client may have made it void. */
    private void writeUsingToken() {
        if (tokenOf != null) {
            int lba = random.nextInt(blocks - tokenOf.blocks + 1);
            Event event = new Event(number, Kind.WRITE_USING_TOKEN, lba, tokenOf.blocks, 0);
            event.source = tokenOf;
            perform(event);
        }
    }

    private void perform(Event event) {
        events.add(event);
        byte[] dataOut = Commands.dataOut(event, token);
        RecordedTask task = send(Commands.of(event, dataOut), dataOut, event);
        event.outcome = outcome(event, task);
        event.responded = task.endTick();
        if (event.outcome == Outcome.DONE && event.kind == Kind.READ) {
            event.seen = Commands.values(task.data());
            System.arraycopy(event.seen, 0, believed, event.lba, event.blocks);
        } else if (event.outcome == Outcome.DONE && event.kind != Kind.POPULATE_TOKEN) {
            Arrays.fill(believed, event.lba, event.lba + event.blocks, event.value);
        }
    }

    private static Outcome outcome(Event event, RecordedTask task) {
        if (task.isGood()) {
            return Outcome.DONE;
        }
        // A copy relays what its own reads and writes have met.
        boolean copies = event.kind == Kind.EXTENDED_COPY || event.kind == Kind.WRITE_USING_TOKEN;
        if (task.senseKey() == UNIT_ATTENTION && !copies) {
            return Outcome.NOTHING;
        }
        return task.senseKey() == MISCOMPARE ? Outcome.MISCOMPARED : Outcome.PERHAPS;
    }

    private RecordedTask send(byte[] cdb, byte[] dataOut, Event event) {
        RecordedTask task = new RecordedTask(nexus, cdb, dataOut, clock);
        if (event != null) {
            event.invoked = clock.incrementAndGet();
        }
        target.execute(task);
        running = event == null ? null : new Running(task, event);
        task.end.copy().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        running = null;
        return task;
    }
}
