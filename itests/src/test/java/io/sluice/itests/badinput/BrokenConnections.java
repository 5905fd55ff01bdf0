package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Connections that end in the middle of something. */
final class BrokenConnections {

    private static final int ROUNDS = 8;

    private BrokenConnections() {}

    /** Brings a connection to a point where it is cut. */
    @FunctionalInterface
    private interface State {
        TestInitiator reach(World world) throws IOException;
    }

    private static final List<State> STATES = List.of(
            World::connect,
            BrokenConnections::halfAHeader,
            BrokenConnections::halfALogin,
            BrokenConnections::textToBeContinued,
            BrokenConnections::betweenStages,
            World::login,
            BrokenConnections::discovery,
            BrokenConnections::dataOwed,
            BrokenConnections::halfOfTheDataSent,
            BrokenConnections::answersUnread,
            BrokenConnections::aListHalfTaken,
            BrokenConnections::loggingOut);

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(25, "a FIN with commands under way: closed, and all ends", BrokenConnections::finished),
                new BadInput(26, "a reset in each state", BrokenConnections::reset),
                new BadInput(27, "a reset after a FIN in each state", BrokenConnections::resetAfterFin));
    }

    private static void finished(World world) throws IOException {
        for (State state : STATES) {
            try (TestInitiator initiator = state.reach(world)) {
                initiator.halfClose();
                initiator.expectClosed();
            }
        }
    }

    private static void reset(World world) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            for (State state : STATES) {
                state.reach(world).reset();
            }
        }
    }

    private static void resetAfterFin(World world) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            for (State state : STATES) {
                TestInitiator initiator = state.reach(world);
                initiator.halfClose();
                initiator.reset();
            }
        }
    }

    private static TestInitiator halfAHeader(World world) throws IOException {
        TestInitiator initiator = world.connect();
        initiator.sendBytes(Arrays.copyOf(initiator.loginRequest(0x87).toBytes(), 24));
        return initiator;
    }

    private static TestInitiator halfALogin(World world) throws IOException {
        TestInitiator initiator = world.connect();
        byte[] login = initiator
                .loginRequest(0x87)
                .data(TextPairs.encode(initiator.names("Normal", World.TARGET)))
                .toBytes();
        initiator.sendBytes(Arrays.copyOf(login, login.length - 20));
        return initiator;
    }

    private static TestInitiator textToBeContinued(World world) throws IOException {
        return requested(world, 0x44);
    }

    private static TestInitiator betweenStages(World world) throws IOException {
        return requested(world, 0x81);
    }

    private static TestInitiator requested(World world, int flags) throws IOException {
        TestInitiator initiator = world.connect();
        initiator.send(initiator.loginRequest(flags).data(TextPairs.encode(initiator.names("Normal", World.TARGET))));
        initiator.expect(RawPdu.LOGIN_RESPONSE);
        return initiator;
    }

    private static TestInitiator discovery(World world) throws IOException {
        return world.connect().loginDiscovery();
    }

    private static TestInitiator dataOwed(World world) throws IOException {
        TestInitiator initiator = world.login();
        for (int i = 0; i < 16; i++) {
            initiator.send(initiator.command(0, Cdb.write10(0, 512), 512 * World.BLOCK, 0));
        }
        initiator.expect(RawPdu.R2T);
        return initiator;
    }

    private static TestInitiator halfOfTheDataSent(World world) throws IOException {
        TestInitiator initiator = dataOwed(world);
        RawPdu write = initiator.command(1L << 48, Cdb.write10(0, 512), 512 * World.BLOCK, 0);
        initiator.send(write.data(new byte[65_536]));
        byte[] part = initiator
                .dataOut(1L << 48, write.taskTag(), 1, 0, 65_536, new byte[65_536], false)
                .toBytes();
        initiator.sendBytes(Arrays.copyOf(part, part.length / 2));
        return initiator;
    }

    private static TestInitiator answersUnread(World world) throws IOException {
        TestInitiator initiator = world.login();
        for (int i = 0; i < 32; i++) {
            initiator.send(initiator.command((i % 2L) << 48, Cdb.read10(0, 2048), 0, 2048 * World.BLOCK));
        }
        return initiator;
    }

    private static TestInitiator aListHalfTaken(World world) throws IOException {
        TestInitiator initiator = world.login(Map.of("MaxRecvDataSegmentLength", "512"));
        RawPdu text = initiator.request(RawPdu.TEXT).flags(0x40).int32(20, RawPdu.RESERVED_TAG);
        initiator.send(text.data(TextPairs.encode(Map.of("SendTargets", ""))));
        initiator.expect(RawPdu.TEXT_RESPONSE);
        return initiator;
    }

    private static TestInitiator loggingOut(World world) throws IOException {
        TestInitiator initiator = answersUnread(world);
        initiator.send(initiator.request(RawPdu.LOGOUT));
        return initiator;
    }
}
