package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.access.AccessRules;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A stranger who asks for lists that take long, again and again, leaves the event loop most of its time for others. */
public final class ListingTest {

    /** As with a thousand targets and hosts. */
    private static final long ONE_LIST_NANOS = Duration.ofMillis(3).toNanos();

    private static final int ENOUGH = 20;

    @Rule
    public final TestServer server = new TestServer();

    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicLong shortestRest = new AtomicLong(Long.MAX_VALUE);
    /** When the last list was complete; on the event loop. */
    private long complete;

    private final List<TestInitiator> bystanders = new ArrayList<>();
    private TestInitiator stranger;

    @Before
    public void connect() throws IOException {
        // One on each event loop at least.
        for (int i = 0; i < 4; i++) {
            bystanders.add(server.login());
        }
        stranger = server.connect().loginDiscovery();
        server.askedForRules(this::takeLong);
    }

    private AccessRules takeLong(AccessRules rules) {
        long begin = System.nanoTime();
        if (lists.getAndIncrement() > 0) {
            shortestRest.accumulateAndGet(begin - complete, Math::min);
        }
        while (System.nanoTime() - begin < ONE_LIST_NANOS) {
            Thread.onSpinWait();
        }
        complete = System.nanoTime();
        return rules;
    }

    /** However busy the machine is, a rest does not end too early. */
    private void expectRests() throws IOException {
        while (lists.get() < ENOUGH) {
            for (TestInitiator bystander : bystanders) {
                bystander.write10(LUN_0, 64, pattern(8, 1), BLOCK);
                assertArrayEquals(pattern(8, 1), bystander.read10(LUN_0, 64, 8, BLOCK));
            }
        }
        assertTrue(shortestRest + " ns", shortestRest.get() > 3 * ONE_LIST_NANOS);
        for (int i = 0; i < ENOUGH; i++) {
            String answer = new String(stranger.expect(RawPdu.TEXT_RESPONSE).data(), StandardCharsets.UTF_8);
            assertTrue(answer, answer.startsWith("TargetName=" + TARGET + "\0"));
        }
    }

    private static RawPdu sendTargets(RawPdu request) {
        return request.int32(20, RawPdu.RESERVED_TAG).data("SendTargets=All\0".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    public void askedForAtOnce() throws IOException {
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        RawPdu request = sendTargets(
                RawPdu.of(RawPdu.TEXT).immediate().flags(0x80).taskTag(1).int32(24, stranger.cmdSn()));
        for (int i = 0; i < 2_000; i++) {
            requests.writeBytes(request.toBytes());
        }
        stranger.sendBytes(requests.toByteArray());
        expectRests();
    }

    @Test
    public void askedForBeforeItIsTheirTurn() throws IOException {
        RawPdu first = sendTargets(stranger.request(RawPdu.TEXT));
        for (int i = 0; i < 127; i++) {
            stranger.send(sendTargets(stranger.request(RawPdu.TEXT)));
        }
        stranger.send(first);
        expectRests();
    }
}
