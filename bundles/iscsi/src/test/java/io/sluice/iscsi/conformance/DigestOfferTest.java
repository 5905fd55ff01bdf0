package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** Every offer of digests for headers with every offer for data (RFC 7143 6.2.1, 13.1): data comes whole, damage is found. */
public final class DigestOfferTest {

    private static final int DATA_DIGEST_ERROR = 2;

    /** A little more than one data segment. */
    private static final int BLOCKS = 130;

    /** What is offered, and what is answered; an empty one is not offered at all. */
    private static final Map<String, String> OFFERS = Map.of(
            "", "",
            "None", "None",
            "CRC32C", "CRC32C",
            "CRC32C,None", "CRC32C",
            "None,CRC32C", "None",
            "X-other", "Reject",
            "X-other,CRC32C", "CRC32C",
            "X-other,None", "None",
            "CRC32C,X-other", "CRC32C");

    @Rule
    public final TestServer server = new TestServer();

    @Test
    public void everyOfferWithEveryOther() throws IOException {
        int combinations = 0;
        for (String header : OFFERS.keySet()) {
            for (String data : OFFERS.keySet()) {
                combinations++;
                try (TestInitiator initiator = login(header, data)) {
                    serve(initiator, combinations);
                    damage(
                            initiator,
                            OFFERS.get(header).equals("CRC32C"),
                            OFFERS.get(data).equals("CRC32C"));
                }
            }
        }
        assertEquals(81, combinations);
    }

    private TestInitiator login(String header, String data) throws IOException {
        TestInitiator initiator = server.connect();
        Map<String, String> keys = initiator.names("Normal", TARGET);
        keys.putAll(TestInitiator.OPERATIONAL_KEYS);
        Map<String, String> answers = new HashMap<>();
        offer(keys, answers, "HeaderDigest", header);
        offer(keys, answers, "DataDigest", data);
        assertEquals(0, initiator.tryLogin(keys).status());
        for (String key : List.of("HeaderDigest", "DataDigest")) {
            assertEquals(
                    keys.toString(), answers.get(key), initiator.negotiated().get(key));
        }
        return TestServer.ready(initiator);
    }

    private static void offer(Map<String, String> keys, Map<String, String> answers, String key, String offer) {
        keys.remove(key);
        if (!offer.isEmpty()) {
            keys.put(key, offer);
            answers.put(key, OFFERS.get(offer));
        }
    }

    /** The initiator checks each digest that comes, and would lose its place if there were none. */
    private void serve(TestInitiator initiator, int seed) throws IOException {
        initiator.write10(LUN_0, 0, pattern(BLOCKS, seed), BLOCK);
        assertArrayEquals(pattern(BLOCKS, seed), initiator.read10(LUN_0, 0, BLOCKS, BLOCK));
        for (int length = 0; length < 5; length++) {
            initiator.ping(ones(length));
        }
        assertEquals("X-a=NotUnderstood\0", initiator.text(Map.of("X-a", "1")));
    }

    private void damage(TestInitiator initiator, boolean headerDigest, boolean dataDigest) throws IOException {
        byte[] before = server.store().content(0, 1);
        List<String> found = new ArrayList<>();
        if (dataDigest) {
            initiator.sendCorrupt(write(initiator, 0, 1).data(ones(512)), 0, 1 << 31);
            initiator.expectReject(DATA_DIGEST_ERROR);
            initiator.ping(ones(1));
            found.add("data");
        }
        if (headerDigest) {
            initiator.sendCorrupt(write(initiator, 0, 1).data(ones(512)), 1 << 31, 0);
            initiator.expectClosed();
            found.add("header");
        }
        assertArrayEquals(found.toString(), before, server.store().content(0, 1));
    }
}
