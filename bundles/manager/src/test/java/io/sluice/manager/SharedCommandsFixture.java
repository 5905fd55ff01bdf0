package io.sluice.manager;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.config.IscsiName;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus.State;
import io.sluice.manager.document.SharedJson;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.target.ScsiTarget;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.RuleChain;

/** Two gateways with one disk, and a host that is logged in to both. */
abstract class SharedCommandsFixture {

    static final String DISK = "disk0";
    static final String FIRST = "iqn.2026-11.io.sluice:first";
    static final String SECOND = "iqn.2026-11.io.sluice:second";
    static final String INITIATOR = "iqn.2026-11.io.sluice:initiator";
    static final String REGISTER = "5f 00 00 00 00 00 00 00 18 00";
    static final String RESERVE = "5f 01 05 00 00 00 00 00 18 00";
    static final String RELEASE = "5f 02 05 00 00 00 00 00 18 00";
    static final String CLEAR = "5f 03 00 00 00 00 00 00 18 00";
    static final String PREEMPT = "5f 04 05 00 00 00 00 00 18 00";
    static final String READ_FULL_STATUS = "5e 03 00 00 00 00 00 08 00 00";
    static final String REPORT_GROUPS = "a3 0a 00 00 00 00 00 00 00 ff 00 00";
    static final int BOTH_GROUPS = 4 + 2 * 12;
    static final String IN_TRANSITION = "CHECK_CONDITION 02040A";
    static final String STANDS_BY = "CHECK_CONDITION 02040B";
    static final String TAKE = "a4 0a 00 00 00 00 00 00 00 08 00 00";
    static final String FAILED = "CHECK_CONDITION 04670A";
    static final String READ = "28 00 00 00 00 00 00 00 01 00";
    static final int PORT_OF_SECOND = 1001;
    static final String STRANGER = "0123456789ab";

    final GatewayFixture first = new GatewayFixture();
    final GatewayFixture second = new GatewayFixture();
    final SharedPlace place = new SharedPlace();
    Nexus here;
    Nexus there;

    @Rule
    public final RuleChain order = RuleChain.outerRule(first).around(second);

    @Before
    public void makeDisks() throws Exception {
        second.firstTargetPort = 1001;
        second.change = Duration.ofSeconds(30);
        second.restart();
        make(first, FIRST);
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        make(second, SECOND);
        Eventually.isEqual(State.STANDBY, () -> second.stateOf(DISK));
        Eventually.isEqual(2L, () -> records("gateway."));
        here = logIn(first, FIRST, 1);
        there = logIn(second, SECOND, 1);
    }

    @After
    public void letGo() {
        place.late.complete(null);
        place.last.complete(null);
    }

    private void make(GatewayFixture gateway, String target) throws Exception {
        gateway.gateway.addProvider(place.provider());
        Eventually.isTrue(() -> gateway.gateway.backstoreTypes().stream()
                .anyMatch(type -> type.type().equals("shared")));
        gateway.gateway.createBackstore(new BackstoreRequest(
                DISK, "shared", 1 << 20, 512, 0, false, false, false, false, 0, Map.of("shared", "yes")));
        gateway.gateway.createTarget(new IscsiName(target), List.of(DISK));
    }

    long records(String prefix) {
        return place.records.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .count();
    }

    static ScsiTarget target(GatewayFixture gateway) {
        return gateway.published.get(0);
    }

    static Nexus logIn(GatewayFixture gateway, String name, int isid) throws Exception {
        ScsiTarget.Port port = target(gateway).ports().get(0);
        Nexus nexus = target(gateway)
                .open(
                        new InitiatorPort(INITIATOR, isid),
                        new TargetPort(name, port.groupTag(), port.number()),
                        NexusRights.ALL);
        // The ports of the other gateway are new to it as well.
        Eventually.isEqual(
                BOTH_GROUPS,
                () -> send(gateway, nexus, REPORT_GROUPS, new byte[0]).data().length);
        Eventually.isEqual(0, () -> attention(gateway, nexus));
        return nexus;
    }

    /** A gateway has looked at what others say now, and the nexus was told of all that has changed. */
    static void settle(GatewayFixture gateway, Nexus nexus) throws Exception {
        Eventually.isEqual(
                "GOOD", () -> send(gateway, nexus, REPORT_GROUPS, new byte[0]).end());
        Eventually.isEqual(0, () -> attention(gateway, nexus));
    }

    /** Takes the next unit attention; returns code and qualifier, or 0. */
    static int attention(GatewayFixture gateway, Nexus nexus) throws Exception {
        SimpleTask sense = send(gateway, nexus, "03 00 00 00 fc 00", new byte[0]);
        return ByteBuffer.wrap(sense.data()).getShort(12);
    }

    static SimpleTask send(GatewayFixture gateway, Nexus nexus, String cdb, byte[] list) {
        SimpleTask task = new SimpleTask(nexus, cdb, list);
        target(gateway).execute(task);
        return task;
    }

    SimpleTask there(String cdb, long key, long actionKey) {
        return send(second, there, cdb, list(key, actionKey));
    }

    static byte[] list(long key, long actionKey) {
        return ByteBuffer.allocate(24).putLong(key).putLong(actionKey).array();
    }

    byte[] fullStatus(GatewayFixture gateway, Nexus nexus) throws Exception {
        SimpleTask status = send(gateway, nexus, READ_FULL_STATUS, new byte[0]);
        assertEquals("GOOD", status.end());
        return status.data();
    }

    void expectSame() throws Exception {
        assertArrayEquals(fullStatus(first, here), fullStatus(second, there));
    }

    /** An initiator wants the disk at the first gateway. */
    SimpleTask takeByFirst() {
        return take(first, here, 1);
    }

    /** An initiator wants the disk at the second gateway. */
    SimpleTask takeBySecond() {
        return take(second, there, PORT_OF_SECOND);
    }

    private static SimpleTask take(GatewayFixture gateway, Nexus nexus, int port) {
        byte[] list = ByteBuffer.allocate(8)
                .putInt(0)
                .putShort((short) 0)
                .putShort((short) port)
                .array();
        return send(gateway, nexus, TAKE, list);
    }

    /** Returns who is named as the one that serves the disk. */
    String server() throws Exception {
        return SharedJson.name(place.records.get("server")).gateway();
    }

    int registrations() throws Exception {
        return SharedJson.state(place.records.getOrDefault("state", new byte[0]))
                .registrations()
                .size();
    }

    void expectNoMail() throws Exception {
        Eventually.isEqual(0L, () -> records("mail.") + records("reply."));
    }
}
