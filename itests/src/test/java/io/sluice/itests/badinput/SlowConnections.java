package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Connections that never come to a login. */
final class SlowConnections {

    private static final int CROWD = 10_000;

    /** Fewer than one address may have. */
    private static final int OF_ONE_ADDRESS = 100;

    /** Fewer than may wait to be accepted, so that nobody is told to come again in a second. */
    private static final int PER_LOGIN = 200;

    private static final Duration LOGIN_BESIDE = Duration.ofSeconds(1);

    private SlowConnections() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(1, "connects and sends nothing: closed with the login timeout", SlowConnections::silence),
                new BadInput(
                        2, "half a header and silence: closed with the login timeout", SlowConnections::halfHeader),
                new BadInput(3, "a byte each second: closed with the login timeout", SlowConnections::drip),
                new BadInput(4, "a header and never its data: closed with the login timeout", SlowConnections::noData),
                new BadInput(
                        5,
                        "10,000 of them at once: closed, and a login beside takes a second",
                        SlowConnections::crowd));
    }

    private static void silence(World world) throws IOException {
        closedInTime(world, new byte[0]);
    }

    private static void halfHeader(World world) throws IOException {
        closedInTime(world, Arrays.copyOf(login(world), 24));
    }

    private static void noData(World world) throws IOException {
        closedInTime(world, Arrays.copyOf(login(world), 48));
    }

    private static void closedInTime(World world, byte[] bytes) throws IOException {
        long begun = System.nanoTime();
        try (Socket socket = world.socket()) {
            socket.getOutputStream().write(bytes);
            Expect.closed(socket);
        }
        Expect.within(World.LOGIN_TIMEOUT.plus(World.SLACK), begun);
    }

    private static byte[] login(World world) throws IOException {
        try (TestInitiator shape = world.connect()) {
            return shape.loginRequest(0x87)
                    .data(TextPairs.encode(shape.names("Normal", World.TARGET)))
                    .toBytes();
        }
    }

    /** What comes slowly makes the time no longer. */
    private static void drip(World world) throws IOException {
        byte[] login = login(world);
        long begun = System.nanoTime();
        try (Socket socket = world.socket()) {
            socket.setSoTimeout(1000);
            for (int i = 0; !closedWithinASecond(socket); i++) {
                socket.getOutputStream().write(login[i]);
                Expect.within(World.LOGIN_TIMEOUT.plus(World.SLACK), begun);
            }
        } catch (SocketException reset) {
            Expect.within(World.LOGIN_TIMEOUT.plus(World.SLACK), begun);
        }
    }

    private static boolean closedWithinASecond(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        }
    }

    private static void crowd(World world) throws IOException {
        byte[] login = login(world);
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < CROWD; i++) {
                Socket socket = world.socketFrom("127.0.1." + (1 + i / OF_ONE_ADDRESS));
                sockets.add(socket);
                begin(socket, Arrays.copyOf(login, i % login.length));
                if (sockets.size() % PER_LOGIN == 0) {
                    loginBeside(world);
                }
            }
            for (Socket socket : sockets) {
                Expect.closed(socket);
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static void begin(Socket socket, byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException closed) {
            // It had to make room for others already.
            Expect.closed(socket);
        }
    }

    private static void loginBeside(World world) throws IOException {
        long begun = System.nanoTime();
        try (TestInitiator initiator = world.connect().login(World.TARGET)) {
            initiator.execute(0, new byte[6], null, 0);
        }
        Expect.within(LOGIN_BESIDE, begun);
    }
}
