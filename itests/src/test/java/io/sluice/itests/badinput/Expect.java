package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;

/** What has to come of an attempt. */
final class Expect {

    private Expect() {}

    /** Fails unless the gateway closes the connection before the patience of the socket ends; it may say something before. */
    static void closed(Socket socket) throws IOException {
        try {
            InputStream in = socket.getInputStream();
            byte[] ignored = new byte[8192];
            while (in.read(ignored) >= 0) {
                continue;
            }
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the connection is still open", open);
        } catch (SocketException reset) {
            // As good as a FIN.
            return;
        }
    }

    /** Fails unless the gateway closes the connection and has said nothing before. */
    static void closedUnanswered(TestInitiator initiator) throws IOException {
        RawPdu answer;
        try {
            answer = initiator.receive();
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the connection is still open", open);
        } catch (EOFException | SocketException closed) {
            return;
        }
        throw new AssertionError("an answer: " + answer);
    }

    /** Fails unless a login was refused with this class and detail, such as 0x0203. */
    static void refused(int status, LoginResult result) {
        if (result.status() != status) {
            throw new AssertionError(String.format("expected login status %04x: %04x", status, result.status()));
        }
    }

    /** Receives a Login Response, and fails unless it refuses with this class and detail and the connection is closed then. */
    static void refused(int status, TestInitiator initiator) throws IOException {
        RawPdu response = initiator.expect(RawPdu.LOGIN_RESPONSE);
        if (response.int16(36) != status) {
            throw new AssertionError(String.format("expected login status %04x: %s", status, response));
        }
        initiator.expectClosed();
    }

    /** Fails unless the answer is to that request; returns it. */
    static RawPdu tag(RawPdu request, RawPdu answer) {
        if (answer.taskTag() != request.taskTag()) {
            throw new AssertionError("an answer to another request than " + request + ": " + answer);
        }
        return answer;
    }

    /** Fails unless a SCSI Response has CHECK CONDITION with this sense key, code and qualifier, such as 0x052400. */
    static void sense(int senseCode, RawPdu response) {
        byte[] data = response.data();
        int found = data.length < 16 ? -1 : (data[4] & 0x0F) << 16 | (data[14] & 0xFF) << 8 | data[15] & 0xFF;
        if (response.int8(3) != 0x02 || found != senseCode) {
            throw new AssertionError(String.format("expected sense %06x, not %06x: %s", senseCode, found, response));
        }
    }

    /** Returns bytes and what follows them. */
    static byte[] concat(byte[] one, byte[] two) {
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        return both;
    }

    /** Fails unless data is what it was before, or is what was sent. */
    static void same(byte[] expected, byte[] data) {
        int at = Arrays.mismatch(expected, data);
        if (at >= 0) {
            throw new AssertionError("another byte at " + at + " of " + data.length);
        }
    }

    /** Fails unless the connection is as good as before: a command and a ping are answered. */
    static void serves(TestInitiator initiator) throws IOException {
        initiator.execute(0, new byte[6], null, 0).expectGood();
        initiator.ping(new byte[5]);
    }

    /** Fails unless the time since then is no longer than this. */
    static void within(Duration limit, long sinceNanos) {
        Duration time = Duration.ofNanos(System.nanoTime() - sinceNanos);
        if (time.compareTo(limit) > 0) {
            throw new AssertionError("took " + time.toMillis() + " ms, more than " + limit.toMillis());
        }
    }
}
