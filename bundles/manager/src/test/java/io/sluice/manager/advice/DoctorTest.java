package io.sluice.manager.advice;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import io.sluice.management.Advice;
import io.sluice.management.SessionHabits;
import io.sluice.management.SessionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Each rule finds what it is for, just where it begins to hurt, and nothing else. */
public final class DoctorTest {

    private static final String TARGET = "iqn.2026-11.io.sluice:disk0";
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    private final Map<String, String> parameters = new LinkedHashMap<>(Map.of(
            "HeaderDigest", "None",
            "DataDigest", "None",
            "ImmediateData", "Yes",
            "MaxRecvDataSegmentLength", "262144 (initiator), 262144 (target)",
            "FirstBurstLength", "262144",
            "MaxBurstLength", "1048576",
            "MaxOutstandingR2T", "1"));
    private final List<PortalConfig> listening = new ArrayList<>(List.of(new PortalConfig("192.0.2.1", 3260)));
    private SessionHabits habits = habits(32, 100_000, 0, 100);
    private Duration age = Duration.ofMinutes(10);
    private SessionStatus.Rates rates = SessionStatus.Rates.NONE;
    private int physicalBlockSize = 4096;
    private boolean writeThrough;
    private int paths = 1;

    private static SessionHabits habits(int mostCommands, long transfers, long odd, long pings) {
        return new SessionHabits(3, mostCommands, transfers, odd, pings);
    }

    private SessionStatus session(int id, String target) {
        return new SessionStatus(
                id,
                "iqn.host",
                "000000000001",
                target,
                "192.0.2.1:3260",
                "192.0.2.9:4000",
                NOW.minus(age),
                200_000,
                0,
                0,
                rates,
                "",
                "",
                List.of(new SessionStatus.Connection(0, "192.0.2.1:3260", "192.0.2.9:4000")),
                parameters);
    }

    private void finds(String... rules) {
        BackstoreConfig disk = BackstoreConfig.builder("disk0", "memory")
                .sizeBytes(1 << 20)
                .blockSize(512)
                .physicalBlockSize(physicalBlockSize)
                .writeThrough(writeThrough)
                .build();
        TargetConfig target = new TargetConfig(
                new IscsiName(TARGET), true, AccessState.ACTIVE_OPTIMIZED, List.of(new LunConfig(0, "disk0", false)));
        GatewayConfig config = new GatewayConfig(
                List.of(), List.of(disk), List.of(target), List.of(), List.of(), SecurityConfig.DEFAULT);
        List<SessionStatus> sessions = new ArrayList<>(List.of(session(99, "")));
        for (int path = 0; path < paths; path++) {
            sessions.add(session(3 + path, TARGET));
        }
        List<Advice> found = Doctor.look(config, sessions, List.of(habits), listening, NOW);
        for (Advice advice : found) {
            assertEquals(3, advice.session());
            assertEquals(4, advice.remedies().size());
            assertFalse(advice.remedies().containsValue(""));
            assertFalse(advice.finding().contains("\n"));
        }
        assertEquals(List.of(rules), found.stream().map(Advice::rule).toList());
    }

    @Test
    public void oneThatIsWellHasNoAdvice() {
        finds();
    }

    @Test
    public void onePathWhereThereCouldBeTwo() {
        listening.add(new PortalConfig("127.0.0.1", 3260));
        finds();
        listening.add(new PortalConfig("198.51.100.1", 3260));
        finds("one-path");
        paths = 2;
        finds();
    }

    @Test
    public void digests() {
        parameters.put("HeaderDigest", "CRC32C");
        finds("header-digest");
        parameters.put("HeaderDigest", "None");
        parameters.put("DataDigest", "CRC32C");
        finds("data-digest");
    }

    @Test
    public void smallBurstsAndSegments() {
        parameters.put("FirstBurstLength", "65536");
        finds();
        parameters.put("FirstBurstLength", "65535");
        finds("first-burst");
        parameters.put("FirstBurstLength", "262144");
        parameters.put("MaxRecvDataSegmentLength", "8192 (initiator), 262144 (target)");
        finds("segment");
    }

    @Test
    public void noImmediateData() {
        parameters.put("ImmediateData", "No");
        finds("immediate-data");
    }

    @Test
    public void oneR2tOfSmallBursts() {
        parameters.put("MaxBurstLength", "262144");
        finds("outstanding-r2t");
        parameters.put("MaxOutstandingR2T", "2");
        finds();
    }

    @Test
    public void oneCommandAtATime() {
        habits = habits(1, 100_000, 0, 100);
        finds("queue-depth");
        habits = habits(2, 100_000, 0, 100);
        finds();
    }

    @Test
    public void misalignedPartitions() {
        habits = habits(32, 1000, 501, 100);
        finds("alignment");
        physicalBlockSize = 512;
        finds();
        physicalBlockSize = 4096;
        habits = habits(32, 1000, 500, 100);
        finds();
        habits = habits(32, 999, 999, 100);
        finds();
    }

    @Test
    public void pings() {
        habits = habits(32, 0, 0, 301);
        finds("pings-too-often");
        habits = habits(32, 0, 0, 300);
        finds();
        habits = habits(32, 0, 0, 0);
        finds("no-pings");
        age = Duration.ofMinutes(5);
        finds();
    }

    @Test
    public void aDiskThatIsWrittenThrough() {
        writeThrough = true;
        finds();
        rates = new SessionStatus.Rates(1, 0, 4096);
        finds("write-through");
    }

    @Test
    public void muchOverOneConnection() {
        rates = new SessionStatus.Rates(1, 800_000_000, 0);
        finds();
        rates = new SessionStatus.Rates(1, 800_000_001, 0);
        finds("one-connection");
    }
}
