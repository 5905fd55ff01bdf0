package io.sluice.scsi.internal.pr;

import static org.junit.Assert.assertEquals;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.Status;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.Test;

/** Four initiators do what comes to mind; the unit agrees with a model that is written down as simply as can be. */
public class ReservationModelTest {

    private static final int[] TYPES = {1, 3, 5, 6, 7, 8};
    private static final int INITIATORS = 4;
    private static final int STEPS = 20_000;

    private final TestUnit unit = TestUnit.thin();
    private final Nexus[] nexuses = new Nexus[INITIATORS];

    /** Key of each initiator; 0 is not registered. */
    private final long[] keys = new long[INITIATORS];

    private int type;
    private int holder = -1;
    private int generation;

    private boolean holds(int who) {
        return type != 0 && keys[who] != 0 && (type >= 7 || holder == who);
    }

    private boolean mayWrite(int who) {
        return type == 0 || holds(who) || (type >= 5 && keys[who] != 0);
    }

    private boolean mayRead(int who) {
        return mayWrite(who) || type == 1 || type == 5 || type == 7;
    }

    private void unregister(int who) {
        boolean held = type != 0 && type < 7 && holder == who;
        keys[who] = 0;
        boolean nobody = keys[0] == 0 && keys[1] == 0 && keys[2] == 0 && keys[3] == 0;
        if (held || (type >= 7 && nobody)) {
            type = 0;
            holder = -1;
        }
    }

    private Status expected(int who, int action, int newType, long key, long actionKey) {
        boolean known = keys[who] != 0 && keys[who] == key;
        switch (action) {
            case 0, 6 -> {
                if (action == 0 && key != keys[who]) {
                    return Status.RESERVATION_CONFLICT;
                }
                if (actionKey == 0 && keys[who] == 0) {
                    return Status.GOOD;
                }
                if (actionKey == 0) {
                    unregister(who);
                } else {
                    keys[who] = actionKey;
                }
                generation++;
            }
            case 1 -> {
                if (!known || (type != 0 && !(holds(who) && type == newType))) {
                    return Status.RESERVATION_CONFLICT;
                }
                if (type == 0) {
                    type = newType;
                    holder = who;
                }
            }
            case 2 -> {
                if (!known) {
                    return Status.RESERVATION_CONFLICT;
                }
                if (holds(who)) {
                    if (type != newType) {
                        return Status.CHECK_CONDITION;
                    }
                    type = 0;
                    holder = -1;
                }
            }
            case 3 -> {
                if (!known) {
                    return Status.RESERVATION_CONFLICT;
                }
                for (int i = 0; i < INITIATORS; i++) {
                    keys[i] = 0;
                }
                type = 0;
                holder = -1;
                generation++;
            }
            default -> {
                return expectedPreempt(who, newType, known, actionKey);
            }
        }
        return Status.GOOD;
    }

    private Status expectedPreempt(int who, int newType, boolean known, long victim) {
        if (!known) {
            return Status.RESERVATION_CONFLICT;
        }
        boolean all = type >= 7 && victim == 0;
        boolean ofHolder = type != 0 && type < 7 && keys[holder] == victim;
        if (victim == 0 && !all) {
            return Status.CHECK_CONDITION;
        }
        boolean any = false;
        for (long key : keys) {
            any |= key == victim;
        }
        if (all || ofHolder) {
            for (int i = 0; i < INITIATORS; i++) {
                if (i != who && (all || keys[i] == victim)) {
                    keys[i] = 0;
                }
            }
            type = newType;
            holder = who;
        } else if (!any) {
            return Status.RESERVATION_CONFLICT;
        } else {
            for (int i = 0; i < INITIATORS; i++) {
                if (keys[i] == victim) {
                    unregister(i);
                }
            }
        }
        generation++;
        return Status.GOOD;
    }

    private TestTask out(int who, int action, int newType, long key, long actionKey) {
        byte[] list = new byte[24];
        list[7] = (byte) key;
        list[15] = (byte) actionKey;
        list[20] = (byte) (action == 0 || action == 6 ? 1 : 0);
        return retried(() ->
                unit.write(nexuses[who], String.format("5f %02x %02x 00 00 00 00 00 18 00", action, newType), list));
    }

    /** Unit attentions of earlier steps are not what this is about. */
    private static TestTask retried(java.util.function.Supplier<TestTask> command) {
        TestTask task = command.get();
        while (task.status() == Status.CHECK_CONDITION && (task.sense()[2] & 0x0F) == 6) {
            task = command.get();
        }
        return task;
    }

    @Test
    public void theUnitAgreesWithTheModel() {
        long seed = 20_261_123L;
        Random random = new Random(seed);
        for (int i = 0; i < INITIATORS; i++) {
            nexuses[i] = i == 0 ? unit.nexus : unit.newNexus(i + 1);
        }
        List<String> trace = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            int who = random.nextInt(INITIATORS);
            int action = new int[] {0, 0, 1, 1, 2, 3, 4, 5, 6}[random.nextInt(9)];
            if (action == 3 && random.nextInt(4) != 0) {
                action = 1;
            }
            int newType = TYPES[random.nextInt(TYPES.length)];
            long key = random.nextInt(4) == 0 ? random.nextInt(4) : keys[who];
            long actionKey = random.nextInt(5);
            trace.add(step + ": " + who + " action " + action + " type " + newType + " key " + key + "/" + actionKey);
            String last = String.join("\n", trace.subList(Math.max(0, trace.size() - 10), trace.size()));
            Status status = out(who, action, newType, key, actionKey).status();
            assertEquals(last, expected(who, action, newType, key, actionKey), status);
            int other = random.nextInt(INITIATORS);
            assertEquals(last, mayRead(other), good(other, "28 00 00 00 00 00 00 00 01 00", new byte[0]));
            assertEquals(last, mayWrite(other), good(other, "2a 00 00 00 00 00 00 00 01 00", new byte[512]));
            if (step % 50 == 0) {
                byte[] data = retried(() -> unit.run(nexuses[other], "5e 00 00 00 00 00 00 00 ff 00"))
                        .data();
                assertEquals(last, generation, (data[2] & 0xFF) << 8 | data[3] & 0xFF);
            }
        }
    }

    private boolean good(int who, String cdb, byte[] data) {
        return retried(() -> unit.send(unit.task(nexuses[who], cdb, data, data.length == 0 ? 512 : 0)))
                        .status()
                == Status.GOOD;
    }
}
