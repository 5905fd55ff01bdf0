package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ChapLogin;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * A host for one connection whose PDUs are damaged: from the first request of its login on, or from when it has proven who it is. All that
 * it does follows from one number.
 */
final class FuzzedHost {

    private static final int MOST_PDUS = 24;
    private static final int BLOCKS = (1 << 20) / World.BLOCK;
    private static final int SNACK_RUN_LENGTH = 44;
    private static final int[] OTHERS = {RawPdu.LOGIN, RawPdu.SNACK, RawPdu.NOP_IN, RawPdu.R2T, RawPdu.REJECT};

    private final TestInitiator initiator;
    private final Random random;
    private final PduMutator mutator;
    private int lastTag;
    private int transferTag = RawPdu.RESERVED_TAG;
    private int sent;

    FuzzedHost(TestInitiator initiator, long seed) {
        this.initiator = initiator;
        // Seeds in a row give a Random the same first numbers.
        this.random = new Random(new SplittableRandom(seed).nextLong());
        this.mutator = new PduMutator(random);
    }

    /** Returns how many PDUs were sent that may have been damaged. */
    int sent() {
        return sent;
    }

    /**
     * Does all that it does, until the gateway has closed the connection.
     *
     * @return whether it was logged in
     * @throws AssertionError if the gateway leaves the connection open, or what it answers is not as the standard wants it
     */
    boolean run() throws IOException {
        boolean logsIn = random.nextInt(4) > 0;
        try {
            if (logsIn) {
                new ChapLogin(initiator, ProvenTarget.TARGET).login(ProvenTarget.USER, ProvenTarget.SECRET);
                work();
            } else {
                damagedLogin();
            }
            initiator.halfClose();
        } catch (SocketException | EOFException closed) {
            // The gateway has had enough of it.
        }
        return logsIn;
    }

    /** Reads to the end; what the gateway says in between has its numbers in order, whatever it was told. */
    void readToTheEnd() throws IOException {
        try {
            while (true) {
                initiator.receive();
            }
        } catch (SocketException | EOFException closed) {
            initiator.close();
        }
    }

    private void damagedLogin() throws IOException {
        Map<String, String> keys = new LinkedHashMap<>(initiator.names("Normal", ProvenTarget.TARGET));
        keys.put("AuthMethod", "CHAP,None");
        send(initiator.loginRequest(0).data(TextPairs.encode(keys)));
        send(initiator.loginRequest(0).data(TextPairs.encode(Map.of("CHAP_A", "8,7,6,5"))));
        Map<String, String> proof = new LinkedHashMap<>();
        proof.put("CHAP_N", ProvenTarget.USER);
        proof.put("CHAP_R", "0x" + "5a".repeat(random.nextInt(40)));
        proof.put("CHAP_I", Integer.toString(random.nextInt(300)));
        proof.put("CHAP_C", "0x" + "a5".repeat(random.nextInt(1100)));
        send(initiator.loginRequest(0x81).data(TextPairs.encode(proof)));
        send(initiator.loginRequest(0x87).data(TextPairs.encode(TestInitiator.OPERATIONAL_KEYS)));
        send(next());
    }

    private void work() throws IOException {
        // Another host may have reset the target; then this is not the answer.
        initiator.send(tagged(initiator.command(0, Cdb.testUnitReady(), 0, 0)));
        initiator.receive();
        if (random.nextInt(3) == 0) {
            askToBeAsked();
        }
        for (int i = random.nextInt(MOST_PDUS); i >= 0; i--) {
            send(next());
        }
    }

    /** Has the gateway ask for data, so that there is a transfer to which data may come. */
    private void askToBeAsked() throws IOException {
        RawPdu write = initiator.command(0, Cdb.write10(random.nextInt(BLOCKS), 64), 64 * World.BLOCK, 0);
        initiator.send(write);
        lastTag = write.taskTag();
        RawPdu answer = initiator.receive();
        transferTag = answer.opcode() == RawPdu.R2T ? answer.int32(20) : RawPdu.RESERVED_TAG;
    }

    private void send(RawPdu pdu) throws IOException {
        initiator.sendBytes(mutator.mutate(pdu));
        sent++;
    }

    private RawPdu next() {
        long lun = random.nextInt(8) == 0 ? random.nextLong() : 0;
        int blocks = random.nextInt(64);
        switch (random.nextInt(9)) {
            case 0:
                return tagged(
                        initiator.command(lun, Cdb.read10(random.nextInt(BLOCKS), blocks), 0, blocks * World.BLOCK));
            case 1:
                int bytes = blocks * World.BLOCK;
                return tagged(initiator
                        .command(lun, Cdb.write10(random.nextInt(BLOCKS), blocks), bytes, 0)
                        .data(new byte[random.nextBoolean() ? bytes : random.nextInt(bytes + 1)]));
            case 2:
                return tagged(anyCommand(lun));
            case 3:
                return initiator.dataOut(
                        lun,
                        lastTag,
                        transferTag,
                        random.nextInt(3),
                        random.nextInt(3) * 512,
                        new byte[512],
                        random.nextBoolean());
            case 4:
                return initiator
                        .request(RawPdu.NOP_OUT)
                        .int32(20, RawPdu.RESERVED_TAG)
                        .data(new byte[random.nextInt(512)]);
            case 5:
                return initiator.taskManagementRequest(random.nextInt(16), lun, lastTag, initiator.cmdSn() - 1);
            case 6:
                return text();
            case 7:
                return random.nextInt(4) > 0 ? snack() : initiator.request(RawPdu.LOGOUT);
            default:
                return initiator.request(OTHERS[random.nextInt(OTHERS.length)]);
        }
    }

    private RawPdu tagged(RawPdu command) {
        lastTag = command.taskTag();
        return command;
    }

    private RawPdu anyCommand(long lun) {
        byte[] cdb = new byte[16];
        random.nextBytes(cdb);
        byte[] data = new byte[random.nextInt(1024)];
        random.nextBytes(data);
        RawPdu command =
                initiator.command(lun, cdb, data.length, random.nextInt(4096)).data(data);
        // An extended CDB, or an expected length of a command in both directions (RFC 7143 11.2.2).
        return random.nextInt(4) > 0
                ? command
                : command.additional(Cdb.hex("00 05 0" + (1 + random.nextInt(2)) + " 00 00 00 10 00"));
    }

    private RawPdu text() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("SendTargets", random.nextBoolean() ? "All" : ProvenTarget.TARGET);
        keys.put("MaxRecvDataSegmentLength", Integer.toString(random.nextInt(100_000)));
        keys.put("X-" + "x".repeat(random.nextInt(100)), "y".repeat(random.nextInt(1000)));
        return initiator.request(RawPdu.TEXT).int32(20, RawPdu.RESERVED_TAG).data(TextPairs.encode(keys));
    }

    private RawPdu snack() {
        return initiator
                .request(RawPdu.SNACK)
                .flags(0x80 | random.nextInt(4))
                .int32(20, transferTag)
                .int32(SNACK_RUN_LENGTH, random.nextInt(3));
    }
}
